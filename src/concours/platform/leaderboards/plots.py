"""Geometry of the boards' pictures: positions in per cent, words left to the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from concours.platform.leaderboards.differences import Difference
from concours.platform.web.charts import percent

MARGIN = 6.0
"""Per cent kept free at the ends, so that no mark is cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A score at `x`, `y` per cent from the left and the top, with its interval's ends."""

    x: float
    y: float
    y_low: float
    y_high: float
    counts: bool
    label: str


def _within(value: float, low: float, high: float) -> float:
    inner = percent(value, low, high) if high > low else 50.0
    return round(MARGIN + inner * (100 - 2 * MARGIN) / 100, 3)


def interval(*, low: float, value: float, high: float, ends: tuple[float, float]) -> dict[str, Any]:
    """A value and its interval on the axis from `ends[0]` to `ends[1]`."""
    left, right = min(low, value), max(high, value)
    return {
        "x_low": percent(left, *ends),
        "x_value": percent(value, *ends),
        "x_high": percent(right, *ends),
    }


def history(
    scores: Sequence[tuple[int, float, tuple[float, float] | None, bool]],
) -> dict[str, Any] | None:
    """An entry's scores over its submissions: (number, value, interval, whether it counts).

    Numbers ascend. None without a score. Two lines: the scores, and the best or counted one.
    """
    if not scores:
        return None
    ends = [end for _, value, pair, _ in scores for end in (value, *(pair or ()))]
    low, high = min(ends), max(ends)
    first, last = scores[0][0], scores[-1][0]
    points = []
    for number, value, pair, counts in scores:
        lower, upper = pair or (value, value)
        points.append(
            Point(
                x=_within(number, first, last),
                y=100 - _within(value, low, high),
                y_low=100 - _within(lower, low, high),
                y_high=100 - _within(upper, low, high),
                counts=counts,
                label=str(number),
            )
        )
    segments = [{"x1": a.x, "y1": a.y, "x2": b.x, "y2": b.y} for a, b in pairwise(points)]
    return {"points": points, "segments": segments, "low": low, "high": high}


def move(one: Difference, *, count: int) -> dict[str, float] | None:
    """From the old place to the new on an axis 1..count; None where the entry stays, is new or
    gone."""
    if one.before is None or one.after is None or one.moved == 0:
        return None
    return {
        "x1": _within(one.before.place, 1, count),
        "x2": _within(one.after.place, 1, count),
    }
