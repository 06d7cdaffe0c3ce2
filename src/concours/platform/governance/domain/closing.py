"""Counting a vote when its time is over, and what follows from the count."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.governance import (
    Ballot as Counted,
)
from concours.governance import (
    Outcome,
    count,
    count_secret,
    facts_of_outcome,
    together,
    why_no_voter,
)
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.core.locking import lock
from concours.platform.governance.domain.balloting import opened, voters_of
from concours.platform.governance.domain.calling import locked, make_void, note, rule_of
from concours.platform.governance.domain.carrying import CARRIER, carry
from concours.platform.governance.domain.reviews import end, votes_of
from concours.platform.governance.enums import ReviewState, VoidReason, VoteState
from concours.platform.governance.models import Ballot, Vote
from concours.platform.record import domain as record


@transaction.atomic
def close_vote(*, vote: Vote, actor: Any = CARRIER) -> Vote:
    """Count a vote whose window is over, and move the project where all its votes have passed.

    A vote on a project that moved meanwhile ends void. Raises Refused before its time.
    """
    lock(vote.review.project)
    vote = locked(vote)
    if vote.state != VoteState.OPEN:
        raise Refused("wrong-state", _("This vote is not open."))
    if vote.review.project.stage != vote.review.origin:
        return make_void(actor=actor, vote=vote, reason=VoidReason.PROJECT_MOVED)
    if clock.now() < vote.closes_at:
        raise Refused("too-early", _("This vote is still open."))
    ballots = list(vote.ballots.filter(current=True).select_related("voter").order_by("pk"))
    outcome = _counted(vote, ballots)
    vote.state, vote.ended_at = VoteState.CLOSED, clock.now()
    vote.outcome = facts_of_outcome(outcome, secret=vote.secret)
    vote.save(update_fields=["state", "ended_at", "outcome", "listed"])
    told: dict[str, Any] = {
        "outcome": vote.outcome,
        "ballots_digest": together(ballot.commitment for ballot in ballots),
    }
    if vote.secret:
        keys = ("tracker", "choice", "reasoned")
        told["ballots"] = [{key: one[key] for key in keys} for one in vote.listed]
    note(actor=actor, verb="vote.closed", vote=vote, **told)
    _follow(actor, vote, outcome)
    return vote


def _counted(vote: Vote, ballots: list[Ballot]) -> Outcome:
    """The outcome; of a secret vote `listed` is set on the way."""
    rule, electorate = rule_of(vote), voters_of(vote)
    if not vote.secret:
        rows = [
            Counted(
                voter=record.name_of(ballot.voter),
                choice=ballot.choice if ballot.choice is not None else 0,
                reasoned=bool(ballot.reason),
                late=not vote.opens_at <= ballot.cast_at < vote.closes_at,
            )
            for ballot in ballots
        ]
        return count(rule=rule, electorate=electorate, ballots=rows, chair=vote.chair)
    entitled = {voter.name for voter in electorate if why_no_voter(rule, voter) is None}
    vote.listed = sorted(
        (
            _listed(ballot)
            for ballot in ballots
            if record.name_of(ballot.voter) in entitled
            and vote.opens_at <= ballot.cast_at < vote.closes_at
        ),
        key=lambda one: str(one["tracker"]),
    )
    rows = [
        Counted(voter=one["tracker"], choice=one["choice"], reasoned=one["reasoned"])
        for one in vote.listed
    ]
    return count_secret(rule=rule, electorate=electorate, ballots=rows)


def _listed(ballot: Ballot) -> dict[str, Any]:
    said = opened(ballot)
    return {
        "tracker": said.tracker,
        "choice": said.choice,
        "reasoned": bool(said.reason),
        "reason": said.reason,
    }


def _follow(actor: Any, vote: Vote, outcome: Outcome) -> None:
    review = vote.review
    if not outcome.passed:
        end(actor=actor, review=review, state=ReviewState.REFUSED, reason=str(outcome.result))
        return
    review.step += 1
    review.save(update_fields=["step"])
    if review.step >= len(votes_of(review)):
        end(actor=actor, review=review, state=ReviewState.PASSED, reason=str(outcome.result))
        carry(actor=actor, review=review)
