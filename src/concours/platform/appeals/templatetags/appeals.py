"""What the pages of appeals show."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django import template

from concours.platform.appeals.enums import ChangeKind
from concours.platform.core.text import localised
from concours.platform.web.charts import percent

register = template.Library()


@register.filter
def points(milli: int | None) -> str:
    """Thousandths of a point as points with one place; half rounds up, a dash for none."""
    if milli is None:
        return "–"
    tenths = (milli + 50) // 100
    return f"{tenths // 10}.{tenths % 10}"


@register.filter
def kind_label(kind: str) -> str:
    """A kind of change in words."""
    return str(ChangeKind(kind).label)


@register.inclusion_tag("appeals/parts/move.html")
def move(before: int | None, after: int | None, most: int) -> dict[str, Any]:
    """Where a rank was and is, on a line from 1 to `most`; nothing where it is new or gone."""
    if before is None or after is None:
        return {"before": before, "after": after}
    x_before, x_after = percent(before, 1, most), percent(after, 1, most)
    return {
        "before": before,
        "after": after,
        "most": most,
        "x_before": x_before,
        "x_after": x_after,
        "x_low": min(x_before, x_after),
        "x_high": max(x_before, x_after),
        "drawn": True,
    }


@register.simple_tag
def prize_title(prize: dict[str, Any]) -> str:
    """A prize's title in the reader's language."""
    return localised(SimpleNamespace(**prize), "title")
