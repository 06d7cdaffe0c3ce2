"""The register, made through its import."""

from __future__ import annotations

from itertools import count
from typing import Any

from concours.platform.core.actors import System
from concours.platform.register import domain
from concours.platform.register.models import Project

ACTOR = System("tests")
_numbers = count(1)

AREAS = [
    domain.AreaPlan(slug="storage", name="Storage", name_zh="存储"),
    domain.AreaPlan(slug="security", name="Security", name_zh="安全"),
]
DONORS = [
    domain.DonorPlan(slug="acme", name="Acme Works", name_zh="顶点工坊"),
    domain.DonorPlan(slug="ada", name="Ada Löwe", kind="person"),
]


def project(**fields: Any) -> Project:
    """A registered project; areas and donors of AREAS and DONORS are there as well."""
    number = next(_numbers)
    plan = domain.ProjectPlan(
        slug=fields.pop("slug", f"project-{number}"),
        name=fields.pop("name", f"Project {number}"),
        stage=fields.pop("stage", "incubating"),
        **fields,
    )
    domain.import_register(actor=ACTOR, areas=AREAS, donors=DONORS, projects=[plan])
    return Project.objects.get(slug=plan.slug)
