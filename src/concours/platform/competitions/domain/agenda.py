"""What is due: for the staff of a season, and for the reader of a track."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from concours.platform.competitions.enums import (
    PhaseKind,
    ProposalState,
    SeasonState,
    TrackState,
)
from concours.platform.competitions.models import Season, Track, TrackProposal
from concours.platform.core import clock


@dataclass(frozen=True, kw_only=True)
class Due:
    """An act that waits for the staff. `code` is stable; `since` is when it fell due, if known.

    `track` is the track it is about; None for the season itself.
    """

    code: str
    message: str | Promise
    track: Track | None = None
    since: datetime | None = None


def due_acts(*, season: Season) -> list[Due]:
    """Everything that waits for the season's staff now, the season's own first; 4 queries."""
    acts: list[Due] = []
    if season.state == SeasonState.DRAFT:
        acts.append(Due(code="open-season", message=_("Open the season: it is not public yet.")))
    waiting = TrackProposal.objects.filter(season=season, state=ProposalState.SUBMITTED).count()
    if waiting:
        acts.append(
            Due(
                code="decide-proposals",
                message=format_lazy(
                    _("Proposals that wait for a decision: {count}"), count=waiting
                ),
            )
        )
    tracks = (
        Track.objects.filter(season=season)
        .select_related("season", "batch", "phase")
        .annotate(
            rules_count=Count("rules_versions", distinct=True),
            phase_count=Count("phases", distinct=True),
        )
    )
    for track in tracks:
        acts.extend(_of_draft(track) if track.state == TrackState.DRAFT else _of_running(track))
    return acts


def due_acts_of(*, track: Track) -> list[Due]:
    """What waits for the staff in one track."""
    return [due for due in due_acts(season=track.season) if due.track == track]


def _of_draft(track: Track) -> list[Due]:
    acts = []
    if not track.rules_count:  # type: ignore[attr-defined]
        acts.append(Due(code="write-rules", message=_("Write the track's rules."), track=track))
    if not track.phase_count:  # type: ignore[attr-defined]
        acts.append(Due(code="plan-phases", message=_("Plan the track's phases."), track=track))
    if not acts and track.season.state == SeasonState.OPEN and track.starts_at <= clock.now():
        acts.append(
            Due(
                code="start-track",
                message=_("The track is ready and its start has come: start it."),
                track=track,
                since=track.starts_at,
            )
        )
    return acts


def _of_running(track: Track) -> list[Due]:
    phase = track.phase
    if track.state != TrackState.STARTED or phase is None or clock.now() < phase.ends_at:
        return []
    message = (
        _("Registration has closed: advance the track.")
        if phase.kind == PhaseKind.REGISTRATION
        else format_lazy(
            _("The phase “{phase}” has ended: advance the track."),
            phase=PhaseKind(phase.kind).label,
        )
    )
    return [Due(code="advance-phase", message=message, track=track, since=phase.ends_at)]
