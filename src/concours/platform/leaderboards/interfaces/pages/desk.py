"""The organiser's desk of a track's boards."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.core import clock
from concours.platform.evaluations.domain import active_evaluator
from concours.platform.evaluations.enums import Split
from concours.platform.leaderboards import domain
from concours.platform.leaderboards.domain.publishing import publication_of
from concours.platform.leaderboards.domain.reading import boards_of
from concours.platform.leaderboards.enums import Rule, Visibility
from concours.platform.leaderboards.interfaces.forms import BoardForm, FreezeForm
from concours.platform.leaderboards.interfaces.support import (
    name_of,
    run_board,
    run_track,
    track_url,
    url_of,
)
from concours.platform.leaderboards.models import Board, ResultsOut
from concours.platform.web.interfaces.shared import attempt, track_trail

ACTS = ("open", "open-columns", "freeze", "unfreeze", "sets", "board", "check")


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return show_desk(request, run_track(request, season, track))


def show_desk(
    request: HttpRequest,
    track: Any,
    *,
    board_form: BoardForm | None = None,
    freezing: tuple[Board, FreezeForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    boards = boards_of(user=request.user, track=track)
    evaluator = active_evaluator(track=track)
    splits = [] if evaluator is None else list(evaluator.manifest["splits"])
    missing = [split for split in splits if split not in {board.split for board in boards}]
    return render(
        request,
        "leaderboards/desk.html",
        {
            "track": track,
            "rows": [_row(track, board, freezing) for board in boards],
            "evaluator": evaluator,
            "missing": missing,
            "form": board_form or _new_board(missing),
            "sources": publication_of(track=track),
            "results": ResultsOut.objects.filter(track=track).first(),
            "urls": {name: track_url(track, name) for name in ("create", "results", "sources")},
            "trail": track_trail(track, ("", _("Leaderboards’ desk"))),
        },
        status=status,
    )


def _new_board(missing: list[str]) -> BoardForm:
    """Practice is for everyone; what ranks is sealed unless the organiser says otherwise."""
    open_at_once = Split.PRACTICE in missing
    chosen = Visibility.PUBLIC if open_at_once else Visibility.SEALED
    return BoardForm(splits=missing, initial={"visibility": chosen})


def _row(track: Any, board: Board, freezing: tuple[Board, FreezeForm] | None) -> dict[str, Any]:
    board.track = track
    form = freezing[1] if freezing and freezing[0].pk == board.pk else None
    return {
        "board": board,
        "name": name_of(board.split),
        "rule": Rule(board.rules["rule"]).label,
        "sealed_columns": [one for one in board.columns if not one["public"]],
        "frozen": board.frozen_at(clock.now()),
        "waiting": board.changes.count(),
        "form": form or FreezeForm(auto_id=f"id_{board.split}_%s"),
        "urls": {name.replace("-", "_"): url_of(board, name) for name in ACTS},
    }


@login_required
@require_POST
def create(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    evaluator = active_evaluator(track=found)
    splits = [] if evaluator is None else list(evaluator.manifest["splits"])
    form = BoardForm(request.POST, splits=splits)
    if form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: domain.create_board(
                actor=request.user,
                track=found,
                split=data["split"],
                visibility=Visibility(data["visibility"]),
                rule=data["rule"],
            ),
        )
        if made is not None:
            messages.success(request, _("The board is there."))
            return redirect(track_url(found, "desk"))
    return show_desk(request, found, board_form=form, status=422)


@login_required
@require_POST
def open_board(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    found = run_board(request, season, track, split)
    domain.open_board(actor=request.user, board=found)
    messages.success(request, _("Everyone sees the board now."))
    return redirect(track_url(found.track, "desk"))


@login_required
@require_POST
def open_columns(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    found = run_board(request, season, track, split)
    domain.open_columns(actor=request.user, board=found)
    messages.success(request, _("The sealed columns are open now."))
    return redirect(track_url(found.track, "desk"))


@login_required
@require_POST
def freeze(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    found = run_board(request, season, track, split)
    form = FreezeForm(request.POST, auto_id=f"id_{split}_%s")
    if form.is_valid():
        at = form.cleaned_data["at"]
        moment = None if at is None else at.astimezone(UTC)
        done = attempt(form, lambda: domain.freeze(actor=request.user, board=found, at=moment))
        if done is not None:
            messages.success(request, _("The freeze is set."))
            return redirect(track_url(found.track, "desk"))
    return show_desk(request, found.track, freezing=(found, form), status=422)


@login_required
@require_POST
def unfreeze(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    found = run_board(request, season, track, split)
    domain.unfreeze(actor=request.user, board=found)
    messages.success(request, _("Everyone sees the board live again."))
    return redirect(track_url(found.track, "desk"))


@login_required
@require_POST
def results(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    domain.results_are_out(actor=request.user, track=found)
    messages.success(request, _("Noted: the results are out."))
    return redirect(track_url(found, "desk"))
