"""The register in figures, for programs. Lengths are in days."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Query, Schema
from pydantic import Field

from concours.platform.register.courses import GridRow
from concours.platform.register.domain import Figures
from concours.platform.register.enums import Stage
from concours.platform.register.interfaces.figures import figures_of
from concours.platform.register.stages import STAGES


class SpreadOut(Schema):
    number: int
    low: float | None = Field(description="first quartile")
    median: float | None
    high: float | None = Field(description="third quartile")


class FunnelOut(Schema):
    stage: Stage
    stood: int
    moved_on: int
    archived: int
    still: int


class StageTimeOut(Schema):
    """`estimate` is the median that counts the open stays too (Kaplan-Meier)."""

    stage: Stage
    left: SpreadOut
    still: int
    estimate: float | None
    unknown: int


class WayTimeOut(Schema):
    """From one stage, or empty for the day of entry, to another."""

    from_stage: str
    to_stage: Stage
    spread: SpreadOut


class YearOut(Schema):
    year: int
    entered: int
    graduated: int
    archived: int


class GridOut(Schema):
    """Projects of an area or donor by stage; the area is empty for projects without one."""

    slug: str
    counts: dict[str, int]

    @staticmethod
    def resolve_counts(row: GridRow) -> dict[str, int]:
        return dict(zip(STAGES, row.counts, strict=True))


class FiguresOut(Schema):
    in_register: str = Field(alias="register")
    as_of: date
    number: int
    funnel: list[FunnelOut]
    times: list[StageTimeOut]
    ways: list[WayTimeOut]
    years: list[YearOut]
    undated: int = Field(description="projects whose day of entry is not known")
    areas: list[GridOut]
    donors: list[GridOut]


class FiguresWanted(Schema):
    in_register: str = Field(
        "own", max_length=20, pattern=r"^[a-z0-9-]*$", description="a register, or “every”"
    )


def figures(request: HttpRequest, wanted: Query[FiguresWanted]) -> Figures:
    return figures_of(wanted.in_register, user=request.user)
