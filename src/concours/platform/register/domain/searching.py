"""Finding projects."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from concours.platform.register.enums import OWN, Stage
from concours.platform.register.folding import fold
from concours.platform.register.models import Project, StageChange, TechnicalArea
from concours.platform.register.rules import visible_changes, visible_projects

MAX_TERMS = 10
EVERY = "every"
"""Stands for all registers."""
_REGISTERS: dict[str, str | Promise] = {
    OWN: _("this foundation"),
    EVERY: _("all registers"),
    "apache": "Apache Incubator",
    "cncf": "CNCF",
}


def search(
    *,
    user: Any,
    text: str = "",
    area: str = "",
    stage: str = "",
    donor: str = "",
    register: str = OWN,
    year: int = 0,
) -> QuerySet[Project]:
    """The projects `user` may see that fit all that is given; in order of registration.

    `text` is split at spaces; each of the first MAX_TERMS parts must occur in a name, summary,
    licence, donor or area, in either language, whatever the case. The others are slugs; `register`
    is EVERY for all of them, and `year` that of entering the register, 0 for any.
    """
    found = visible_projects(user)
    for term in fold(text.replace("\0", " ")).split()[:MAX_TERMS]:
        found = found.filter(search_text__contains=term)
    if area:
        found = found.filter(areas__slug=area)
    if donor:
        found = found.filter(donations__donor__slug=donor)
    if stage:
        found = found.filter(stage=stage)
    if register != EVERY:
        found = found.filter(register=register)
    if year:
        entered = StageChange.objects.filter(from_stage="", on__year=year)
        found = found.filter(pk__in=entered.values("project"))
    return found.order_by("pk")


def funnel(projects: QuerySet[Project]) -> list[tuple[Stage, int]]:
    """How many of `projects` stand at each stage, every stage named, in order."""
    counted = dict(projects.order_by().values_list("stage").annotate(number=Count("pk")))
    return [(stage, counted.get(stage.value, 0)) for stage in Stage]


def years(*, user: Any) -> list[int]:
    """Every year from the last entry to the first; empty where no day is known."""
    entered = visible_changes(user).filter(from_stage="", on__isnull=False)
    days = entered.values_list("on", flat=True)
    first, last = days.order_by("on").first(), days.order_by("-on").first()
    return list(range(last.year, first.year - 1, -1)) if first and last else []


def project_names(*, slugs: Iterable[str]) -> dict[str, str]:
    """Names in the reader's language by short name; of those there are."""
    found = Project.objects.filter(slug__in=set(slugs))
    return {project.slug: str(project) for project in found}


def register_name(slug: str) -> str:
    """A register as readers know it; one of no renown by its short name."""
    return str(_REGISTERS.get(slug, slug))


def area_name(slug: str) -> str:
    """The technical area's name in the reader's language; an unknown one as it was written."""
    area = TechnicalArea.objects.filter(slug=slug).first()
    return str(area) if area else slug
