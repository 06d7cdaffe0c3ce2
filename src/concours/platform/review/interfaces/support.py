"""Small things that the pages share."""

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
from concours.platform.review.models import Assignment
from concours.platform.review.rules import visible_assignments

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
    tracks = visible_tracks(request.user).select_related("season", "phase", "batch")
    return get_object_or_404(tracks, season__slug=season, slug=track)


def run_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track for those who run its round; 404 for everybody else."""
    found = the_track(request, season, track)
    if not permitted(request.user, "review.run_round", found):
        raise NotPermitted(
            "not-permitted", _("There is nothing here that you may see."), hidden=True
        )
    return found


def the_duty(request: HttpRequest, code: str) -> Assignment:
    """The caller's own duty of that code; 404 for everybody else's."""
    rows = visible_assignments(request.user).select_related(
        "round__track__season", "round__track__phase", "round__rubric", "entry", "review"
    )
    return get_object_or_404(rows, code=code)


def cursor_of(request: HttpRequest) -> int:
    """The cursor in the address; 404 for anything that is no number."""
    given = request.GET.get("cursor", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Http404
    return int(given)


def track_trail(track: Any, *more: tuple[str, Any]) -> Trail:
    return [
        (reverse("competitions:seasons"), _("Seasons")),
        (reverse("competitions:season", args=[track.season.slug]), track.season),
        (reverse("competitions:track", args=[track.season.slug, track.slug]), track),
        *more,
    ]
