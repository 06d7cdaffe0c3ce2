"""Emergency reviewers: people without an entry in the track, for what no peer may review."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain import person_of_address
from concours.platform.competitions.domain import EntryFacts, entry_facts
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.record import domain as record
from concours.platform.review.domain import identities
from concours.platform.review.domain.letters import tell
from concours.platform.review.domain.refilling import refill
from concours.platform.review.domain.replacing import holder_of
from concours.platform.review.domain.rounds import IMPORTED, lock_round
from concours.platform.review.enums import AliasKind, Cause, RoundState
from concours.platform.review.models import EmergencyReviewer, ReviewRound

MOST = 200


@dataclass(frozen=True, kw_only=True)
class Reserve:
    """An emergency reviewer as the desk lists them."""

    alias: str
    name: str
    released: bool
    duties: int


@transaction.atomic
def name_emergency_reviewer(*, actor: Any, round: ReviewRound, email: str) -> EmergencyReviewer:  # noqa: A002
    """Add the holder of that address to the round's reserve; uncovered duties go to them at once.

    Their conflicts (shared teams, shared organisations) are heeded with every duty. Raises Refused
    for no such account, for who takes part in the track, a second time, and after the close.
    """
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    if locked.method == IMPORTED or locked.state not in {RoundState.PLANNED, RoundState.ASSIGNED}:
        raise Refused("round-closed", _("Reviews are closed."))
    person = lock(person_of_address(actor=actor, email=email, season=locked.track.season))
    number = locked.emergency_reviewers.count()
    if locked.emergency_reviewers.filter(user=person).exists():
        raise Refused("named-already", _("This person is an emergency reviewer already."))
    if number >= MOST:
        raise Refused("too-many", _("A round has at most %(most)d of them.") % {"most": MOST})
    if any(person.pk in fact.member_ids for fact in entry_facts(track=locked.track)):
        raise Refused("takes-part", _("This person takes part in the track."))
    named = EmergencyReviewer.objects.create(
        round=locked, user=person, number=number, named_at=clock.now()
    )
    if locked.state == RoundState.ASSIGNED:
        identities.give_further_alias(round=locked, kind=AliasKind.REVIEWER, subject_id=person.pk)
    record.append(
        actor=actor,
        verb="reviewer.reserve-named",
        subject=locked,
        season=locked.track.season.slug,
        # Neither by name nor by alias: later events and released reviews show the alias.
        data={"number": number},
    )
    if locked.state == RoundState.ASSIGNED and clock.now() < locked.closes_at:
        given = refill(actor=actor, locked=locked, cause=Cause.RESERVE)
        tell(locked, given=given)
    return named


@transaction.atomic
def release_emergency_reviewer(*, actor: Any, round: ReviewRound, alias: str) -> EmergencyReviewer:  # noqa: A002
    """Give them no further duties; those they have stay. Raises Refused a second time."""
    locked = lock_round(round)
    require(actor, "review.run_round", locked)
    named = locked.emergency_reviewers.filter(user_id=holder_of(locked, alias)).first()
    if named is None or named.released:
        raise Refused("not-in-reserve", _("This is no emergency reviewer, or no longer one."))
    named.released = True
    named.save(update_fields=["released"])
    record.append(
        actor=actor,
        verb="reviewer.reserve-released",
        subject=locked,
        season=locked.track.season.slug,
        data={"reviewer": alias.strip().upper()},
    )
    return named


def take_in_reserve(locked: ReviewRound, entries: Iterable[EntryFacts]) -> None:
    """With the draw: aliases for those named before, unless they take part by now."""
    taking_part = {key for fact in entries for key in (*fact.member_ids, fact.reviewer_id)}
    for named in locked.emergency_reviewers.order_by("number"):
        if named.user_id in taking_part:
            named.released = True
            named.save(update_fields=["released"])
        else:
            identities.give_further_alias(
                round=locked, kind=AliasKind.REVIEWER, subject_id=named.user_id
            )


def reserve_of(*, round: ReviewRound) -> list[Reserve]:  # noqa: A002
    """The round's emergency reviewers, for those who run it; they named them, so by name."""
    aliases = identities.aliases_of(round=round, kind=AliasKind.REVIEWER)
    rows = round.emergency_reviewers.select_related("user").order_by("number")
    counts: dict[int, int] = {}
    for key in round.assignments.filter(reviewer_entry__isnull=True).values_list(
        "reviewer_id", flat=True
    ):
        counts[key] = counts.get(key, 0) + 1
    return [
        Reserve(
            alias=aliases.get(row.user_id, ""),
            name=row.user.display_name,
            released=row.released,
            duties=counts.get(row.user_id, 0),
        )
        for row in rows
    ]
