"""What those who run a round do about single duties: replace, take away, excuse, call in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.review import domain
from concours.platform.review.interfaces.duty_forms import ExcuseForm, RemoveForm, ReserveForm
from concours.platform.review.interfaces.pages.desk import back_to, round_for, show_desk
from concours.platform.review.interfaces.support import run_track
from concours.platform.web.interfaces.shared import attempt


@login_required
@require_POST
def replace(request: HttpRequest, season: str, track: str) -> HttpResponse:
    """Give what late and gone reviewers owe to others, and try again what is uncovered."""
    found = run_track(request, season, track)
    done = domain.replace_late(actor=request.user, round=round_for(found))
    if done.lost or done.given:
        messages.success(request, _told(done))
    else:
        messages.info(request, _("Nobody is late by the rules, and nothing new can be given."))
    return back_to(found)


@login_required
@require_POST
def remove(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _by_form(
        request, season, track, "remove_form", RemoveForm, domain.remove_reviewer, _told
    )


@login_required
@require_POST
def excuse(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _by_form(
        request,
        season,
        track,
        "excuse_form",
        ExcuseForm,
        domain.excuse_duty,
        lambda duty: _("The duty is excused."),
    )


@login_required
@require_POST
def reserve(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _by_form(
        request,
        season,
        track,
        "reserve_form",
        ReserveForm,
        domain.name_emergency_reviewer,
        lambda named: _("The emergency reviewer is named."),
    )


@login_required
@require_POST
def release(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    domain.release_emergency_reviewer(
        actor=request.user, round=round_for(found), alias=request.POST.get("alias", "")[:12]
    )
    messages.success(request, _("They get no further reviews."))
    return back_to(found)


def _by_form(
    request: HttpRequest,
    season: str,
    track: str,
    name: str,
    kind: Callable[..., Any],
    act: Callable[..., Any],
    words: Callable[[Any], str],
) -> HttpResponse:
    found = run_track(request, season, track)
    form = kind(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: act(actor=request.user, round=round_for(found), **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, words(done))
            return back_to(found)
    return show_desk(request, found, **{name: form})


def _told(done: domain.Replaced) -> str:
    return _("Duties lost: %(lost)d. Given to others: %(given)d.") % {
        "lost": done.lost,
        "given": done.given,
    }
