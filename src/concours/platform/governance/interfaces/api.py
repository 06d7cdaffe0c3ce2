"""Governance through the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs, public
from concours.platform.core import clock
from concours.platform.core.cursor import page_after
from concours.platform.core.errors import Refused
from concours.platform.governance import domain
from concours.platform.governance.interfaces import schemas
from concours.platform.governance.interfaces.support import the_body, the_review, the_vote
from concours.platform.governance.models import Body, Charter
from concours.platform.governance.rules import visible_reviews

router = Router(tags=["governance"])
LARGEST = 2**63 - 1


class ReviewsWanted(Schema):
    cursor: int = Field(0, ge=0, le=LARGEST, description="“next” of the page before")
    limit: int = Field(50, ge=1, le=200, description="reviews on the page")


@router.get("/charter", response=schemas.CharterOut, auth=public())
def get_charter(request: HttpRequest) -> Charter:
    """The charter in force; 404 before one was adopted."""
    found = domain.charter_in_force()
    if found is None:
        raise Http404
    return found


@router.get("/bodies/{slug}", response=schemas.BodyOut, auth=public())
def get_body(request: HttpRequest, slug: str) -> dict[str, Any]:
    """A body and who sits in it now."""
    found = the_body(request, slug)
    seats = list(domain.members_at(body=found, moment=clock.now()))
    out = _suspended(found, seats)
    return {
        "slug": found.slug,
        "name": found.name,
        "name_zh": found.name_zh,
        "members": [
            {
                "name": seat.user.display_name,
                "role": seat.role,
                "since": seat.since,
                "suspended": seat.user_id in out,
            }
            for seat in seats
        ],
    }


@router.get("/access-reviews", response=schemas.AccessReviewPageOut, auth=public())
def get_access_reviews(request: HttpRequest, wanted: Query[ReviewsWanted]) -> dict[str, Any]:
    """What projects asked for, and what became of it."""
    rows = domain.with_parts(visible_reviews(request.user))
    page = page_after(rows, field="id", after=wanted.cursor, size=wanted.limit)
    return {"items": [schemas.review_out(one) for one in page.items], "next": page.next}


@router.get("/access-reviews/{code}", response=schemas.AccessReviewOut, auth=public())
def get_access_review(request: HttpRequest, code: str) -> schemas.AccessReviewOut:
    """One access review."""
    return schemas.review_out(the_review(request, code))


@router.get("/votes/{code}", response=schemas.VoteOut, auth=public())
def get_vote(request: HttpRequest, code: str) -> schemas.VoteOut:
    """One vote; of a secret one no ballot but the caller's own before the end."""
    found = the_vote(request, code)
    return schemas.vote_out(domain.vote_shown(user=request.user, vote=found))


@router.post("/votes/{code}/ballot", response=schemas.VoteOut, auth=needs(Scope.REVIEW))
def cast_ballot(request: HttpRequest, code: str, body: schemas.BallotBody) -> schemas.VoteOut:
    """Cast a ballot, or change one's own where the rule allows it."""
    found = the_vote(request, code)
    domain.cast_ballot(actor=request.user, vote=found, **body.dict())
    return get_vote(request, code)


@router.post("/votes/{code}/aside", response=schemas.VoteOut, auth=needs(Scope.REVIEW))
def stand_aside(request: HttpRequest, code: str, body: schemas.AsideBody) -> schemas.VoteOut:
    """Declare that one stands aside; it cannot be taken back."""
    domain.stand_aside(actor=request.user, vote=the_vote(request, code), reason=body.reason)
    return get_vote(request, code)


def _suspended(body: Body, seats: list[Any]) -> frozenset[int]:
    try:
        described = domain.described(body)
    except Refused:
        return frozenset()
    return domain.suspended_at(body=body, seats=seats, described=described, moment=clock.now())
