"""The organiser's result desk: the jury, what is still missing, the draft, publication."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.awards import domain
from concours.platform.awards.domain.boards import import_from_board
from concours.platform.awards.domain.contest import Contest, contest_of
from concours.platform.awards.domain.gathering import gaps_in, weights_of
from concours.platform.awards.domain.machine import import_machine_scores
from concours.platform.awards.domain.queries import jury_progress, outcome_in, result_of
from concours.platform.awards.interfaces.forms import AppointForm, MachineScoresForm
from concours.platform.awards.interfaces.showing import (
    parts_of,
    rows_for,
    sentence_of,
    with_entries,
)
from concours.platform.awards.interfaces.support import desk_track, refusals_on, url_of
from concours.platform.awards.models import PrizePool, Result
from concours.platform.awards.rules import visible_jurors, visible_pools, visible_results
from concours.platform.competitions.enums import PhaseKind
from concours.platform.leaderboards.domain import boards_of
from concours.platform.web.interfaces.shared import track_trail

PREVIEW = 20
GAPS_SHOWN = 12


@login_required
@never_cache
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return show_desk(request, desk_track(request, season, track), AppointForm())


def show_desk(
    request: HttpRequest, track: Any, appoint_form: AppointForm, *, status: int = 200
) -> HttpResponse:
    contest = contest_of(track=track)
    result = result_of(user=request.user, track=track)
    gaps = gaps_in(track=track, contest=contest)
    context = {
        "track": track,
        "form": appoint_form,
        "jury": _jury(track, contest),
        "finalists": len(contest.finalist_ids),
        "entries": len(contest.codes),
        "gaps": gaps[:GAPS_SHOWN],
        "more_gaps": max(0, len(gaps) - GAPS_SHOWN),
        "parts": parts_of(weights_of(track)),
        "weights": weights_of(track),
        "sentence": sentence_of(weights_of(track)),
        "pools": [
            {"pool": pool, "edit": url_of(track, "pool", pool.code)}
            for pool in visible_pools(request.user).filter(track=track).prefetch_related("prizes")
        ],
        "result": result,
        "preview": _preview(request, result) if result is not None else None,
        "in_time": _in_time(track),
        "boards": [
            {
                "board": board,
                "act": url_of(track, "machine-from-board", board.split),
                "at": board.live,
            }
            for board in boards_of(user=request.user, track=track)
            if board.live is not None and board.live.count
        ],
        "urls": {
            name: url_of(track, name)
            for name in ("appoint", "machine", "new-pool", "compute", "publish", "result")
        },
        "trail": track_trail(track, ("", _("Result desk"))),
    }
    context["urls"] = {key.replace("-", "_"): url for key, url in context["urls"].items()}
    return render(request, "awards/desk.html", context, status=status)


def _jury(track: Any, contest: Contest) -> list[dict[str, Any]]:
    return [
        {
            "juror": progress.juror,
            "owed": progress.owed,
            "done": progress.done,
            "conflicts": sorted(contest.titles[pk] for pk in progress.conflicts),
            "remove": url_of(track, "remove-juror", progress.juror.user.code),
        }
        for progress in jury_progress(track=track, contest=contest)
    ]


def _preview(request: HttpRequest, result: Result) -> dict[str, Any]:
    """The first places of a result, and how each pool would be or was settled."""
    lines = with_entries(result.lines.all()).order_by("position")[:PREVIEW]
    rows = rows_for(user=request.user, result=result, lines=lines)
    settlements = outcome_in(result=result).settlements
    pools = {pool.code: pool for pool in PrizePool.objects.filter(track_id=result.track_id)}
    return {
        "rows": rows,
        "names": any(row.team for row in rows),
        "count": result.lines.count(),
        "settlements": [
            {"pool": pools[code], "settlement": settlement}
            for code, settlement in settlements.items()
            if code in pools
        ],
    }


def _in_time(track: Any) -> bool:
    phase = track.phase
    return phase is not None and (phase.kind == PhaseKind.RESULT or phase.scores_visible)


@login_required
@require_POST
def appoint(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = desk_track(request, season, track)
    form = AppointForm(request.POST)
    if form.is_valid():
        with refusals_on(form):
            domain.appoint_juror(actor=request.user, track=found, user=form.person)
        if form.is_valid():
            messages.success(
                request,
                _("%(name)s is of the jury now.") % {"name": form.person.display_name},
            )
            return redirect(url_of(found, "desk"))
    return show_desk(request, found, form, status=422)


@login_required
@require_POST
def remove(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    person = get_object_or_404(get_user_model(), code=code)
    juror = get_object_or_404(visible_jurors(request.user), track=found, user_id=person.pk)
    domain.remove_juror(actor=request.user, juror=juror)
    messages.success(request, _("Removed; their scores no longer count."))
    return redirect(url_of(found, "desk"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def machine(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = desk_track(request, season, track)
    form = MachineScoresForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        scores = form.cleaned_data["scores"]
        with refusals_on(form):
            import_machine_scores(
                actor=request.user,
                track=found,
                scores=scores,
                source=form.cleaned_data["source"],
                digest=form.cleaned_data["digest"],
            )
        if form.is_valid():
            messages.success(
                request,
                ngettext("%(n)d score is recorded.", "%(n)d scores are recorded.", len(scores))
                % {"n": len(scores)},
            )
            return redirect(url_of(found, "desk"))
    return render(
        request,
        "awards/machine.html",
        {
            "track": found,
            "form": form,
            "back": url_of(found, "desk"),
            "trail": track_trail(
                found, (url_of(found, "desk"), _("Result desk")), ("", _("Machine scores"))
            ),
        },
    )


@login_required
@require_POST
def machine_from_board(request: HttpRequest, season: str, track: str, split: str) -> HttpResponse:
    """Take a leaderboard's snapshot as the machine scores."""
    found = desk_track(request, season, track)
    boards = {board.split: board for board in boards_of(user=request.user, track=found)}
    if split not in boards:
        raise Http404
    scores = import_from_board(actor=request.user, board=boards[split])
    messages.success(
        request,
        ngettext("%(n)d score is recorded.", "%(n)d scores are recorded.", len(scores))
        % {"n": len(scores)},
    )
    return redirect(url_of(found, "desk"))


@login_required
@require_POST
def compute(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = desk_track(request, season, track)
    result = domain.compute_result(actor=request.user, track=found)
    messages.success(
        request, _("Draft %(number)d is computed. Look it over below.") % {"number": result.number}
    )
    return redirect(url_of(found, "desk") + "#draft")


@login_required
@require_POST
def publish(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """Publish the draft that the organiser saw: its number comes with the button."""
    found = desk_track(request, season, track)
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        raise Http404
    result = get_object_or_404(visible_results(request.user), track=found, number=int(number))
    domain.publish_result(actor=request.user, result=result)
    messages.success(request, _("The result is published."))
    return redirect(url_of(found, "result"))
