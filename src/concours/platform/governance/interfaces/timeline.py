"""The time line of an access review: what was, what is, what is to come."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from concours.platform.core import clock
from concours.platform.governance.enums import VoteState
from concours.platform.governance.models import AccessReview, Vote


@dataclass(frozen=True)
class Point:
    """A point of the line; `state` is "done", "active" or "ahead"."""

    title: str
    at: datetime
    state: str


def timeline_of(review: AccessReview, votes: Iterable[Vote]) -> list[Point]:
    """In the order of their moments."""
    now = clock.now()
    points = [(_("asked for"), review.asked_at)]
    for vote in votes:
        names = {"body": vote.body}
        points.append((_("%(body)s: vote called, public comment") % names, vote.called_at))
        if vote.state != VoteState.VOID:
            points.append((_("%(body)s: vote opens") % names, vote.opens_at))
            points.append((_("%(body)s: vote closes") % names, vote.closes_at))
        elif vote.ended_at is not None:
            points.append((_("%(body)s: vote ended void") % names, vote.ended_at))
    if review.ended_at is not None:
        points.append((_("decided"), review.ended_at))
    if review.moved_at is not None:
        points.append((_("the project was moved"), review.moved_at))
    passed = sum(at <= now for _title, at in points)
    ended = review.ended_at is not None
    return [
        Point(title, at, _state(place, passed, ended=ended))
        for place, (title, at) in enumerate(sorted(points, key=lambda point: point[1]), start=1)
    ]


def _state(place: int, passed: int, *, ended: bool) -> str:
    if place > passed:
        return "ahead"
    return "active" if place == passed and not ended else "done"
