"""The desk of a track's appeals: what waits, by when, and who judges."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from concours.platform.appeals import domain
from concours.platform.appeals.domain.queries import with_parts
from concours.platform.appeals.enums import OPEN_STATES
from concours.platform.appeals.interfaces.forms import AppointForm
from concours.platform.appeals.interfaces.support import desk_track, url_of
from concours.platform.appeals.rules import (
    readable_appeals,
    serving_judges,
    visible_change_sets,
)
from concours.platform.core.access import permitted
from concours.platform.web.interfaces.shared import attempt, track_trail

MOST_SHOWN = 500


@login_required
@never_cache
@require_safe
def desk(request: HttpRequest, season: str, track: str) -> HttpResponse:
    return _show(request, desk_track(request, season, track), AppointForm())


@login_required
@require_POST
def appoint(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = desk_track(request, season, track, staff=True)
    form = AppointForm(request.POST)
    if form.is_valid():
        made = attempt(
            form,
            lambda: domain.appoint_judge(actor=request.user, track=found, user=form.person),
        )
        if made is not None:
            messages.success(
                request, _("%(name)s judges appeals now.") % {"name": form.person.display_name}
            )
            return redirect(url_of(found, "desk"))
    return _show(request, found, form, status=422)


@login_required
@require_POST
def remove(request: HttpRequest, season: str, track: str, code: str) -> HttpResponse:
    found = desk_track(request, season, track, staff=True)
    judge = get_object_or_404(serving_judges(found), user__code=code)
    domain.remove_judge(actor=request.user, judge=judge)
    messages.success(request, _("They judge no more appeals; what they decided stands."))
    return redirect(url_of(found, "desk"))


def _show(
    request: HttpRequest, track: Any, form: AppointForm, *, status: int = 200
) -> HttpResponse:
    rows = with_parts(readable_appeals(request.user).filter(track=track)).order_by("decide_by")
    appeals = domain.appeals_shown(user=request.user, appeals=rows[:MOST_SHOWN])
    context = {
        "track": track,
        "window": domain.window_of(track=track),
        "waiting": [shown for shown in appeals if shown.appeal.state in OPEN_STATES],
        "ended": [shown for shown in appeals if shown.appeal.state not in OPEN_STATES],
        "judges": [
            (judge, url_of(track, "remove-judge", judge.user.code))
            for judge in serving_judges(track).select_related("user")
        ],
        "form": form,
        "staff": permitted(request.user, "appeals.stage_changes", track),
        "changes": visible_change_sets(request.user).filter(track=track),
        "trail": track_trail(track, (url_of(track, "track"), _("Appeals")), ("", _("Desk"))),
    }
    return render(request, "appeals/desk.html", context, status=status)
