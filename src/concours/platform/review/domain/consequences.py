"""What follows from duties left undone, as the rules of the round name it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.review.enums import AssignmentState
from concours.platform.review.methods import Methods, methods_of
from concours.platform.review.models import Assignment, ReviewRound

NEVER = 100
NO_FINALIST = "no-finalist"
WITHHELD = "reviews-withheld"
DISQUALIFIED = "disqualified"
PHRASES: Mapping[str, str | Promise] = {
    NO_FINALIST: _("Your entry cannot become a finalist."),
    WITHHELD: _("What others said of your entry is withheld from your team."),
    DISQUALIFIED: _("Your entry is disqualified."),
}
UNDONE = (AssignmentState.DEFAULTED, AssignmentState.REPLACED)


@dataclass(frozen=True)
class Duty:
    """What an entry owed and left undone; lifted and excused duties count on neither side."""

    owed: int
    defaulted: int

    def beyond(self, percent: int) -> bool:
        """Whether more than `percent` of what was owed is undone; never at 100."""
        return percent < NEVER and 100 * self.defaulted > percent * self.owed


def duties_by_entry(round: ReviewRound) -> dict[int, Duty]:  # noqa: A002
    """What each entry owed, by its key; O(assignments).

    A further duty, given in place of somebody else's, counts once it is done and never against
    who did not do it: it was asked for late.
    """
    owed: Counter[int] = Counter()
    defaulted: Counter[int] = Counter()
    rows = _that_count(Assignment.objects.filter(round=round, reviewer_entry__isnull=False))
    for entry_id, state in rows.order_by().values_list("reviewer_entry_id", "state"):
        if entry_id is not None:
            owed[entry_id] += 1
            defaulted[entry_id] += state in UNDONE
    return {entry: Duty(owed=count, defaulted=defaulted[entry]) for entry, count in owed.items()}


def _that_count(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    neither = (AssignmentState.LIFTED, AssignmentState.EXCUSED)
    return rows.exclude(state__in=neither).exclude(Q(given_in__gt=0) & Q(state__in=UNDONE))


def following(duty: Duty, methods: Methods) -> list[str]:
    """The codes of what follows once the round is closed; [] where nothing does."""
    if not duty.defaulted:
        return []
    found = []
    if duty.beyond(methods.finalist_undone):
        found.append(NO_FINALIST)
    if methods.withhold_reviews:
        found.append(WITHHELD)
    if duty.beyond(methods.disqualify_undone):
        found.append(DISQUALIFIED)
    return found


def withheld_from(*, entry: Any, round: ReviewRound) -> bool:  # noqa: A002
    """Whether the entry's team may not read its reviews, its own duty being undone.

    While the round runs a duty still to do withholds them too. Excused duties never do.
    """
    if not methods_of(round.params).withhold_reviews:
        return False
    rows = Assignment.objects.filter(round=round, reviewer_entry=entry, waived=False, given_in=0)
    return rows.filter(state__in=(*UNDONE, AssignmentState.PENDING)).exists()


@dataclass(frozen=True, kw_only=True)
class Undone:
    """What somebody left undone in a track, and what follows, in words."""

    track: Any
    owed: int
    undone: int
    consequences: list[str | Promise]


def undone_by(*, user: Any) -> list[Undone]:
    """Of the rounds in which duties of `user` were left undone or went to others."""
    rows = Assignment.objects.filter(reviewer_id=user.pk, state__in=UNDONE, given_in=0)
    rows = rows.filter(waived=False, round__closed_at__isnull=False).select_related(
        "round__track__season"
    )
    found: dict[int, Undone] = {}
    for row in rows:
        if row.round_id in found or row.reviewer_entry_id is None:
            continue
        duty = duties_by_entry(row.round)[row.reviewer_entry_id]
        codes = following(duty, methods_of(row.round.params))
        found[row.round_id] = Undone(
            track=row.round.track,
            owed=duty.owed,
            undone=duty.defaulted,
            consequences=[PHRASES[code] for code in codes],
        )
    return list(found.values())
