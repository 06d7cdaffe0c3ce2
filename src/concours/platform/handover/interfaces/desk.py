"""The season's staff: who won, who is asked, and who may mentor."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.appeals.domain import unsettled
from concours.platform.awards.domain import published_result
from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core.access import permitted
from concours.platform.handover import domain
from concours.platform.handover.domain.mentors import RULE, Reviewer
from concours.platform.review.domain import round_of
from concours.platform.web.interfaces.shared import track_for, track_trail


def desk_track(request: HttpRequest, season: str, track: str) -> Any:
    return track_for(request, season, track, permission="handover.open_desk")


@never_cache
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """The winners with what may be done, and those who could mentor."""
    return _show(request, desk_track(request, season, track))


@login_required
@require_POST
def ask(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track)
    entry = get_object_or_404(
        visible_entries(request.user)
        .filter(track=found)
        .select_related("track__season", "track__phase", "team"),
        code=code,
    )
    handover = domain.ask(actor=request.user, entry=entry)
    messages.success(request, _("The captain is asked, and so are those who reviewed the entry."))
    return redirect("handover:handover", handover.code)


@login_required
@never_cache
@require_POST
def reviewers(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """The outstanding reviewers by name: shown in answer to a button, because it is recorded."""
    found = desk_track(request, season, track)
    rows = domain.read_reviewers(actor=request.user, track=found)
    return _show(request, found, rows=rows)


@login_required
@require_POST
def invite(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = desk_track(request, season, track)
    invited = domain.invite(actor=request.user, track=found, people=request.POST.getlist("person"))
    messages.success(
        request,
        ngettext("%(number)d person is invited.", "%(number)d people are invited.", invited)
        % {"number": invited},
    )
    return redirect("handover:desk", season, track)


def _show(request: HttpRequest, track: Any, *, rows: list[Reviewer] | None = None) -> HttpResponse:
    round_ = round_of(track=track)
    result = published_result(track=track)
    context = {
        "track": track,
        "result": result,
        "unsettled": unsettled(track=track),
        "rows": domain.desk_rows(track=track),
        "winners": domain.winning_people(actor=request.user, track=track),
        "reviewers": rows,
        "outstanding": domain.reviewers_counted(track=track),
        "threshold": RULE.threshold_milli / 1_000,
        "least_ratings": RULE.least_ratings,
        "sees_reviewers": round_ is not None
        and permitted(request.user, "handover.see_reviewers", track)
        and permitted(request.user, "review.run_round", round_),
        "invites": permitted(request.user, "handover.invite", track),
        "trail": track_trail(
            track,
            (reverse("awards:result", args=[track.season.slug, track.slug]), _("Result")),
            ("", _("Handover")),
        ),
    }
    return render(request, "handover/desk.html", context)
