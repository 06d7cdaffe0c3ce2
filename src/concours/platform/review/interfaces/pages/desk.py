"""The round's desk, for those who run it: every button says what it will do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.competitions.domain.permissions import visible_entries
from concours.platform.core import clock
from concours.platform.review import domain
from concours.platform.review.domain import oversight
from concours.platform.review.enums import AliasKind, RoundState
from concours.platform.review.interfaces.alarm_forms import alarm_rows
from concours.platform.review.interfaces.answer_forms import RebuttalPlanForm
from concours.platform.review.interfaces.desk_forms import assign_form, plan_form
from concours.platform.review.interfaces.duty_forms import (
    ExcuseForm,
    RemoveForm,
    ReserveForm,
)
from concours.platform.review.interfaces.forms import RevealForm
from concours.platform.review.interfaces.plan_forms import ConflictForm, ExtendForm
from concours.platform.review.interfaces.support import run_track
from concours.platform.review.methods import methods_of
from concours.platform.review.models import ReviewRound
from concours.platform.web.interfaces.shared import attempt, track_trail

PROGRESS_ROWS = 100
TONES = {
    RoundState.PLANNED: "info",
    RoundState.ASSIGNED: "accent",
    RoundState.CLOSED: "warn",
    RoundState.COMPUTED: "warn",
    RoundState.PUBLISHED: "good",
}


@never_cache
@login_required
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return show_desk(request, run_track(request, season, track))


@login_required
@require_POST
def plan(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    form = plan_form(found, request.POST)
    if form.is_valid():
        planned = attempt(
            form,
            lambda: domain.plan_round(actor=request.user, track=found, **form.plan()),
        )
        if planned is not None:
            messages.success(request, _("The round is planned and its seed committed to."))
            return back_to(found)
    return show_desk(request, found, plan_form=form)


@login_required
@require_POST
def assign(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    round_ = round_for(found)
    form = assign_form(round_, request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: domain.assign_reviews(actor=request.user, round=round_, **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, _("Reviews are assigned and the seed is revealed."))
            return back_to(found)
    return show_desk(request, found, assign_form=form)


@login_required
@require_POST
def declare(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    form = ConflictForm(request.POST)
    if form.is_valid():
        entries = visible_entries(request.user).filter(track=found)
        pair = [
            get_object_or_404(entries, code=form.cleaned_data[name]) for name in ("first", "second")
        ]
        noted = attempt(
            form,
            lambda: domain.declare_between(
                actor=request.user,
                round=round_for(found),
                first=pair[0],
                second=pair[1],
                detail=form.cleaned_data["detail"],
            ),
        )
        if noted is not None:
            messages.success(request, _("The conflict is noted."))
            return back_to(found)
    return show_desk(request, found, conflict_form=form)


@login_required
@require_POST
def extend(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    form = ExtendForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: domain.extend_round(
                actor=request.user, round=round_for(found), closes_at=form.cleaned_data["closes_at"]
            ),
        )
        if done is not None:
            messages.success(request, _("The deadline is moved."))
            return back_to(found)
    return show_desk(request, found, extend_form=form)


@login_required
@require_POST
def reveal(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    round_ = round_for(found)
    form = RevealForm(request.POST)
    if form.is_valid():
        kind = AliasKind(form.cleaned_data["kind"])
        subject = attempt(
            form,
            lambda: domain.reveal(
                actor=request.user,
                round=round_,
                kind=kind,
                alias=form.cleaned_data["alias"],
                reason=form.cleaned_data["reason"],
            ),
        )
        if subject is not None:
            who = oversight.behind(round=round_, kind=kind, subject_id=subject)
            shown = {"alias": form.cleaned_data["alias"].strip().upper(), "who": who}
            messages.info(request, _("Behind %(alias)s: %(who)s. The record notes it.") % shown)
            return back_to(found)
    return show_desk(request, found, reveal_form=form)


@login_required
@require_POST
def remind(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    count = domain.send_reminders(actor=request.user, round=round_for(found))
    messages.success(
        request,
        ngettext("%(count)d reminder is sent.", "%(count)d reminders are sent.", count)
        % {"count": count},
    )
    return back_to(found)


@login_required
@require_POST
def close(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _press(request, season, track, domain.close_round, _("Reviews are closed."))


@login_required
@require_POST
def compute(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _press(request, season, track, domain.compute_standings, _("Standings are computed."))


@login_required
@require_POST
def publish(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """Publish the snapshot whose number the organiser saw."""
    found = run_track(request, season, track)
    number = request.POST.get("number", "")
    if not (number.isascii() and number.isdigit()):
        raise Http404
    snapshot = get_object_or_404(
        round_for(found).snapshots.select_related("round__track__season"), number=int(number[:9])
    )
    domain.publish_standings(actor=request.user, snapshot=snapshot)
    messages.success(request, _("The standings are published."))
    return back_to(found)


@login_required
@require_POST
def check(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """Compute assignment and standings again and say whether they hold."""
    found = run_track(request, season, track)
    round_ = round_for(found)
    faults = domain.verify_assignment(round=round_)
    latest = domain.snapshot_for(user=request.user, track=found)
    if latest is not None:
        faults += domain.verify_standings(snapshot=latest)
    if faults:
        messages.error(request, _("This does not hold: %(faults)s") % {"faults": "; ".join(faults)})
    else:
        messages.success(request, _("Computed again: everything holds."))
    return back_to(found)


def _press(
    request: HttpRequest, season: str, track: str, act: Callable[..., Any], done: str
) -> HttpResponse:
    found = run_track(request, season, track)
    act(actor=request.user, round=round_for(found))
    messages.success(request, done)
    return back_to(found)


def round_for(track: Any) -> ReviewRound:
    """The track's round; 404 where none is planned."""
    found = domain.round_of(track=track)
    if found is None:
        raise Http404
    return found


def back_to(track: Any) -> HttpResponse:
    """To the desk of the track's round."""
    return redirect("review:desk", track.season.slug, track.slug)


def show_desk(request: HttpRequest, track: Any, **forms: Any) -> HttpResponse:
    """The desk, with the given forms in place of empty ones."""
    round_ = domain.round_of(track=track)
    context: dict[str, Any] = {"track": track, "round": round_, "now": clock.now()}
    if round_ is None:
        context["plan_form"] = plan_form(track)
    else:
        progress = domain.progress_of(round=round_)
        context |= {
            "counts": oversight.counts_of(round=round_),
            "language_models": oversight.language_models_of(round=round_),
            "progress": progress[:PROGRESS_ROWS],
            "more_reviewers": max(0, len(progress) - PROGRESS_ROWS),
            "screening_waits": methods_of(round_.params).screening
            and domain.screening_of(round=round_) is None,
            "methods": domain.told_methods(round=round_),
            "alarms": alarm_rows(request, round_),
            "conflicts": oversight.conflict_rows(round=round_),
            "lifted": oversight.lifted_duties(round=round_),
            "uncovered": oversight.uncovered_entries(round=round_),
            "often": oversight.declared_often(round=round_),
            "reserve": domain.reserve_of(round=round_),
            "replace_days": methods_of(round_.params).replace_days,
            "remove_form": RemoveForm(auto_id="remove_%s"),
            "excuse_form": ExcuseForm(auto_id="excuse_%s"),
            "reserve_form": ReserveForm(auto_id="reserve_%s"),
            "snapshot": domain.snapshot_for(user=request.user, track=track),
            "tone": TONES[RoundState(round_.state)],
            "over": clock.now() >= round_.closes_at,
            "assign_form": assign_form(round_) if round_.state == RoundState.PLANNED else None,
            "conflict_form": ConflictForm(),
            "extend_form": ExtendForm(initial={"closes_at": round_.closes_at}),
            "answers": oversight.answers_of(round=round_),
            "rebuttal_form": RebuttalPlanForm(
                initial={
                    "rebuttal_closes_at": round_.rebuttal_closes_at,
                    "amend_closes_at": round_.amend_closes_at,
                },
                auto_id="id_rebuttal_%s",
            ),
            "reveal_form": RevealForm(),
        }
    context["trail"] = track_trail(track, ("", _("Peer review")))
    return render(request, "review/desk.html", context | forms)
