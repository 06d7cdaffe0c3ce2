"""Access reviews and votes by their project, and by words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from concours.platform.governance.models import AccessReview, Vote
from concours.platform.governance.rules import visible_reviews, visible_votes
from concours.platform.register.domain import EVERY
from concours.platform.register.domain import search as search_projects

MOST_OF_A_PROJECT = 50
MAX_TERMS = 10


@dataclass(frozen=True, kw_only=True)
class FoundReviews:
    """At most as many of each kind as asked for, the newest first."""

    reviews: list[AccessReview]
    votes: list[Vote]


def reviews_of(*, user: Any, project: Any) -> list[AccessReview]:
    """Those of the register's `project` that `user` may see, the newest first; two queries."""
    rows = visible_reviews(user).filter(project_id=project.pk)
    return list(rows.prefetch_related("votes__body")[:MOST_OF_A_PROJECT])


def search_reviews(*, user: Any, text: str, most: int) -> FoundReviews:
    """Reviews and votes that `user` may see, of projects that the words find or of a summary that
    holds them all; nothing for an empty text."""
    terms = text.split()[:MAX_TERMS]
    if not terms:
        return FoundReviews(reviews=[], votes=[])
    projects = search_projects(user=user, text=text, register=EVERY).order_by()
    summary = Q()
    for term in terms:
        summary &= Q(summary__icontains=term)
    reviews = visible_reviews(user).filter(summary | Q(project__in=projects.values("pk")))
    votes = visible_votes(user).filter(review__in=reviews.order_by().values("pk"))
    return FoundReviews(
        reviews=list(reviews.select_related("project")[:most]),
        votes=list(votes.select_related("review__project", "body").order_by("-pk")[:most]),
    )
