"""Taking in the projects of a register with their histories, many at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.register.domain.importing import AreaPlan, Imported, import_register
from concours.platform.register.domain.indexing import search_text
from concours.platform.register.enums import OWN, Stage
from concours.platform.register.models import Project, StageChange, TechnicalArea
from concours.platform.register.reading.parts import History, slug_of

BATCH = 500
VALUES = ("name", "stage", "summary", "summary_zh", "homepage")
_SHORT_NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """A history as it is to stand in the register."""

    slug: str
    history: History
    area: TechnicalArea | None

    @property
    def values(self) -> dict[str, str]:
        return {name: getattr(self.history, name) for name in VALUES}

    @property
    def steps(self) -> list[tuple[str, str]]:
        return [(one.stage, one.on.isoformat() if one.on else "") for one in self.history.steps]

    @property
    def areas(self) -> list[TechnicalArea]:
        return [self.area] if self.area else []


@transaction.atomic
def import_histories(
    *,
    actor: Any,
    projects: Sequence[History],
    register: str = OWN,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Add what is new, and make what differs as its source says; nothing is removed.

    The short names of another register's projects begin with the register's. The foundation's own
    register is only added to: what stands in it moves by decisions. One event a project holds all
    that is taken in and the digest of its file; `progress` is called with the projects done.

    Raises NotPermitted, and Refused for a bad `register` and for a name that is given twice or
    that another project has.
    """
    require(actor, "register.import_register")
    if not _SHORT_NAME.fullmatch(register):
        raise Refused(
            "bad-register", _("Name a register in at most 20 small letters, digits and hyphens.")
        )
    wanted = _wanted(actor, projects, register)
    stored = {
        project.slug: project
        for project in Project.objects.select_for_update(no_key=True)
        .filter(register=register)
        .prefetch_related("changes", "areas")
    }
    new = [one for one in wanted if one.slug not in stored]
    changed = [
        one
        for one in wanted
        if register != OWN and one.slug in stored and _differs(one, stored[one.slug])
    ]
    _refuse_names(new, changed, stored.values(), register=register)
    _insert(new, register)
    _update(changed, stored)
    _note(actor, [*new, *changed], register, progress)
    return Imported(
        added=len(new), changed=len(changed), unchanged=len(wanted) - len(new) - len(changed)
    )


def _wanted(actor: Any, projects: Sequence[History], register: str) -> list[_Wanted]:
    areas = _areas(actor, {one.area for one in projects if slug_of(one.area)})
    prefix = "" if register == OWN else f"{register}-"
    wanted = [
        _Wanted(slug=prefix + one.slug, history=one, area=areas.get(slug_of(one.area)))
        for one in projects
    ]
    if unknown := {step.stage for one in projects for step in one.steps} - set(Stage.values):
        raise Refused("unknown-stage", _("%(stage)s is no stage.") % {"stage": min(unknown)})
    return wanted


def _areas(actor: Any, names: Iterable[str]) -> dict[str, TechnicalArea]:
    """The areas of these names by their slugs; those that are not there are made."""
    plans = {slug_of(name): AreaPlan(slug=slug_of(name), name=name) for name in sorted(names)}
    known = set(TechnicalArea.objects.values_list("slug", flat=True))
    import_register(actor=actor, areas=[one for slug, one in plans.items() if slug not in known])
    return {area.slug: area for area in TechnicalArea.objects.filter(slug__in=plans)}


def _differs(wanted: _Wanted, stored: Project) -> bool:
    steps = [(one.to_stage, one.on.isoformat() if one.on else "") for one in stored.changes.all()]
    return (
        any(getattr(stored, name) != value for name, value in wanted.values.items())
        or steps != wanted.steps
        or list(stored.areas.all()) != wanted.areas
    )


def _refuse_names(
    new: list[_Wanted], changed: list[_Wanted], stored: Iterable[Project], *, register: str
) -> None:
    """Names are one of a kind in a register, short names in all of them."""
    elsewhere = set(Project.objects.exclude(register=register).values_list("slug", flat=True))
    renamed = {one.slug for one in changed}
    names = {one.name for one in stored if one.slug not in renamed}
    for one in (*new, *changed):
        if one.history.name in names or one.slug in elsewhere:
            raise Refused(
                "name-taken",
                _("Another one has the name %(name)s already.") % {"name": one.history.name},
            )
        names.add(one.history.name)
        elsewhere.add(one.slug)


def _insert(new: list[_Wanted], register: str) -> None:
    rows = [Project(slug=one.slug, register=register, **one.values) for one in new]
    for row, one in zip(rows, new, strict=True):
        row.search_text = search_text(row, areas=one.areas, donors=())
    made = Project.objects.bulk_create(rows, batch_size=BATCH)
    _relate(list(zip(made, new, strict=True)))


def _update(changed: list[_Wanted], stored: dict[str, Project]) -> None:
    pairs = [(stored[one.slug], one) for one in changed]
    for row, one in pairs:
        for name, value in one.values.items():
            setattr(row, name, value)
        row.search_text = search_text(row, areas=one.areas, donors=row.donors.all())
    Project.objects.bulk_update(
        [row for row, _one in pairs], [*VALUES, "search_text"], batch_size=BATCH // 5
    )
    keys = [row.pk for row, _one in pairs]
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        StageChange.objects.filter(project__in=some).delete()
        Project.areas.through.objects.filter(project__in=some).delete()
    _relate(pairs)


def _relate(pairs: list[tuple[Project, _Wanted]]) -> None:
    """The histories and areas of projects that have none."""
    now = clock.now()
    changes = []
    for row, one in pairs:
        before = ""
        for step in one.history.steps:
            changes.append(
                StageChange(
                    project=row,
                    from_stage=before,
                    to_stage=step.stage,
                    on=step.on,
                    recorded_at=now,
                )
            )
            before = step.stage
    StageChange.objects.bulk_create(changes, batch_size=BATCH)
    through = Project.areas.through
    through.objects.bulk_create(
        [
            through(project_id=row.pk, technicalarea_id=area.pk)
            for row, one in pairs
            for area in one.areas
        ],
        batch_size=BATCH,
    )


def _note(
    actor: Any, wanted: list[_Wanted], register: str, progress: Callable[[int], None] | None
) -> None:
    for done, one in enumerate(wanted, start=1):
        record.append(
            actor=actor,
            verb="project.taken-in",
            subject=f"project:{one.slug}",
            data={
                **one.values,
                "register": register,
                "areas": [area.slug for area in one.areas],
                "history": one.steps,
                "source": one.history.digest,
            },
        )
        if progress is not None:
            progress(done)
