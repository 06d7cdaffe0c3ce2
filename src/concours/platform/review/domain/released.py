"""Reviews as the reviewed team reads them: by alias, once scores are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from concours.platform.core.access import permitted
from concours.platform.review.domain.consequences import withheld_from
from concours.platform.review.domain.identities import aliases_of
from concours.platform.review.domain.queries import round_of
from concours.platform.review.enums import AliasKind, RoundState
from concours.platform.review.models import Criterion, Review


@dataclass(frozen=True, kw_only=True)
class ReleasedReview:
    """One review without its author: alias, points, (criterion, points) pairs, comment."""

    alias: str
    points_milli: int
    scores: list[tuple[Criterion, int]]
    comment: str


def reviews_released_to(*, user: Any, entry: Any) -> list[ReleasedReview]:
    """The reviews of an entry that `user` may read, by alias; [] where there are none to read.

    Its team and the season's organisers read them once the standings are published; the team, in
    phases that show scores and where its own undone duty does not withhold them. Never includes
    what was written for the organisers.
    """
    round_ = round_of(track=entry.track)
    if round_ is None or round_.state != RoundState.PUBLISHED:
        return []
    phase = round_.track.phase
    shown = phase is not None and phase.scores_visible
    of_team = permitted(user, "competitions.edit_entry", entry)
    runs = permitted(user, "review.run_round", round_)
    if not (runs or (of_team and shown)):
        return []
    if not runs and withheld_from(entry=entry, round=round_):
        return []
    criteria = list(round_.rubric.criteria.order_by("position"))
    reviews = list(
        Review.objects.filter(assignment__round=round_, assignment__entry=entry).select_related(
            "assignment"
        )
    )
    aliases = aliases_of(
        round=round_,
        kind=AliasKind.REVIEWER,
        subject_ids=[review.assignment.reviewer_id for review in reviews],
    )
    released = [
        ReleasedReview(
            alias=aliases[review.assignment.reviewer_id],
            points_milli=review.points_milli,
            scores=[(criterion, review.scores[criterion.key]) for criterion in criteria],
            comment=review.comment,
        )
        for review in reviews
    ]
    return sorted(released, key=lambda review: review.alias)
