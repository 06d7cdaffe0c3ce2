"""What strangers' programs print and call themselves: no text of theirs keeps a run from ending."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from concours.platform.evaluations import domain
from concours.platform.evaluations.domain import finishing
from concours.platform.evaluations.domain.leases import Beat, Lease, beat
from concours.platform.evaluations.domain.setting_aside import note_worker_failure
from concours.platform.evaluations.interfaces.working.messages import CASE, PATIENCE, PRINTED
from concours.platform.evaluations.interfaces.working.progress import Progress
from concours.platform.evaluations.models import CaseResult, Evaluation, Worker
from concours.platform.leaderboards.interfaces.showing import written
from tests.factories import evaluations as runs
from tests.platform.competitions.conftest import signed_in
from tests.platform.evaluations.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)
NASTY = "half \udc00 and none \0 of it\n"
KEPT = "half � and none � of it\n"


@pytest.fixture
def lease(world: World) -> Lease:
    Evaluation.objects.all().delete()
    domain.enqueue(actor=world.captain, submission=world.submission, split="practice")
    return runs.taken(by=runs.worker())[0]


def test_a_verdict_keeps_its_reason_and_log(lease: Lease) -> None:
    assert finishing.finish_failed(lease=lease, code="compile", reason=NASTY, log=NASTY, seconds=1)

    row = Evaluation.objects.get()
    assert (row.state, row.reason, row.log) == ("failed", KEPT, KEPT)


def test_a_score_keeps_its_log_and_the_reasons_of_cases(lease: Lease) -> None:
    assert runs.score(lease, log=NASTY, cases=[replace(runs.outcome(), reason=NASTY)])

    assert Evaluation.objects.get().log == KEPT
    assert CaseResult.objects.get().reason == KEPT


@pytest.mark.parametrize(
    "end",
    [
        lambda lease: finishing.finish_faulted(lease=lease, code="x", detail=NASTY, seconds=1),
        lambda lease: finishing.lose(lease=lease, why="fault", detail=NASTY),
    ],
)
def test_staff_read_what_went_wrong(lease: Lease, end: Callable[[Lease], bool]) -> None:
    assert end(lease)

    assert Evaluation.objects.get().detail == KEPT


def test_a_worker_notes_what_it_could_not_do(lease: Lease) -> None:
    worker = Worker.objects.get(pk=lease.worker_id)

    note_worker_failure(worker=worker, evaluation_id=lease.evaluation_id, detail=NASTY)

    assert Worker.objects.get(pk=worker.pk).note == KEPT


@pytest.mark.parametrize("kind", [CASE, PRINTED])
def test_a_heartbeat_carries_what_was_printed(lease: Lease, kind: str) -> None:
    progress = Progress()
    progress.heard(kind, NASTY)

    assert beat(lease=lease, done=progress.done, log=progress.log) is Beat.HELD
    assert Evaluation.objects.get().log == KEPT


def test_a_run_may_be_silent_for_as_long_as_its_evaluator_allows_a_step() -> None:
    progress = Progress()
    usual = progress.patience

    progress.heard(PATIENCE, 86_400.0)

    assert progress.patience == usual + 86_400.0


def test_a_number_of_300_digits_does_not_fill_the_page(world: World, lease: Lease) -> None:
    runs.score(
        lease,
        values={"right": 1e300, "margin": 0.0},
        intervals={},
        cases=[replace(runs.outcome(), values={"right": 1e300, "margin": 0.0})],
    )

    run = Evaluation.objects.get()
    page = signed_in(world.captain).get(f"/evaluations/{run.code}/").content.decode()

    assert "1e+300" in page
    assert "0" * 20 not in page
    assert written(1e300, 2) == "1e+300"
    assert written(-12_345.678, 2) == "−12,345.68"
