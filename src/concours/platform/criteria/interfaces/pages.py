"""How a project stands against criteria, for everybody."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from concours.platform.core.access import permitted
from concours.platform.criteria import domain
from concours.platform.criteria.enums import EvidenceKind, RowMode, RowState
from concours.platform.criteria.interfaces.forms import (
    EvidenceForm,
    JudgeForm,
    MaintainerForm,
    OpenForm,
    ReportForm,
)
from concours.platform.criteria.interfaces.support import (
    the_assessment,
    the_evidence,
    the_project,
    the_row,
    trail_of,
)
from concours.platform.criteria.models import AssessedRow, Assessment, MachineReport
from concours.platform.criteria.rules import (
    serving_maintainers,
    visible_assessments,
    visible_evidence,
)
from concours.platform.web.interfaces.shared import attempt, or_hidden

MOST_SHOWN = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """The assessments of a project; organisers open one here."""
    found = the_project(slug)
    form = OpenForm(request.POST or None)
    if request.method == "POST":
        or_hidden(request.user, "criteria.open_assessment", found)
        if form.is_valid():
            made = attempt(form, lambda: _open(request, found, form.cleaned_data["wanted"]))
            if made is not None:
                return redirect("criteria:assessment", made.code)
    return show_project(request, found, form=form, status=422 if form.errors else 200)


def _open(request: HttpRequest, found: Any, wanted: str) -> Assessment:
    criteria, _space, stage = wanted.partition(" ")
    return domain.open_assessment(actor=request.user, project=found, criteria=criteria, stage=stage)


def show_project(
    request: HttpRequest,
    found: Any,
    *,
    form: OpenForm | None = None,
    maintainer_form: MaintainerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = visible_assessments(request.user).filter(project=found)[:MOST_SHOWN]
    organises = permitted(request.user, "criteria.open_assessment", found)
    context = {
        "project": found,
        "rows": [domain.standing_of(user=request.user, assessment=one) for one in rows],
        "maintainers": serving_maintainers(found).select_related("user") if organises else [],
        "form": (form or OpenForm()) if organises else None,
        "maintainer_form": (maintainer_form or MaintainerForm()) if organises else None,
        "trail": trail_of(found),
    }
    return render(request, "criteria/project.html", context, status=status)


@never_cache
@require_safe
def assessment(request: HttpRequest, code: str) -> HttpResponse:
    return show_assessment(request, the_assessment(request, code))


def show_assessment(
    request: HttpRequest,
    found: Assessment,
    *,
    report_form: ReportForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The gap report: by chapter, what is open, who does it and how."""
    standing = domain.standing_of(user=request.user, assessment=found)
    gaps_only = request.GET.get("show") == "open"
    rows = standing.gaps if gaps_only else standing.rows
    is_open = found.closed_at is None
    context = {
        "assessment": found,
        "project": found.project,
        "standing": standing,
        "counts": [(state, standing.count(state)) for state in reversed(RowState)],
        "chapters": [
            (name, list(group)) for name, group in groupby(rows, lambda one: one.row.chapter_name)
        ],
        "gaps_only": gaps_only,
        "reports": found.reports.select_related("uploaded_by").order_by("-pk")[:MOST_SHOWN],
        "report_form": (report_form or ReportForm())
        if is_open and permitted(request.user, "criteria.add_report", found)
        else None,
        "closes": is_open and permitted(request.user, "criteria.close_assessment", found),
        "trail": trail_of(found.project, ("", found)),
    }
    return render(request, "criteria/assessment.html", context, status=status)


@never_cache
@require_safe
def row(request: HttpRequest, code: str, row: str) -> HttpResponse:
    return show_row(request, the_row(request, code, row))


def show_row(
    request: HttpRequest,
    found: AssessedRow,
    *,
    evidence_form: EvidenceForm | None = None,
    judge_form: JudgeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """One criterion with its evidence and all that was ever found."""
    assessment = found.assessment
    standing = domain.standing_of(user=request.user, assessment=assessment)
    is_open = assessment.closed_at is None
    adds = is_open and permitted(request.user, "criteria.add_evidence", assessment)
    judges = (
        is_open
        and found.mode != RowMode.MACHINE
        and permitted(request.user, "criteria.judge", assessment)
    )
    context = {
        "row": found,
        "assessment": assessment,
        "standing": next(one for one in standing.rows if one.row.pk == found.pk),
        "evidence": visible_evidence(request.user)
        .filter(row=found)
        .select_related("added_by")
        .order_by("-pk"),
        "results": found.results.select_related("report").order_by("-pk")[:MOST_SHOWN],
        "judgements": found.judgements.select_related("judged_by").order_by("-pk")[:MOST_SHOWN],
        "evidence_form": (evidence_form or EvidenceForm()) if adds else None,
        "judge_form": (judge_form or JudgeForm()) if judges else None,
        "trail": trail_of(
            assessment.project,
            (reverse("criteria:assessment", args=[assessment.code]), assessment),
            ("", found.code),
        ),
    }
    return render(request, "criteria/row.html", context, status=status)


@never_cache
@require_safe
def evidence_file(request: HttpRequest, evidence: str) -> HttpResponseBase:
    """The stored bytes to save, or the way to the address."""
    found = the_evidence(request, evidence)
    if found.kind == EvidenceKind.ADDRESS:
        return redirect(found.address)
    return _to_save(found.file, found.name)


@never_cache
@require_safe
def report_file(request: HttpRequest, report: str) -> HttpResponseBase:
    """A report as it was handed in."""
    rows = MachineReport.objects.filter(assessment__in=visible_assessments(request.user))
    found = get_object_or_404(rows, code=report)
    return _to_save(found.file, _("criteria-report") + f"-{found.code}.json")


def _to_save(file: Any, name: str) -> FileResponse:
    """Never shown, never run, by no browser."""
    response = FileResponse(
        file.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response
