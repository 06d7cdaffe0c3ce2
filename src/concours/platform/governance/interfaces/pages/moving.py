"""Carrying out by hand what a body decided, where the charter asks for no vote."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from concours.platform.core.errors import Refused
from concours.platform.governance import domain
from concours.platform.governance.interfaces.forms import MoveForm
from concours.platform.governance.interfaces.support import trail
from concours.platform.governance.models import AccessReview
from concours.platform.governance.rules import visible_bodies
from concours.platform.register.domain import find_project
from concours.platform.register.enums import Stage
from concours.platform.web.interfaces.shared import attempt, or_hidden


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest) -> HttpResponse:
    or_hidden(request.user, "governance.hold_reviews", None)
    form = MoveForm(
        request.POST or None,
        initial={"project": request.GET.get("project", "")},
        bodies=visible_bodies(request.user),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _move(request, dict(form.cleaned_data)))
        if made is not None:
            return redirect("register:project", made.project.slug)
    return render(
        request,
        "governance/move.html",
        {"form": form, "ways": _ways(), "trail": trail((request.path, _("Move a project")))},
    )


def _move(request: HttpRequest, given: dict[str, Any]) -> AccessReview:
    project = find_project(given.pop("project"))
    if project is None:
        raise Refused("no-project", _("The register has no project of this short name."))
    return domain.move_by_office(actor=request.user, project=project, **given)


def _ways() -> list[tuple[Any, Any]]:
    """The steps that the charter in force leaves to the office; none before there is a charter."""
    charter = domain.charter_in_force()
    if charter is None:
        return []
    return [
        (Stage(origin).label, Stage(way.to).label)
        for way in domain.parsed(charter).transitions
        if not way.votes
        for origin in way.origins
    ]
