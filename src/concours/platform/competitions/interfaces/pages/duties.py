"""Where each due act is done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise

from concours.platform.competitions.domain import Due

PLACES = {
    "write-rules": "track_rules_desk",
    "plan-phases": "track_phases_desk",
    "start-track": "track_desk",
    "advance-phase": "track_desk",
}


@dataclass(frozen=True)
class DutyRow:
    """A due act as listed; `href` is empty where it is done on the desk itself."""

    due: Due
    message: str | Promise
    href: str


def duty_rows(acts: Iterable[Due]) -> list[DutyRow]:
    return [DutyRow(due, due.message, _place(due)) for due in acts]


def _place(due: Due) -> str:
    if due.track is None or due.code not in PLACES:
        return ""
    return reverse(f"competitions:{PLACES[due.code]}", args=[due.track.season.slug, due.track.slug])
