"""How many runs an entry has: only scored ones take of it, open ones hold a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.evaluations.enums import OPEN, EvaluationState
from concours.platform.evaluations.models import Evaluation, Evaluator

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Quota:
    """What is left of an entry's runs on a split; None where there is no limit.

    `day` is of any 24 hours, counted from the moments at which runs were asked for.
    """

    day: int | None
    total: int | None


def quota_left(*, entry: Any, evaluator: Evaluator, split: str) -> Quota:
    """What the entry has left, over all versions of the track's evaluator."""
    limits = evaluator.split(split) or {}
    runs = _counted(entry, split)
    recent = runs.filter(queued_at__gt=clock.now() - DAY)
    return Quota(
        day=_left(limits.get("quota_day"), recent),
        total=_left(limits.get("quota_total"), runs),
    )


def require_quota(*, entry: Any, evaluator: Evaluator, split: str) -> None:
    """Raise Refused when the entry has no run left on that split."""
    left = quota_left(entry=entry, evaluator=evaluator, split=split)
    if left.total == 0:
        raise Refused("quota-total", _("The entry has used all its runs of this kind."))
    if left.day == 0:
        raise Refused(
            "quota-day", _("The entry has used its runs of the last 24 hours. Try again later.")
        )


def _counted(entry: Any, split: str) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(
        submission__entry=entry,
        split=split,
        reevaluation="",
        state__in=[EvaluationState.SCORED, *OPEN],
    )


def _left(limit: int | None, used: QuerySet[Evaluation]) -> int | None:
    return None if limit is None else max(limit - used.count(), 0)
