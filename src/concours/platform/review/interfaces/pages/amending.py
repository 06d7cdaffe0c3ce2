"""A reviewer amends scores after the team has answered."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.review import domain
from concours.platform.review.interfaces.answer_forms import amend_form
from concours.platform.review.interfaces.pages import duties
from concours.platform.review.interfaces.support import the_duty
from concours.platform.web.interfaces.shared import attempt


@login_required
@require_POST
def amend(request: HttpRequest, code: str) -> HttpResponse:
    duty = the_duty(request, code)
    form = amend_form(duty, request.POST)
    if form is None:
        messages.error(request, _("Scores cannot be amended now."))
        return redirect("review:review", code=code)
    if form.is_valid():
        amended = attempt(
            form,
            lambda: domain.amend_after_answer(
                actor=request.user,
                assignment=duty,
                scores=form.scores(),
                reason=form.cleaned_data["reason"],
            ),
        )
        if amended is not None:
            messages.success(request, _("The scores are amended. The old ones are kept."))
            return redirect("review:review", code=code)
    return duties.show(request, duty, amend_form=form)
