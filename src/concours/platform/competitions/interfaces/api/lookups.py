"""Objects as the caller may see them; 404 for all else."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from concours.platform.competitions.models import Entry, Season, Submission, Track, TrackProposal
from concours.platform.competitions.rules import (
    visible_entries,
    visible_proposals,
    visible_seasons,
    visible_submissions,
    visible_tracks,
)
from concours.platform.web.interfaces.shared import or_hidden


def season_of(request: HttpRequest, slug: str) -> Season:
    return get_object_or_404(visible_seasons(request.user), slug=slug)


def track_of(request: HttpRequest, season: str, track: str) -> Track:
    rows = visible_tracks(request.user).select_related("season", "batch", "phase")
    return get_object_or_404(rows, season__slug=season, slug=track)


def proposal_of(request: HttpRequest, code: str) -> TrackProposal:
    rows = visible_proposals(request.user).select_related("season", "batch", "proposer")
    return get_object_or_404(rows, code=code)


def entry_of(request: HttpRequest, code: str) -> Entry:
    rows = visible_entries(request.user).select_related(
        "track__season", "track__phase", "team", "rules_version"
    )
    return get_object_or_404(rows, code=code)


def entry_from_inside(request: HttpRequest, code: str) -> Entry:
    """The entry for its team and the staff; 404 for everyone else, however public it is."""
    found = entry_of(request, code)
    or_hidden(request.user, "competitions.view_submission", found)
    return found


def own_entry(request: HttpRequest, code: str) -> Entry:
    """The entry for its team; 404 for everyone else."""
    found = entry_of(request, code)
    or_hidden(request.user, "competitions.submit", found)
    return found


def submission_of(request: HttpRequest, code: str) -> Submission:
    rows = visible_submissions(request.user).select_related("entry__track__season")
    return get_object_or_404(rows, code=code)
