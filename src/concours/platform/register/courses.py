"""Figures over the ways of many projects through the stages. Free of the database and of Django.

A day that a register does not know leaves its stay out of the times, and is counted as unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import quantiles

from concours.platform.register.stages import ARCHIVED, GRADUATED, STAGES, WAY

ENTRY = ""
"""Stands for the day a project entered the register, at whatever stage."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """A project: where it stands, and its steps (stage, first day or None) in order."""

    stage: str
    steps: tuple[tuple[str, date | None], ...]
    areas: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How many lengths in days, and their quartiles; these are None where there is no length."""

    number: int
    low: float | None
    median: float | None
    high: float | None


@dataclass(frozen=True, kw_only=True)
class StageTime:
    """The stays at a stage. `left` are those that ended, whichever way.

    `still` have not ended; `estimate` is the median in days that counts them too (Kaplan-Meier),
    None where fewer than half have left by it. `unknown` are stays without their days.
    """

    stage: str
    left: Spread
    still: int
    estimate: float | None
    unknown: int


@dataclass(frozen=True, kw_only=True)
class WayTime:
    """Days between coming to one stage (or ENTRY) and to another."""

    from_stage: str
    to_stage: str
    spread: Spread


@dataclass(frozen=True, kw_only=True)
class FunnelRow:
    """Of the projects that `stood` at a stage: how many went on, were archived from it, and stay.

    One that was archived and came back counts by what it did last.
    """

    stage: str
    stood: int
    moved_on: int
    archived: int
    still: int


@dataclass(frozen=True, kw_only=True)
class YearRow:
    """How many entered, graduated and were archived in a year."""

    year: int
    entered: int
    graduated: int
    archived: int


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """Projects of an area or a donor by stage, in the order of STAGES. `slug` is empty for none."""

    slug: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def spread_of(days: Sequence[float]) -> Spread:
    """Quartiles by linear interpolation between the nearest ranks, ends included."""
    if not days:
        return Spread(number=0, low=None, median=None, high=None)
    low, middle, high = quantiles(days, n=4, method="inclusive") if len(days) > 1 else 3 * [days[0]]
    return Spread(number=len(days), low=low, median=middle, high=high)


def median_with_open(ended: Iterable[float], still: Iterable[float]) -> float | None:
    """The median length where the `still` running ones are known to be at least so long.

    The product-limit estimate: E. L. Kaplan and P. Meier, Nonparametric Estimation from Incomplete
    Observations, JASA 53 (1958). None where it stays above one half.
    """
    ends, cuts = Counter(ended), Counter(still)
    at_risk = ends.total() + cuts.total()
    share = 1.0
    for length in sorted(ends.keys() | cuts.keys()):
        if ends[length]:
            share *= 1 - ends[length] / at_risk
            # Products of fractions miss one half by a rounding.
            if share <= 0.5 + 1e-12:
                return float(length)
        at_risk -= ends[length] + cuts[length]
    return None


def stage_times(courses: Sequence[Course], *, today: date) -> list[StageTime]:
    """The stays at each stage before graduation."""
    ended: dict[str, list[float]] = {stage: [] for stage in WAY[:-1]}
    still: dict[str, list[float]] = {stage: [] for stage in WAY[:-1]}
    unknown: Counter[str] = Counter()
    for course in courses:
        for (stage, begin), (_after, end) in pairwise((*course.steps, ("", today))):
            if stage not in ended:
                continue
            if begin is None or end is None:
                unknown[stage] += 1
                continue
            stays = still if _after == "" else ended
            stays[stage].append(float((end - begin).days))
    return [
        StageTime(
            stage=stage,
            left=spread_of(ended[stage]),
            still=len(still[stage]),
            estimate=median_with_open(ended[stage], still[stage]),
            unknown=unknown[stage],
        )
        for stage in ended
    ]


def way_times(courses: Sequence[Course]) -> list[WayTime]:
    """Days from each stage to the next, and from entry to graduation and to the archive."""
    found: dict[tuple[str, str], list[float]] = {}
    for course in courses:
        for way, begin, end in _ways(course.steps):
            if begin is not None and end is not None:
                found.setdefault(way, []).append(float((end - begin).days))
    order = [*STAGES, ENTRY]
    ways = sorted(found, key=lambda way: (order.index(way[0]), order.index(way[1])))
    return [
        WayTime(from_stage=way[0], to_stage=way[1], spread=spread_of(found[way])) for way in ways
    ]


def _ways(
    steps: Sequence[tuple[str, date | None]],
) -> Iterable[tuple[tuple[str, str], date | None, date | None]]:
    for (stage, begin), (after, end) in pairwise(steps):
        yield (stage, after), begin, end
    reached: set[str] = set()
    for stage, on in steps[1:]:
        if stage in {GRADUATED, ARCHIVED} and stage not in reached:
            reached.add(stage)
            yield (ENTRY, stage), steps[0][1], on


def funnel_of(courses: Sequence[Course]) -> list[FunnelRow]:
    """For each stage of the way what has become of those who stood at it."""
    stood: Counter[str] = Counter()
    left: Counter[tuple[str, str]] = Counter()
    for course in courses:
        passed = [stage for stage, _on in course.steps] or [course.stage]
        last = dict(pairwise(passed))
        last[passed[-1]] = ""
        for stage, after in last.items():
            stood[stage] += 1
            left[stage, after and ("archived" if after == ARCHIVED else "on")] += 1
    return [
        FunnelRow(
            stage=stage,
            stood=stood[stage],
            moved_on=left[stage, "on"],
            archived=left[stage, "archived"],
            still=left[stage, ""],
        )
        for stage in WAY
    ]


def years_of(courses: Sequence[Course]) -> tuple[list[YearRow], int]:
    """Each year from the first to the last that has anything, and how many entries have no day."""
    entered: Counter[int] = Counter()
    came: Counter[tuple[str, int]] = Counter()
    undated = 0
    for course in courses:
        first = course.steps[0][1] if course.steps else None
        if first is None:
            undated += 1
        else:
            entered[first.year] += 1
        came.update({(stage, on.year) for stage, on in course.steps[1:] if on is not None})
    years = [*entered, *(year for _stage, year in came)]
    span = range(min(years), max(years) + 1) if years else ()
    rows = [
        YearRow(
            year=year,
            entered=entered[year],
            graduated=came[GRADUATED, year],
            archived=came[ARCHIVED, year],
        )
        for year in span
    ]
    return rows, undated


def grid_of(pairs: Iterable[tuple[str, str]]) -> list[GridRow]:
    """(slug, stage) counted, the largest first, those without a slug last."""
    counted: dict[str, Counter[str]] = {}
    for slug, stage in pairs:
        counted.setdefault(slug, Counter())[stage] += 1
    rows = [
        GridRow(slug=slug, counts=tuple(numbers[stage] for stage in STAGES))
        for slug, numbers in counted.items()
    ]
    return sorted(rows, key=lambda row: (not row.slug, -row.total, row.slug))
