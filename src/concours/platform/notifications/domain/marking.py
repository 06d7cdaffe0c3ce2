"""Reading one's notifications, and marking them read. No event: it concerns nobody else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.notifications.models import Notification
from concours.platform.notifications.rules import visible_notifications

MOST_COUNTED = 100


def unread_count(*, user: Any) -> int:
    """How many notifications `user` has not read, at most MOST_COUNTED."""
    unread = visible_notifications(user).filter(read_at__isnull=True).order_by()
    return unread[:MOST_COUNTED].count()


def mark_read(*, actor: Any, notification: Notification) -> None:
    """Raises NotPermitted for another's."""
    require(actor, "notifications.mark", notification)
    Notification.objects.filter(pk=notification.pk, read_at__isnull=True).update(
        read_at=clock.now()
    )


def mark_unread(*, actor: Any, notification: Notification) -> None:
    """Raises NotPermitted for another's."""
    require(actor, "notifications.mark", notification)
    Notification.objects.filter(pk=notification.pk).update(read_at=None)


@transaction.atomic
def mark_all_read(*, actor: Any, season: str = "", up_to: int) -> datetime | None:
    """Mark what is unread up to that key, of one season where it is named.

    What came after the page was shown stays unread. Returns the moment, by which `undo` takes it
    back; None where nothing was unread.
    """
    require(actor, "notifications.mark_all")
    moment = clock.now()
    rows = visible_notifications(actor).filter(read_at__isnull=True, pk__lte=up_to)
    if season:
        rows = rows.filter(season=season)
    return moment if rows.update(read_at=moment) else None


def undo_mark_all(*, actor: Any, moment: datetime) -> int:
    """Make unread again what was marked at that moment; how many."""
    require(actor, "notifications.mark_all")
    return visible_notifications(actor).filter(read_at=moment).update(read_at=None)
