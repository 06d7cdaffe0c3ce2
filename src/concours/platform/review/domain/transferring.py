"""An entry's duties pass from one member of its team to another while reviews are written."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.accounts.domain.lookups import organisations_of
from concours.platform.competitions.domain import EntryFacts, entry_facts, pass_reviewing_on
from concours.platform.core.access import permitted, require
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from concours.platform.review.domain import identities
from concours.platform.review.domain.replacing import require_running
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import AliasKind, AssignmentState
from concours.platform.review.models import Assignment, ReviewRound


@transaction.atomic
def transfer_duties(*, actor: Any, round: ReviewRound, entry: Any, to: Any) -> int:  # noqa: A002
    """Let `to`, of the entry's team, write what is still to do; returns how many reviews.

    What is written stays with who wrote it; the captain or the present reviewer passes it on.
    Raises Refused outside the round, for somebody not of the team or with a conflict with one of
    the entries, and for the present reviewer; NotPermitted for anybody else's act.
    """
    locked = lock_round(round)
    require(actor, "competitions.edit_entry", entry)
    if entry.reviewer_id != actor.pk and not permitted(
        actor, "competitions.manage_team", entry.team
    ):
        raise NotPermitted("not-permitted", _("The captain or the reviewer passes reviews on."))
    require_running(locked)
    if entry.track_id != locked.track_id:
        raise Refused("other-track", _("This entry is of another track."))
    if entry.reviewer_id == to.pk:
        raise Refused("reviewer-already", _("They are the reviewer already."))
    if not to.is_active:
        raise Refused("account-closed", _("Their account is closed."))
    # Before the record's head, which the event of the next line takes.
    duties = list(
        locked.assignments.select_for_update(of=("self",), no_key=True).filter(
            reviewer_entry=entry, state=AssignmentState.PENDING
        )
    )
    entry = pass_reviewing_on(actor=actor, entry=entry, reviewer=to)
    _require_no_conflict(locked, to, duties)
    for duty in duties:
        duty.reviewer = to
    Assignment.objects.bulk_update(duties, ["reviewer"])
    identities.give_further_alias(round=locked, kind=AliasKind.REVIEWER, subject_id=to.pk)
    record.append(
        actor=actor,
        verb="duties.transferred",
        subject=entry,
        season=locked.track.season.slug,
        data={"to": to.code, "duties": len(duties)},
    )
    return len(duties)


def _require_no_conflict(locked: ReviewRound, to: Any, duties: list[Assignment]) -> None:
    keys = [duty.entry_id for duty in duties]
    facts = {fact.id: fact for fact in entry_facts(track=locked.track, also=keys)}
    passed = set(locked.params.get("ignored_organisations", []))
    mine = organisations_of(user_ids=[to.pk]).get(to.pk, frozenset()) - passed
    met = set(
        locked.assignments.filter(reviewer=to, entry_id__in=keys).values_list("entry_id", flat=True)
    )
    if any(key in met or _is_near(to, mine, facts[key]) for key in keys if key in facts):
        raise Refused(
            "conflict",
            _("They have a conflict with one of the entries; name another member."),
        )


def _is_near(to: Any, organisations: frozenset[int], fact: EntryFacts) -> bool:
    people = fact.member_ids | {fact.reviewer_id}
    return to.pk in people or bool(organisations & fact.organisation_ids)
