"""Shapes of the API of peer review. Points are thousandths of a point out of 100."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field, StrictBool, StrictInt

from concours.platform.competitions.domain.declarations import MOST_TEXT
from concours.platform.review import domain
from concours.platform.review.domain.answering import MOST_ANSWER
from concours.platform.review.domain.reviewing import MAX_COMMENT, MAX_REASON
from concours.platform.review.enums import DeclaredKind
from concours.platform.review.methods import methods_of
from concours.platform.review.models import Criterion, Review, ReviewRound, StandingSnapshot


class CriterionOut(Schema):
    key: str
    title: str
    title_zh: str
    description: str
    description_zh: str
    weight: int
    max_points: int


class ReviewOut(Schema):
    """One's own review."""

    scores: dict[str, int]
    points_milli: int
    comment: str
    private_comment: str
    submitted_at: datetime
    updated_at: datetime
    edits: int


class DutyOut(Schema):
    """A duty, blind: the entry by alias and title. `further`: given in place of somebody else's."""

    code: str
    track: str
    alias: str
    title: str
    state: str
    open: bool
    further: bool
    opens_at: datetime
    closes_at: datetime
    points_milli: int | None

    @classmethod
    def of(cls, duty: domain.Duty) -> DutyOut:
        return cls(
            code=duty.code,
            track=duty.track.code,
            alias=duty.alias,
            title=duty.title,
            state=duty.state,
            open=duty.open,
            further=duty.further,
            opens_at=duty.opens_at,
            closes_at=duty.closes_at,
            points_milli=duty.points_milli,
        )


class DutyDetail(DutyOut):
    """A duty with what it takes to write the review, and the review written."""

    abstract: str
    criteria: list[CriterionOut]
    review: ReviewOut | None

    @classmethod
    def with_review(
        cls, duty: domain.Duty, *, abstract: str, criteria: list[Criterion], review: Review | None
    ) -> DutyDetail:
        return cls(
            **DutyOut.of(duty).dict(),
            abstract=abstract,
            criteria=[CriterionOut.from_orm(criterion) for criterion in criteria],
            review=None if review is None else ReviewOut.from_orm(review),
        )


class ReviewIn(Schema):
    """Whole points for each criterion of the rubric."""

    scores: dict[str, StrictInt]
    comment: str = Field("", max_length=MAX_COMMENT)
    private_comment: str = Field("", max_length=MAX_COMMENT)
    llm_used: StrictBool | None = None
    """Whether a language model was used; asked for where the track's rules ask."""
    llm_text: str = Field("", max_length=MOST_TEXT)
    """Which, and for what."""


class AnswerIn(Schema):
    """An answer to a review."""

    text: str = Field(max_length=MOST_ANSWER)


class RatingIn(Schema):
    """How useful a review is, 1 to 5; null for no answer."""

    rating: StrictInt | None = Field(ge=1, le=5)


class AmendIn(Schema):
    """Scores after an answer, and why they change."""

    scores: dict[str, StrictInt]
    reason: str = Field(max_length=MAX_REASON)


class ReasonIn(Schema):
    """`kind`: whether you recognise the entry or are close to its team."""

    kind: DeclaredKind = DeclaredKind.CLOSE
    reason: str = Field(max_length=MAX_REASON)


class PassIn(Schema):
    """The code of the member who reviews from now on."""

    to: str = Field(max_length=12)


class PassedOut(Schema):
    """How many reviews went over."""

    duties: int


class MethodsOut(Schema):
    """How a round is drawn, judged and chosen. `parts` 0: by the selection and the room there is.

    `level` is the coverage of rank intervals in per cent. `replace_days` 0 and shares of 100 per
    cent stand for never.
    """

    assignment: str
    consensus: str
    selection: str
    parts: int
    cycles_up_to: int
    own_left_out: bool
    level: int
    screening: bool
    reminder_days: list[int]
    replace_days: int
    withhold_reviews: bool
    finalist_undone: int
    disqualify_undone: int


class RoundOut(Schema):
    """Public facts of a round. `seed` is empty until it is revealed."""

    track: str
    state: str
    rubric: str
    criteria: list[CriterionOut]
    reviews_per_entry: int
    finalists: int
    opens_at: datetime
    closes_at: datetime
    seed_commitment: str
    seed: str
    seed_revealed_at: datetime | None
    engine: str
    method: str
    parts: int
    methods: MethodsOut
    inputs_digest: str

    @classmethod
    def of(cls, round_: ReviewRound) -> RoundOut:
        return cls(
            track=round_.track.code,
            state=round_.state,
            rubric=round_.rubric.slug,
            criteria=[
                CriterionOut.from_orm(criterion)
                for criterion in round_.rubric.criteria.order_by("position")
            ],
            reviews_per_entry=round_.reviews_per_entry,
            finalists=round_.finalists,
            opens_at=round_.opens_at,
            closes_at=round_.closes_at,
            seed_commitment=round_.seed_commitment,
            seed=round_.revealed_seed,
            seed_revealed_at=round_.seed_revealed_at,
            engine=round_.engine,
            method=round_.method,
            parts=round_.parts,
            methods=MethodsOut(**methods_of(round_.params).as_json()),
            inputs_digest=round_.inputs_digest,
        )


class StandingOut(Schema):
    """A line of the standings. `team` is null where names are not shown, `chance` (0 to 1, to be
    truly among the best as many as there are finalists) where it was not computed."""

    position: int
    rank: int
    rank_low: int
    rank_high: int
    points_milli: int
    chance: float | None
    reviews: int
    finalist: bool
    duty_fulfilled: bool
    reason_code: str
    reason: str
    entry_code: str
    title: str
    team: str | None


class SnapshotOut(Schema):
    """`turnover`: share of the best that other reviewers would change, as expected; `recall`: that
    of the truly best among them. `folds`: 0 where ranks count own reviews."""

    number: int
    published: bool
    engine: str
    method: str
    selection: str
    impartial: bool
    seed: str
    inputs_digest: str
    result_digest: str
    entry_count: int
    review_count: int
    converged: bool
    reliability: float
    turnover: float | None
    recall: float | None
    folds: int
    computed_at: datetime


class StandingsOut(Schema):
    """Continue with `?after=<next>`; `next` is null at the end."""

    snapshot: SnapshotOut
    standings: list[StandingOut]
    next: int | None

    @classmethod
    def of(cls, page: domain.StandingsPage) -> StandingsOut:
        snapshot: StandingSnapshot = page.snapshot
        return cls(
            snapshot=SnapshotOut.from_orm(snapshot),
            standings=[StandingOut(**_shown(row)) for row in page.rows],
            next=page.next,
        )


class ReleasedScore(Schema):
    key: str
    points: int


class ReleasedReviewOut(Schema):
    """A review as the reviewed team reads it."""

    alias: str
    points_milli: int | None
    """Nothing, as `scores`, until standings are published and the team has rated the review."""
    scores: list[ReleasedScore]
    comment: str
    llm_used: bool | None
    llm_text: str
    rated: bool
    rating: int | None
    answer: str

    @classmethod
    def of(cls, review: domain.ReleasedReview) -> ReleasedReviewOut:
        return cls(
            alias=review.alias,
            points_milli=review.points_milli,
            scores=[
                ReleasedScore(key=criterion.key, points=points)
                for criterion, points in review.scores
            ],
            comment=review.comment,
            llm_used=review.llm_used,
            llm_text=review.llm_text,
            rated=review.rated,
            rating=review.rating,
            answer=review.answer,
        )


def _shown(row: domain.StandingRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in StandingOut.model_fields}
