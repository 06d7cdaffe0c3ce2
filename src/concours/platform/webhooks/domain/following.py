"""From the record to deliveries: what a webhook is told is what the public feed tells."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils import translation

from concours.platform.competitions.domain.lookups import season_by_slug
from concours.platform.competitions.domain.permissions import visible_seasons, visible_tracks
from concours.platform.core import clock
from concours.platform.core.ids import new_code
from concours.platform.feeds.domain.news import NEWS, PUBLIC, Item, item_of
from concours.platform.record import domain as record
from concours.platform.webhooks.models import Delivery, Webhook

NAME = "webhooks"


def follow() -> int:
    """Make the deliveries of all events since the last call; returns how many were read."""
    return record.follow(name=NAME, act=_plan)


def _plan(event: Any) -> int:
    if event.verb not in NEWS:
        return 0
    rows = Webhook.objects.filter(season__slug=event.season)
    wanting = [hook for hook in rows if event.verb in hook.verbs]
    body = _body(event) if wanting else None
    if body is None:
        return 0
    moment = clock.now()
    made = Delivery.objects.bulk_create(
        [
            Delivery(
                code=f"msg_{new_code(16)}",
                webhook=hook,
                seq=event.seq,
                verb=event.verb,
                body=body,
                next_try_at=moment,
                created_at=moment,
            )
            for hook in wanting
        ],
        ignore_conflicts=True,
    )
    return len(made)


def _body(event: Any) -> str | None:
    """The message; None where the public may not see what it is about."""
    season = season_by_slug(slug=event.season)
    if season is None or not visible_seasons(PUBLIC).filter(pk=season.pk).exists():
        return None
    tracks = {one.slug: one for one in visible_tracks(PUBLIC).filter(season=season)}
    with translation.override("en"):
        item = item_of(event, season=season, tracks=tracks)
    return None if item is None else message(item, season=season.slug)


def message(item: Item, *, season: str) -> str:
    """The JSON that is sent and signed."""
    return json.dumps(
        {
            "type": item.verb,
            "timestamp": item.at.isoformat(timespec="seconds"),
            "data": {
                "season": season,
                "track": item.track,
                "title": item.title,
                "url": settings.PUBLIC_URL + item.path,
                "event": item.seq,
                "digest": item.digest,
            },
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
