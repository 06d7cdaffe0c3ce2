"""The operator's hand on a rehearsal's clock."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.accounts.domain.permissions import is_operator
from concours.platform.competitions.domain.boundaries import boundaries_after
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.rehearsal import domain
from concours.platform.rehearsal.interfaces.forms import ClockForm

MOST_PRESETS = 12


@login_required
def clock_page(request: HttpRequest) -> HttpResponse:
    """What the clock reads, where it could go next, and moving it."""
    _require_operator(request)
    now = clock.now()
    form = ClockForm(request.POST or None, initial={"to": now})
    if request.method == "POST" and form.is_valid():
        try:
            domain.set_clock(actor=request.user, to=form.cleaned_data["to"])
        except NotPermitted:
            raise
        except Refused as refusal:
            form.add_error("to", str(refusal))
        else:
            messages.success(request, _("The clock was moved."))
            return redirect("rehearsal:clock")
    boundaries = boundaries_after(user=request.user, moment=now)
    presets = [
        (at, at - timedelta(hours=1), list(group))
        for at, group in groupby(boundaries, key=lambda boundary: boundary.at)
    ]
    context = {
        "form": form,
        "moved": domain.current_shift() != timedelta(),
        "steps": [
            (now + timedelta(hours=1), _("an hour on")),
            (now + timedelta(days=1), _("a day on")),
            (now + timedelta(days=7), _("a week on")),
        ],
        "presets": presets[:MOST_PRESETS],
        "trail": [("/", _("Home")), ("", _("Rehearsal"))],
    }
    return render(request, "rehearsal/clock.html", context)


@require_POST
@login_required
def real_time(request: HttpRequest) -> HttpResponse:
    _require_operator(request)
    domain.return_to_real_time(actor=request.user)
    messages.success(request, _("The clock reads real time."))
    return redirect("rehearsal:clock")


def _require_operator(request: HttpRequest) -> None:
    """404 for everyone else: that a clock can be moved is no page of theirs."""
    if not settings.REHEARSAL or not is_operator(request.user):
        raise Http404
