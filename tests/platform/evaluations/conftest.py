"""A track with an evaluator and two teams in it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry, Submission, Track
from concours.platform.evaluations.models import Evaluation, Evaluator
from tests.boxes import require_box
from tests.factories import competitions as make
from tests.factories import evaluations as runs
from tests.factories.people import operator, organiser, person


@dataclass(frozen=True)
class World:
    """Ours is the team asked for, theirs the one that tries; both are in the same track."""

    track: Track
    evaluator: Evaluator
    captain: User
    entry: Entry
    submission: Submission
    other: User
    other_entry: Entry
    other_submission: Submission
    staff: User
    operator: User


def build(folder: Path) -> World:
    track = runs.track(slug="sums", title="Sums")
    captain, other = person(name="Ada"), person(name="Eve")
    entry = make.entry(in_track=track, by=make.team(of=track.season, captain=captain))
    other_entry = make.entry(in_track=track, by=make.team(of=track.season, captain=other))
    return World(
        track=track,
        evaluator=runs.evaluator(of=track, folder=folder),
        captain=captain,
        entry=entry,
        submission=runs.submission(of=entry, folder=folder),
        other=other,
        other_entry=other_entry,
        other_submission=runs.submission(of=other_entry, folder=folder),
        staff=organiser(season=track.season),
        operator=operator(),
    )


@pytest.fixture
def world(db: None, spring: datetime, tmp_path: Path) -> World:
    return build(tmp_path)


Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def apart(spring: datetime, tmp_path: Path, settings: object) -> World:
    """A world that other processes see; nothing waits in it."""
    require_box()
    world = build(tmp_path)
    Evaluation.objects.all().delete()
    return world


@pytest.fixture
def start(settings: object) -> Iterator[Start]:
    """Starts `concours worker` with these arguments and more of an environment, on the test's
    database."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str, **given: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
            "CONCOURS_TEST_NAME": str(connection.settings_dict["NAME"]),
            "CONCOURS_TEST_FILES": str(settings.MEDIA_ROOT),  # type: ignore[attr-defined]
            "CONCOURS_TEST_EVALUATIONS": str(settings.EVALUATIONS_DIR),  # type: ignore[attr-defined]
            **given,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "concours", "worker", *arguments],
            env=environment,
            cwd=Path(__file__).parents[3],
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
            process.wait()


def until(condition: Callable[[], bool], *, seconds: float = 240.0) -> None:
    """Wait for it. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)


def state(evaluation: Evaluation) -> str:
    return str(Evaluation.objects.values_list("state", flat=True).get(pk=evaluation.pk))
