"""Settling an alarm of identities read."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.review import domain
from concours.platform.review.interfaces.alarm_forms import AlarmForm, alarm_rows
from concours.platform.review.interfaces.pages import desk
from concours.platform.review.interfaces.support import run_track
from concours.platform.review.models import IdentityAlarm
from concours.platform.web.interfaces.shared import attempt


@login_required
@require_POST
def settle(request: HttpRequest, season: str, track: str, pk: int) -> HttpResponse:
    found = run_track(request, season, track)
    alarms = IdentityAlarm.objects.filter(round__track__season=found.season)
    alarm = get_object_or_404(alarms.select_related("round__track__season"), pk=pk)
    form = AlarmForm(request.POST, auto_id=f"id_alarm{alarm.pk}_%s")
    if form.is_valid():
        settled = attempt(
            form,
            lambda: domain.settle_alarm(
                actor=request.user, alarm=alarm, note=form.cleaned_data["note"]
            ),
        )
        if settled is not None:
            messages.success(request, _("The alarm is settled."))
            return redirect("review:desk", found.season.slug, found.slug)
    rows = alarm_rows(request, desk.round_for(found), given=(alarm.pk, form))
    return desk.show_desk(request, found, alarms=rows)
