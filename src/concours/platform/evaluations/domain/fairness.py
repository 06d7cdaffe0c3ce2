"""Whose run is next: start-time fair queueing over accounts of machine time.

Each party has an account of the seconds that its runs took. The queue's virtual time is the
account, at its start, of the run that was started last. The next run is the oldest of the party
with the lowest account; an account below the virtual time counts as the virtual time, so that
nobody saves up for a flood. A run charges its usual duration when it starts and the difference to
its true duration when it ends. So of two parties that both wait, neither gets ahead by more than
one run, however much the one submits. No clock is read.

Goyal, Vin and Cheng, "Start-time fair queuing", SIGCOMM 1996; with one run as one packet.
"""

from __future__ import annotations

import statistics
from typing import Any

from django.db.models import F, FloatField, Max, QuerySet, Value
from django.db.models.functions import Greatest

from concours.platform.evaluations.enums import EvaluationState
from concours.platform.evaluations.models import Account, Evaluation, Evaluator

RECENT = 21
USUAL_S = 60.0
"""What a run is taken to last before any like it was seen."""


def account_of(team: Any) -> Account:
    """The party's account; `team` None for the staff's."""
    return Account.objects.get_or_create(team=team)[0]


def virtual_time() -> float:
    found = Evaluation.objects.aggregate(latest=Max("virtual"))["latest"]
    return float(found or 0.0)


def waiting() -> QuerySet[Evaluation]:
    """The runs that may start, in the order in which they would if no further ones came.

    The order among one party's runs is exact; those of different parties alternate as each start
    charges its account.
    """
    rank = Greatest(F("account__spent"), Value(virtual_time()), output_field=FloatField())
    return (
        Evaluation.objects.filter(state=EvaluationState.QUEUED, evaluator__set_aside=False)
        .annotate(rank=rank)
        .order_by("rank", "pk")
    )


def usual_seconds(*, evaluator: Evaluator, split: str) -> float:
    """The median duration of the RECENT last scored runs of that kind; USUAL_S without any."""
    recent = Evaluation.objects.filter(
        evaluator__track_id=evaluator.track_id,
        evaluator__name=evaluator.name,
        split=split,
        state=EvaluationState.SCORED,
        seconds__isnull=False,
    ).order_by("-pk")
    seconds = [run.seconds or 0.0 for run in recent.only("seconds")[:RECENT]]
    return statistics.median(seconds) if seconds else USUAL_S


def charge(*, evaluation: Evaluation, seconds: float) -> None:
    """Add `seconds` (negative gives back) to the account of the evaluation's party."""
    Account.objects.filter(pk=evaluation.account_id).update(spent=F("spent") + seconds)
