"""Small things that the pages share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core.access import permitted
from concours.platform.core.errors import NotPermitted, Refused

Trail = list[tuple[str, Any]]


def the_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track with its season and phase, if the reader may see it; 404 otherwise."""
    tracks = visible_tracks(request.user).select_related("season", "phase")
    return get_object_or_404(tracks, season__slug=season, slug=track)


def desk_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track for its organisers; 404 for everybody else."""
    found = the_track(request, season, track)
    or_hidden(request.user, "awards.view_desk", found)
    return found


def or_hidden(user: Any, permission: str, subject: Any) -> None:
    """Answer 404 to whoever may not: that the page exists is not theirs to know."""
    if not permitted(user, permission, subject):
        raise NotPermitted(
            "not-permitted", _("There is nothing here that you may see."), hidden=True
        )


@contextmanager
def refusals_on(form: forms.BaseForm) -> Iterator[None]:
    """A refusal within the block becomes the form's error, so that nothing typed is lost."""
    try:
        yield
    except NotPermitted:
        raise
    except Refused as refusal:
        form.add_error(None, str(refusal))


def url_of(track: Any, page: str, *more: Any) -> str:
    return reverse(f"awards:{page}", args=[track.season.slug, track.slug, *more])


def trail_of(track: Any, *more: tuple[str, Any]) -> Trail:
    return [
        (reverse("competitions:seasons"), _("Seasons")),
        (reverse("competitions:season", args=[track.season.slug]), track.season),
        (reverse("competitions:track", args=[track.season.slug, track.slug]), track),
        *more,
    ]
