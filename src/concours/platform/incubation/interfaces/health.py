"""Figures of health as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from concours.contribution import Health, Month
from concours.platform.incubation import domain
from concours.platform.incubation.models import HealthReport
from concours.platform.web.charts import percent

FIGURES = {
    "active_authors": _("authors in a year"),
    "absence_factor": _("people with half of the commits"),
    "organisations": _("organisations in a year"),
    "commit_days": _("days since the last commit"),
    "release_days": _("days since the last release"),
}
GAP = 0.25
"""Of a column's width."""
LEAST_COLUMNS = 12
"""A young project's few columns are as wide as those of a year."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a chart; all in per cent of its width or height."""

    x: float
    y: float
    width: float
    height: float
    month: Month


@dataclass(frozen=True, kw_only=True)
class ShownHealth:
    """The newest report with its marks; `chart` are commits a month, `most` the highest of them."""

    report: HealthReport
    health: Health
    marks: list[tuple[Any, domain.Mark]]
    chart: list[Column]
    most: int

    @property
    def last_month(self) -> str:
        return self.health.months[-1].month


def shown_health(project: Any, programme: Any) -> ShownHealth | None:
    """None before the first report."""
    report = domain.latest_health(project=project)
    if report is None:
        return None
    health = domain.health_in(report)
    marks = domain.marks_of(health, programme.health) if programme else []
    most = max((one.commits for one in health.months), default=0)
    return ShownHealth(
        report=report,
        health=health,
        marks=[(FIGURES[one.figure], one) for one in marks],
        chart=columns(health, most),
        most=most,
    )


def columns(health: Health, most: int) -> list[Column]:
    """A column a month, in order; its height is its share of `most`."""
    step = 100 / max(len(health.months), LEAST_COLUMNS)
    return [
        Column(
            x=round(place * step, 3),
            width=round(step * (1 - GAP), 3),
            y=round(100 - percent(one.commits, 0, most), 3),
            height=percent(one.commits, 0, most),
            month=one,
        )
        for place, one in enumerate(health.months)
    ]
