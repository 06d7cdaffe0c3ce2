"""Alarms of identities read, as the desk lists them."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concours.platform.review import domain
from concours.platform.review.domain.alarms import MOST_NOTE
from concours.platform.review.models import IdentityAlarm, ReviewRound


class AlarmForm(forms.Form):
    """What came of looking into an alarm."""

    note = forms.CharField(
        label=_("What you found out"),
        max_length=MOST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def alarm_rows(
    request: HttpRequest, round_: ReviewRound, *, given: tuple[int, AlarmForm] | None = None
) -> list[tuple[IdentityAlarm, AlarmForm]]:
    """Each alarm with its form; `given` is one that came back with errors, by the alarm's key."""
    rows = []
    for alarm in domain.alarms_for(actor=request.user, round=round_):
        form = AlarmForm(auto_id=f"id_alarm{alarm.pk}_%s")
        if given is not None and given[0] == alarm.pk:
            form = given[1]
        rows.append((alarm, form))
    return rows
