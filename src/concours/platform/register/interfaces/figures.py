"""The register in figures, for everyone: a page, and the same as CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from concours.platform.register import domain
from concours.platform.register.courses import ENTRY, GridRow
from concours.platform.register.domain import Figures
from concours.platform.register.enums import OWN, Stage
from concours.platform.register.models import Donor, TechnicalArea
from concours.platform.register.stages import GRADUATED, STAGES

MOST_DONORS = 20
SPREAD = "number low median high"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """How far projects come, how long it takes, and where they stand."""
    found = figures_wanted(request)
    registers = domain.registers(user=request.user)
    stages = dict(Stage.choices)
    areas = {row.slug: str(row) for row in TechnicalArea.objects.all()}
    donors = found.donors[:MOST_DONORS]
    names = Donor.objects.filter(slug__in=[row.slug for row in donors])
    context = {
        "figures": found,
        "register": found.register,
        "register_name": domain.register_name(found.register),
        "registers": [(row, domain.register_name(row.slug)) for row in registers],
        "stages": [stages[stage] for stage in STAGES],
        "graduation": _graduation(found),
        "funnel": [(row, stages[row.stage]) for row in found.funnel],
        "most_stood": max((row.stood for row in found.funnel), default=0),
        "times": [(row, stages[row.stage]) for row in found.times],
        "ways": [
            (row, stages.get(row.from_stage, _("entry")), stages[row.to_stage])
            for row in found.ways
        ],
        "most_a_year": max((row.entered for row in found.years), default=0),
        "areas": _grid(found.areas, areas, without=_("no area")),
        "most_in_cell": max((n for row in found.areas for n in row.counts), default=0),
        "donors": _grid(donors, {row.slug: str(row) for row in names}),
        "more_donors": len(found.donors) - len(donors),
        "query": "" if found.register == OWN else f"?register={found.register}",
        "trail": [
            ("/", _("Home")),
            (reverse("register:projects"), _("Projects")),
            ("", _("In figures")),
        ],
    }
    return render(request, "register/figures.html", context)


@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same as rows of table, row, column and value; lengths in days."""
    found = figures_wanted(request)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="figures-{found.register}.csv"'
    writer = csv.writer(response, lineterminator="\n")
    writer.writerow(["table", "row", "column", "value"])
    writer.writerows(rows_of(found))
    return response


def figures_wanted(request: HttpRequest) -> Figures:
    """Of the register that the address names, ours without one. Raises Http404 for an unknown."""
    return figures_of(request.GET.get("register") or OWN, user=request.user)


def figures_of(register: str, *, user: Any) -> Figures:
    """Raises Http404 for a register there is not."""
    known = {row.slug for row in domain.registers(user=user)}
    if register not in known | {OWN, domain.EVERY}:
        raise Http404(register)
    return domain.figures(register=register)


def rows_of(found: Figures) -> Iterator[tuple[str, str, str, Any]]:
    """(table, row, column, value), None where there is none."""
    for name in ("number", "undated", "as_of"):
        yield "register", found.register, name, getattr(found, name)
    for step in found.funnel:
        yield from _cells("funnel", step.stage, step, "stood moved_on archived still")
    for time in found.times:
        yield from _cells("stays over", time.stage, time.left, SPREAD)
        yield from _cells("stays", time.stage, time, "still estimate unknown")
    for way in found.ways:
        name = f"{way.from_stage or 'entry'}-{way.to_stage}"
        yield from _cells("ways", name, way.spread, SPREAD)
    for year in found.years:
        yield from _cells("years", str(year.year), year, "entered graduated archived")
    for table, grid in (("areas", found.areas), ("donors", found.donors)):
        for row in grid:
            yield from ((table, row.slug, *cell) for cell in zip(STAGES, row.counts, strict=True))


def _cells(table: str, row: str, values: Any, names: str) -> Iterator[tuple[str, str, str, Any]]:
    return ((table, row, name, getattr(values, name)) for name in names.split())


def _graduation(found: Figures) -> Any:
    """Days from entry to graduation, where any project has come so far."""
    return next(
        (row.spread for row in found.ways if (row.from_stage, row.to_stage) == (ENTRY, GRADUATED)),
        None,
    )


def _grid(
    rows: list[GridRow], names: dict[str, str], *, without: str = ""
) -> list[tuple[GridRow, str, list[tuple[str, int]]]]:
    """(row, name, (stage, number) of each cell)."""
    labels = [str(Stage(stage).label) for stage in STAGES]
    return [
        (row, names.get(row.slug, row.slug) or without, list(zip(labels, row.counts, strict=True)))
        for row in rows
    ]
