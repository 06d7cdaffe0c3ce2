"""Duties that are lost while a round runs, and given to others at once.

A duty is lost when its reviewer declares a conflict, is late by the round's rules, is gone, or is
excused by those who run the round. Every other duty stays as it is; see refilling.py.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import EntryState
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.digests import keyed_digest
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.review.domain import identities
from concours.platform.review.domain.letters import tell
from concours.platform.review.domain.refilling import next_number, refill, uncovered
from concours.platform.review.domain.rounds import IMPORTED, lock_round
from concours.platform.review.enums import AliasKind, AssignmentState, Cause, RoundState
from concours.platform.review.methods import methods_of
from concours.platform.review.models import (
    Assignment,
    EmergencyReviewer,
    ReviewRound,
    RoundEntry,
)

MOST_REASON = 2_000
STEWARD = System("review-steward")


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """How many duties were lost in an act, and how many were given anew."""

    lost: int
    given: int


@transaction.atomic
def replace_late(*, actor: Any, round: ReviewRound) -> Replaced:  # noqa: A002
    """Give the duties of late and of gone reviewers to others, and try again what is uncovered.

    Late is, from so many days before the close as the round's rules name, who has written none of
    their reviews; their duties count as undone. Gone is who can no longer write: an entry that is
    out, an account that is closed; such duties count on neither side. Pressed again it does
    nothing twice. Raises Refused before and after the round's time.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    require_running(locked)
    number, moment = next_number(locked), clock.now()
    late = _late(locked, moment)
    gone = [duty for duty in _gone(locked) if duty.pk not in {one.pk for one in late}]
    before = len(uncovered(locked))
    if not (late or gone or before):
        return Replaced(lost=0, given=0)
    lose(late, state=AssignmentState.REPLACED, number=number)
    lose(gone, state=AssignmentState.EXCUSED, number=number)
    _rest(locked, [*late, *gone])
    if late or gone:
        record.append(
            actor=actor,
            verb="duties.lost",
            subject=locked,
            season=locked.track.season.slug,
            data={
                "number": number,
                "late": _told(locked, late),
                "gone": len(gone),
                "rule_days": methods_of(locked.params).replace_days,
            },
        )
    cause = Cause.LATE if late else Cause.GONE if gone else Cause.RESERVE
    given = refill(actor=actor, locked=locked, cause=cause)
    tell(locked, lost=[*late, *gone], given=given)
    return Replaced(lost=len(late) + len(gone), given=len(given))


def replace_due() -> int:
    """Replace in every open round what is due by its rules; returns how many duties were given."""
    moment = clock.now()
    rounds = ReviewRound.objects.filter(
        state=RoundState.ASSIGNED, opens_at__lte=moment, closes_at__gt=moment
    ).exclude(method=IMPORTED)
    given = 0
    for one in rounds.select_related("track__season"):
        days = methods_of(one.params).replace_days
        if days and one.closes_at - moment <= timedelta(days=days) and _late_rows(one).exists():
            given += replace_late(actor=STEWARD, round=one).given
    return given


@transaction.atomic
def remove_reviewer(*, actor: Any, round: ReviewRound, alias: str, reason: str) -> Replaced:  # noqa: A002
    """Staff take a reviewer's open duties away, for a reason; they get no further ones.

    Written reviews stay; the duties taken count on neither side and are given to others.
    Raises Refused without a reason, NotPermitted (hidden) for an alias that nobody has.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    require_running(locked)
    reason = checked_reason(reason)
    found = holder_of(locked, alias)
    number = next_number(locked)
    duties = list(
        locked.assignments.select_for_update(of=("self",), no_key=True).filter(
            reviewer_id=found, state=AssignmentState.PENDING
        )
    )
    lose(duties, state=AssignmentState.EXCUSED, number=number, reason=reason)
    _rest(locked, duties, also=[found])
    EmergencyReviewer.objects.filter(round=locked, user_id=found).update(released=True)
    record.append(
        actor=actor,
        verb="reviewer.removed",
        subject=locked,
        season=locked.track.season.slug,
        data={
            "reviewer": alias.strip().upper(),
            "duties": len(duties),
            "reason_digest": keyed_digest("removal", reason),
        },
    )
    given = refill(actor=actor, locked=locked, cause=Cause.GONE)
    tell(locked, lost=duties, given=given)
    return Replaced(lost=len(duties), given=len(given))


def lose(
    duties: Sequence[Assignment], *, state: AssignmentState, number: int, reason: str = ""
) -> None:
    """Mark locked duties as lost in replacement `number`."""
    for duty in duties:
        duty.state, duty.lost_in, duty.lifted_reason = state, number, reason
    Assignment.objects.bulk_update(duties, ["state", "lost_in", "lifted_reason"])


def require_running(locked: ReviewRound) -> None:
    """Raise Refused unless reviews of the round are assigned, by a draw, and not yet over."""
    if locked.method == IMPORTED:
        raise Refused("imported", _("The duties of this round were given elsewhere."))
    if locked.state == RoundState.PLANNED:
        raise Refused("not-assigned", _("Reviews are not assigned yet."))
    if locked.state != RoundState.ASSIGNED or clock.now() >= locked.closes_at:
        raise Refused("reviews-closed", _("The deadline of reviews has passed."))


def checked_reason(reason: str) -> str:
    """The reason as kept. Raises Refused for none and for one that cannot be kept."""
    if not isinstance(reason, str) or "\x00" in reason:
        raise Refused("bad-text", _("This text holds characters that cannot be kept."))
    if len(reason) > MOST_REASON:
        raise Refused(
            "too-long", _("Keep the text to %(most)d characters.") % {"most": MOST_REASON}
        )
    if not reason.strip():
        raise Refused("reason-needed", _("Say why; the record keeps it."))
    return reason.strip()


def holder_of(locked: ReviewRound, alias: str) -> int:
    """The key of the reviewer of that alias, for an act on them; it is not told to anybody."""
    wanted = alias.strip().upper()
    aliases = identities.aliases_of(round=locked, kind=AliasKind.REVIEWER)
    for key, name in aliases.items():
        if name == wanted:
            return key
    raise NotPermitted("no-such-alias", _("There is no such alias."), hidden=True)


def _late_rows(round: ReviewRound) -> QuerySet[Assignment]:  # noqa: A002
    """Open duties of entries that owe by the draw and for which nothing at all is written."""
    wrote = round.assignments.filter(
        state=AssignmentState.SUBMITTED, reviewer_entry__isnull=False
    ).values("reviewer_entry_id")
    silent = (
        round.assignments.filter(state=AssignmentState.PENDING, given_in=0)
        .exclude(reviewer_entry_id__in=wrote)
        .values("reviewer_entry_id")
    )
    return round.assignments.filter(state=AssignmentState.PENDING, reviewer_entry_id__in=silent)


def _late(locked: ReviewRound, moment: datetime) -> list[Assignment]:
    days = methods_of(locked.params).replace_days
    if not days or not locked.closes_at - timedelta(days=days) <= moment:
        return []
    # Locked first and asked again: who was writing at this moment is not late.
    rows = _late_rows(locked).values_list("pk", flat=True)
    held = locked.assignments.select_for_update(of=("self",), no_key=True).filter(pk__in=list(rows))
    keys = [duty.pk for duty in held]
    return list(_late_rows(locked).filter(pk__in=keys).select_related("reviewer").order_by("pk"))


def _gone(locked: ReviewRound) -> list[Assignment]:
    out = Q(reviewer__is_active=False) | (
        Q(reviewer_entry__isnull=False) & ~Q(reviewer_entry__state=EntryState.ENTERED)
    )
    rows = locked.assignments.filter(out, state=AssignmentState.PENDING)
    held = locked.assignments.select_for_update(of=("self",), no_key=True).filter(
        pk__in=list(rows.values_list("pk", flat=True)), state=AssignmentState.PENDING
    )
    return list(held.order_by("pk"))


def _rest(locked: ReviewRound, duties: Sequence[Assignment], also: Collection[int] = ()) -> None:
    """Those reviewers get no further duties of the round."""
    mine = {duty.reviewer_entry_id for duty in duties if duty.reviewer_entry_id is not None}
    owed = locked.assignments.filter(reviewer_id__in=list(also), reviewer_entry__isnull=False)
    mine |= set(owed.values_list("reviewer_entry_id", flat=True))
    RoundEntry.objects.filter(round=locked, entry_id__in=mine).update(idle=True)
    people = {duty.reviewer_id for duty in duties if duty.reviewer_entry_id is None}
    EmergencyReviewer.objects.filter(round=locked, user_id__in=people).update(released=True)


def _told(locked: ReviewRound, duties: Sequence[Assignment]) -> dict[str, int]:
    """{alias of reviewer: duties lost}."""
    found: dict[str, int] = {}
    aliases = identities.aliases_of(round=locked, kind=AliasKind.REVIEWER)
    for duty in duties:
        alias = aliases[duty.reviewer_id]
        found[alias] = found.get(alias, 0) + 1
    return found
