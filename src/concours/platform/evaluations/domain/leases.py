"""Taking runs from the queue, and keeping them.

A lease is the pair of worker and attempt on a running row. Nothing in it is a moment: the worker
counts the row's beat up, and who watches (domain.watching) measures by a monotonic clock how long
the count stood still. So no clock that is set, here or in the database, ends a lease or keeps a
dead one alive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.db import connection, transaction
from django.db.models import F, QuerySet

from concours.platform.core import clock
from concours.platform.core.actors import System
from concours.platform.evaluations.domain import events
from concours.platform.evaluations.domain.fairness import usual_seconds, virtual_time, waiting
from concours.platform.evaluations.enums import EvaluationState, WorkerState
from concours.platform.evaluations.models import Account, Evaluation, Worker

TAKEN = (
    "state", "worker", "started_at", "attempts", "beat", "done", "log", "virtual", "charged",
)  # fmt: skip
"""What changes of a row that is taken up."""


@dataclass(frozen=True, kw_only=True)
class Lease:
    """A worker's hold of one attempt at one evaluation."""

    evaluation_id: int
    worker_id: int
    attempt: int

    def held(self) -> QuerySet[Evaluation]:
        """The row while the lease is valid, else none: filter by it in every write."""
        return Evaluation.objects.filter(
            pk=self.evaluation_id,
            worker_id=self.worker_id,
            attempts=self.attempt,
            state=EvaluationState.RUNNING,
        )

    def lock(self) -> Evaluation | None:
        """The row locked until the transaction ends; None when the lease is lost."""
        rows = self.held().select_related("submission__entry__track__season", "evaluator")
        return rows.select_for_update(of=("self",), no_key=True).first()


class Beat(Enum):
    """What a worker learns from its heartbeat."""

    HELD = "held"
    STOP = "stop"
    LOST = "lost"


def worker_actor(worker: Any) -> System:
    """Who acts in the record when a worker does."""
    return System(f"worker:{worker.name}" if worker is not None else "evaluation-queue")


@transaction.atomic
def claim(*, worker: Worker) -> tuple[Lease, Evaluation] | None:
    """Take the run that is next for `worker`, or None where none waits or the worker is set aside.

    One short transaction. On PostgreSQL rows that another is taking are skipped, together with all
    others of the same party; on SQLite writers queue. Either way the update is guarded by the
    state, so that a run is never taken twice.
    """
    if not Worker.objects.filter(pk=worker.pk, state=WorkerState.ACTIVE).exists():
        return None
    row = _next()
    if row is None:
        return None
    queued_as = row.attempts
    row.virtual = max(row.account.spent, virtual_time())
    row.charged = usual_seconds(evaluator=row.evaluator, split=row.split)
    row.state, row.worker, row.started_at = EvaluationState.RUNNING, worker, clock.now()
    row.attempts, row.beat, row.done, row.log = queued_as + 1, 0, 0, ""
    queued = Evaluation.objects.filter(pk=row.pk, state=EvaluationState.QUEUED, attempts=queued_as)
    if not queued.update(**{name: getattr(row, name) for name in TAKEN}):
        return None
    Account.objects.filter(pk=row.account_id).update(spent=row.virtual + row.charged)
    events.append(actor=worker_actor(worker), verb="started", evaluation=row, attempt=row.attempts)
    lease = Lease(evaluation_id=row.pk, worker_id=worker.pk, attempt=row.attempts)
    return lease, row


def _next() -> Evaluation | None:
    rows = waiting().select_related("account", "evaluator", "submission__entry__track__season")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True, of=("self", "account"), no_key=True)
    return rows.first()


def beat(*, lease: Lease, done: int, log: str) -> Beat:
    """Say that the lease's worker lives and how far it is: `done` cases, and the public `log`."""
    if not lease.held().update(beat=F("beat") + 1, done=done, log=log):
        return Beat.LOST
    stopping = lease.held().values_list("stopping", flat=True).first()
    return Beat.LOST if stopping is None else Beat.STOP if stopping else Beat.HELD
