"""What the API takes and gives for governance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema

from concours.platform.governance.domain import ShownVote
from concours.platform.governance.enums import ReviewState, VoidReason, VoteState
from concours.platform.governance.models import AccessReview, Vote
from concours.platform.register.enums import Stage


class CharterOut(Schema):
    """A charter; `text` is the TOML that was adopted, `digest` the SHA-256 of its bytes."""

    number: int
    name: str
    version: str
    title: str
    title_zh: str
    digest: str
    adopted_at: datetime
    text: str


class SeatOut(Schema):
    name: str
    role: str
    since: datetime
    suspended: bool


class BodyOut(Schema):
    slug: str
    name: str
    name_zh: str
    members: list[SeatOut]


class VoteLineOut(Schema):
    code: str
    body: str
    state: VoteState
    opens_at: datetime
    closes_at: datetime
    result: str = Field(description="passed, failed, no-quorum, vetoed, tied; empty before")


class AccessReviewOut(Schema):
    code: str
    project: str
    origin: Stage
    to: Stage
    cause: str = Field(description="why it is to be archived; empty for other steps")
    state: ReviewState
    summary: str
    asked_at: datetime
    ended_at: datetime | None
    charter: int = Field(description="the number of the charter that it is held under")
    votes: list[VoteLineOut]


class AccessReviewPageOut(Schema):
    """In the order in which they were asked for; `next` is null at the end."""

    items: list[AccessReviewOut]
    next: int | None


class VoterOut(Schema):
    name: str
    role: str
    without_vote: str = Field(description="recused, suspended, lost-role; empty with a vote")
    recused: list[str]


class BallotOut(Schema):
    """A ballot of an open vote; `counts` is false for one that was changed since."""

    name: str
    choice: int
    reason: str
    cast_at: datetime
    counts: bool


class ListedOut(Schema):
    """A ballot of a secret vote, after its end."""

    tracker: str
    choice: int
    reason: str


class OwnOut(Schema):
    """The caller's own ballot; `tracker` and `salt` are for a secret one."""

    choice: int
    reason: str
    tracker: str
    salt: str


class VoteOut(Schema):
    """A vote as the caller may read it; `outcome` is empty before the count, and `rule` holds the
    charter's rule with fractions as text."""

    code: str
    review: str
    project: str
    body: str
    state: VoteState
    void_reason: VoidReason | None
    opens_at: datetime
    closes_at: datetime
    rule: dict[str, Any]
    voters: list[VoterOut]
    ballots: list[BallotOut]
    listed: list[ListedOut]
    outcome: dict[str, Any]
    own: OwnOut | None


class BallotBody(Schema):
    choice: int = Field(ge=-1, le=1, description="1, 0 or -1")
    reason: str = Field("", max_length=5_000)


class AsideBody(Schema):
    reason: str = Field(max_length=2_000)


def review_out(review: AccessReview) -> AccessReviewOut:
    return AccessReviewOut(
        code=review.code,
        project=review.project.slug,
        origin=Stage(review.origin),
        to=Stage(review.to),
        state=ReviewState(review.state),
        cause=review.cause,
        summary=review.summary,
        asked_at=review.asked_at,
        ended_at=review.ended_at,
        charter=review.charter.number,
        votes=[_line(vote) for vote in review.votes.all()],
    )


def vote_out(shown: ShownVote) -> VoteOut:
    vote, own = shown.vote, shown.own
    return VoteOut(
        code=vote.code,
        review=vote.review.code,
        project=vote.review.project.slug,
        body=vote.body.slug,
        state=VoteState(vote.state),
        void_reason=VoidReason(vote.void_reason) if vote.void_reason else None,
        opens_at=vote.opens_at,
        closes_at=vote.closes_at,
        rule=vote.rule,
        voters=[
            VoterOut(
                name=one.user.display_name,
                role=one.role,
                without_vote=one.why,
                recused=list(one.recused),
            )
            for one in shown.voters
        ],
        ballots=[
            BallotOut(
                name=one.voter.display_name,
                choice=one.choice,
                reason=one.reason,
                cast_at=one.cast_at,
                counts=one.counts,
            )
            for one in shown.ballots
        ],
        listed=[ListedOut(**{key: one[key] for key in _LISTED}) for one in vote.listed],
        outcome={key: value for key, value in vote.outcome.items() if key in _TOLD},
        own=OwnOut(**vars(own)) if own is not None else None,
    )


_LISTED = ("tracker", "choice", "reason")
_TOLD = ("result", "yes", "no", "abstain", "vetoes", "members", "quorum_of", "steps")
"""Not whose ballots counted: those names are people's codes, which lead to their pages."""


def _line(vote: Vote) -> VoteLineOut:
    return VoteLineOut(
        code=vote.code,
        body=vote.body.slug,
        state=VoteState(vote.state),
        opens_at=vote.opens_at,
        closes_at=vote.closes_at,
        result=vote.outcome.get("result", ""),
    )
