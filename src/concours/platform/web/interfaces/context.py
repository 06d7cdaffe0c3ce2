from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from concours.platform.core import clock
from concours.platform.record import domain as record


def site(request: HttpRequest) -> dict[str, Any]:
    """What every page shows: the clock, whether this is a rehearsal, the record's head."""
    count, digest = record.head()
    return {
        "now": clock.now(),
        "rehearsal": settings.REHEARSAL,
        "record_count": count,
        "record_head": digest,
    }
