"""Boards as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.leaderboards.domain.reading import Shown
from concours.platform.leaderboards.interfaces.exports import csv_lines, json_lines
from concours.platform.leaderboards.interfaces.support import the_board
from concours.platform.leaderboards.models import Board


@never_cache
@require_safe
def as_csv(request: HttpRequest, season: str, track: str, split: str) -> StreamingHttpResponse:
    return _file(request, the_board(request, season, track, split), csv_lines, "csv", "text/csv")


@never_cache
@require_safe
def as_json(request: HttpRequest, season: str, track: str, split: str) -> StreamingHttpResponse:
    found = the_board(request, season, track, split)
    return _file(request, found, json_lines, "json", "application/json")


def _file(
    request: HttpRequest,
    board: Board,
    lines: Callable[[Shown], Iterator[str]],
    suffix: str,
    kind: str,
) -> StreamingHttpResponse:
    shown = Shown(user=request.user, board=board)
    response = StreamingHttpResponse(lines(shown), content_type=f"{kind}; charset=utf-8")
    number = shown.snapshot.number if shown.snapshot else 0
    track = board.track
    name = f"{track.season.slug}-{track.slug}-{board.split}-{number}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
