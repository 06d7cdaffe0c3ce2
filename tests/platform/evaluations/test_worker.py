"""Real workers: processes that take runs, make them in real boxes, and are killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from concours import box
from concours.platform.evaluations import domain
from concours.platform.evaluations.models import CaseResult, Evaluation, Worker
from tests.factories import evaluations as runs
from tests.platform.evaluations.conftest import World, build

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def apart(spring: datetime, tmp_path: Path, settings: object) -> World:
    """A world that other processes see; nothing waits in it."""
    try:
        box.strongest()
    except box.BoxMissing as missing:
        pytest.skip(f"no sandbox here: {missing}")
    world = build(tmp_path)
    Evaluation.objects.all().delete()
    return world


@pytest.fixture
def start(settings: object) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts `concours worker` with these arguments on the test's database."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(*arguments: str) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings_worker",
            "CONCOURS_TEST_NAME": str(connection.settings_dict["NAME"]),
            "CONCOURS_TEST_FILES": str(settings.MEDIA_ROOT),  # type: ignore[attr-defined]
            "CONCOURS_TEST_EVALUATIONS": str(settings.EVALUATIONS_DIR),  # type: ignore[attr-defined]
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


def until(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait for it. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.1)


def state(evaluation: Evaluation) -> str:
    return str(Evaluation.objects.values_list("state", flat=True).get(pk=evaluation.pk))


def test_a_worker_makes_a_run_to_its_end(
    apart: World, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    evaluation = runs.evaluation(of=apart.submission)

    assert start("--once").wait(timeout=120) == 0

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.detail) == ("scored", "")
    assert evaluation.values == {"right": 2.0, "margin": 0.0}
    assert (evaluation.done, evaluation.total) == (2, 2)
    assert "adding 30 12" in evaluation.log
    assert list(CaseResult.objects.values_list("case", flat=True)) == ["sum1", "sum2"]
    worker = Worker.objects.get()
    assert (worker.state, worker.box) == ("gone", box.strongest())


def test_a_run_of_a_killed_worker_is_made_by_another(
    apart: World, tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    slow = runs.submission(of=apart.entry, folder=tmp_path, program=runs.SLEEPS)
    evaluation = Evaluation.objects.get(submission=slow)
    first = start()
    until(lambda: "asleep" in Evaluation.objects.get(pk=evaluation.pk).log)

    first.send_signal(signal.SIGKILL)
    first.wait()
    second = start()
    until(lambda: Evaluation.objects.get(pk=evaluation.pk).losses == 1, seconds=20)
    until(lambda: state(evaluation) == "running", seconds=20)

    evaluation.refresh_from_db()
    assert evaluation.attempts == 2
    domain.cancel(actor=apart.captain, evaluation=evaluation)
    begun = time.monotonic()
    until(lambda: state(evaluation) == "cancelled", seconds=20)
    assert time.monotonic() - begun < 8.0
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=30) == 0


def test_a_worker_that_is_told_to_leave_hands_its_run_back(
    apart: World, tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    slow = runs.submission(of=apart.entry, folder=tmp_path, program=runs.SLEEPS)
    evaluation = Evaluation.objects.get(submission=slow)
    process = start()
    until(lambda: state(evaluation) == "running")

    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.losses, evaluation.worker) == ("queued", 0, None)
    assert Worker.objects.get().state == "gone"


@pytest.mark.parametrize(
    ("files", "code"),
    [({"other.py": b"1"}, "missing")],
)
def test_a_submission_that_breaks_a_rule_fails_with_its_reason(
    apart: World,
    tmp_path: Path,
    start: Callable[..., subprocess.Popen[bytes]],
    files: dict[str, bytes],
    code: str,
) -> None:
    from tests.factories import competitions as make

    submission = make.submission(of=apart.entry, folder=tmp_path, files=files)
    evaluation = Evaluation.objects.get(submission=submission)

    start("--once").wait(timeout=120)

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.reason_code) == ("failed", code)
    assert "main.py" in evaluation.reason
    left = domain.quota_left(entry=apart.entry, evaluator=apart.evaluator, split="practice")
    assert (left.day, left.total) == (None, None)


def test_an_evaluator_that_gives_no_numbers_faults_and_is_set_aside(
    apart: World, tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]
) -> None:
    runs.evaluator(of=apart.track, folder=tmp_path, version="2", score="print('{\"right\": NaN}')")
    for entry in (apart.entry, apart.other_entry, apart.entry, apart.entry):
        runs.submission(of=entry, folder=tmp_path)

    start("--once").wait(timeout=120)

    found = Evaluation.objects.filter(evaluator__version="2").order_by("pk")
    assert sorted(found.values_list("state", flat=True)) == ["faulted"] * 3 + ["queued"]
    broken = found.first()
    assert broken is not None
    broken.evaluator.refresh_from_db()
    assert broken.evaluator.set_aside
    assert "NaN" in found.filter(state="faulted")[0].detail
