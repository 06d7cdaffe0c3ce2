"""What the pages of incubation share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from concours.platform.incubation.models import AnnualReview, PeriodicReport
from concours.platform.incubation.rules import visible_reports, visible_reviews
from concours.platform.register import domain as register
from concours.platform.register.enums import OWN
from concours.platform.web.interfaces.shared import Trail


def the_project(slug: str) -> Any:
    """A project of our own register; 404 for any other."""
    found = register.find_project(slug)
    if found is None or found.register != OWN:
        raise Http404
    return found


def the_report(request: HttpRequest, code: str) -> PeriodicReport:
    rows = visible_reports(request.user).select_related(
        "incubation__project", "incubation__programme", "submitted_by"
    )
    return get_object_or_404(rows, code=code)


def the_review(request: HttpRequest, code: str) -> AnnualReview:
    rows = visible_reviews(request.user).select_related(
        "incubation__project", "incubation__programme", "decided_by"
    )
    return get_object_or_404(rows, code=code)


def project_url(project: Any) -> str:
    return reverse("incubation:project", args=[project.slug])


def trail_of(project: Any, *more: tuple[str, Any]) -> Trail:
    """The way to a page of a project's incubation."""
    return [
        ("/", _("Home")),
        (reverse("register:projects"), _("Projects")),
        (reverse("register:project", args=[project.slug]), project),
        (project_url(project) if more else "", _("Incubation")),
        *more,
    ]


def trail(*more: tuple[str, Any]) -> Trail:
    """The way to a page of incubation that is of no project."""
    return [
        ("/", _("Home")),
        (reverse("register:projects"), _("Projects")),
        (reverse("incubation:mentors") if more else "", _("Mentors")),
        *more,
    ]
