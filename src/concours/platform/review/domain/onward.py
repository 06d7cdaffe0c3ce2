"""What of a published round may go on with an entry, beyond the team that the reviews were for.

Nothing here names a reviewer to anybody: who asks keeps the key of the reviewer to itself, to know
whose leave it takes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.review.domain import inputs as judged
from concours.platform.review.domain.consequences import withheld_from
from concours.platform.review.domain.queries import round_of
from concours.platform.review.enums import RoundState
from concours.platform.review.models import Review, Standing


@dataclass(frozen=True, kw_only=True)
class OnwardReview:
    """A review that counts, as it counts. `duty` is the code of its assignment.

    `scores` are (criterion's key, points, most points) in the rubric's order.
    """

    duty: str
    reviewer_id: int
    points_milli: int
    scores: tuple[tuple[str, int, int], ...]
    comment: str


@dataclass(frozen=True, kw_only=True)
class PublishedStanding:
    """An entry's published standing with its uncertainty, and what it was computed with."""

    number: int
    engine: str
    method: str
    inputs_digest: str
    result_digest: str
    entries: int
    rank: int
    rank_low: int
    rank_high: int
    points_milli: int
    standard_error: float
    reviews: int
    finalist: bool


def onward_reviews(*, entry: Any) -> list[OnwardReview]:
    """The entry's reviews that its team may read, by the code of the duty.

    [] before the standings are published, and while its own undone duty withholds them from the
    team. Reviews that were struck are not among them. 6 queries.
    """
    round_ = round_of(track=entry.track)
    if round_ is None or round_.state != RoundState.PUBLISHED:
        return []
    if withheld_from(entry=entry, round=round_):
        return []
    criteria = list(round_.rubric.criteria.order_by("position"))
    amended = judged.amended(round_)
    rows = Review.objects.filter(assignment__round=round_, assignment__entry=entry)
    return [
        OnwardReview(
            duty=row.assignment.code,
            reviewer_id=row.assignment.reviewer_id,
            points_milli=row.points_milli,
            scores=tuple((one.key, row.scores[one.key], one.max_points) for one in criteria),
            comment=row.comment,
        )
        for row in rows.select_related("assignment").order_by("assignment__code")
        # One that an appeal has changed no longer counts as it was written.
        if row.pk not in amended
    ]


def published_standing(*, entry: Any) -> PublishedStanding | None:
    """The entry's standing as published; None before, and for an entry without one."""
    row = (
        Standing.objects.filter(entry=entry, snapshot__published=True)
        .select_related("snapshot")
        .first()
    )
    if row is None:
        return None
    return PublishedStanding(
        number=row.snapshot.number,
        engine=row.snapshot.engine,
        method=row.snapshot.method,
        inputs_digest=row.snapshot.inputs_digest,
        result_digest=row.snapshot.result_digest,
        entries=row.snapshot.entry_count,
        rank=row.rank,
        rank_low=row.rank_low,
        rank_high=row.rank_high,
        points_milli=row.points_milli,
        standard_error=row.standard_error,
        reviews=row.reviews,
        finalist=row.finalist,
    )
