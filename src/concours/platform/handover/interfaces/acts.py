"""What people press on a handover's page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.handover import domain
from concours.platform.handover.interfaces.forms import (
    AgreeForm,
    AttachForm,
    CandidateForm,
    ReasonForm,
    WishForm,
)
from concours.platform.handover.interfaces.pages import show_dossier, show_handover
from concours.platform.handover.interfaces.support import (
    rows_offered,
    the_dossier,
    the_handover,
    the_row,
)
from concours.platform.handover.models import Handover
from concours.platform.web.interfaces.shared import attempt, or_hidden


def _for(request: HttpRequest, code: str, permission: str) -> Handover:
    found = the_handover(request, code)
    or_hidden(request.user, permission, found)
    return found


def _back(request: HttpRequest, code: str, text: Any) -> HttpResponse:
    messages.success(request, text)
    return redirect("handover:handover", code)


@login_required
@require_POST
def agree(request: HttpRequest, code: str) -> HttpResponse:
    found, form = _for(request, code, "handover.agree"), AgreeForm(request.POST)
    form.is_valid()
    domain.agree(actor=request.user, handover=found, **form.cleaned_data)
    return _back(
        request, code, _("Thank you. You can take it back until the entry is handed over.")
    )


@login_required
@require_POST
def decline(request: HttpRequest, code: str) -> HttpResponse:
    domain.decline(actor=request.user, handover=_for(request, code, "handover.agree"))
    return _back(request, code, _("It is noted: the entry stays with you."))


@login_required
@require_POST
def say(request: HttpRequest, code: str) -> HttpResponse:
    found, form = _for(request, code, "handover.say"), WishForm(request.POST)
    form.is_valid()
    domain.say(actor=request.user, handover=found, **form.cleaned_data)
    return _back(request, code, _("It is noted."))


@login_required
@require_POST
def give_leave(request: HttpRequest, code: str) -> HttpResponse:
    domain.give_leave(actor=request.user, handover=_for(request, code, "handover.release"))
    return _back(request, code, _("Your review may go along, without your name."))


@login_required
@require_POST
def withdraw_leave(request: HttpRequest, code: str) -> HttpResponse:
    domain.withdraw_leave(actor=request.user, handover=_for(request, code, "handover.release"))
    return _back(request, code, _("Your review’s text is no longer shown."))


@login_required
@require_POST
def hand_over(request: HttpRequest, code: str) -> HttpResponse:
    found, form = _for(request, code, "handover.hand_over"), CandidateForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: domain.hand_over(actor=request.user, handover=found, **form.cleaned_data),
        )
        if done is not None and done.project is not None:
            messages.success(request, _("The entry is a candidate now, and its dossier is public."))
            return redirect("register:project", done.project.slug)
    return show_handover(request, found, candidate_form=form, status=422)


@login_required
@require_POST
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    found, form = _for(request, code, "handover.take_back"), ReasonForm(request.POST)
    if form.is_valid():
        done = attempt(
            form,
            lambda: domain.take_back(actor=request.user, handover=found, **form.cleaned_data),
        )
        if done is not None:
            return _back(request, code, _("It is taken back; the project is archived."))
    return show_handover(request, found, reason_form=form, status=422)


@login_required
@require_POST
def attach(request: HttpRequest, slug: str) -> HttpResponse:
    """Attach the dossier to a criterion of an open assessment."""
    found = the_dossier(request, slug)
    or_hidden(request.user, "handover.attach", found.handover)
    form = AttachForm(request.POST, rows=rows_offered(found))
    if form.is_valid():
        row = the_row(found, form.cleaned_data["row"])
        if attempt(form, lambda: domain.attach(actor=request.user, dossier=found, row=row)):
            messages.success(request, _("The dossier is attached as evidence."))
            return redirect("criteria:row", row.assessment.code, row.code)
    return show_dossier(request, found, attach_form=form, status=422)
