"""An entry's scores over its submissions, for its team and staff."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.core import clock
from concours.platform.core.access import permitted
from concours.platform.leaderboards import domain, plots
from concours.platform.leaderboards.domain.histories import Case, Step, cases_of, history_of
from concours.platform.leaderboards.domain.reading import Shown
from concours.platform.leaderboards.domain.runs import choice_of
from concours.platform.leaderboards.interfaces.showing import heading, rows_for, written
from concours.platform.leaderboards.interfaces.support import name_of, own_entry, the_board, url_of
from concours.platform.web.interfaces.shared import track_trail


@never_cache
@login_required
@require_safe
def history(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    found = the_board(request, season, track, split)
    entry = own_entry(request, found, code)
    shown = Shown(user=request.user, board=found)
    steps = history_of(user=request.user, board=found, entry=entry)
    main = shown.rules.by_name[shown.rules.main.name]
    drawn = _plot(steps, main.name) if main.name in shown.names else None
    may_choose = (
        shown.rules.rule == "selected"
        and permitted(request.user, "leaderboards.choose_submission", entry)
        and not found.frozen_at(clock.now())
    )
    choice = choice_of(board=found, entry=entry)
    return render(
        request,
        "leaderboards/history.html",
        {
            "track": found.track,
            "board": found,
            "name": name_of(split),
            "entry": entry,
            "shown": shown,
            "headings": [
                {"text": heading(column), "unit": column["unit"]} for column in shown.columns
            ],
            "steps": [_row(step, shown) for step in reversed(steps)],
            "plot": drawn,
            "low": written(drawn["low"], main.decimals) if drawn else "",
            "high": written(drawn["high"], main.decimals) if drawn else "",
            "main": heading(next(c for c in shown.columns if c["name"] == main.name))
            if drawn
            else "",
            "placed": next(iter(rows_for(shown, shown.of_entries([entry.pk]))), None),
            "rule": shown.rules.rule,
            "may_choose": may_choose,
            "chosen": choice.submission.number if choice else None,
            "choose_url": url_of(found, "choose", entry.code),
            "cases": _cases(request, shown, steps),
            "trail": track_trail(
                found.track, (url_of(found, "board"), name_of(split)), ("", entry.title)
            ),
        },
    )


def _plot(steps: list[Step], main: str) -> dict[str, Any] | None:
    return plots.history(
        [
            (
                step.run.submission,
                step.run.values[main],
                step.run.intervals.get(main),
                step.counts,
            )
            for step in steps
            if main in step.run.values
        ]
    )


def _cases(request: HttpRequest, shown: Shown, steps: list[Step]) -> list[dict[str, Any]]:
    """The cases of the run that counts, where the reader may see them."""
    counted = next((step.run.evaluation for step in steps if step.counts), "")
    return [
        {
            "case": case,
            "cells": [
                written(case.values.get(column["name"]), column["decimals"])
                for column in shown.columns
            ],
            "replay": _replay(counted, case),
        }
        for case in cases_of(user=request.user, evaluation_code=counted)
    ]


def _replay(evaluation: str, case: Case) -> str:
    """Where evaluations show the replay."""
    if not case.replay:
        return ""
    return reverse("evaluations:replay", args=[evaluation, case.name])


def _row(step: Step, shown: Shown) -> dict[str, Any]:
    return {
        "step": step,
        "cells": [
            written(step.run.values.get(column["name"]), column["decimals"])
            for column in shown.columns
        ],
    }


@login_required
@require_POST
def choose(request: HttpRequest, season: str, track: str, split: str, code: str) -> HttpResponse:
    found = the_board(request, season, track, split)
    entry = own_entry(request, found, code)
    number = request.POST.get("submission", "")
    known = number.isascii() and number.isdigit() and len(number) < 10
    submission = get_object_or_404(entry.submissions.all(), number=int(number) if known else 0)
    submission.entry = entry
    domain.choose_submission(actor=request.user, board=found, submission=submission)
    messages.success(request, _("Submission %(n)d counts now.") % {"n": submission.number})
    return redirect(url_of(found, "history", entry.code))
