"""Taking a register in from data; taking the same in again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.register.domain.indexing import index, index_all
from concours.platform.register.enums import DonorKind, Stage
from concours.platform.register.models import (
    Donation,
    Donor,
    Project,
    StageChange,
    TechnicalArea,
)

M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True, kw_only=True)
class AreaPlan:
    slug: str
    name: str
    name_zh: str = ""


@dataclass(frozen=True, kw_only=True)
class DonorPlan:
    slug: str
    name: str
    name_zh: str = ""
    kind: str = DonorKind.LEGAL_ENTITY.value


@dataclass(frozen=True, kw_only=True)
class ProjectPlan:
    """A project as it is to stand in the register; areas and donors by slug, donors in order.

    `since` is the day it came to its stage, where that is known; it is noted with the first
    registration only.
    """

    slug: str
    name: str
    stage: str
    name_zh: str = ""
    summary: str = ""
    summary_zh: str = ""
    areas: Sequence[str] = ()
    donors: Sequence[str] = ()
    homepage: str = ""
    licence: str = ""
    more_donors: bool = False
    signed_on: date | None = None
    since: date | None = None


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many areas, donors and projects were added, changed and left as they were."""

    added: int
    changed: int
    unchanged: int


@transaction.atomic
def import_register(
    *,
    actor: Any,
    areas: Sequence[AreaPlan] = (),
    donors: Sequence[DonorPlan] = (),
    projects: Sequence[ProjectPlan] = (),
    source: str = "",
) -> Imported:
    """Add what is new and correct what differs; nothing is removed.

    The stage of a project that is registered already is left alone: it moves by decisions, not
    by loading a file again. `source` is the digest of where the data came from, for the record.
    Raises Refused for an unknown area, donor, stage or kind, and for a name that another has.
    """
    require(actor, "register.import_register")
    outcomes: list[str] = []
    known_areas = {
        plan.slug: _keep(TechnicalArea, asdict(plan), actor, source, outcomes) for plan in areas
    }
    for plan in donors:
        if plan.kind not in DonorKind.values:
            raise Refused("unknown-kind", _("%(kind)s is no kind of donor.") % {"kind": plan.kind})
    known_donors = {
        plan.slug: _keep(Donor, asdict(plan), actor, source, outcomes) for plan in donors
    }
    for project in projects:
        _keep_project(
            project,
            areas=[_named(TechnicalArea, slug, known_areas) for slug in project.areas],
            donors=[_named(Donor, slug, known_donors) for slug in project.donors],
            actor=actor,
            source=source,
            outcomes=outcomes,
        )
    if "changed" in outcomes:
        index_all()
    return Imported(
        added=outcomes.count("added"),
        changed=outcomes.count("changed"),
        unchanged=outcomes.count("unchanged"),
    )


def _keep(
    model: type[M], values: dict[str, Any], actor: Any, source: str, outcomes: list[str]
) -> M:
    """The row named by the slug, added or corrected, with its event."""
    manager = model._default_manager
    stored = manager.select_for_update(no_key=True).filter(slug=values["slug"]).first()
    if stored is None:
        stored = model(**values)
        _save(stored, insert=True)
        _note(actor, stored, "registered", values, source)
        outcomes.append("added")
        return stored
    differing = {name: value for name, value in values.items() if getattr(stored, name) != value}
    for name, value in differing.items():
        setattr(stored, name, value)
    if differing:
        _save(stored, insert=False)
        _note(actor, stored, "corrected", differing, source)
    outcomes.append("changed" if differing else "unchanged")
    return stored


def _keep_project(
    plan: ProjectPlan,
    *,
    areas: list[TechnicalArea],
    donors: list[Donor],
    actor: Any,
    source: str,
    outcomes: list[str],
) -> None:
    if plan.homepage and not plan.homepage.startswith(("https://", "http://")):
        raise Refused("bad-address", _("Begin the home page's address with https://."))
    if plan.stage not in Stage.values:
        raise Refused("unknown-stage", _("%(stage)s is no stage.") % {"stage": plan.stage})
    values = asdict(plan)
    for related in ("areas", "donors", "signed_on", "since"):
        values.pop(related)
    registered = Project.objects.filter(slug=plan.slug).first()
    if registered is not None:
        values.pop("stage")
    project = _keep(Project, values, actor, source, outcomes)
    if registered is None:
        _enter(project, since=plan.since)
    relations = _keep_relations(project, areas=areas, donors=donors, signed_on=plan.signed_on)
    if relations:
        _note(actor, project, "related", relations, source)
        if outcomes[-1] == "unchanged":
            outcomes[-1] = "changed"
    if outcomes[-1] != "unchanged":
        index(project)


def _enter(project: Project, *, since: date | None) -> None:
    """The first line of the project's history. Its event is that of the registration."""
    StageChange.objects.create(
        project=project, to_stage=project.stage, on=since, recorded_at=clock.now()
    )


def _keep_relations(
    project: Project, *, areas: list[TechnicalArea], donors: list[Donor], signed_on: date | None
) -> dict[str, Any]:
    """Set areas and donations as planned; what has changed, for the record."""
    changed: dict[str, Any] = {}
    wanted_areas = {area.pk: area.slug for area in areas}
    if set(project.areas.values_list("pk", flat=True)) != set(wanted_areas):
        project.areas.set(areas)
        changed["areas"] = sorted(wanted_areas.values())
    wanted = [(donor.pk, position, signed_on) for position, donor in enumerate(donors, start=1)]
    stored = list(project.donations.values_list("donor_id", "position", "signed_on"))
    if stored != wanted:
        project.donations.all().delete()
        Donation.objects.bulk_create(
            Donation(project=project, donor_id=donor, position=position, signed_on=day)
            for donor, position, day in wanted
        )
        changed["donors"] = [donor.slug for donor in donors]
        changed["signed_on"] = signed_on.isoformat() if signed_on else ""
    return changed


def _named(model: type[M], slug: str, known: dict[str, M]) -> M:
    found = known.get(slug) or model._default_manager.filter(slug=slug).first()
    if found is None:
        raise Refused("unknown-reference", _("The register knows no %(slug)s.") % {"slug": slug})
    return found


def _save(instance: models.Model, *, insert: bool) -> None:
    try:
        with transaction.atomic():
            instance.save(force_insert=insert)
    except IntegrityError:
        raise Refused(
            "name-taken", _("Another one has the name %(name)s already.") % {"name": str(instance)}
        ) from None


def _note(actor: Any, subject: models.Model, what: str, data: dict[str, Any], source: str) -> None:
    kind = subject._meta.model_name
    record.append(
        actor=actor, verb=f"{kind}.{what}", subject=subject, data={**data, "source": source}
    )
