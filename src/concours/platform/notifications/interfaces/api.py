"""One's notifications through the API."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema, Status
from pydantic import Field

from concours.platform.accounts.enums import Scope
from concours.platform.api.auth import needs
from concours.platform.notifications import domain
from concours.platform.notifications.domain import Told
from concours.platform.notifications.rules import visible_notifications

router = Router(tags=["notifications"])
LARGEST = 2**63 - 1


class NotificationOut(Schema):
    """`title` and `text` are in the language that the request asks for; `url` may be empty."""

    code: str
    kind: str
    verb: str
    season: str
    at: datetime
    read: bool
    title: str
    text: str
    url: str


class NotificationPageOut(Schema):
    """Newest first. Give `older` as `cursor` for the next page; null at the end."""

    items: list[NotificationOut]
    older: int | None


class NotificationsWanted(Schema):
    unread: bool = Field(False, description="only what is unread")  # noqa: FBT003
    season: str = Field("", max_length=80, description="the season's short name")
    cursor: int | None = Field(None, ge=1, le=LARGEST, description="“older” of the page before")
    limit: int = Field(50, ge=1, le=200, description="notifications on the page")


def _out(told: Told) -> NotificationOut:
    row = told.notification
    return NotificationOut(
        code=row.code,
        kind=row.kind,
        verb=row.verb,
        season=row.season,
        at=row.at,
        read=row.read_at is not None,
        title=told.title,
        text=told.text,
        url=settings.PUBLIC_URL + told.path if told.path else "",
    )


@router.get("", response=NotificationPageOut, auth=needs(Scope.READ))
def get_notifications(
    request: HttpRequest, wanted: Query[NotificationsWanted]
) -> NotificationPageOut:
    """One's own, the newest first."""
    rows = visible_notifications(request.user)
    if wanted.unread:
        rows = rows.filter(read_at__isnull=True)
    if wanted.season:
        rows = rows.filter(season=wanted.season)
    if wanted.cursor:
        rows = rows.filter(pk__lt=wanted.cursor)
    found = list(rows.order_by("-pk")[: wanted.limit + 1])
    items = found[: wanted.limit]
    return NotificationPageOut(
        items=[_out(one) for one in domain.told_to(request.user, items)],
        older=items[-1].pk if len(found) > wanted.limit else None,
    )


@router.post("/{code}/read", response={204: None}, auth=needs(Scope.READ))
def mark_notification_read(request: HttpRequest, code: str) -> Status[None]:
    """Mark one of one's own read; marking it again changes nothing."""
    row = get_object_or_404(visible_notifications(request.user), code=code)
    domain.mark_read(actor=request.user, notification=row)
    return Status(204, None)
