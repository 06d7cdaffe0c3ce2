"""What maintainers and organisers do with assessments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from concours.platform.criteria import domain
from concours.platform.criteria.interfaces.forms import (
    EvidenceForm,
    JudgeForm,
    MaintainerForm,
    ReportForm,
)
from concours.platform.criteria.interfaces.pages import show_assessment, show_project, show_row
from concours.platform.criteria.interfaces.support import (
    row_url,
    the_assessment,
    the_evidence,
    the_project,
    the_row,
)
from concours.platform.criteria.models import AssessedRow, Evidence
from concours.platform.criteria.rules import serving_maintainers
from concours.platform.web.interfaces.shared import attempt, or_hidden


@login_required
@require_POST
def name_maintainer(request: HttpRequest, slug: str) -> HttpResponse:
    found = the_project(slug)
    or_hidden(request.user, "criteria.name_maintainer", found)
    form = MaintainerForm(request.POST)
    if form.is_valid():
        named = attempt(
            form,
            lambda: domain.name_maintainer(
                actor=request.user, project=found, user=form.cleaned_data["email"]
            ),
        )
        if named is not None:
            messages.success(request, _("The maintainer is named."))
            return redirect("criteria:project", slug)
    return show_project(request, found, maintainer_form=form, status=422)


@login_required
@require_POST
def remove_maintainer(request: HttpRequest, slug: str, person: str) -> HttpResponse:
    found = the_project(slug)
    or_hidden(request.user, "criteria.name_maintainer", found)
    maintainer = get_object_or_404(serving_maintainers(found), user__code=person)
    domain.remove_maintainer(actor=request.user, maintainer=maintainer)
    messages.success(request, _("The person no longer maintains the project."))
    return redirect("criteria:project", slug)


@login_required
@require_POST
def add_report(request: HttpRequest, code: str) -> HttpResponse:
    found = the_assessment(request, code)
    form = ReportForm(request.POST, request.FILES)
    if form.is_valid():
        content = form.cleaned_data["report"].read()
        added = attempt(
            form,
            lambda: domain.add_report(actor=request.user, assessment=found, content=content),
        )
        if added is not None:
            messages.success(request, _("The report is in."))
            return redirect("criteria:assessment", code)
    return show_assessment(request, found, report_form=form, status=422)


@login_required
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    domain.close_assessment(actor=request.user, assessment=the_assessment(request, code))
    messages.success(request, _("The assessment is closed."))
    return redirect("criteria:assessment", code)


@login_required
@require_POST
def add_evidence(request: HttpRequest, code: str, row: str) -> HttpResponse:
    found = the_row(request, code, row)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        added = attempt(form, lambda: _add(request, found, form.cleaned_data))
        if added is not None:
            messages.success(request, _("The evidence is attached."))
            return redirect(row_url(found))
    return show_row(request, found, evidence_form=form, status=422)


def _add(request: HttpRequest, row: AssessedRow, data: dict[str, Any]) -> Evidence:
    upload = data["file"]
    return domain.add_evidence(
        actor=request.user,
        row=row,
        name=upload.name if upload else data["name"],
        dated=data["dated"],
        confidential=data["confidential"],
        address=data["address"],
        content=upload.read() if upload else b"",
        digest=data["digest"],
    )


@login_required
@require_POST
def withdraw(request: HttpRequest, evidence: str) -> HttpResponse:
    found = the_evidence(request, evidence)
    domain.withdraw_evidence(actor=request.user, evidence=found)
    messages.success(request, _("The evidence is withdrawn."))
    return redirect(row_url(found.row))


@login_required
@require_POST
def judge(request: HttpRequest, code: str, row: str) -> HttpResponse:
    found = the_row(request, code, row)
    form = JudgeForm(request.POST)
    if form.is_valid():
        judged = attempt(
            form,
            lambda: domain.judge(
                actor=request.user,
                row=found,
                met=form.cleaned_data["met"] == "yes",
                reason=form.cleaned_data["reason"],
            ),
        )
        if judged is not None:
            messages.success(request, _("Your judgement is noted."))
            return redirect(row_url(found))
    return show_row(request, found, judge_form=form, status=422)
