"""Small things that the pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from concours.platform.evaluations.models import Evaluation
from concours.platform.evaluations.rules import visible_evaluations
from concours.platform.web.interfaces.shared import track_for

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
    return track_for(request, season, track, permission="evaluations.view_desk")


def desk_url(track: Any) -> str:
    return reverse("evaluations:desk", args=[track.season.slug, track.slug])
