"""Road marks at a station, and which of them a move crosses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from concours.driving.roads import tables as t
from concours.driving.roads.kernels.surface import borders_of, section_at
from concours.driving.roads.kinds import LANE_CHANGES, MARK_TYPES
from concours.driving.roads.records import Crossing, Mark

if TYPE_CHECKING:
    from concours.driving.roads.network import RoadNetwork

CLOSED = {"solid", "curb", "edge", "grass"}
"""Lines that may not be crossed where the file says nothing of lane changes."""
BISECTIONS = 50


def marks(network: RoadNetwork, road: str, s: float) -> tuple[Mark, ...]:
    """The marks at s, from left to right."""
    index = network.index(road)
    at = min(max(float(s), 0.0), network.length(road))
    section = section_at(network.tables, index, at)
    first, last = network.tables.sections[section, t.LANES : t.LANES + 2].tolist()
    found = [_mark(network, index, section, lane, at) for lane in range(first, last)]
    return tuple(mark for mark in found if mark is not None)


def _mark(network: RoadNetwork, road: int, section: int, lane: int, s: float) -> Mark | None:
    row = network.tables.lanes[lane]
    records = network.arrays["marks"][row[t.MARKS] : row[t.MARKS + 1]]
    before = records[records[:, 0] <= s]
    if not len(before):
        return None
    _, kind, color, width, change = before[-1].tolist()
    return Mark(
        road=network.road_ids[road],
        lane=int(row[t.LANE_ID]),
        s=s,
        t=_border(network, road, section, lane, s),
        type=MARK_TYPES[int(kind)],
        color=network.texts[int(color)],
        width=width,
        lane_change=LANE_CHANGES[int(change)],
    )


def _border(network: RoadNetwork, road: int, section: int, lane: int, s: float) -> float:
    return float(borders_of(network.tables.across, road, section, lane, s)[1][0])


def crossed(
    network: RoadNetwork, road: str, start: tuple[float, float], end: tuple[float, float]
) -> tuple[Crossing, ...]:
    """Marks crossed by the straight move from (s, t) to (s, t), in order.

    A border that is crossed and crossed back within one section counts as not crossed: moves are
    those of one step. Raises UnknownRoad.
    """
    index = network.index(road)
    (s0, t0), (s1, t1) = start, end
    found: list[tuple[float, Crossing]] = []
    first, last = network.tables.roads[index, t.SECTIONS : t.SECTIONS + 2].tolist()
    for section in range(first, last):
        low, high = network.tables.section_s[section].tolist()
        share = _overlap(s0, s1, low, high, section + 1 == last)
        if share is not None:
            found += _crossed_in(network, index, section, (s0, t0), (s1, t1), share)
    return tuple(crossing for _, crossing in sorted(found, key=lambda one: one[0]))


def _overlap(
    s0: float, s1: float, low: float, high: float, final: bool
) -> tuple[float, float] | None:
    """The part of a move, as shares of it, that is in a section."""
    if s0 == s1:
        inside = low <= s0 < high or (final and s0 >= high) or (low == 0.0 and s0 < 0.0)
        return (0.0, 1.0) if inside else None
    a, b = sorted(((low - s0) / (s1 - s0), (high - s0) / (s1 - s0)))
    a, b = max(a, 0.0), min(b, 1.0)
    return (a, b) if a < b else None


def _crossed_in(
    network: RoadNetwork,
    road: int,
    section: int,
    start: tuple[float, float],
    end: tuple[float, float],
    share: tuple[float, float],
) -> list[tuple[float, Crossing]]:
    def beyond(lane: int, part: float) -> float:
        """t of the move less t of the lane's border."""
        s = start[0] + part * (end[0] - start[0])
        across = start[1] + part * (end[1] - start[1])
        return across - _border(network, road, section, lane, s)

    found = []
    first, last = network.tables.sections[section, t.LANES : t.LANES + 2].tolist()
    for lane in range(first, last):
        a, b = share
        before, after = beyond(lane, a), beyond(lane, b)
        if (before < 0.0) == (after < 0.0):
            continue
        for _ in range(BISECTIONS):
            middle = 0.5 * (a + b)
            a, b = (middle, b) if (beyond(lane, middle) < 0.0) == (before < 0.0) else (a, middle)
        s = start[0] + b * (end[0] - start[0])
        mark = _mark(network, road, section, lane, s)
        if mark is not None and mark.type != "none":
            found.append((b, judged(mark, leftwards=after >= 0.0)))
    return found


def judged(mark: Mark, *, leftwards: bool) -> Crossing:
    """A mark with whether it may be crossed in that direction.

    In "solid broken" the first word is the line nearer to the centre lane; on lane 0 the line to
    the left. Lane ids grow to the left.
    """
    words = mark.type.split()
    inner_first = leftwards if mark.lane > 0 else not leftwards
    if mark.lane == 0:
        inner_first = not leftwards
    near = mark.type
    if len(words) == 2 and set(words) <= {"solid", "broken"}:
        near = words[0] if inner_first else words[1]
    if mark.lane_change:
        allowed = mark.lane_change == "both" or mark.lane_change == (
            "increase" if leftwards else "decrease"
        )
    else:
        allowed = near not in CLOSED
    return Crossing(mark, leftwards, near, allowed)


def is_solid(crossing: Crossing) -> bool:
    """Whether the line met first is solid."""
    return crossing.near in CLOSED and not math.isnan(crossing.mark.s)
