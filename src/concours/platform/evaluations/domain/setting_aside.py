"""Evaluators and workers that fail again and again are set aside, and staff are told."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.core.wording import one_line, storable
from concours.platform.evaluations.domain.telling import tell_staff
from concours.platform.evaluations.enums import WorkerState
from concours.platform.evaluations.models import Evaluation, Evaluator, Worker
from concours.platform.record import domain as record

WATCHER = System("evaluation-queue")
MOST_FAULTS = 3
MOST_FAULTS_OF_ONE = 6
MOST_FAILURES = 3
MOST_FAILURES_OF_ONE = 6
MOST_REASON = 500


def note_evaluator_success(evaluator: Evaluator) -> None:
    """A run ended with a verdict: the evaluator works."""
    Evaluator.objects.filter(pk=evaluator.pk).exclude(streak=[]).update(streak=[])


def note_evaluator_fault(evaluator: Evaluator, *, entry_id: int, detail: str) -> None:
    """Count a faulted run; the MOST_FAULTS-th in a row sets the evaluator aside.

    Faults of a single entry count half: one entrant must not stop a track by a program that breaks
    its evaluator.
    """
    evaluator = lock(evaluator)
    detail = storable(detail)
    evaluator.streak = [*evaluator.streak, entry_id]
    faults = len(evaluator.streak)
    most = MOST_FAULTS if len(set(evaluator.streak)) > 1 else MOST_FAULTS_OF_ONE
    if faults >= most and not evaluator.set_aside:
        _set_aside(
            evaluator, actor=WATCHER, reason=f"{faults} faulted runs in a row: {detail[:300]}"
        )
        tell_staff(
            track=evaluator.track, about=f"evaluator:{evaluator.code}", what="evaluator-set-aside"
        )
    else:
        evaluator.save(update_fields=["streak"])


@transaction.atomic
def set_evaluator_aside(*, actor: Any, evaluator: Evaluator, reason: str) -> Evaluator:
    """No further run starts with it; those that wait keep their place. Raises Refused twice."""
    evaluator = lock(evaluator)
    require(actor, "evaluations.manage_evaluator", evaluator)
    if evaluator.set_aside:
        raise Refused("set-aside-already", _("The evaluator is set aside already."))
    reason = one_line(reason, most=MOST_REASON)
    if not reason:
        raise Refused("reason-needed", _("Give the reason."))
    _set_aside(evaluator, actor=actor, reason=reason)
    return evaluator


@transaction.atomic
def resume_evaluator(*, actor: Any, evaluator: Evaluator) -> Evaluator:
    """Let runs start with it again. Raises Refused when it is not set aside."""
    evaluator = lock(evaluator)
    require(actor, "evaluations.manage_evaluator", evaluator)
    if not evaluator.set_aside:
        raise Refused("not-set-aside", _("The evaluator is not set aside."))
    evaluator.set_aside, evaluator.set_aside_reason, evaluator.streak = False, "", []
    evaluator.save(update_fields=["set_aside", "set_aside_reason", "streak"])
    _append(actor, "evaluator.resumed", evaluator)
    return evaluator


def note_worker_success(*, worker_id: int) -> None:
    """A run ended with a verdict: the worker works."""
    Worker.objects.filter(pk=worker_id).update(failures=0, failed_several=False, last_failed=None)


@transaction.atomic
def note_worker_failure(*, worker: Worker, evaluation_id: int, detail: str) -> None:
    """Count a run that the worker could not carry out, each run once; too many set it aside.

    Failures of a single entry count half: one entrant must not stop every worker in turn.
    """
    worker = lock(worker)
    if worker.last_failed_id == evaluation_id:
        return
    detail = storable(detail)
    worker.failures += 1
    worker.failed_several |= worker.failures > 1 and not _same_entry(worker, evaluation_id)
    worker.last_failed_id = evaluation_id
    worker.note = detail[:MOST_REASON]
    most = MOST_FAILURES if worker.failed_several else MOST_FAILURES_OF_ONE
    if worker.failures >= most and worker.state == WorkerState.ACTIVE:
        worker.state = WorkerState.SET_ASIDE
        worker.set_aside_reason = f"{worker.failures} failures in a row: {detail[:300]}"
        record.append(
            actor=WATCHER, verb="worker.set-aside", subject=f"worker:{worker.name}", data={}
        )
        tell_staff(track=None, about=f"worker:{worker.name}", what="worker-set-aside")
    worker.save()


@transaction.atomic
def set_worker_aside(*, actor: Any, worker: Worker, reason: str) -> Worker:
    """The worker takes no further run. Operators only; Raises Refused unless it is at work."""
    worker = lock(worker)
    require(actor, "evaluations.manage_worker", worker)
    if worker.state != WorkerState.ACTIVE:
        raise Refused("not-at-work", _("This worker is not at work."))
    reason = one_line(reason, most=MOST_REASON)
    if not reason:
        raise Refused("reason-needed", _("Give the reason."))
    worker.state, worker.set_aside_reason = WorkerState.SET_ASIDE, reason
    worker.save(update_fields=["state", "set_aside_reason"])
    record.append(
        actor=actor,
        verb="worker.set-aside",
        subject=f"worker:{worker.name}",
        data={"reason": reason},
    )
    return worker


@transaction.atomic
def resume_worker(*, actor: Any, worker: Worker) -> Worker:
    """Let a worker that was set aside take runs again. Operators only."""
    worker = lock(worker)
    require(actor, "evaluations.manage_worker", worker)
    if worker.state != WorkerState.SET_ASIDE:
        raise Refused("not-set-aside", _("This worker is not set aside."))
    worker.state, worker.set_aside_reason, worker.note = WorkerState.ACTIVE, "", ""
    worker.failures, worker.failed_several, worker.last_failed = 0, False, None
    worker.save()
    record.append(actor=actor, verb="worker.resumed", subject=f"worker:{worker.name}")
    return worker


def _same_entry(worker: Worker, evaluation_id: int) -> bool:
    """Whether the run is of the entry whose run the worker failed last."""
    entry = Evaluation.objects.values_list("submission__entry_id", flat=True).get(pk=evaluation_id)
    last = worker.last_failed
    return last is not None and last.submission.entry_id == entry


def _set_aside(evaluator: Evaluator, *, actor: Any, reason: str) -> None:
    evaluator.set_aside, evaluator.set_aside_reason = True, reason
    evaluator.save(update_fields=["set_aside", "set_aside_reason", "streak"])
    _append(actor, "evaluator.set-aside", evaluator, reason=reason)


def _append(actor: Any, verb: str, evaluator: Evaluator, **data: Any) -> None:
    record.append(
        actor=actor,
        verb=verb,
        subject=evaluator,
        season=evaluator.track.season.slug,
        data={"track": evaluator.track.slug, "name": evaluator.name, **data},
    )
