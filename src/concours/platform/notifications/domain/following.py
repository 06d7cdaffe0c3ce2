"""Reading on in the record, and telling of each event once."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from concours.platform.core import clock
from concours.platform.notifications.domain.telling import tell_event
from concours.platform.notifications.models import Follower
from concours.platform.record import domain as record

NAME = "notifications"
BATCH = 200
STALE = timedelta(days=7)
"""Older events are no news: a season that was loaded, a backup that was restored."""

logger = logging.getLogger(__name__)


def follow() -> int:
    """Tell of all events since the last call, some at a time; returns of how many.

    How far it has come is stored with what was told, in one transaction: whoever is killed
    between begins again there, and nobody is told twice or never.
    """
    total = 0
    while read := _follow_on():
        total += read
    return total


@transaction.atomic
def _follow_on() -> int:
    follower = Follower.objects.select_for_update().filter(name=NAME).first()
    if follower is None:
        # A database from before: what happened then is no news.
        Follower.objects.get_or_create(name=NAME, defaults={"seq": record.head()[0]})
        return 0
    events = record.after(seq=follower.seq, size=BATCH)
    oldest = clock.now() - STALE
    for event in events:
        if event.at < oldest:
            continue
        try:
            with transaction.atomic():
                tell_event(event)
        except Exception:
            logger.exception("nobody could be told of event %d", event.seq)
    if events:
        follower.seq = events[-1].seq
        follower.save(update_fields=["seq"])
    return len(events)
