"""The moments at which something begins or ends, for whoever plays a season in an afternoon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import PhaseKind, TrackState
from concours.platform.competitions.models import Track
from concours.platform.competitions.rules import visible_tracks


@dataclass(frozen=True, kw_only=True, order=True)
class Boundary:
    """`what` happens to the track titled `track` at `at`."""

    at: datetime
    track: str
    what: str | Promise


def boundaries_after(*, user: Any, moment: datetime) -> list[Boundary]:
    """What comes after `moment` in the drafted and running tracks that `user` sees, in order.

    Two queries, whatever the number of tracks.
    """
    return [one for one in _in_order(visible_tracks(user)) if one.at > moment]


def boundaries_between(*, after: datetime, until: datetime) -> list[Boundary]:
    """What came after `after` and up to `until` in all tracks that are not closed, in order.

    For the installation's own use: it asks nobody's permission.
    """
    return [one for one in _in_order(Track.objects.all()) if after < one.at <= until]


def _in_order(tracks: QuerySet[Track]) -> list[Boundary]:
    live = (
        tracks.exclude(state=TrackState.CLOSED)
        .select_related("season", "batch")
        .prefetch_related("phases")
    )
    found = chain.from_iterable(_of(track) for track in live)
    return sorted(found, key=lambda boundary: (boundary.at, boundary.track))


def _of(track: Track) -> Iterator[Boundary]:
    title = str(track)
    if track.state == TrackState.DRAFT:
        yield Boundary(at=track.starts_at, track=title, what=_("the track starts"))
    phases = list(track.phases.all())
    if track.registration_closes_at not in {phase.ends_at for phase in phases}:
        yield Boundary(at=track.registration_closes_at, track=title, what=_("registration closes"))
    for phase in phases:
        what = format_lazy(_("the phase “{phase}” ends"), phase=PhaseKind(phase.kind).label)
        yield Boundary(at=phase.ends_at, track=title, what=what)
