"""Finding seasons, tracks and entries by their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from concours.platform.competitions.models import Entry, Season, Track
from concours.platform.competitions.rules import visible_entries, visible_seasons, visible_tracks

MAX_TERMS = 10
SEASON_FIELDS = ("title", "title_zh", "summary", "summary_zh", "slug")
TRACK_FIELDS = (
    *SEASON_FIELDS,
    "category",
    "category_zh",
    "technical_area",
    "owner",
    "owner_zh",
)
# An entry's team and text may tell who is behind it while names are hidden: its title is listed.
ENTRY_FIELDS = ("title",)


@dataclass(frozen=True, kw_only=True)
class Found:
    """At most as many of each kind as asked for."""

    seasons: list[Season]
    tracks: list[Track]
    entries: list[Entry]


def search(*, user: Any, text: str, most: int = 10) -> Found:
    """What `user` may see and holds every word of `text`; nothing for an empty text."""
    terms = text.split()[:MAX_TERMS]
    if not terms:
        return Found(seasons=[], tracks=[], entries=[])
    tracks = visible_tracks(user).select_related("season").filter(_all(terms, TRACK_FIELDS))
    entries = visible_entries(user).select_related("track__season")
    return Found(
        seasons=list(visible_seasons(user).filter(_all(terms, SEASON_FIELDS))[:most]),
        tracks=list(tracks.order_by("-season__starts_at", "slug")[:most]),
        entries=list(entries.filter(_all(terms, ENTRY_FIELDS)).order_by("-pk")[:most]),
    )


def _all(terms: list[str], fields: tuple[str, ...]) -> Q:
    wanted = Q()
    for term in terms:
        anywhere = Q()
        for field in fields:
            anywhere |= Q(**{f"{field}__icontains": term})
        wanted &= anywhere
    return wanted
