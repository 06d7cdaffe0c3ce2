"""Periodic reports: writing one, reading one, and what mentors do with it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concours.platform.core.access import permitted
from concours.platform.incubation import domain
from concours.platform.incubation.enums import ActKind
from concours.platform.incubation.interfaces.forms import CommentForm, PeriodicReportForm
from concours.platform.incubation.interfaces.support import (
    project_url,
    the_project,
    the_report,
    trail_of,
)
from concours.platform.incubation.models import PeriodicReport
from concours.platform.web.interfaces.shared import attempt, or_hidden

BUTTONS = frozenset({ActKind.READ, ActKind.SIGNED_OFF})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write the report of a period that is owed."""
    project = the_project(slug)
    or_hidden(request.user, "incubation.maintain", project)
    incubation = domain.incubation_of(project=project)
    owed = domain.owed_by(incubation=incubation) if incubation else []
    wanted = next((one for one in owed if one.period.number == number), None)
    if incubation is None or wanted is None:
        raise Http404
    form = PeriodicReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.submit_report(
                actor=request.user, incubation=incubation, number=number, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, _("The report is handed in. The mentors are told."))
            return redirect("incubation:report", made.code)
    context = {
        "form": form,
        "project": project,
        "period": wanted.period,
        "owed": wanted,
        "back": project_url(project),
        "trail": trail_of(project, ("", _("New report"))),
    }
    return render(request, "incubation/write.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """Write a report anew, until a mentor signed it off."""
    report = the_report(request, code)
    or_hidden(request.user, "incubation.maintain", report.project)
    initial = {name: getattr(report, name) for name in domain.SECTIONS}
    form = PeriodicReportForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.revise_report(actor=request.user, report=report, **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, _("The report is written anew."))
            return redirect("incubation:report", report.code)
    context = {
        "form": form,
        "project": report.project,
        "period": report,
        "back": reverse("incubation:report", args=[report.code]),
        "trail": trail_of(report.project, ("", _("Write it anew"))),
    }
    return render(request, "incubation/write.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
def report(request: HttpRequest, code: str) -> HttpResponse:
    return _shown(request, the_report(request, code))


@login_required
@require_POST
def act(request: HttpRequest, code: str, act: str) -> HttpResponse:
    """Read, sign off or comment; a refusal of a button is a page of its own."""
    found = the_report(request, code)
    or_hidden(request.user, "incubation.mentor", found.project)
    if act not in ActKind.values:
        raise Http404
    if act in BUTTONS:
        domain.act_on_report(actor=request.user, report=found, kind=act)
    else:
        form = CommentForm(request.POST)
        if not form.is_valid() or not attempt(
            form,
            lambda: domain.act_on_report(
                actor=request.user, report=found, kind=act, text=form.cleaned_data["text"]
            ),
        ):
            return _shown(request, found, comment_form=form, status=422)
    messages.success(request, _("It is noted."))
    return redirect("incubation:report", code)


def _shown(
    request: HttpRequest,
    found: PeriodicReport,
    *,
    comment_form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    acts = list(found.acts.select_related("mentoring__mentor__user").order_by("pk"))
    own = {one.kind for one in acts if one.mentoring.mentor.user_id == user.pk}
    going = found.incubation.ended_on is None
    mentors = going and permitted(user, "incubation.mentor", found.project)
    signed = [one for one in acts if one.kind == ActKind.SIGNED_OFF]
    context: dict[str, Any] = {
        "report": found,
        "project": found.project,
        "sections": [
            (PeriodicReport._meta.get_field(name).verbose_name, getattr(found, name))  # type: ignore[union-attr]
            for name in domain.SECTIONS
        ],
        "acts": acts,
        "signed": signed,
        "mentors": mentors,
        "own": {kind.replace("-", "_"): True for kind in own},
        "comment_form": comment_form or CommentForm(),
        "revises": going and not signed and permitted(user, "incubation.maintain", found.project),
        "trail": trail_of(found.project, ("", _("Report"))),
    }
    return render(request, "incubation/report.html", context, status=status)
