"""How runs end. Each function writes only while the lease holds, and says whether it did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from concours.platform.core import clock
from concours.platform.core.locking import lock
from concours.platform.core.wording import storable
from concours.platform.evaluations.domain import events
from concours.platform.evaluations.domain.fairness import charge
from concours.platform.evaluations.domain.hooks import on_finished
from concours.platform.evaluations.domain.leases import Lease, worker_actor
from concours.platform.evaluations.domain.sealing import new_salt, seal_of
from concours.platform.evaluations.domain.setting_aside import (
    note_evaluator_fault,
    note_evaluator_success,
    note_worker_success,
)
from concours.platform.evaluations.domain.telling import tell_staff
from concours.platform.evaluations.enums import EvaluationState
from concours.platform.evaluations.models import CaseResult, Evaluation

WORKER_DIED = "worker-died"
MOST_LOSSES, MOST_DEATHS = 3, 10
"""So often a run may break down before staff are asked; and so often its worker may die, in which
no stranger's program runs, so that it is hardly the run's doing."""


@dataclass(frozen=True, kw_only=True)
class CaseOutcome:
    """One case's result as the worker has it; `state` of enums.CaseState."""

    case: str
    state: str
    values: Mapping[str, float]
    digest: str
    reason: str
    seconds: float
    folder: str = ""
    artefacts: Sequence[Mapping[str, Any]] = field(default_factory=tuple)


@transaction.atomic
def finish_scored(
    *,
    lease: Lease,
    values: Mapping[str, float],
    intervals: Mapping[str, tuple[float, float]],
    digest: str,
    cases: Sequence[CaseOutcome],
    log: str,
    seconds: float,
) -> bool:
    """The run ended with a result. One that was being cancelled ends as cancelled."""
    row = lease.lock()
    if row is None:
        return False
    if row.stopping:
        return _cancelled(row, seconds)
    salt = new_salt()
    row.values, row.digest, row.log = dict(values), digest, storable(log)
    row.intervals = {name: list(bounds) for name, bounds in intervals.items()}
    row.salt = salt
    row.seal = seal_of(
        salt=salt,
        content={"evaluation": row.code, "digest": digest, "values": dict(values)},
    )
    row.done = row.total = len(cases)
    CaseResult.objects.filter(evaluation=row).delete()
    CaseResult.objects.bulk_create(
        CaseResult(evaluation=row, position=position, **_case(outcome))
        for position, outcome in enumerate(cases, start=1)
    )
    _end(row, EvaluationState.SCORED, seconds=seconds, charged=seconds)
    note_evaluator_success(row.evaluator)
    note_worker_success(worker_id=lease.worker_id)
    events.append(
        actor=worker_actor(row.worker),
        verb="scored",
        evaluation=row,
        attempt=row.attempts,
        seal=row.seal,
    )
    return True


@transaction.atomic
def finish_failed(*, lease: Lease, code: str, reason: str, log: str, seconds: float) -> bool:
    """The entrant's program cannot be run: a verdict, that takes no quota."""
    row = lease.lock()
    if row is None:
        return False
    if row.stopping:
        return _cancelled(row, seconds)
    row.reason_code, row.reason, row.log = code, storable(reason), storable(log)
    _end(row, EvaluationState.FAILED, seconds=seconds, charged=seconds)
    note_worker_success(worker_id=lease.worker_id)
    events.append(
        actor=worker_actor(row.worker),
        verb="failed",
        evaluation=row,
        attempt=row.attempts,
        reason=code,
    )
    return True


@transaction.atomic
def finish_faulted(*, lease: Lease, code: str, detail: str, seconds: float) -> bool:
    """The evaluator broke down: no verdict; staff are told, and may queue the run again."""
    row = lease.lock()
    if row is None:
        return False
    if row.stopping:
        return _cancelled(row, seconds)
    # Before the record's head is locked: who holds that waits for nobody.
    lock(row.evaluator)
    _fault(row, code=code, detail=detail)
    note_evaluator_fault(row.evaluator, entry_id=row.submission.entry_id, detail=detail)
    return True


@transaction.atomic
def finish_cancelled(*, lease: Lease, seconds: float) -> bool:
    """The run was stopped as the entrant or staff asked."""
    row = lease.lock()
    return row is not None and _cancelled(row, seconds)


@transaction.atomic
def hand_back(*, lease: Lease) -> bool:
    """A worker that stops puts the run back in its place, as if it had never taken it."""
    row = lease.lock()
    if row is None:
        return False
    if row.stopping:
        return _cancelled(row, 0.0)
    _requeue(row, why="handed-back")
    return True


@transaction.atomic
def lose(*, lease: Lease, why: str, detail: str, beat: int | None = None) -> bool:
    """The worker died or could not carry the run out: it waits again, but not for ever.

    With `beat`, only if the row's is still that: a worker that has shown life keeps its run.
    """
    row = lease.lock()
    if row is None or (beat is not None and row.beat != beat):
        return False
    if row.stopping:
        return _cancelled(row, 0.0)
    row.losses += 1
    if row.losses >= (MOST_DEATHS if why == WORKER_DIED else MOST_LOSSES):
        _fault(row, code=why, detail=detail)
    else:
        row.detail = storable(detail)
        _requeue(row, why=why)
    return True


def _case(outcome: CaseOutcome) -> dict[str, Any]:
    fields = asdict(outcome)
    return {
        **fields,
        "reason": storable(outcome.reason),
        "artefacts": list(fields["artefacts"]),
    }


def _requeue(row: Evaluation, *, why: str) -> None:
    worker, row.worker = row.worker, None
    row.state, row.done, row.log = EvaluationState.QUEUED, 0, ""
    row.started_at = None
    charge(evaluation=row, seconds=-row.charged)
    row.charged = 0.0
    row.save()
    events.append(
        actor=worker_actor(worker), verb="requeued", evaluation=row, attempt=row.attempts, why=why
    )


def _fault(row: Evaluation, *, code: str, detail: str) -> None:
    row.reason_code, row.detail = code, storable(detail)
    row.log = ""
    _end(row, EvaluationState.FAULTED, seconds=None, charged=0.0)
    events.append(
        actor=worker_actor(row.worker),
        verb="faulted",
        evaluation=row,
        attempt=row.attempts,
        reason=code,
    )
    tell_staff(track=row.submission.entry.track, about=f"evaluation:{row.code}", what="faulted")


def _cancelled(row: Evaluation, seconds: float) -> bool:
    row.log = ""
    _end(row, EvaluationState.CANCELLED, seconds=None, charged=seconds)
    events.append(
        actor=worker_actor(row.worker), verb="cancelled", evaluation=row, attempt=row.attempts
    )
    return True


def _end(row: Evaluation, state: EvaluationState, *, seconds: float | None, charged: float) -> None:
    """Settle the row and its party's account: `charged` seconds in all."""
    charge(evaluation=row, seconds=charged - row.charged)
    row.state, row.seconds, row.charged = state, seconds, charged
    row.stopping = False
    row.finished_at = clock.now()
    row.save()
    tell_finished(row)


def tell_finished(row: Evaluation) -> None:
    """Have the apps that asked hear of the end, once it is stored for good."""
    for call in on_finished:
        transaction.on_commit(partial(call, row.pk), robust=True)
