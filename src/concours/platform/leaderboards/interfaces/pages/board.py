"""The public page of a board."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from concours.platform.competitions.domain.permissions import member_team_ids, visible_entries
from concours.platform.core import clock
from concours.platform.core.access import permitted
from concours.platform.leaderboards.domain.publishing import publication_of
from concours.platform.leaderboards.domain.reading import Shown, boards_of
from concours.platform.leaderboards.domain.verifying import verify_snapshot
from concours.platform.leaderboards.interfaces.showing import heading, rows_for, sentences
from concours.platform.leaderboards.interfaces.support import name_of, the_board, track_url, url_of
from concours.platform.leaderboards.models import Board
from concours.platform.web.interfaces.shared import cursor_of, the_track, track_trail

A_PAGE = 50
FOUND = 20
"""So many entries are found at most."""


@never_cache
@require_safe
def boards(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = the_track(request, season, track)
    shown = []
    for board in boards_of(user=request.user, track=found):
        board.track = found
        seen = Shown(user=request.user, board=board)
        rows = rows_for(seen, seen.window(size=3).placed)
        shown.append(
            {
                "board": board,
                "name": name_of(board.split),
                "count": seen.count,
                "frozen": seen.frozen,
                "rows": rows,
                "main": _main(seen, rows),
                "url": url_of(board, "board"),
            }
        )
    return render(
        request,
        "leaderboards/boards.html",
        {
            "track": found,
            "boards": shown,
            "sources": publication_of(track=found),
            "sources_url": track_url(found, "sources"),
            "desk_url": _desk(request, found),
            "trail": track_trail(found, ("", _("Leaderboards"))),
        },
    )


def _main(shown: Shown, rows: list[Any]) -> list[tuple[Any, str]]:
    """The rows with the text of the column that weighs most."""
    names = [column["name"] for column in shown.columns]
    main = shown.rules.main.name
    at = names.index(main) if main in names else None
    return [(row, row.cells[at].text if at is not None else "") for row in rows]


@never_cache
@require_safe
def board(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    found = the_board(request, season, track, split)
    shown = Shown(user=request.user, board=found)
    window = shown.window(after=cursor_of(request), size=A_PAGE)
    own = shown.of_entries(_own(request, found))
    rows = rows_for(shown, window.placed, beside=own)
    wanted = request.GET.get("q", "").strip()[:200]
    context: dict[str, Any] = {
        "track": found.track,
        "board": found,
        "name": name_of(split),
        "snapshot": shown.snapshot,
        "shown": shown,
        "headings": _headings(shown),
        "rows": rows,
        "named": any(row.team for row in rows),
        "own": rows_for(shown, own, beside=window.placed),
        "q": wanted,
        "found": rows_for(shown, shown.of_entries(_search(request, found, wanted)))
        if wanted
        else [],
        "count": shown.count,
        # As text: the first page's cursor is 0, which a template takes for none.
        "previous": str(max(0, window.after - A_PAGE)) if window.after else "",
        "next": "" if window.next is None else str(window.next),
        "versions": len({row.run.evaluator for row in rows}) > 1,
        "intervals": any(cell.interval for row in rows for cell in row.cells),
        "first": window.after + 1,
        "last": window.after + len(rows),
        "frozen": found.frozen_at(clock.now()),
        "base": url_of(found, "board"),
        "desk": permitted(request.user, "leaderboards.run_boards", found.track),
        **sentences(shown),
        "desk_url": _desk(request, found.track),
        "urls": {
            "csv": url_of(found, "csv"),
            "json": url_of(found, "json"),
            "check": url_of(found, "check"),
            "sources": track_url(found.track, "sources"),
        },
        "sources": publication_of(track=found.track),
        "trail": track_trail(
            found.track, (track_url(found.track, "boards"), _("Leaderboards")), ("", name_of(split))
        ),
    }
    context["rows_key"] = _rows_key(context)
    return render(request, "leaderboards/board.html", context)


def _rows_key(context: dict[str, Any]) -> str:
    """A digest of all that the table of rows shows, and in which language and time zone."""
    shown = [repr(context[name]) for name in ("rows", "headings", "base", "desk")]
    told = [get_language() or "", timezone.get_current_timezone_name(), *shown]
    return sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def _headings(shown: Shown) -> list[dict[str, Any]]:
    main = shown.rules.main.name
    return [
        {
            "text": heading(column),
            "unit": column["unit"],
            "main": column["name"] == main,
            "sealed": not column["public"],
            "lower": column["better"] == "lower",
        }
        for column in shown.columns
    ]


def _own(request: HttpRequest, board: Board) -> list[int]:
    teams = member_team_ids(request.user)
    if not teams:
        return []
    return list(board.track.entries.filter(team_id__in=teams).values_list("pk", flat=True))


def _search(request: HttpRequest, board: Board, wanted: str) -> list[int]:
    """Listed entries whose title, code or (where the reader may know it) team has the words."""
    found = Q(title__icontains=wanted) | Q(code=wanted)
    phase = board.track.phase
    if (phase and phase.names_visible) or permitted(request.user, "leaderboards.run_boards", board):
        found |= Q(team__name__icontains=wanted)
    rows = visible_entries(request.user).filter(found, track=board.track).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:FOUND])


def _desk(request: HttpRequest, track: Any) -> str:
    runs = permitted(request.user, "leaderboards.run_boards", track)
    return track_url(track, "desk") if runs else ""


@never_cache
@require_safe
def check(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    """Compute the snapshot again, now, and say whether it comes out the same."""
    found = the_board(request, season, track, split)
    shown = Shown(user=request.user, board=found)
    if shown.snapshot is None:
        raise Http404
    verification = verify_snapshot(snapshot=shown.snapshot)
    return render(
        request,
        "leaderboards/check.html",
        {
            "track": found.track,
            "board": found,
            "name": name_of(split),
            "snapshot": shown.snapshot,
            "verification": verification,
            # A fault may name a score's run: for those who run the board.
            "told": verification.faults if _desk(request, found.track) else (),
            "json_url": url_of(found, "json"),
            "sees_all": shown.sees_all,
            "trail": track_trail(
                found.track, (url_of(found, "board"), name_of(split)), ("", _("Compute it again"))
            ),
        },
    )
