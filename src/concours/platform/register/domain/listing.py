"""The register as the plans that would make it again."""

from __future__ import annotations

from dataclasses import dataclass

from concours.platform.register.domain.importing import AreaPlan, DonorPlan, ProjectPlan
from concours.platform.register.models import Donor, Project, TechnicalArea


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All of the register, in order of registration."""

    areas: list[AreaPlan]
    donors: list[DonorPlan]
    projects: list[ProjectPlan]


def list_register() -> Listing:
    """Everything, as `import_register` takes it; six queries."""
    rows = Project.objects.prefetch_related("areas", "donations__donor", "changes")
    return Listing(
        areas=[
            AreaPlan(slug=area.slug, name=area.name, name_zh=area.name_zh)
            for area in TechnicalArea.objects.all()
        ],
        donors=[
            DonorPlan(slug=donor.slug, name=donor.name, name_zh=donor.name_zh, kind=donor.kind)
            for donor in Donor.objects.order_by("pk")
        ],
        projects=[_plan(project) for project in rows],
    )


def _plan(project: Project) -> ProjectPlan:
    donations, changes = list(project.donations.all()), list(project.changes.all())
    return ProjectPlan(
        slug=project.slug,
        name=project.name,
        stage=project.stage,
        name_zh=project.name_zh,
        summary=project.summary,
        summary_zh=project.summary_zh,
        areas=[area.slug for area in project.areas.all()],
        donors=[donation.donor.slug for donation in donations],
        homepage=project.homepage,
        licence=project.licence,
        more_donors=project.more_donors,
        signed_on=donations[0].signed_on if donations else None,
        since=changes[-1].on if changes else None,
    )
