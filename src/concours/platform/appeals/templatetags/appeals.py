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


@register.simple_tag
def points_move(before: int | None, after: int | None) -> str:
    """Points before and after with one place; with three where one place would show no change."""
    said = f"{points(before)} → {points(after)}"
    if before is None or after is None or before == after or points(before) != points(after):
        return said
    return f"{before / 1000:.3f} → {after / 1000:.3f}"


@register.filter
def kind_label(kind: str) -> str:
    """A kind of change in words."""
    return str(ChangeKind(kind).label)


@register.inclusion_tag("appeals/parts/move.html")
def move(before: int | None, after: int | None, most: int) -> dict[str, Any]:
    """Where a rank was and is, on a line from 1 to `most`; nothing where it is new or gone."""
    if before is None or after is None:
        return {"before": before, "after": after}
    x_before, x_after = _inset(percent(before, 1, most)), _inset(percent(after, 1, most))
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


def _inset(share: float) -> float:
    """Room at both ends, so that the first and the last place show whole marks."""
    return round(3 + 0.94 * share, 2)


@register.simple_tag
def prize_title(prize: dict[str, Any]) -> str:
    """A prize's title in the reader's language."""
    return localised(SimpleNamespace(**prize), "title")
