"""Asking for runs."""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.domain.locks import lock_entry
from concours.platform.competitions.domain.submissions import ready_since
from concours.platform.competitions.enums import EntryState, PhaseKind, SubmissionState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.errors import Refused
from concours.platform.evaluations.domain import events
from concours.platform.evaluations.domain.fairness import account_of
from concours.platform.evaluations.domain.quotas import require_quota
from concours.platform.evaluations.enums import OPEN, EvaluationState, Split
from concours.platform.evaluations.models import Evaluation, Evaluator

log = logging.getLogger(__name__)
QUEUE = System("evaluation-queue")
MISSED_WITHIN = timedelta(days=1)

SPLITS_OF_PHASE = {
    PhaseKind.REGISTRATION: (Split.PRACTICE,),
    PhaseKind.PRACTICE: (Split.PRACTICE,),
    PhaseKind.RANKING: (Split.RANKING, Split.PRACTICE),
    PhaseKind.FINAL: (Split.FINAL,),
}
"""On what a submission is run, by the phase in which it comes."""


def active_evaluator(*, track: Any) -> Evaluator | None:
    """The version with which new runs of the track are made."""
    return Evaluator.objects.filter(track=track, active=True).first()


def splits_now(*, track: Any) -> list[str]:
    """On what a submission to the track would be run now; none where nothing evaluates it."""
    evaluator = active_evaluator(track=track)
    phase = track.phase
    if evaluator is None or phase is None or not phase.runs_at(clock.now()):
        return []
    splits = SPLITS_OF_PHASE.get(PhaseKind(phase.kind), ())
    return [split.value for split in splits if evaluator.split(split) is not None]


@transaction.atomic
def enqueue(*, actor: Any, submission: Any, split: str) -> Evaluation:
    """Ask for a run of the submission on `split` with the track's active evaluator.

    Raises Refused for a submission that is not ready, an entry that is out, a split that the phase
    does not run, a run that is open or scored already, and where no quota is left.
    """
    entry = lock_entry(submission.entry)
    require(actor, "evaluations.enqueue", submission)
    submission.refresh_from_db(fields=["state"])
    if submission.state != SubmissionState.READY:
        raise Refused("not-ready", _("This submission has no files (yet)."))
    if entry.state != EntryState.ENTERED:
        raise Refused("not-entered", _("This entry is no longer in the track."))
    evaluator = active_evaluator(track=entry.track)
    if evaluator is None or split not in splits_now(track=entry.track):
        raise Refused("not-evaluated-now", _("The track's phase makes no such runs now."))
    _require_new(submission, evaluator, split)
    require_quota(entry=entry, evaluator=evaluator, split=split)
    submission.entry = entry
    return _queue(
        actor=actor,
        submission=submission,
        evaluator=evaluator,
        split=split,
        account=account_of(entry.team),
    )


def enqueue_ready(*, submission: Any) -> list[Evaluation]:
    """Ask for every run that the phase gives a ready submission; what is refused is left out."""
    return _enqueue_each(submission, splits_now(track=submission.entry.track))


def _enqueue_each(submission: Any, splits: Iterable[str]) -> list[Evaluation]:
    queued = []
    for split in splits:
        try:
            queued.append(enqueue(actor=QUEUE, submission=submission, split=split))
        except Refused as refusal:
            log.info("submission %s is not run on %s: %s", submission.code, split, refusal.code)
    return queued


def run_when_ready(submission: Any) -> None:
    """What competitions call when a submission is ready."""
    enqueue_ready(submission=submission)


def enqueue_missed() -> int:
    """Ask for the runs of a day's submissions that were never asked for; how many were queued.

    Their process died between their commit and the asking, or the entry had no run of that kind
    left then and has one now. One that came in a phase before and has any run is left alone: this
    phase's runs are not for it. For the worker to call every minute; few queries where nothing was
    missed.
    """
    submissions = ready_since(moment=clock.now() - MISSED_WITHIN)
    rows = Evaluation.objects.filter(submission__in=submissions, reevaluation="")
    asked = defaultdict(set)
    for submission_id, split in rows.order_by().values_list("submission_id", "split"):
        asked[submission_id].add(split)
    splits: dict[int, list[str]] = {}
    queued = 0
    for submission in submissions:
        track = submission.entry.track
        if track.pk not in splits:
            splits[track.pk] = splits_now(track=track)
        missed = [split for split in splits[track.pk] if split not in asked[submission.pk]]
        phase = track.phase  # never None where it makes runs
        came_now = phase is not None and submission.submitted_at >= phase.starts_at
        if missed and (came_now or not asked[submission.pk]):
            queued += len(_enqueue_each(submission, missed))
    return queued


@transaction.atomic
def enqueue_set(
    *, actor: Any, evaluator: Evaluator, evaluations: Iterable[Evaluation], reevaluation_code: str
) -> list[Evaluation]:
    """Ask for the runs of `evaluations` again with another version of their track's evaluator.

    They take no quota, wait on the staff's account, and the entrants do not see them. Raises
    Refused for an evaluation of another track and for a split that the version lacks.
    """
    require(actor, "evaluations.reevaluate", evaluator)
    account = account_of(None)
    queued = []
    for evaluation in evaluations:
        submission = evaluation.submission
        if submission.entry.track_id != evaluator.track_id:
            raise Refused("other-track", _("This evaluation is of another track."))
        if evaluator.split(evaluation.split) is None:
            raise Refused("no-such-split", _("The evaluator has no cases of this kind."))
        queued.append(
            _queue(
                actor=actor,
                submission=submission,
                evaluator=evaluator,
                split=evaluation.split,
                account=account,
                reevaluation=reevaluation_code,
                seed=evaluation.seed,
            )
        )
    return queued


def _require_new(submission: Any, evaluator: Evaluator, split: str) -> None:
    alike = submission.evaluations.filter(evaluator=evaluator, split=split, reevaluation="")
    final = [EvaluationState.SCORED, EvaluationState.FAILED]
    if alike.filter(state__in=final).exists():
        raise Refused("evaluated-already", _("This submission was evaluated already."))
    if alike.filter(state__in=OPEN).exists():
        raise Refused("queued-already", _("This submission is being evaluated already."))


def _queue(
    *,
    actor: Any,
    submission: Any,
    evaluator: Evaluator,
    split: str,
    account: Any,
    reevaluation: str = "",
    seed: int | None = None,
) -> Evaluation:
    try:
        with transaction.atomic():
            evaluation = Evaluation.objects.create(
                submission=submission,
                evaluator=evaluator,
                account=account,
                split=split,
                seed=secrets.randbits(62) if seed is None else seed,
                total=(evaluator.split(split) or {}).get("cases", 0),
                reevaluation=reevaluation,
                asked_by=actor if getattr(actor, "pk", None) else None,
                queued_at=clock.now(),
            )
    except IntegrityError:
        raise Refused("queued-already", _("This submission is being evaluated already.")) from None
    events.append(actor=actor, verb="queued", evaluation=evaluation)
    return evaluation
