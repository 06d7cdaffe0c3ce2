from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from concours.platform.api.auth import public
from concours.platform.core.cursor import page_after
from concours.platform.register import domain
from concours.platform.register.enums import DonorKind, Stage
from concours.platform.register.interfaces.figures_api import FiguresOut, figures
from concours.platform.register.models import Project, StageChange, TechnicalArea
from concours.platform.register.rules import visible_projects

router = Router(tags=["Projects"])
LARGEST = 2**63 - 1
SLUG = r"^[a-z0-9-]*$"


class AreaOut(Schema):
    slug: str
    name: str
    name_zh: str


class DonorOut(Schema):
    slug: str
    name: str
    name_zh: str
    kind: DonorKind
    signed_on: date | None = Field(description="day of the donation's signing, where it is known")


class StepOut(Schema):
    """A change of stage; the first one has no stage before it."""

    from_stage: str
    to_stage: Stage
    on: date | None = Field(description="the day it holds from, null where it is not known")
    reason: str
    decision: str = Field(description="the code of the access review behind it, or empty")
    cause: str = Field(
        description="why it was archived: inactive, donor-withdrew, merged, moved, legal, other; "
        "empty for other moves and where nobody said it"
    )


class ProjectOut(Schema):
    """A project; `more_donors` says that the list of donors is known not to be complete."""

    slug: str
    name: str
    name_zh: str
    summary: str
    summary_zh: str
    stage: Stage
    in_register: str = Field(
        alias="register", description="“own”, or the register of another foundation"
    )
    homepage: str
    licence: str
    areas: list[AreaOut]
    donors: list[DonorOut]
    more_donors: bool
    history: list[StepOut] = Field(description="in order; empty where the register knows none")

    @staticmethod
    def resolve_history(project: Project) -> list[StageChange]:
        return list(project.changes.all())

    @staticmethod
    def resolve_areas(project: Project) -> list[TechnicalArea]:
        return list(project.areas.all())

    @staticmethod
    def resolve_donors(project: Project) -> list[dict[str, object]]:
        return [
            {
                "slug": donation.donor.slug,
                "name": donation.donor.name,
                "name_zh": donation.donor.name_zh,
                "kind": donation.donor.kind,
                "signed_on": donation.signed_on,
            }
            for donation in project.donations.all()
        ]


class ProjectsWanted(Schema):
    q: str = Field("", max_length=200, description="words that must all occur, in any language")
    area: str = Field("", max_length=80, pattern=SLUG, description="a technical area's short name")
    donor: str = Field("", max_length=80, pattern=SLUG, description="a donor's short name")
    stage: Stage | None = None
    in_register: str = Field(
        "own", max_length=20, pattern=SLUG, description="a register's short name, or “every”"
    )
    year: int = Field(0, ge=0, le=9999, description="year of entering the register, 0 for any")
    cursor: int = Field(0, ge=0, le=LARGEST, description="“next” of the page before")
    limit: int = Field(50, ge=1, le=200, description="projects on the page")


class ProjectPageOut(Schema):
    """In order of registration. Give `next` as `cursor` for the next page; null at the end."""

    items: list[ProjectOut]
    next: int | None


@router.get("/", response=ProjectPageOut, auth=public(), summary="Projects, by what is wanted")
def projects(request: HttpRequest, wanted: Query[ProjectsWanted]) -> dict[str, object]:
    found = domain.search(
        user=request.user,
        text=wanted.q,
        area=wanted.area,
        donor=wanted.donor,
        stage=wanted.stage.value if wanted.stage else "",
        register=wanted.in_register,
        year=wanted.year,
    )
    page = page_after(
        found.prefetch_related("areas", "donations__donor", "changes"),
        field="id",
        after=wanted.cursor,
        size=wanted.limit,
    )
    return {"items": page.items, "next": page.next}


@router.get("/areas", response=list[AreaOut], auth=public(), summary="The technical areas")
def areas(request: HttpRequest) -> list[TechnicalArea]:
    return list(TechnicalArea.objects.all())


router.get("/figures", response=FiguresOut, auth=public(), summary="The register in figures")(
    figures
)


@router.get("/{slug}", response=ProjectOut, auth=public(), summary="One project")
def project(request: HttpRequest, slug: str) -> Project:
    rows = visible_projects(request.user).prefetch_related("areas", "donations__donor", "changes")
    return get_object_or_404(rows, slug=slug)
