"""Planning that teams answer their reviews."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.review import domain
from concours.platform.review.interfaces.answer_forms import RebuttalPlanForm
from concours.platform.review.interfaces.pages import desk
from concours.platform.review.interfaces.support import run_track
from concours.platform.web.interfaces.shared import attempt


@login_required
@require_POST
def plan(request: HttpRequest, season: str, track: str) -> HttpResponse:
    found = run_track(request, season, track)
    round_ = desk.round_for(found)
    form = RebuttalPlanForm(request.POST, auto_id="id_rebuttal_%s")
    if form.is_valid():
        planned = attempt(
            form,
            lambda: domain.plan_rebuttal(actor=request.user, round=round_, **form.cleaned_data),
        )
        if planned is not None:
            messages.success(request, _("The dates of the answers are set."))
            return redirect("review:desk", found.season.slug, found.slug)
    return desk.show_desk(request, found, rebuttal_form=form)
