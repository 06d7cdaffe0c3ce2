"""Votes and reviews as one reader may see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from concours.governance import why_no_voter
from concours.platform.core import clock
from concours.platform.governance.domain.balloting import Opened, no_vote_of, opened, voters_of
from concours.platform.governance.domain.bodies import members_at
from concours.platform.governance.domain.calling import rule_of
from concours.platform.governance.domain.charters import parsed
from concours.platform.governance.enums import VoteState
from concours.platform.governance.models import AccessReview, Ballot, Vote
from concours.platform.governance.rules import visible_ballots
from concours.platform.record.domain import name_of


@dataclass(frozen=True, kw_only=True)
class ShownVoter:
    """One of the electorate: `why` is empty for whoever has a vote, else the engine's word."""

    user: Any
    role: str
    why: str
    recused: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ShownBallot:
    """A ballot that its reader may read. `counts` is False for one that was changed since."""

    voter: Any
    choice: int
    reason: str
    cast_at: Any
    counts: bool


@dataclass(frozen=True, kw_only=True)
class ShownVote:
    """A vote for one reader. `own` is the reader's standing ballot; `may_cast` whether they can
    cast or change one now, and `no_vote` why they, being of the electorate, have none."""

    vote: Vote
    voters: tuple[ShownVoter, ...]
    ballots: tuple[ShownBallot, ...]
    own: Opened | None
    may_cast: bool
    no_vote: Any | None


def vote_shown(*, user: Any, vote: Vote) -> ShownVote:
    """The vote as `user` may read it; four queries."""
    people = _people(vote)
    member = user.pk is not None and name_of(user) in people
    no_vote = no_vote_of(user=user, vote=vote) if member else None
    rows = list(visible_ballots(user, vote).select_related("voter").order_by("cast_at", "pk"))
    own = next((one for one in rows if one.current and one.voter_id == user.pk), None)
    rule = rule_of(vote)
    now = clock.now()
    in_window = vote.state == VoteState.OPEN and vote.opens_at <= now < vote.closes_at
    return ShownVote(
        vote=vote,
        voters=tuple(_voters(vote, people)),
        # A secret ballot of one's own is shown by itself, never among others.
        ballots=() if vote.secret else tuple(_ballot(one) for one in rows),
        own=opened(own) if own is not None else None,
        may_cast=member and in_window and no_vote is None and (own is None or rule.may_change),
        no_vote=no_vote,
    )


def votes_waiting_for(user: Any) -> list[Vote]:
    """The open votes in which `user` has a vote and has cast no ballot."""
    if user.pk is None:
        return []
    name = name_of(user)
    cast = Ballot.objects.filter(voter=user, current=True).values("vote_id")
    rows = Vote.objects.filter(state=VoteState.OPEN, closes_at__gt=clock.now()).exclude(pk__in=cast)
    return [
        vote
        for vote in rows.select_related("review__project", "body")
        if any(
            one.name == name and why_no_voter(rule_of(vote), one) is None for one in voters_of(vote)
        )
    ]


def voters_concerned(vote: Vote) -> list[int]:
    """The people (keys) of the electorate; before the opening those who hold a voting role now."""
    if vote.electorate:
        return [person.pk for person in _people(vote).values()]
    voting = parsed(vote.review.charter).body(vote.body.slug).voting
    seats = members_at(body=vote.body, moment=clock.now())
    return [seat.user_id for seat in seats if seat.role in voting]


def with_parts(reviews: Any) -> Any:
    """Reviews with all that lists of them read."""
    return reviews.select_related("project", "charter").prefetch_related("votes__body")


def _people(vote: Vote) -> dict[str, Any]:
    codes = [one["voter"].partition(":")[2] for one in vote.electorate]
    rows = get_user_model()._default_manager.filter(code__in=codes)
    return {name_of(row): row for row in rows}


def _voters(vote: Vote, people: dict[str, Any]) -> Iterable[ShownVoter]:
    rule = rule_of(vote)
    for one in voters_of(vote):
        if one.name in people:
            why = why_no_voter(rule, one)
            yield ShownVoter(
                user=people[one.name],
                role=one.role,
                why=str(why) if why is not None else "",
                recused=one.recused,
            )


def _ballot(row: Ballot) -> ShownBallot:
    said = opened(row)
    return ShownBallot(
        voter=row.voter,
        choice=said.choice,
        reason=said.reason,
        cast_at=row.cast_at,
        counts=row.current,
    )


def was_reviewed(*, project: Any) -> bool:
    """Whether an access review of the project was ever opened."""
    return AccessReview.objects.filter(project_id=project.pk).exists()
