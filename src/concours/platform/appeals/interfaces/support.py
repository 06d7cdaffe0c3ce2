"""Small things that the pages of appeals share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from concours.platform.appeals.models import Appeal, ChangeSet
from concours.platform.appeals.rules import visible_appeals, visible_change_sets
from concours.platform.web.interfaces.shared import track_for


def desk_track(request: HttpRequest, season: str, track: str, *, staff: bool = False) -> Any:
    """The track for those who judge its appeals (or its staff alone); 404 for everybody else."""
    permission = "appeals.stage_changes" if staff else "appeals.open_desk"
    return track_for(request, season, track, permission=permission)


def the_appeal(request: HttpRequest, track: Any, code: str) -> Appeal:
    """The appeal, if the reader may know of it; 404 otherwise."""
    rows = visible_appeals(request.user).select_related(
        "track__season", "track__phase", "entry__team", "entry__track__season"
    )
    return get_object_or_404(rows, track=track, code=code)


def the_change_set(request: HttpRequest, track: Any, code: str) -> ChangeSet:
    """The change set, if the reader may see it; 404 otherwise."""
    rows = visible_change_sets(request.user).select_related("track__season", "track__phase")
    return get_object_or_404(rows, track=track, code=code)


def url_of(track: Any, page: str, *more: Any) -> str:
    return reverse(f"appeals:{page}", args=[track.season.slug, track.slug, *more])
