"""Reading on in the record, and acting on each event once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from concours.platform.core import clock
from concours.platform.record.domain.reading import after
from concours.platform.record.domain.verifying import head
from concours.platform.record.models import Event, Follower

BATCH = 200
STALE = timedelta(days=7)
"""Older events are no news: a season that was loaded, a backup that was restored."""

logger = logging.getLogger(__name__)


def follow(*, name: str, act: Callable[[Event], object]) -> int:
    """Call `act` with every event since the last call of that `name`; returns how many were read.

    How far it has come is stored with what `act` does, in one transaction: whoever is killed in
    between begins again there, and nothing is done twice or never. An `act` that fails is logged
    and keeps no other back. Where nothing is stored yet, it begins with what comes next.
    """
    total = 0
    while read := _follow_on(name, act):
        total += read
    return total


@transaction.atomic
def _follow_on(name: str, act: Callable[[Event], object]) -> int:
    follower = Follower.objects.select_for_update(no_key=True).filter(name=name).first()
    if follower is None:
        Follower.objects.get_or_create(name=name, defaults={"seq": head()[0]})
        return 0
    events = after(seq=follower.seq, size=BATCH)
    oldest = clock.now() - STALE
    for event in events:
        if event.at >= oldest:
            _do(name, act, event)
    if events:
        follower.seq = events[-1].seq
        follower.save(update_fields=["seq"])
    return len(events)


def _do(name: str, act: Callable[[Event], object], event: Event) -> None:
    try:
        with transaction.atomic():
            act(event)
    except Exception:
        logger.exception("%s could not act on event %d", name, event.seq)
