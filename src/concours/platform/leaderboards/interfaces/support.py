"""Small things that pages and API share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core.access import permitted
from concours.platform.evaluations.enums import Split
from concours.platform.leaderboards.models import Board, Reevaluation
from concours.platform.leaderboards.rules import managed_reevaluations, visible_boards
from concours.platform.web.interfaces.shared import Trail, track_for, track_trail


def run_track(request: HttpRequest, season: str, track: str) -> Any:
    """The track for those who run its boards; 404 for everybody else."""
    return track_for(request, season, track, permission="leaderboards.run_boards")


def the_board(request: HttpRequest, season: str, track: str, split: str) -> Board:
    """The board, if the reader may see it; 404 otherwise."""
    boards = visible_boards(request.user).select_related(
        "track__season", "track__phase", "track__batch", "live", "frozen", "evaluator"
    )
    return get_object_or_404(boards, track__season__slug=season, track__slug=track, split=split)


def run_board(request: HttpRequest, season: str, track: str, split: str) -> Board:
    """The board for those who run it; 404 for everybody else."""
    run_track(request, season, track)
    return the_board(request, season, track, split)


def own_entry(request: HttpRequest, board: Board, code: str) -> Any:
    """The entry, for its team and staff; 404 for everybody else."""
    entries = visible_entries(request.user).select_related("track__season", "track__phase", "team")
    entry = get_object_or_404(entries, code=code, track=board.track)
    if not permitted(request.user, "leaderboards.view_history", entry):
        raise Http404
    return entry


def the_reevaluation(request: HttpRequest, board: Board, code: str) -> Reevaluation:
    rows = managed_reevaluations(request.user).select_related("evaluator", "former", "staged_by")
    found = get_object_or_404(rows, board=board, code=code)
    found.board = board
    return found


def url_of(board: Board, name: str, *more: str) -> str:
    track = board.track
    return reverse(f"leaderboards:{name}", args=[track.season.slug, track.slug, board.split, *more])


def track_url(track: Any, name: str) -> str:
    return reverse(f"leaderboards:{name}", args=[track.season.slug, track.slug])


def desk_trail(track: Any, *more: tuple[str, Any]) -> Trail:
    return track_trail(track, (track_url(track, "desk"), _("Leaderboards’ desk")), *more)


def name_of(split: str) -> str:
    """The board's name by its split."""
    names = {
        Split.PRACTICE.value: _("Practice"),
        Split.RANKING.value: _("Ranking"),
        Split.FINAL.value: _("Final"),
    }
    return names.get(split, split)
