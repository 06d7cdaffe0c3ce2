"""What the tests of peer review share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review.models import Assignment, ReviewRound

FULL = {"idea": 5, "code": 10}
XSS = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def refused(code: str, act: Callable[[], Any]) -> None:
    """`act` is refused with that code, and appends no event."""
    before = record.head()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    assert record.head() == before


def events() -> str:
    return "\n".join(f"{e.verb} {e.subject} {e.data}" for e in Event.objects.all())


def duty_of(round_: ReviewRound) -> Assignment:
    found = round_.assignments.select_related("reviewer", "entry__team").order_by("pk").first()
    assert found is not None
    return found


def desk_url(round_: ReviewRound, page: str = "") -> str:
    track = round_.track
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/desk/review/{page}"


def standings_url(round_: ReviewRound) -> str:
    track = round_.track
    return f"/seasons/{track.season.slug}/tracks/{track.slug}/standings/"
