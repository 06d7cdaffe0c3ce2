"""The register in figures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count

from concours.platform.core import clock
from concours.platform.register import courses
from concours.platform.register.domain.keeping import kept, state
from concours.platform.register.domain.searching import search
from concours.platform.register.enums import OWN
from concours.platform.register.models import Donation, Project, StageChange
from concours.platform.register.rules import visible_projects
from concours.platform.register.stages import STAGES

PUBLIC = AnonymousUser()


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A register in figures on a day. Lengths are in days. `undated` entered on an unknown day.

    `state` differs whenever anything that they are made from does, names included.
    """

    register: str
    state: str
    as_of: date
    number: int
    funnel: list[courses.FunnelRow]
    times: list[courses.StageTime]
    ways: list[courses.WayTime]
    years: list[courses.YearRow]
    undated: int
    areas: list[courses.GridRow]
    donors: list[courses.GridRow]


def figures(*, register: str = OWN) -> Figures:
    """Of a register, or of EVERY; of what everyone sees, whoever asks.

    Computed anew only after an event that changes them, and on a new day.
    """
    return _computed(register, clock.now().date(), state())


def registers(*, user: Any) -> list[courses.GridRow]:
    """How many projects of each register stand at each stage, our own register first.

    Kept until the register changes.
    """
    return kept("registers", user=user, make=lambda: _registers(user))


def _registers(user: Any) -> list[courses.GridRow]:
    rows = visible_projects(user).order_by().values_list("register", "stage")
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    for register, stage, number in rows.annotate(number=Count("pk")):
        counted[register][stage] = number
    return [
        courses.GridRow(
            slug=register, counts=tuple(counted[register].get(stage, 0) for stage in STAGES)
        )
        for register in sorted(counted, key=lambda name: (name != OWN, name))
    ]


@lru_cache(maxsize=16)
def _computed(register: str, today: date, state: str) -> Figures:
    rows = _courses(register)
    years, undated = courses.years_of(rows)
    return Figures(
        register=register,
        state=state,
        as_of=today,
        number=len(rows),
        funnel=courses.funnel_of(rows),
        times=courses.stage_times(rows, today=today),
        ways=courses.way_times(rows),
        years=years,
        undated=undated,
        areas=courses.grid_of((area, row.stage) for row in rows for area in row.areas or ("",)),
        donors=courses.grid_of((donor, row.stage) for row in rows for donor in row.donors),
    )


def _courses(register: str) -> list[courses.Course]:
    found = search(user=PUBLIC, register=register)
    steps: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
    areas: dict[int, list[str]] = defaultdict(list)
    donors: dict[int, list[str]] = defaultdict(list)
    inside = {"project__in": found.order_by().values("pk")}
    changes = StageChange.objects.filter(**inside).order_by("pk")
    for key, stage, on in changes.values_list("project_id", "to_stage", "on"):
        steps[key].append((stage, on))
    through = Project.areas.through.objects.filter(**inside)
    for key, slug in through.values_list("project_id", "technicalarea__slug"):
        areas[key].append(slug)
    given = Donation.objects.filter(**inside).order_by()
    for key, slug in given.values_list("project_id", "donor__slug"):
        donors[key].append(slug)
    return [
        courses.Course(
            stage=stage,
            steps=tuple(steps[key]),
            areas=tuple(areas[key]),
            donors=tuple(donors[key]),
        )
        for key, stage in found.values_list("pk", "stage")
    ]
