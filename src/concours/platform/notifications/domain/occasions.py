"""What the clock brings: phases that end soon, and reviews that are late. Each is told once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from concours.platform.competitions.enums import TrackState
from concours.platform.core import clock
from concours.platform.notifications.domain.subjects import SORTS
from concours.platform.notifications.domain.table import LINES
from concours.platform.notifications.domain.telling import Happening, tell
from concours.platform.notifications.models import Occasion
from concours.platform.review.enums import RoundState

BEFORE = timedelta(days=1)
"""How long before its end a phase that takes submissions is told of."""
STALE = timedelta(days=3)
"""What is longer past than this is no news."""


def tell_occasions() -> int:
    """Tell of every occasion that the clock has brought since; returns how many were notified."""
    moment = clock.now()
    tracks = (
        SORTS["track"]
        .rows()
        .filter(
            state=TrackState.STARTED,
            phase__may_submit=True,
            phase__ends_at__gt=moment,
            phase__ends_at__lte=moment + BEFORE,
        )
    )
    rounds = (
        SORTS["reviewround"]
        .rows()
        .filter(state=RoundState.ASSIGNED, closes_at__lte=moment, closes_at__gt=moment - STALE)
    )
    return sum(
        _tell(
            "phase.ends-soon",
            f"track:{track.code}",
            track,
            track.phase.ends_at,
            detail=track.phase.kind,
        )
        for track in tracks
    ) + sum(
        _tell(
            "duty.late", f"reviewround:{one.code}", one, one.closes_at, season=one.track.season.slug
        )
        for one in rounds
    )


@transaction.atomic
def _tell(
    verb: str, name: str, subject: Any, at: Any, *, season: str = "", detail: str = ""
) -> int:
    key = f"o:{verb}:{name}:{at.isoformat(timespec='seconds')}"[:160]
    _occasion, fresh = Occasion.objects.get_or_create(key=key, defaults={"at": clock.now()})
    if not fresh:
        return 0
    line = LINES[verb]
    happening = Happening(
        key=key,
        verb=verb,
        subject=name,
        season=season or subject.season.slug,
        at=clock.now(),
        detail=detail,
    )
    return tell(happening=happening, line=line, people=set(line.who(None, subject)))
