"""Small things that the pages share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.competitions.models import Season, Track
from concours.platform.competitions.rules import visible_seasons, visible_tracks
from concours.platform.core.access import permitted
from concours.platform.core.cursor import Page
from concours.platform.core.errors import NotPermitted, Refused

T = TypeVar("T")
M = TypeVar("M", bound=Model)
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


def or_hidden(user: Any, permission: str, subject: Any) -> None:
    """Answer 404 to whoever may not: that the page exists is not theirs to know."""
    if not permitted(user, permission, subject):
        raise NotPermitted("not-permitted", "", hidden=True)


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


def cursor_of(request: HttpRequest) -> int:
    """The cursor in the address; 404 for anything that is no number."""
    given = request.GET.get("cursor", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 18):
        raise Http404
    return int(given)


def pager(page: Page[Any]) -> dict[str, str]:
    """Context of the pagination part: cursors as text, because the first page's is 0."""
    return {
        "previous": "" if page.previous is None else str(page.previous),
        "next": "" if page.next is None else str(page.next),
    }
