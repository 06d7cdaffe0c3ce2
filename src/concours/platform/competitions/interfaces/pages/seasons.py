"""Seasons and what is in them, for everyone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.competitions.enums import SeasonState
from concours.platform.competitions.interfaces.support import season_trail, the_season, track_url
from concours.platform.competitions.models import Batch, Season, Track
from concours.platform.competitions.rules import visible_seasons, visible_tracks
from concours.platform.core import clock
from concours.platform.core.access import permitted
from concours.platform.web.charts import Lane, Mark, Span

PRIZES = ["awards/parts/season_prizes.html", "competitions/parts/nothing.html"]
"""The awards app shows a season's prizes here where it has something to show."""


@require_safe
def seasons(request: HttpRequest) -> HttpResponse:
    rows = visible_seasons(request.user).annotate(track_count=Count("tracks", distinct=True))
    return render(
        request,
        "competitions/seasons.html",
        {"seasons": rows, "trail": [(reverse("web:home"), _("Home")), ("", _("Seasons"))]},
    )


@require_safe
def tracks(request: HttpRequest) -> HttpResponse:
    """Tracks of all seasons that are not over, newest season first."""
    rows = (
        visible_tracks(request.user)
        .exclude(season__state=SeasonState.CLOSED)
        .select_related("season", "batch", "phase")
        .order_by("-season__starts_at", "batch__number", "slug")
    )
    return render(
        request,
        "competitions/tracks.html",
        {"tracks": rows, "trail": [(reverse("web:home"), _("Home")), ("", _("Tracks"))]},
    )


@require_safe
def season(request: HttpRequest, season: str) -> HttpResponse:
    found = the_season(request, season)
    rows = list(
        visible_tracks(request.user)
        .filter(season=found)
        .select_related("season", "batch", "phase")
        .annotate(entry_count=Count("entries"))
    )
    batches = list(found.batches.all())
    return render(
        request,
        "competitions/season.html",
        {
            "season": found,
            "trail": [*season_trail(found)[:1], ("", found)],
            "batches": [
                {"batch": batch, "tracks": [row for row in rows if row.batch_id == batch.pk]}
                for batch in batches
            ],
            "tracks": rows,
            "lanes": _lanes(batches, rows),
            "call_open": call_is_open(found, clock.now()),
            "proposal_count": found.proposals.count(),
            "organises": permitted(request.user, "competitions.edit_season", found),
            "prize_slots": PRIZES,
        },
    )


def call_is_open(season: Season, moment: datetime) -> bool:
    """Whether the season's call for tracks takes proposals; half open, as the domain has it."""
    opens = season.proposals_open_at or season.starts_at
    closes = season.proposals_close_at or season.ends_at
    return season.state == SeasonState.OPEN and opens <= moment < closes


def _lanes(batches: Sequence[Batch], tracks: Sequence[Track]) -> list[Lane]:
    """A lane a batch with its final, and below it one a track with its registration."""
    lanes: list[Lane] = []
    for batch in batches:
        lanes.append(
            Lane(
                label=str(batch),
                spans=[Span(batch.starts_at, batch.final_at, _("Batch"), "ink")],
                marks=[Mark(batch.final_at, _("Final"))],
            )
        )
        lanes.extend(_lane(track) for track in tracks if track.batch_id == batch.pk)
    return lanes


def _lane(track: Track) -> Lane:
    phase: Any = track.phase
    return Lane(
        label=str(track),
        note=str(phase).capitalize() if phase else str(track.get_state_display()),
        href=track_url(track),
        spans=[
            Span(track.starts_at, track.batch.final_at, _("Track"), "soft"),
            Span(
                track.registration_opens_at,
                track.registration_closes_at,
                _("Registration"),
                "accent",
            ),
        ],
    )
