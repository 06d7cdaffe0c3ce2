"""What the pages of criteria share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.criteria.models import AssessedRow, Assessment, Evidence
from concours.platform.criteria.rules import visible_assessments, visible_evidence
from concours.platform.register import domain as register
from concours.platform.web.interfaces.shared import Trail


def the_project(slug: str) -> Any:
    """The project; 404 where there is none."""
    found = register.find_project(slug)
    if found is None:
        raise Http404
    return found


def the_assessment(request: HttpRequest, code: str) -> Assessment:
    rows = visible_assessments(request.user).select_related("project", "opened_by")
    return get_object_or_404(rows, code=code)


def the_row(request: HttpRequest, code: str, row: str) -> AssessedRow:
    """A row with its assessment and project, if the reader may see them; 404 otherwise."""
    assessment = the_assessment(request, code)
    found = get_object_or_404(AssessedRow, assessment=assessment, code=row)
    found.assessment = assessment
    return found


def the_evidence(request: HttpRequest, code: str) -> Evidence:
    """The evidence, if the reader may see it; 404 otherwise."""
    rows = visible_evidence(request.user).select_related("row__assessment__project")
    return get_object_or_404(rows, code=code)


def trail_of(project: Any, *more: tuple[str, Any]) -> Trail:
    """The way to a page of a project's criteria."""
    return [
        ("/", _("Home")),
        (reverse("register:projects"), _("Projects")),
        (reverse("register:project", args=[project.slug]), project),
        (reverse("criteria:project", args=[project.slug]) if more else "", _("Criteria")),
        *more,
    ]


def row_url(row: AssessedRow) -> str:
    return reverse("criteria:row", args=[row.assessment.code, row.code])
