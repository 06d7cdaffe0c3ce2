"""Reviews as the reviewed team reads them: by alias; comments first, scores once it rated them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.core.access import permitted
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.queries import round_of
from concours.platform.review.domain.rating import comments_shown
from concours.platform.review.enums import AliasKind, RoundState
from concours.platform.review.models import Criterion, Review


@dataclass(frozen=True, kw_only=True)
class ReleasedReview:
    """One review without its author: alias, points, (criterion, points) pairs, comment, and what
    its author said of the use of language models.

    `points_milli` is None and `scores` empty where the reader may not see them yet. `rated` tells
    whether the team has rated it, `answer` what it answered, `was_milli` the points before an
    answer changed them.
    """

    alias: str
    points_milli: int | None
    scores: list[tuple[Criterion, int]]
    comment: str
    llm_used: bool | None = None
    llm_text: str = ""
    rated: bool = False
    rating: int | None = None
    answer: str = ""
    was_milli: int | None = None


def reviews_released_to(*, user: Any, entry: Any) -> list[ReleasedReview]:
    """The reviews of an entry that `user` may read, by alias; [] where there are none to read.

    The season's organisers read them once the standings are published. The team reads comments
    while it may answer them, and from the publication on in phases that show scores, where its own
    undone duty does not withhold them; the scores of a review once they are published and the team
    has rated it. Never includes what was written for the organisers.
    """
    round_ = round_of(track=entry.track)
    if round_ is None:
        return []
    published = round_.state == RoundState.PUBLISHED
    runs = published and permitted(user, "review.run_round", round_)
    if not (runs or comments_shown(user=user, round=round_, entry=entry)):
        return []
    criteria = list(round_.rubric.criteria.order_by("position"))
    reviews = list(
        Review.objects.filter(assignment__round=round_, assignment__entry=entry).select_related(
            "assignment", "rebuttal", "usefulness", "revision"
        )
    )
    aliases = aliases_of(
        round=round_,
        kind=AliasKind.REVIEWER,
        subject_ids=[review.assignment.reviewer_id for review in reviews],
    )
    released = [
        _released(
            review,
            alias=aliases[review.assignment.reviewer_id],
            criteria=criteria,
            scored=runs or (published and hasattr(review, "usefulness")),
        )
        for review in reviews
    ]
    return sorted(released, key=lambda review: review.alias)


def _released(
    review: Review, *, alias: str, criteria: list[Criterion], scored: bool
) -> ReleasedReview:
    rating = getattr(review, "usefulness", None)
    answer = getattr(review, "rebuttal", None)
    revision = getattr(review, "revision", None)
    return ReleasedReview(
        alias=alias,
        points_milli=review.points_milli if scored else None,
        scores=[(one, review.scores[one.key]) for one in criteria] if scored else [],
        comment=review.comment,
        llm_used=review.llm_used,
        llm_text=review.llm_text,
        rated=rating is not None,
        rating=rating.rating if rating else None,
        answer=answer.text if answer else "",
        was_milli=revision.points_milli if revision and scored else None,
    )
