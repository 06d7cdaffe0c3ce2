"""Virtual junctions: a road is cut where another one leaves it midway."""

from __future__ import annotations

from copy import copy

from concours.driving.roads.errors import Findings
from concours.driving.roads.model import RawMap, RawRoad, RawSection

NEAR = 0.01
"""Metres within which a section boundary is where the branch is."""


def cut_at_branches(found: RawMap, findings: Findings) -> None:
    """Begin a lane section wherever a link names a station of another road.

    The lanes go on through the cut, so that no query but the number of sections tells of it.
    """
    roads = {road.id: road for road in found.roads}
    for road in found.roads:
        for link in (road.predecessor, road.successor):
            if link is None or link.s is None or link.junction:
                continue
            main = roads.get(link.target)
            if main is None:
                continue
            if not 0.0 <= link.s <= main.length:
                words = f"elementS={link.s:g} is not on road {main.id!r}: the nearer end is used"
                findings.add("off-the-road", words, line=link.line, element="road/link")
            _cut(main, min(max(link.s, 0.0), main.length))


def _cut(road: RawRoad, s: float) -> None:
    starts = [section.s for section in road.sections]
    if any(abs(start - s) <= NEAR for start in (*starts, road.length)):
        return
    number = max((i for i, start in enumerate(starts) if start < s), default=0)
    before = road.sections[number]
    after = RawSection(s, before.line, [copy(lane) for lane in before.lanes])
    for first, second in zip(before.lanes, after.lanes, strict=True):
        first.successors, second.predecessors = [second.id], [first.id]
    road.sections.insert(number + 1, after)
