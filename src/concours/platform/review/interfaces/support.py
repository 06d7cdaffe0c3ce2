"""Small things that the pages share."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from concours.platform.review.models import Assignment
from concours.platform.review.rules import visible_assignments
from concours.platform.web.interfaces.shared import track_for


def run_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track for those who run its round; 404 for everybody else."""
    return track_for(request, season, track, permission="review.run_round")


def the_duty(request: HttpRequest, code: str) -> Assignment:
    """The caller's own duty of that code; 404 for everybody else's."""
    rows = visible_assignments(request.user).select_related(
        "round__track__season", "round__track__phase", "round__rubric", "entry", "review"
    )
    return get_object_or_404(rows, code=code)
