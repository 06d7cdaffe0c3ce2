"""The end of a round: duties left undone become defaults, with consequences that are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import AssignmentState, RoundState
from concours.platform.review.models import Assignment, ReviewRound


@dataclass(frozen=True)
class Duty:
    """What an entry owed and left undone; lifted duties count on neither side."""

    owed: int
    defaulted: int

    @property
    def fulfilled(self) -> bool:
        """Not fulfilled when more than half of what was owed was left undone."""
        return 2 * self.defaulted <= self.owed


@transaction.atomic
def close_round(*, actor: Any, round: ReviewRound) -> ReviewRound:  # noqa: A002
    """Close the reviews after their deadline; what is still to do becomes a default.

    Raises Refused before the deadline and unless reviews are assigned and open.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.state == RoundState.PLANNED:
        raise Refused("not-assigned", _("Reviews are not assigned yet."))
    if locked.state != RoundState.ASSIGNED:
        raise Refused("closed-already", _("Reviews are closed already."))
    moment = clock.now()
    if moment < locked.closes_at:
        raise Refused("deadline-ahead", _("Reviewers have until the deadline; close after it."))
    pending = Assignment.objects.filter(round=locked, state=AssignmentState.PENDING)
    codes = sorted(pending.values_list("code", flat=True))
    pending.update(state=AssignmentState.DEFAULTED)
    locked.state, locked.closed_at = RoundState.CLOSED, moment
    locked.save(update_fields=["state", "closed_at"])
    record.append(
        actor=actor,
        verb="round.closed",
        subject=locked,
        season=locked.track.season.slug,
        data={"defaulted": codes},
    )
    return locked


def duties_by_entry(round: ReviewRound) -> dict[int, Duty]:  # noqa: A002
    """What each entry owed, by its key; O(assignments)."""
    owed: Counter[int] = Counter()
    defaulted: Counter[int] = Counter()
    rows = Assignment.objects.filter(round=round).exclude(state=AssignmentState.LIFTED)
    for entry_id, state in rows.order_by().values_list("reviewer_entry_id", "state"):
        owed[entry_id] += 1
        defaulted[entry_id] += state == AssignmentState.DEFAULTED
    return {entry: Duty(owed=count, defaulted=defaulted[entry]) for entry, count in owed.items()}
