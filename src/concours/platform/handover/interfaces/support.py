"""What the pages of handovers and their API share."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from concours.platform.criteria.domain.queries import open_rows
from concours.platform.handover import domain
from concours.platform.handover.models import Dossier, Handover
from concours.platform.handover.rules import visible_handovers
from concours.platform.register import domain as register


def the_handover(request: HttpRequest, code: str) -> Handover:
    """The handover, if the reader may know of it; 404 otherwise."""
    rows = visible_handovers(request.user).select_related(
        "entry__track__season", "entry__track__phase", "entry__team", "project"
    )
    return get_object_or_404(rows, code=code)


def the_dossier(request: HttpRequest, slug: str) -> Dossier:
    """The dossier by which a project came in; 404 where there is none that the reader may see."""
    project = register.find_project(slug)
    if project is None:
        raise Http404
    found = domain.dossier_of(user=request.user, project=project)
    if found is None:
        raise Http404
    return found


def rows_offered(dossier: Dossier) -> list[tuple[str, list[tuple[str, str]]]]:
    """The rows that the dossier may be attached to, by assessment, as a choice field takes them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in open_rows(project=dossier.handover.project):
        if not _attached(row, dossier):
            place = f"{row.assessment} · {row.assessment.stage_name}"
            found.setdefault(place, []).append((_key(row), f"{row.code} · {row}"))
    return list(found.items())


def the_row(dossier: Dossier, key: str) -> Any:
    """The row of that key; 404 for one that is not offered."""
    rows = open_rows(project=dossier.handover.project)
    found = next((row for row in rows if _key(row) == key), None)
    if found is None:
        raise Http404
    return found


def _key(row: Any) -> str:
    return f"{row.assessment.code}/{row.code}"


def _attached(row: Any, dossier: Dossier) -> bool:
    return any(
        one.digest == dossier.digest and one.withdrawn_at is None for one in row.evidence.all()
    )
