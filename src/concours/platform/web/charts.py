"""Geometry of the small charts: positions in per cent of the width, text left to the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime


def percent(value: float, low: float, high: float) -> float:
    """Where `value` lies between `low` and `high`, 0..100, cut off at the ends."""
    if high <= low:
        return 0.0
    return round(100 * min(1.0, max(0.0, (value - low) / (high - low))), 3)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in a lane. `kind`: "plain", "soft", "accent" or "ink"."""

    start: datetime
    end: datetime
    label: str
    kind: str = "plain"


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment in a lane, drawn as a diamond."""

    at: datetime
    label: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of a calendar."""

    label: str
    note: str = ""
    href: str = ""
    spans: Sequence[Span] = field(default_factory=tuple)
    marks: Sequence[Mark] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Tick:
    """A month on the axis: `x` in per cent; `major` where a label fits on a narrow screen."""

    x: float
    month: datetime
    major: bool


def months(start: datetime, end: datetime) -> list[Tick]:
    """The first of each month in [start, end); every third is major."""
    ticks: list[Tick] = []
    moment = datetime(start.year, start.month, 1, tzinfo=UTC)
    while moment < end:
        if moment >= start:
            x = percent(moment.timestamp(), start.timestamp(), end.timestamp())
            ticks.append(Tick(x=x, month=moment, major=len(ticks) % 3 == 0))
        year, month = divmod(moment.year * 12 + moment.month, 12)
        moment = datetime(year, month + 1, 1, tzinfo=UTC)
    return ticks


def _x(moment: datetime, start: datetime, end: datetime) -> float:
    return percent(moment.timestamp(), start.timestamp(), end.timestamp())


def calendar(
    lanes: Sequence[Lane], *, start: datetime, end: datetime, now: datetime | None
) -> dict[str, object]:
    """Context of `web/parts/calendar.html`: ticks, rows of placed spans, the line of today."""
    rows = []
    for lane in lanes:
        spans = []
        for span in lane.spans:
            left, right = _x(span.start, start, end), _x(span.end, start, end)
            spans.append({"span": span, "x": left, "width": round(max(0.4, right - left), 3)})
        marks = [{"mark": mark, "x": _x(mark.at, start, end)} for mark in lane.marks]
        rows.append({"lane": lane, "spans": spans, "marks": marks})
    kinds = {span.kind: span.label for lane in lanes for span in lane.spans}
    return {
        "rows": rows,
        "legend": [{"kind": kind, "label": label} for kind, label in kinds.items()],
        "mark_legend": list(dict.fromkeys(mark.label for lane in lanes for mark in lane.marks)),
        "ticks": months(start, end),
        "today": _x(now, start, end) if now and start <= now <= end else None,
        "start": start,
        "end": end,
    }


def whisker(*, low: int, rank: int, high: int, n: int) -> dict[str, object]:
    """Places a rank and its interval on an axis 1..n.

    Raises ValueError unless 1 <= low <= rank <= high <= n.
    """
    if not 1 <= low <= rank <= high <= n:
        raise ValueError(f"ranks out of order: 1 <= {low} <= {rank} <= {high} <= {n}")
    return {
        "low": low,
        "rank": rank,
        "high": high,
        "n": n,
        "x_low": percent(low, 1, n),
        "x_rank": percent(rank, 1, n),
        "x_high": percent(high, 1, n),
    }
