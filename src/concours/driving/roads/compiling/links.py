"""Which end of which lane meets which: one undirected table of joints.

A joint is two ends of lanes of sections that meet. Each is stored from both sides, so that a link
stated by one side only, or by both, comes to the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.driving.roads import tables as t
from concours.driving.roads.errors import Findings, Severity
from concours.driving.roads.kernels.pose import line_at
from concours.driving.roads.kernels.surface import borders_of
from concours.driving.roads.model import RawConnection, RawJunction, RawLane, RawLink, RawMap

START, END = 0, 1
MEETS = 0.5
"""Metres within which two lane ends without a stated link are taken to meet."""


@dataclass(frozen=True)
class RoadEnd:
    """A place where lanes of a road end: the start or end of a section."""

    road: int
    section: int
    end: int


class Joiner:
    """Collects joints of one map."""

    def __init__(self, found: RawMap, tables: t.Tables, findings: Findings) -> None:
        self.found = found
        self.tables = tables
        self.findings = findings
        self.numbers = {road.id: number for number, road in enumerate(found.roads)}
        self.joints: set[tuple[int, int]] = set()
        self.junctions: dict[str, RawJunction] = {}
        for junction in found.junctions:
            self.junctions.setdefault(junction.id, junction)

    def run(self) -> npt.NDArray[np.int64]:
        """Those that lane end e meets are joints[joints[e]:joints[e + 1]].

        A lane end is 2 * row of the lane + (0 start, 1 end).
        """
        for number, road in enumerate(self.found.roads):
            self._inside(number)
            for link, side in ((road.predecessor, START), (road.successor, END)):
                if link is not None:
                    self._road_link(number, link, side)
        for junction in self.found.junctions:
            for connection in junction.connections:
                self._connection(junction, connection)
        return self._table()

    def _table(self) -> npt.NDArray[np.int64]:
        both = sorted(self.joints | {(second, first) for first, second in self.joints})
        first = np.zeros(2 * len(self.tables.lanes) + 1, dtype=np.int64)
        np.add.at(first, np.array([one + 1 for one, _ in both], dtype=np.int64), 1)
        ends = np.array([other for _, other in both], dtype=np.int64)
        return np.concatenate([len(first) + np.cumsum(first), ends])

    def end_of(self, road: int, side: int) -> RoadEnd:
        """The start or the end of a road."""
        first, last = self.tables.roads[road, t.SECTIONS : t.SECTIONS + 2]
        return RoadEnd(road, int(first if side == START else last - 1), side)

    def lanes_of(self, end: RoadEnd) -> Iterator[tuple[int, RawLane]]:
        """(row, record) of the lanes there."""
        first, last = self.tables.sections[end.section, t.LANES : t.LANES + 2]
        offset = end.section - int(self.tables.roads[end.road, t.SECTIONS])
        records = self.found.roads[end.road].sections[offset].lanes
        yield from zip(range(int(first), int(last)), records, strict=True)

    def rows_of(self, end: RoadEnd) -> dict[int, int]:
        """Rows of the lanes there by their ids."""
        return {lane.id: row for row, lane in self.lanes_of(end)}

    def join(self, one: int, one_end: int, other: int, other_end: int) -> None:
        """Two lane ends meet."""
        self.joints.add((2 * one + one_end, 2 * other + other_end))

    def _inside(self, road: int) -> None:
        """Lanes from section to section of one road."""
        first, last = (int(one) for one in self.tables.roads[road, t.SECTIONS : t.SECTIONS + 2])
        for section in range(first, last - 1):
            before, after = RoadEnd(road, section, END), RoadEnd(road, section + 1, START)
            self._lanes(before, after, "section")

    def _road_link(self, road: int, link: RawLink, side: int) -> None:
        if link.junction:
            if link.target not in self.junctions:
                self._nothing(f"junction {link.target!r}", link.line, "road/link")
            return
        other = self.numbers.get(link.target)
        if other is None:
            self._nothing(f"road {link.target!r}", link.line, "road/link")
            return
        here = self.end_of(road, side)
        self._lanes(here, self._other_end(here, other, link, side), "road")

    def _other_end(self, here: RoadEnd, other: int, link: RawLink, side: int) -> RoadEnd:
        if link.s is not None:
            return self._midway(other, link.s, after=(side == END) == (link.direction > 0))
        if link.contact in ("start", "end"):
            return self.end_of(other, START if link.contact == "start" else END)
        words = "a link without contactPoint: the nearer end is used"
        self.findings.add("no-contact-point", words, line=link.line, element="road/link")
        return self._nearer(here, [self.end_of(other, START), self.end_of(other, END)])

    def _midway(self, road: int, s: float, *, after: bool) -> RoadEnd:
        first, last = (int(one) for one in self.tables.roads[road, t.SECTIONS : t.SECTIONS + 2])
        starts = self.tables.section_s[first:last, 0]
        at = int(np.argmin(np.abs(starts - s)))
        if after:
            return RoadEnd(road, first + at, START)
        return RoadEnd(road, first + max(at - 1, 0), END)

    def _nearer(self, here: RoadEnd, candidates: Sequence[RoadEnd]) -> RoadEnd:
        x, y = self.place(here)
        apart = [math.dist((x, y), self.place(one)) for one in candidates]
        return candidates[apart.index(min(apart))]

    def place(self, end: RoadEnd) -> tuple[float, float]:
        """x, y of the reference line there."""
        x, y, *_ = line_at(self.tables, end.road, self.tables.section_s[end.section, end.end])
        return x, y

    def _lanes(self, here: RoadEnd, there: RoadEnd, kind: str) -> None:
        """Join the lanes of two ends by what either side says, by where they lie if none does."""
        ours, theirs = self.rows_of(here), self.rows_of(there)
        said = 0
        for row, lane in self.lanes_of(here):
            for target in lane.successors if here.end == END else lane.predecessors:
                said += 1
                self._said(row, here.end, theirs.get(target), there.end, lane, target)
        for row, lane in self.lanes_of(there):
            for target in lane.predecessors if there.end == START else lane.successors:
                said += 1
                # The other side of a road may be linked to other roads, so no finding here.
                if target in ours and (kind == "section" or self._mutual(here, there)):
                    self.join(ours[target], here.end, row, there.end)
        if not said:
            self._by_place(here, there)

    def _said(
        self, row: int, end: int, target: int | None, target_end: int, lane: RawLane, name: int
    ) -> None:
        if target is not None:
            self.join(row, end, target, target_end)
        elif name != 0:
            words = f"lane {lane.id} is linked to lane {name}, which is not there"
            element = "road/lanes/laneSection/lane/link"
            self.findings.add("link-to-nothing", words, line=lane.line, element=element)

    def _mutual(self, here: RoadEnd, there: RoadEnd) -> bool:
        """Whether the road over there is linked to this one at that end, or to no road."""
        road = self.found.roads[there.road]
        link = road.predecessor if there.end == START else road.successor
        return link is None or (not link.junction and link.target == self.found.roads[here.road].id)

    def _by_place(self, here: RoadEnd, there: RoadEnd) -> None:
        pairs = [
            (row, other)
            for row, lane in self.lanes_of(here)
            for other, match in self.lanes_of(there)
            if lane.id and match.id and lane.type == match.type
            if math.dist(self.middle(here, row), self.middle(there, other)) < MEETS
        ]
        for row, other in pairs:
            self.join(row, here.end, other, there.end)
        if pairs:
            road = self.found.roads[here.road]
            words = f"no lane of road {road.id!r} is linked there: joined where they meet"
            self.findings.add(
                "no-lane-links", words, line=road.line, element="road", severity=Severity.INFO
            )

    def middle(self, end: RoadEnd, lane: int) -> tuple[float, float]:
        """x, y of the middle of a lane's end (superelevation aside)."""
        s = float(self.tables.section_s[end.section, end.end])
        x, y, heading, _, _ = line_at(self.tables, end.road, s)
        inner, outer = borders_of(self.tables.across, end.road, end.section, lane, s)
        beside = 0.5 * (inner[0] + outer[0])
        return x - math.sin(heading) * beside, y + math.cos(heading) * beside

    def _connection(self, junction: RawJunction, connection: RawConnection) -> None:
        incoming = self.numbers.get(connection.incoming)
        connecting = self.numbers.get(connection.connecting)
        for number, name in ((incoming, connection.incoming), (connecting, connection.connecting)):
            if number is None:
                self._nothing(f"road {name!r}", connection.line, "junction/connection")
        if incoming is None or connecting is None:
            return
        ends = [self.end_of(connecting, START), self.end_of(connecting, END)]
        if connection.contact:
            ends = [ends[connection.contact == "end"]]
        here, there = min(
            ((one, other) for one in self._incoming_ends(junction, incoming) for other in ends),
            key=lambda pair: math.dist(self.place(pair[0]), self.place(pair[1])),
        )
        self._link_lanes(connection, here, there, junction)

    def _incoming_ends(self, junction: RawJunction, road: int) -> list[RoadEnd]:
        """The ends of a road that lead to a junction; both where it does not say."""
        links = (self.found.roads[road].predecessor, self.found.roads[road].successor)
        named = [
            self.end_of(road, side)
            for side, link in enumerate(links)
            if link is not None and link.junction and link.target == junction.id
        ]
        return named or [self.end_of(road, START), self.end_of(road, END)]

    def _link_lanes(
        self, connection: RawConnection, here: RoadEnd, there: RoadEnd, junction: RawJunction
    ) -> None:
        if junction.type == "virtual" and self.found.roads[here.road].id == junction.main_road:
            return  # the connecting road's own links say where it leaves the main road
        ours, theirs = self.rows_of(here), self.rows_of(there)
        if not connection.lanes:
            self._by_place(here, there)
        for one, other in connection.lanes:
            if one in ours and other in theirs:
                self.join(ours[one], here.end, theirs[other], there.end)
            else:
                words = f"laneLink from {one} to {other}: there is no such lane"
                element = "junction/connection/laneLink"
                self.findings.add("link-to-nothing", words, line=connection.line, element=element)

    def _nothing(self, what: str, line: int, element: str) -> None:
        words = f"{what} is not in the file: the link is left out"
        self.findings.add(
            "link-to-nothing", words, line=line, element=element, severity=Severity.ERROR
        )


def joints_of(found: RawMap, tables: t.Tables, findings: Findings) -> npt.NDArray[np.int64]:
    """The joints of a map as a table: see `Joiner.run`."""
    return Joiner(found, tables, findings).run()
