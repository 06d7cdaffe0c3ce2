"""Small things that the pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.competitions.models import Season, Track
from concours.platform.competitions.rules import visible_seasons, visible_tracks
from concours.platform.core.cursor import Page
from concours.platform.web.interfaces.shared import Trail, attempt

M = TypeVar("M", bound=Model)


def done(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Whether `act` was done; a refusal stands in the form."""
    return attempt(form, act) is not None


def told(request: HttpRequest, message: Any) -> None:
    messages.success(request, str(message))


def the_season(request: HttpRequest, slug: str) -> Season:
    """The season, if the reader may see it; 404 otherwise."""
    return get_object_or_404(visible_seasons(request.user), slug=slug)


def the_track(request: HttpRequest, season: str, track: str) -> Track:
    """The track with its season, batch and phase, if the reader may see it; 404 otherwise."""
    tracks = visible_tracks(request.user).select_related("season", "batch", "phase")
    return get_object_or_404(tracks, season__slug=season, slug=track)


def by_code(queryset: QuerySet[M], code: str) -> M:
    return get_object_or_404(queryset, code=code)


def season_trail(season: Season, *more: tuple[str, Any]) -> Trail:
    return [
        (reverse("competitions:seasons"), _("Seasons")),
        (reverse("competitions:season", args=[season.slug]), season),
        *more,
    ]


def track_trail(track: Track, *more: tuple[str, Any]) -> Trail:
    return season_trail(track.season, (track_url(track), track), *more)


def track_url(track: Track, page: str = "track") -> str:
    return reverse(f"competitions:{page}", args=[track.season.slug, track.slug])


def pager(page: Page[Any]) -> dict[str, str]:
    """Context of the pagination part: cursors as text, because the first page's is 0."""
    return {
        "previous": "" if page.previous is None else str(page.previous),
        "next": "" if page.next is None else str(page.next),
    }
