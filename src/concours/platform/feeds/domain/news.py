"""What everyone may read of the record, as items of feeds. The reader is always the public."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.competitions.enums import PhaseKind
from concours.platform.record import domain as record
from concours.platform.record.rules import shown_to, visible_events

PUBLIC = AnonymousUser()
MOST = 50
_TITLES: dict[str, str | Promise] = {
    "season.opened": gettext_lazy("The season is open"),
    "track.started": gettext_lazy("%(track)s has started"),
    "phase.advanced": gettext_lazy("%(track)s: %(phase)s begins"),
    "track.closed": gettext_lazy("%(track)s is closed"),
    "standings.published": gettext_lazy("Standings published: %(track)s"),
    "result.published": gettext_lazy("Result published: %(track)s"),
    "board.sources-published": gettext_lazy("Sources published: %(track)s"),
    "integrity.reported": gettext_lazy("An integrity report of the season"),
}
NEWS = tuple(_TITLES)
"""The verbs that are news."""
_PAGES = {
    "standings.published": "review:standings",
    "result.published": "awards:result",
    "board.sources-published": "leaderboards:sources",
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item; `path` is its page, `seq` and `digest` the event's own."""

    seq: int
    at: datetime
    title: str
    text: str
    path: str
    digest: str
    verb: str
    track: str = ""


def news_of(*, season: Any, track: Any = None) -> list[Item]:
    """The newest first, at most MOST, of a season that the public sees, or of one of its tracks.

    What is about a track that the public does not see is left out.
    """
    tracks = {one.slug: one for one in visible_tracks(PUBLIC).filter(season=season)}
    found = []
    for event in record.of_verbs(season=season.slug, verbs=NEWS):
        item = item_of(event, season=season, tracks=tracks)
        if item is not None and (track is None or item.track == track.slug):
            found.append(item)
            if len(found) == MOST:
                break
    return found


def item_of(event: Any, *, season: Any, tracks: dict[str, Any]) -> Item | None:
    """An event of one of NEWS as the public reads it; `tracks` are those it sees, by slug."""
    slug = _track_in(event)
    if slug is not None and slug not in tracks:
        return None
    values = {"track": tracks[slug] if slug is not None else "", "phase": _phase_in(event)}
    return Item(
        seq=event.seq,
        at=event.at,
        title=str(_TITLES[event.verb]) % values,
        text=sealed(event),
        path=_path(event.verb, season, slug),
        digest=event.digest,
        verb=event.verb,
        track=slug or "",
    )


def record_of(*, season: str = "") -> list[Item]:
    """The newest events of a season, or of all, as the record shows them to everyone: what happened
    to what, never by whom."""
    events = visible_events(PUBLIC, season=season).order_by("-seq")[:MOST]
    return [
        Item(
            seq=one.seq,
            at=one.at,
            title=f"{one.verb} {one.subject}".strip(),
            text=sealed(one),
            path=reverse("record:event", args=[one.seq]),
            digest=one.digest,
            verb=one.verb,
        )
        for one in shown_to(PUBLIC, events)
    ]


def sealed(event: Any) -> str:
    """Where an event stands in the record."""
    return _("Event %(seq)d of the record, sealed by %(digest)s.") % {
        "seq": event.seq,
        "digest": event.digest,
    }


def _track_in(event: Any) -> str | None:
    """The short name of the track that the event is of; None for one of the season."""
    if event.verb in {"season.opened", "integrity.reported"}:
        return None
    named: str = json.loads(event.data).get("track") or event.subject.rpartition("/")[2]
    return named


def _phase_in(event: Any) -> str:
    kind = json.loads(event.data).get("to", "")
    return str(PhaseKind(kind).label) if kind in PhaseKind.values else ""


def _path(verb: str, season: Any, track: str | None) -> str:
    if verb == "integrity.reported":
        return reverse("integrity:report", args=[season.slug])
    if track is None:
        return reverse("competitions:season", args=[season.slug])
    return reverse(_PAGES.get(verb, "competitions:track"), args=[season.slug, track])
