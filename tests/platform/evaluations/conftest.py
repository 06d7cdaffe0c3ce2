"""A track with an evaluator and two teams in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from concours.platform.accounts.models import User
from concours.platform.competitions.models import Entry, Submission, Track
from concours.platform.evaluations.models import Evaluator
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
