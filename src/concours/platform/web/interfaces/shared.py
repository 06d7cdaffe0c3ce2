"""What the pages of all apps share: refusals in forms, what is hidden, the way to a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core.access import permitted
from concours.platform.core.errors import NotPermitted, Refused

T = TypeVar("T")
Trail = list[tuple[str, Any]]
"""Address and title of each page above one, and of the page itself."""


def attempt(form: forms.BaseForm, act: Callable[[], T]) -> T | None:
    """What `act` returns; None after a refusal, which then stands in the form as its error."""
    try:
        return act()
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal.message))
        return None


def or_hidden(user: Any, permission: str, subject: Any) -> None:
    """Answer 404 to whoever may not: that the page exists is not theirs to know."""
    if not permitted(user, permission, subject):
        raise NotPermitted(
            "not-permitted", _("There is nothing here that you may see."), hidden=True
        )


def the_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track with its season, batch and phase, if the reader may see it; 404 otherwise."""
    tracks = visible_tracks(request.user).select_related("season", "batch", "phase")
    return get_object_or_404(tracks, season__slug=season, slug=track)


def track_for(request: HttpRequest, season: str, track: str, *, permission: str) -> Any:
    """The track, for those who have the permission on it; 404 for everybody else."""
    found = the_track(request, season, track)
    or_hidden(request.user, permission, found)
    return found


def track_trail(track: Any, *more: tuple[str, Any]) -> Trail:
    """The way to a page below a track."""
    return [
        (reverse("competitions:seasons"), _("Seasons")),
        (reverse("competitions:season", args=[track.season.slug]), track.season),
        (reverse("competitions:track", args=[track.season.slug, track.slug]), track),
        *more,
    ]


def cursor_of(request: HttpRequest) -> int:
    """The cursor in the address; 404 for anything that is no number."""
    given = request.GET.get("cursor", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 18):
        raise Http404
    return int(given)
