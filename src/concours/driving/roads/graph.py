"""The lane graph: what follows a lane, and the shortest way."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from concours.driving.roads import tables as t
from concours.driving.roads.kinds import mask
from concours.driving.roads.records import LaneEnd, Route, RouteStep

if TYPE_CHECKING:
    from concours.driving.roads.network import RoadNetwork

CHANGE_COST = 5.0
"""Metres of detour that a change of lane is worth."""
Way = tuple[int, int]
"""Row of a lane, and 1 for driving along s, -1 against it."""


def onwards(
    network: RoadNetwork, row: int, *, against: bool = False, back: bool = False
) -> tuple[LaneEnd, ...]:
    """The lanes that traffic of a lane enters next, or comes from."""
    direction = int(network.tables.lanes[row, t.DIRECTION]) or (-1 if against else 1)
    found = []
    for other, way in _met(network, row, direction, back=back):
        section = int(network.tables.lanes[other, t.LANE_SECTION])
        low, high = network.tables.section_s[section].tolist()
        road = network.road_ids[network.tables.sections[section, t.SECTION_ROAD]]
        s = low if (way > 0) != back else high
        found.append(LaneEnd(road, int(network.tables.lanes[other, t.LANE_ID]), s))
    return tuple(found)


def _met(network: RoadNetwork, row: int, direction: int, *, back: bool = False) -> Iterator[Way]:
    """Lanes met at the end that is driven to, with the direction they are driven in."""
    joints = network.tables.joints
    forward = direction > 0
    end = 2 * row + (forward != back)
    for joint in joints[joints[end] : joints[end + 1]].tolist():
        other, at_end = divmod(joint, 2)
        way = 1 if (at_end == 0) != back else -1
        allowed = int(network.tables.lanes[other, t.DIRECTION])
        if allowed in (0, way) and network.tables.lanes[other, t.LANE_ID] != 0:
            yield other, way


def find_route(
    network: RoadNetwork,
    start: tuple[str, int, float],
    goal: tuple[str, int, float],
    *,
    types: Collection[str],
    lane_changes: bool,
) -> Route | None:
    """Dijkstra over (lane of a section, direction); ties by row, so that the same way is found.

    Complexity: O(n log n) in the lanes of sections.
    """
    search = _Search(network, start, goal, mask(types), lane_changes)
    return search.run()


class _Search:
    """One search. Costs are metres from where the start's section is entered."""

    def __init__(
        self,
        network: RoadNetwork,
        start: tuple[str, int, float],
        goal: tuple[str, int, float],
        types: int,
        lane_changes: bool,
    ) -> None:
        self.network = network
        self.types = types
        self.lane_changes = lane_changes
        self.first = network.lane_row(*start)
        self.last = network.lane_row(*goal)
        self.s_start, self.s_goal = start[2], goal[2]
        self.section = int(network.tables.lanes[self.first, t.LANE_SECTION])
        # (row, direction, whether the first section was left) -> (cost, where from, sideways)
        self.known: dict[tuple[int, int, bool], tuple[float, tuple[int, int, bool] | None, bool]]
        self.known = {}

    def run(self) -> Route | None:
        """The route, or None."""
        heap: list[tuple[float, tuple[int, int, bool], tuple[int, int, bool] | None, bool]] = []
        for way in self._ways(self.first):
            heapq.heappush(heap, (0.0, (self.first, way, False), None, False))
        best: tuple[float, tuple[int, int, bool]] | None = None
        while heap:
            cost, state, before, sideways = heapq.heappop(heap)
            if best is not None and cost >= best[0]:
                break
            if state in self.known:
                continue
            self.known[state] = (cost, before, sideways)
            total = self._goal_cost(state, cost)
            if total is not None and (best is None or total < best[0]):
                best = (total, state)
            for price, after, change in self._edges(state):
                if after not in self.known:
                    heapq.heappush(heap, (cost + price, after, state, change))
        return None if best is None else self._route(best[1])

    def _ways(self, row: int) -> tuple[int, ...]:
        direction = int(self.network.tables.lanes[row, t.DIRECTION])
        return (direction,) if direction else (1, -1)

    def _progress(self, row: int, way: int, s: float) -> float:
        section = int(self.network.tables.lanes[row, t.LANE_SECTION])
        low, high = self.network.tables.section_s[section].tolist()
        return float(s - low if way > 0 else high - s)

    def _goal_cost(self, state: tuple[int, int, bool], cost: float) -> float | None:
        row, way, left = state
        if row != self.last:
            return None
        ahead = self._progress(row, way, self.s_goal)
        if not left and ahead < self._progress(row, way, self.s_start):
            return None
        return cost + ahead

    def _edges(
        self, state: tuple[int, int, bool]
    ) -> Iterator[tuple[float, tuple[int, int, bool], bool]]:
        row, way, left = state
        lanes = self.network.tables.lanes
        section = int(lanes[row, t.LANE_SECTION])
        low, high = self.network.tables.section_s[section].tolist()
        for other, onward in _met(self.network, row, way):
            if self._drivable(other):
                yield high - low, (other, onward, True), False
        if not self.lane_changes:
            return
        first, last = self.network.tables.sections[section, t.LANES : t.LANES + 2]
        for other in (row - 1, row + 1):
            if first <= other < last and lanes[other, t.LANE_ID] == 0:
                other += other - row  # over the centre lane: a lane of one's own direction
            inside = first <= other < last and lanes[other, t.LANE_ID] != 0
            if inside and self._drivable(other) and way in self._ways(other):
                yield CHANGE_COST, (other, way, left), True

    def _drivable(self, row: int) -> bool:
        kind = int(self.network.tables.lanes[row, t.LANE_TYPE])
        return row in (self.first, self.last) or bool(self.types >> kind & 1)

    def _route(self, state: tuple[int, int, bool]) -> Route:
        states = [state]
        while (before := self.known[states[-1]][1]) is not None:
            states.append(before)
        states.reverse()
        sideways = [self.known[one][2] for one in states[1:]] + [False]
        steps: list[RouteStep] = []
        s = self.s_start
        for number, ((row, way, _), change) in enumerate(zip(states, sideways, strict=True)):
            section = int(self.network.tables.lanes[row, t.LANE_SECTION])
            low, high = self.network.tables.section_s[section].tolist()
            if number and not self.known[states[number]][2]:
                s = low if way > 0 else high
            upto = s if change else (high if way > 0 else low)
            if number + 1 == len(states):
                upto = self.s_goal
            road = self.network.road_ids[self.network.tables.sections[section, t.SECTION_ROAD]]
            lane = int(self.network.tables.lanes[row, t.LANE_ID])
            steps.append(RouteStep(road, lane, s, upto, change))
        return Route(tuple(steps), sum(abs(step.s_to - step.s_from) for step in steps))
