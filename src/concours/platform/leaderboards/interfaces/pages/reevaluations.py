"""Staged re-evaluations: what would change, and the one act that does it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.leaderboards import domain, plots
from concours.platform.leaderboards.differences import Difference
from concours.platform.leaderboards.domain.reevaluating import (
    Comparison,
    compare,
    compare_decided,
)
from concours.platform.leaderboards.enums import ReevaluationState, SetScope
from concours.platform.leaderboards.interfaces.forms import StageForm
from concours.platform.leaderboards.interfaces.showing import NOBODY, faces_of, written
from concours.platform.leaderboards.interfaces.support import (
    desk_trail,
    name_of,
    run_board,
    the_reevaluation,
    url_of,
)
from concours.platform.leaderboards.models import Board, Reevaluation
from concours.platform.leaderboards.ranking import Placed
from concours.platform.leaderboards.rules import managed_reevaluations
from concours.platform.web.interfaces.shared import attempt

SHOWN = 200


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sets(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    """All sets of a board, and the form that stages another."""
    found = run_board(request, season, track, split)
    form = StageForm(request.POST or None, board=found)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _stage(request, found, form))
        if made is not None:
            messages.success(request, _("The runs are in the queue; the board stays as it is."))
            return redirect(url_of(found, "set", made.code))
    rows = managed_reevaluations(request.user).filter(board=found)
    return render(
        request,
        "leaderboards/sets.html",
        {
            "track": found.track,
            "board": found,
            "name": name_of(split),
            "form": form,
            "sets": [
                {"set": one, "url": url_of(found, "set", one.code), "entries": len(one.runs)}
                for one in rows.select_related("evaluator")
            ],
            "trail": desk_trail(found.track, ("", name_of(split))),
        },
        status=422 if form.errors else 200,
    )


def _stage(request: HttpRequest, board: Board, form: StageForm) -> Reevaluation:
    data = form.cleaned_data
    return domain.stage(
        actor=request.user,
        board=board,
        evaluator=form.versions[data["evaluator"]],
        scope=SetScope(data["scope"]),
        top=data["top"] or 0,
        entries=data["entries"],
        every_run=data["every_run"],
        reason=data["reason"],
    )


@never_cache
@login_required
@require_safe
def show(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    board = run_board(request, season, track, split)
    found = the_reevaluation(request, board, code)
    decided = found.after_id is not None and found.state == ReevaluationState.APPLIED
    comparison = (compare_decided if decided else compare)(reevaluation=found)
    context: dict[str, Any] = {
        "track": board.track,
        "board": board,
        "name": name_of(split),
        "set": found,
        "state": comparison.state,
        "ended": comparison.state.total - comparison.state.open,
        "rows": _rows(request, board, comparison),
        "changed": len(comparison.found),
        "more": max(0, len(comparison.found) - SHOWN),
        "count": comparison.count,
        "may_apply": found.state in (ReevaluationState.STAGED, ReevaluationState.REVERTED)
        and not comparison.state.open
        and not comparison.state.bad,
        "urls": {name: url_of(board, name, found.code) for name in ("apply", "cancel", "revert")},
        "trail": desk_trail(
            board.track, (url_of(board, "sets"), name_of(split)), ("", _("Re-evaluation"))
        ),
    }
    return render(request, "leaderboards/set.html", context)


def _rows(request: HttpRequest, board: Board, comparison: Comparison) -> list[dict[str, Any]]:
    shown = comparison.found[:SHOWN]
    faces = faces_of(request.user, board, (one.entry for one in shown))
    main = comparison.rules.main
    return [
        {
            "one": one,
            "face": faces.get(one.entry, NOBODY),
            "before": _value(one.before, main.name, main.decimals),
            "after": _value(one.after, main.name, main.decimals),
            "change": _change(one, main.name, main.decimals),
            "lost": abs(one.moved),
            "arrow": plots.move(one, count=comparison.count),
        }
        for one in shown
    ]


def _value(placed: Placed | None, column: str, decimals: int) -> str:
    return "–" if placed is None else written(placed.line.run.values.get(column), decimals)


def _change(one: Difference, column: str, decimals: int) -> str:
    change = one.value_change(column)
    if change is None:
        return "–"
    return ("+" if change > 0 else "") + written(change, decimals)


@login_required
@require_POST
def apply(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    board = run_board(request, season, track, split)
    found = the_reevaluation(request, board, code)
    domain.apply(actor=request.user, reevaluation=found)
    messages.success(request, _("Applied: the board has a new snapshot."))
    return redirect(url_of(board, "set", code))


@login_required
@require_POST
def cancel(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    board = run_board(request, season, track, split)
    found = the_reevaluation(request, board, code)
    domain.cancel_set(actor=request.user, reevaluation=found)
    messages.success(request, _("Cancelled: the staged runs are thrown out."))
    return redirect(url_of(board, "sets"))


@login_required
@require_POST
def revert(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    board = run_board(request, season, track, split)
    found = the_reevaluation(request, board, code)
    domain.revert(actor=request.user, reevaluation=found)
    messages.success(request, _("The former version counts again."))
    return redirect(url_of(board, "set", code))
