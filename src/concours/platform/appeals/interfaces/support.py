"""Small things that the pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.appeals.models import Appeal, ChangeSet
from concours.platform.appeals.rules import visible_appeals, visible_change_sets
from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core.access import permitted
from concours.platform.core.errors import NotPermitted, Refused

T = TypeVar("T")
Trail = list[tuple[str, Any]]


def attempt(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """What `act` returns; None after a refusal, which then stands in the form as its error."""
    try:
        return act()
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return None


def the_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track with its season and phase, if the reader may see it; 404 otherwise."""
    tracks = visible_tracks(request.user).select_related("season", "phase")
    return get_object_or_404(tracks, season__slug=season, slug=track)


def desk_track(request: HttpRequest, season: str, track: str, *, staff: bool = False) -> Any:
    """The track for those who judge its appeals (or its staff alone); 404 for everybody else."""
    found = the_track(request, season, track)
    permission = "appeals.stage_changes" if staff else "appeals.open_desk"
    if not permitted(request.user, permission, found):
        raise NotPermitted(
            "not-permitted", _("There is nothing here that you may see."), hidden=True
        )
    return found


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


def trail_of(track: Any, *more: tuple[str, Any]) -> Trail:
    return [
        (reverse("competitions:seasons"), _("Seasons")),
        (reverse("competitions:season", args=[track.season.slug]), track.season),
        (reverse("competitions:track", args=[track.season.slug, track.slug]), track),
        *more,
    ]
