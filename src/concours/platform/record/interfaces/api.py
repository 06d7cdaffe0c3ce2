from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from concours.platform.api.auth import public
from concours.platform.record import domain
from concours.platform.record.rules import ShownEvent, shown_to, visible_events

router = Router(tags=["Record"])
LARGEST = 2**63 - 1


class Head(Schema):
    """How many events there are and the digest of the last (64 hexadecimal digits)."""

    count: int
    digest: str


class EventOut(Schema):
    """`actor`, `via` and `data` (canonical JSON text) are null unless you run the season."""

    seq: int
    at: datetime
    verb: str
    subject: str
    season: str
    previous: str
    digest: str
    actor: str | None
    via: str | None
    data: str | None


class EventsWanted(Schema):
    cursor: int | None = Field(None, ge=1, le=LARGEST, description="“older” of the page before")
    season: str = Field("", max_length=80, description="the season's short name")
    subject: str = Field("", max_length=120, description="“<kind>:<code>”, as events name it")
    limit: int = Field(50, ge=1, le=200, description="events on the page")


class EventPageOut(Schema):
    """Newest first. Give `older` as `cursor` for the next page; null at the end."""

    items: list[EventOut]
    older: int | None


@router.get("/head", response=Head, auth=public(), summary="The head of the chain")
def head(request: HttpRequest) -> Head:
    count, digest = domain.head()
    return Head(count=count, digest=digest)


@router.get("/events", response=EventPageOut, auth=public(), summary="Events, newest first")
def events(
    request: HttpRequest,
    wanted: Query[EventsWanted],
) -> dict[str, object]:
    found = visible_events(request.user, season=wanted.season, subject=wanted.subject)
    page = domain.page_before(found, before=wanted.cursor, size=wanted.limit)
    return {"items": shown_to(request.user, page.items), "older": page.older}


@router.get("/events/{int:seq}", response=EventOut, auth=public(), summary="One event")
def event(request: HttpRequest, seq: int) -> ShownEvent:
    row = get_object_or_404(visible_events(request.user), seq=min(seq, LARGEST))
    return shown_to(request.user, [row])[0]
