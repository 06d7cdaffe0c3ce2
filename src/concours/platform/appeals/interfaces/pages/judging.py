"""An appeal's page, and the acts of those who judge it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.appeals import domain
from concours.platform.appeals.domain.attaching import MOST_FILES
from concours.platform.appeals.domain.queries import with_parts
from concours.platform.appeals.enums import AppealState, Outcome
from concours.platform.appeals.interfaces.forms import (
    AsideForm,
    AttachForm,
    DecideForm,
    DismissForm,
    HearingForm,
)
from concours.platform.appeals.interfaces.support import desk_track, the_appeal, url_of
from concours.platform.appeals.models import Appeal
from concours.platform.appeals.rules import visible_change_sets
from concours.platform.core.access import permitted
from concours.platform.web.interfaces.shared import attempt, track_trail

FORMS: dict[str, type[forms.Form]] = {
    "dismiss": DismissForm,
    "hear": HearingForm,
    "decide": DecideForm,
    "aside": AsideForm,
}
ACTS = {
    AppealState.FILED: ("admit", "dismiss", "aside"),
    AppealState.ADMITTED: ("hear", "decide", "aside"),
    AppealState.HEARD: ("decide", "aside"),
}


def show_appeal(
    request: HttpRequest, appeal: Appeal, *, status: int = 200, **given: forms.BaseForm
) -> HttpResponse:
    """The page; `given` are forms that were refused, by "<act>_form"."""
    track = appeal.track
    row = with_parts(Appeal.objects.filter(pk=appeal.pk)).get()
    [shown] = domain.appeals_shown(user=request.user, appeals=[row])
    judges = permitted(request.user, "appeals.judge", appeal)
    against = domain.reasons_against(user=request.user, appeal=appeal) if judges else ()
    acts = ACTS.get(AppealState(appeal.state), ()) if judges and not against else ()
    context: dict[str, Any] = {
        "track": track,
        "shown": shown,
        "appeal": row,
        "judges": judges,
        "against": [reason.label for reason in against],
        "admits": "admit" in acts,
        "attaches": shown.own and row.open and len(shown.attachments) < MOST_FILES,
        "attach_form": given.get("attach_form") or AttachForm(),
        "changes": visible_change_sets(request.user).filter(appeal=appeal),
        "stages": permitted(request.user, "appeals.stage_changes", track),
        "trail": track_trail(
            track, (url_of(track, "track"), _("Appeals")), ("", appeal.entry.title)
        ),
    }
    for name, form in FORMS.items():
        key = f"{name}_form"
        prefix = f"id_{name}_%s"
        context[key] = (given.get(key) or form(auto_id=prefix)) if name in acts else None
    return render(request, "appeals/appeal.html", context, status=status)


@login_required
@require_POST
def admit(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = _judged(request, season, track, code)
    domain.admit_appeal(actor=request.user, appeal=found)
    messages.success(request, _("The appeal is admitted."))
    return redirect(url_of(found.track, "appeal", code))


@login_required
@require_POST
def dismiss(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    return _act(request, season, track, code, "dismiss", domain.dismiss_appeal)


@login_required
@require_POST
def hear(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    return _act(request, season, track, code, "hear", domain.hear_appeal)


@login_required
@require_POST
def decide(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    def act(*, outcome: str, **data: Any) -> Appeal:
        return domain.decide_appeal(outcome=Outcome(outcome), **data)

    return _act(request, season, track, code, "decide", act)


@login_required
@require_POST
def aside(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    return _act(request, season, track, code, "aside", domain.stand_aside)


def _judged(request: HttpRequest, season: str, track: str, code: str) -> Appeal:
    """The appeal for those who judge the track's; 404 for everybody else."""
    return the_appeal(request, desk_track(request, season, track), code)


def _act(
    request: HttpRequest,
    season: str,
    track: str,
    code: str,
    name: str,
    act: Callable[..., object],
) -> HttpResponse:
    found = _judged(request, season, track, code)
    form = FORMS[name](request.POST, auto_id=f"id_{name}_%s")
    if form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: act(actor=request.user, appeal=found, **data)) is not None:
            messages.success(request, _("It is noted."))
            return redirect(url_of(found.track, "appeal", code))
    return show_appeal(request, found, status=422, **{f"{name}_form": form})
