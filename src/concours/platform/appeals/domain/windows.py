"""When appeals are taken, and by when they are to be decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import PhaseKind, TrackState
from concours.platform.core import clock
from concours.platform.core.errors import Refused

DECIDE_WITHIN = timedelta(days=7)
"""After the window closes, so that all appeals of a track are decided by the same day."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """Appeals are taken in opens_at <= now < closes_at, while the track is in that phase."""

    opens_at: datetime
    closes_at: datetime
    open: bool
    over: bool

    @property
    def decide_by(self) -> datetime:
        return self.closes_at + DECIDE_WITHIN


def window_of(*, track: Any) -> Window | None:
    """The track's appeal phase: the active one, else the next, else the last; None without one."""
    active = track.phase
    if active is not None and active.kind == PhaseKind.APPEAL:
        return _window(track, active)
    phases = list(track.phases.filter(kind=PhaseKind.APPEAL).order_by("position"))
    place = active.position if active is not None else 0
    coming = [phase for phase in phases if phase.position > place]
    found = coming[:1] or phases[-1:]
    return _window(track, found[0]) if found else None


def require_window(track: Any) -> Window:
    """The open window. Raises Refused outside the track's appeal phase and its time."""
    window = window_of(track=track)
    if window is None:
        raise Refused("no-appeals", _("This track takes no appeals: it has no appeal phase."))
    if not window.open:
        raise Refused(
            "appeals-closed",
            _("The time for appeals is over.")
            if window.over
            else _("Appeals have not opened yet."),
        )
    return window


def _window(track: Any, phase: Any) -> Window:
    moment, active = clock.now(), track.phase
    on = active is not None and active.pk == phase.pk
    return Window(
        opens_at=phase.starts_at,
        closes_at=phase.ends_at,
        open=track.state == TrackState.STARTED and on and phase.runs_at(moment),
        over=moment >= phase.ends_at or (active is not None and active.position > phase.position),
    )
