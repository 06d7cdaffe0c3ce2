"""The register, for everyone."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.core.text import localised
from concours.platform.register import domain
from concours.platform.register.enums import OWN, Stage
from concours.platform.register.interfaces.forms import FilterForm
from concours.platform.register.models import Project
from concours.platform.register.rules import visible_projects

A_PAGE = 30
SHORT = 220
LARGEST = 2**63 - 1


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The projects that fit the filters, and how many stand at each stage."""
    form = FilterForm(request.GET, user=request.user)
    wanted = form.wanted
    found = domain.browse(user=request.user, after=_cursor(request), size=A_PAGE, **wanted)
    steps, page = _funnel(found.funnel, wanted), found.page
    context: dict[str, Any] = {
        "form": form,
        "filtered": bool(_query(wanted)),
        "count": sum(step["number"] for step in steps if _counts(step, wanted)),
        "funnel": steps,
        "register": wanted["register"],
        "cards": _cards(page.items),
        # As text, because the first page's cursor is 0.
        "previous": "" if page.previous is None else str(page.previous),
        "next": "" if page.next is None else str(page.next),
        "trail": [("/", _("Home")), ("", _("Projects"))],
    }
    whole = not getattr(request, "htmx", False)
    template = "register/projects.html" if whole else "register/parts/results.html"
    response = render(request, template, context)
    response["Vary"] = "HX-Request"
    return response


@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    """One project with its donors."""
    found = get_object_or_404(
        visible_projects(request.user).prefetch_related("areas", "donations__donor"), slug=slug
    )
    donations = list(found.donations.all())
    related = (
        visible_projects(request.user)
        .filter(register=OWN, donors__in=[donation.donor_id for donation in donations])
        .exclude(pk=found.pk)
        .distinct()
    )
    history = domain.history_of(project=found)
    context = {
        "project": found,
        "history": history,
        "foreign": "" if found.register == OWN else domain.register_name(found.register),
        "summary": localised(found, "summary"),
        "donations": donations,
        "related": [(other, localised(other, "summary")) for other in related[:6]],
        "trail": [
            ("/", _("Home")),
            (reverse("register:projects"), _("Projects")),
            ("", found),
        ],
    }
    return render(request, "register/project.html", context)


def _cards(projects: list[Project]) -> list[dict[str, Any]]:
    """What the list shows of each project."""
    areas, donors = domain.areas_of(projects), domain.donors_of(projects)
    return [
        {
            "href": reverse("register:project", args=[project.slug]),
            "title": str(project),
            "text": _shortened(localised(project, "summary")),
            "areas": " · ".join(areas[project.pk]),
            "stage": project.stage,
            "stage_name": Stage(project.stage).label,
            "donors": ", ".join(donors[project.pk][:2]),
            "more_donors": len(donors[project.pk]) > 2 or project.more_donors,
        }
        for project in projects
    ]


def _shortened(text: str) -> str:
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def _funnel(rows: list[tuple[Stage, int]], wanted: dict[str, Any]) -> list[dict[str, Any]]:
    """Each stage with its number under the other filters, and where a click on it leads."""
    return [
        {
            "label": stage.label,
            "number": number,
            "current": stage.value == wanted["stage"],
            "href": "?" + urlencode(_query({**wanted, "stage": stage.value})),
        }
        for stage, number in rows
    ]


def _counts(step: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether a stage's number is part of what is listed."""
    return not wanted["stage"] or bool(step["current"])


def _query(wanted: dict[str, Any]) -> dict[str, Any]:
    """The filters as the address has them; our own register goes without saying."""
    named = {"q": wanted["text"], **{k: v for k, v in wanted.items() if k != "text"}}
    return {key: value for key, value in named.items() if value and value != OWN}


def _cursor(request: HttpRequest) -> int:
    text = request.GET.get("cursor", "")
    usable = text.isascii() and text.isdigit() and len(text) < 20
    return min(int(text), LARGEST) if usable else 0
