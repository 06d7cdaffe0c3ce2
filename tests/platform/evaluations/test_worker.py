"""Real workers: processes that take runs, make them in real boxes, and are killed."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from concours import box
from concours.platform.evaluations import domain
from concours.platform.evaluations.models import CaseResult, Evaluation, Worker
from tests.factories import evaluations as runs
from tests.platform.evaluations.conftest import Start, World, state, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_a_worker_makes_a_run_to_its_end(apart: World, start: Start) -> None:
    evaluation = runs.evaluation(of=apart.submission)

    assert start("--once").wait(timeout=400) == 0

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.detail) == ("scored", "")
    assert evaluation.values == {"right": 2.0, "margin": 0.0}
    assert (evaluation.done, evaluation.total) == (2, 2)
    assert "adding 30 12" in evaluation.log
    assert list(CaseResult.objects.values_list("case", flat=True)) == ["sum1", "sum2"]
    worker = Worker.objects.get()
    assert (worker.state, worker.box) == ("gone", box.strongest())


def test_a_run_of_a_killed_worker_is_made_by_another(
    apart: World, tmp_path: Path, start: Start
) -> None:
    slow = runs.submission(of=apart.entry, folder=tmp_path, program=runs.SLEEPS)
    evaluation = Evaluation.objects.get(submission=slow)
    first = start()
    until(lambda: "asleep" in Evaluation.objects.get(pk=evaluation.pk).log)

    first.send_signal(signal.SIGKILL)
    first.wait()
    second = start()
    until(lambda: Evaluation.objects.get(pk=evaluation.pk).losses == 1, seconds=120)
    until(lambda: state(evaluation) == "running", seconds=120)

    evaluation.refresh_from_db()
    assert evaluation.attempts == 2
    domain.cancel(actor=apart.captain, evaluation=evaluation)
    begun = time.monotonic()
    until(lambda: state(evaluation) == "cancelled", seconds=120)
    assert time.monotonic() - begun < 20.0
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=120) == 0


def test_a_worker_that_is_told_to_leave_hands_its_run_back(
    apart: World, tmp_path: Path, start: Start
) -> None:
    slow = runs.submission(of=apart.entry, folder=tmp_path, program=runs.SLEEPS)
    evaluation = Evaluation.objects.get(submission=slow)
    process = start()
    until(lambda: state(evaluation) == "running")

    process.send_signal(signal.SIGTERM)
    process.wait(timeout=120)

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
    start: Start,
    files: dict[str, bytes],
    code: str,
) -> None:
    from tests.factories import competitions as make

    submission = make.submission(of=apart.entry, folder=tmp_path, files=files)
    evaluation = Evaluation.objects.get(submission=submission)

    start("--once").wait(timeout=400)

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.reason_code) == ("failed", code)
    assert "main.py" in evaluation.reason
    left = domain.quota_left(entry=apart.entry, evaluator=apart.evaluator, split="practice")
    assert (left.day, left.total) == (None, None)


def test_an_evaluator_that_gives_no_numbers_faults_and_is_set_aside(
    apart: World, tmp_path: Path, start: Start
) -> None:
    runs.evaluator(of=apart.track, folder=tmp_path, version="2", score="print('{\"right\": NaN}')")
    for entry in (apart.entry, apart.other_entry, apart.entry, apart.entry):
        runs.submission(of=entry, folder=tmp_path)

    start("--once").wait(timeout=400)

    found = Evaluation.objects.filter(evaluator__version="2").order_by("pk")
    assert sorted(found.values_list("state", flat=True)) == ["faulted"] * 3 + ["queued"]
    broken = found.first()
    assert broken is not None
    broken.evaluator.refresh_from_db()
    assert broken.evaluator.set_aside
    assert "NaN" in found.filter(state="faulted")[0].detail
