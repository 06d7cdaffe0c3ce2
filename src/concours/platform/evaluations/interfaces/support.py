"""Small things that the pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core.access import permitted
from concours.platform.core.errors import NotPermitted
from concours.platform.evaluations.models import Evaluation
from concours.platform.evaluations.rules import visible_evaluations

Trail = list[tuple[str, Any]]
RELATED = (
    "evaluator",
    "worker",
    "submission__entry__team",
    "submission__entry__track__season",
    "submission__entry__track__phase",
)


def the_evaluation(request: HttpRequest, code: str) -> Evaluation:
    """The evaluation, if the reader may see it; 404 otherwise."""
    rows = visible_evaluations(request.user).select_related(*RELATED)
    return get_object_or_404(rows, code=code)


def desk_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track for its organisers; 404 for everybody else."""
    tracks = visible_tracks(request.user).select_related("season", "phase")
    found = get_object_or_404(tracks, season__slug=season, slug=track)
    or_hidden(request.user, "evaluations.view_desk", found)
    return found


def or_hidden(user: Any, permission: str, subject: Any) -> None:
    """Answer 404 to whoever may not: that the page exists is not theirs to know."""
    if not permitted(user, permission, subject):
        raise NotPermitted(
            "not-permitted", _("There is nothing here that you may see."), hidden=True
        )


def desk_url(track: Any) -> str:
    return reverse("evaluations:desk", args=[track.season.slug, track.slug])


def trail_of(track: Any, *more: tuple[str, Any]) -> Trail:
    return [
        (reverse("competitions:seasons"), _("Seasons")),
        (reverse("competitions:season", args=[track.season.slug]), track.season),
        (reverse("competitions:track", args=[track.season.slug, track.slug]), track),
        *more,
    ]
