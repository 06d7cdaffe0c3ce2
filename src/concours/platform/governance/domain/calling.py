"""Calling a vote, opening it with its electorate frozen, and calling it off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.governance import Rule, facts_of, rule_from
from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.governance.domain.bodies import members_at, suspended_at
from concours.platform.governance.domain.carrying import CARRIER
from concours.platform.governance.domain.charters import parsed
from concours.platform.governance.domain.conflicts import ENGINE, conflicts_of
from concours.platform.governance.domain.reviews import end, open_one, votes_of
from concours.platform.governance.domain.words import MOST_NOTE, digest_of_text, needed
from concours.platform.governance.enums import (
    LIVE_STATES,
    Conflict,
    ReviewState,
    VoidReason,
    VoteState,
)
from concours.platform.governance.models import AccessReview, Body, Vote
from concours.platform.record import domain as record


@transaction.atomic
def call_vote(*, actor: Any, review: AccessReview, opens_at: datetime | None = None) -> Vote:
    """Call the review's next vote. It opens after the charter's days of public comment, or later.

    Raises Refused where the charter asks for no vote, while another is under way, for an opening
    before the days of comment are over, and when the project has moved meanwhile.
    """
    review = open_one(review)
    require(actor, "governance.hold_reviews")
    if review.project.stage != review.origin:
        raise Refused("project-moved", _("The project changed its stage meanwhile."))
    names = votes_of(review)
    if not names:
        raise Refused("no-vote", _("The charter puts this step to no vote: the office decides."))
    if review.votes.filter(state__in=LIVE_STATES).exists():
        raise Refused("vote-live", _("A vote on this project is under way."))
    rule = parsed(review.charter).rule(names[review.step])
    moment = clock.now()
    earliest = moment + rule.comment_for
    if opens_at is not None and opens_at < earliest:
        raise Refused(
            "too-early",
            _("The charter asks for %(days)d days of public comment before the vote opens.")
            % {"days": rule.comment_days},
        )
    begins = opens_at or earliest
    vote = Vote.objects.create(
        review=review,
        body=Body.objects.get(slug=rule.body),
        rule=facts_of(rule),
        called_at=moment,
        opens_at=begins,
        closes_at=begins + rule.open_for,
    )
    note(
        actor=actor,
        verb="vote.called",
        vote=vote,
        rule=rule.key,
        charter=review.charter.digest,
        opens_at=vote.opens_at.isoformat(),
        closes_at=vote.closes_at.isoformat(),
    )
    return vote


@transaction.atomic
def open_vote(*, vote: Vote, actor: Any = CARRIER) -> Vote:
    """Open a vote whose time has come, and freeze who votes: whoever holds a voting role now.

    Ends it void where nobody has one, or the project has moved. Raises Refused before its time.
    """
    vote = locked(vote)
    if vote.state != VoteState.CALLED:
        raise Refused("wrong-state", _("This vote was opened already."))
    moment = clock.now()
    if moment < vote.opens_at:
        raise Refused("too-early", _("The vote does not open yet."))
    if vote.review.project.stage != vote.review.origin:
        return make_void(actor=actor, vote=vote, reason=VoidReason.PROJECT_MOVED)
    described = parsed(vote.review.charter).body(vote.body.slug)
    seats = [seat for seat in members_at(body=vote.body, moment=moment) if seat.user.is_active]
    seats = [seat for seat in seats if seat.role in described.voting]
    if not seats:
        return make_void(actor=actor, vote=vote, reason=VoidReason.NOBODY)
    conflicts = conflicts_of(review=vote.review, users=[seat.user for seat in seats])
    declared = set(vote.recusals.values_list("user_id", flat=True))
    suspended = suspended_at(body=vote.body, seats=seats, described=described, moment=moment)
    vote.electorate = [
        {
            "voter": record.name_of(seat.user),
            "role": seat.role,
            "recused": _recused(conflicts.get(seat.user_id, []), seat.user_id in declared),
            "suspended": seat.user_id in suspended,
            "lost_role": False,
        }
        for seat in seats
    ]
    chairs = [one["voter"] for one in vote.electorate if one["role"] == described.chair]
    vote.chair = chairs[0] if described.chair and len(chairs) == 1 else ""
    vote.state = VoteState.OPEN
    vote.save(update_fields=["electorate", "chair", "state"])
    note(
        actor=actor,
        verb="vote.opened",
        vote=vote,
        rule=vote.rule,
        charter=vote.review.charter.digest,
        opens_at=vote.opens_at.isoformat(),
        closes_at=vote.closes_at.isoformat(),
        chair=vote.chair,
        electorate=vote.electorate,
    )
    return vote


@transaction.atomic
def call_off(*, actor: Any, vote: Vote, reason: str) -> Vote:
    """End a vote without a count, with the reason; another can be called."""
    vote = locked(vote)
    require(actor, "governance.hold_reviews")
    if vote.state not in LIVE_STATES:
        raise Refused("vote-ended", _("This vote has ended."))
    note_ = needed(reason, most=MOST_NOTE)
    return make_void(actor=actor, vote=vote, reason=VoidReason.CALLED_OFF, text=note_)


def make_void(*, actor: Any, vote: Vote, reason: VoidReason, text: str = "") -> Vote:
    """End a locked vote without a count; within the caller's transaction.

    Where the project has moved, its review is void too.
    """
    vote.state, vote.void_reason, vote.void_note = VoteState.VOID, reason, text
    vote.ended_at = clock.now()
    vote.save(update_fields=["state", "void_reason", "void_note", "ended_at"])
    note(actor=actor, verb="vote.voided", vote=vote, reason=str(reason), note=digest_of_text(text))
    if reason == VoidReason.PROJECT_MOVED:
        end(actor=actor, review=vote.review, state=ReviewState.VOID, reason=str(reason))
    return vote


def rule_of(vote: Vote) -> Rule:
    """The rule that the vote was called under."""
    return rule_from(vote.rule)


def locked(vote: Vote) -> Vote:
    """The vote as it is now with its review, locked until the transaction ends."""
    review = lock(vote.review)
    found = lock(vote)
    found.review = review
    return found


def note(*, actor: Any, verb: str, vote: Vote, **data: Any) -> None:
    """The event of a vote."""
    record.append(
        actor=actor,
        verb=verb,
        subject=vote,
        data={"review": vote.review.code, "project": vote.review.project.slug, **data},
    )


def _recused(conflicts: list[Conflict], declared: bool) -> list[str]:
    found = {ENGINE[one] for one in conflicts} | ({"declared"} if declared else set())
    return sorted(found)
