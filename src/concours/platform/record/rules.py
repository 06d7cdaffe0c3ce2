"""Who may read what of the record. Everyone sees that something happened; few see who did what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rules
from django.db.models import QuerySet

from concours.platform.accounts.domain.permissions import is_operator, organised_season_slugs
from concours.platform.competitions.domain.permissions import visible_seasons, visible_tracks
from concours.platform.record.models import Event

rules.add_perm("record.export", is_operator)


@dataclass(frozen=True, kw_only=True)
class ShownEvent:
    """An event as one reader may see it.

    `subject` is empty where it is another person; it and `season` are empty while their season or
    track is a draft that the reader does not know of. `actor`, `via` and `data` are None unless the
    reader runs the event's season.
    """

    seq: int
    at: datetime
    verb: str
    subject: str
    season: str
    previous: str
    digest: str
    actor: str | None = None
    via: str | None = None
    data: str | None = None


def visible_events(user: Any, *, season: str = "", subject: str = "") -> QuerySet[Event]:
    """All events, or those of a season or subject that the user may know of; else none.

    A filter must not tell what the rows hide: naming a draft finds nothing.
    """
    found = Event.objects.all()
    if season:
        found = found.filter(season=season) if _known_seasons(user, {season}) else found.none()
    if subject:
        known = subject not in _hidden_subjects(user, {subject})
        found = found.filter(subject=subject) if known else found.none()
    return found


def shown_to(user: Any, events: Iterable[Event]) -> list[ShownEvent]:
    """The events with what `user` may not see left out; at most 4 queries for all of them."""
    rows = list(events)
    organised = organised_season_slugs(user)
    seasons = _known_seasons(user, {row.season for row in rows if row.season})
    hidden = _hidden_subjects(user, {row.subject for row in rows})
    return [
        _shown(
            row,
            whole=organised is None or (row.season != "" and row.season in organised),
            known=(not row.season or row.season in seasons) and row.subject not in hidden,
        )
        for row in rows
    ]


def _shown(row: Event, *, whole: bool, known: bool) -> ShownEvent:
    return ShownEvent(
        seq=row.seq,
        at=row.at,
        verb=row.verb,
        subject=row.subject if known or whole else "",
        season=row.season if known or whole else "",
        previous=row.previous,
        digest=row.digest,
        actor=row.actor if whole else None,
        via=row.via if whole else None,
        data=row.data if whole else None,
    )


def _known_seasons(user: Any, slugs: set[str]) -> set[str]:
    if not slugs:
        return set()
    return set(visible_seasons(user).filter(slug__in=slugs).values_list("slug", flat=True))


def _hidden_subjects(user: Any, subjects: set[str]) -> set[str]:
    """Those of the subjects that are other people, or drafts of a season or track unknown to them.

    People's codes lead to their public pages: listed, they would name everyone who has an account.
    """
    people = {name for name in subjects if name.startswith("user:")}
    people.discard(f"user:{getattr(user, 'code', '')}")
    seasons = {name for name in subjects if name.startswith("season:")}
    tracks = {name for name in subjects if name.startswith("track:")}
    known = {
        f"season:{slug}"
        for slug in _known_seasons(user, {name.removeprefix("season:") for name in seasons})
    }
    if tracks:
        slugs = {name.rpartition("/")[2] for name in tracks}
        named = visible_tracks(user).filter(slug__in=slugs).values_list("season__slug", "slug")
        known |= {f"track:{season}/{slug}" for season, slug in named}
    return people | ((seasons | tracks) - known)
