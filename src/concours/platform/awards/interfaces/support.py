"""Small things that the pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.web.interfaces.shared import track_for


def desk_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track for its organisers; 404 for everybody else."""
    return track_for(request, season, track, permission="awards.view_desk")


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


def done(form: Any, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Act on a valid form; a refusal becomes the form's error."""
    if not form.is_valid():
        return False
    with refusals_on(form):
        act(form.cleaned_data)
    return bool(form.is_valid())
