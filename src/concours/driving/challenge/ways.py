"""The way of an entity: a route as places by the metres that are driven on it."""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from concours.driving.challenge.maps.lines import Spot
from concours.driving.roads import RoadNetwork, Route, StopLine
from concours.driving.roads.kinds import DRIVABLE, WALKABLE
from concours.driving.roads.summary import summarise
from concours.driving.roads.tables import FloatArray

LaneAt = tuple[str, int, float]
"""Road, lane, station."""
SAMPLE = 0.5
"""Metres between two places that are compared."""
LOOK = 3.0
"""Metres between two places at which lines are looked at."""
MEETS = 1.0
"""Metres between two ways where they meet."""


class NoWay(ValueError):
    """No lanes lead from here to there, or a way is too short for what is asked."""


class Station(NamedTuple):
    """A place of a way: road, lane and station, and where that is, looking as one drives."""

    road: str
    lane: int
    s: float
    spot: Spot


class Way:
    """A route, with metres counted along the roads."""

    def __init__(self, network: RoadNetwork, route: Route) -> None:
        self.network = network
        self.route = route
        ends = np.cumsum([abs(step.s_to - step.s_from) for step in route.steps])
        self.starts: list[float] = [0.0, *ends.tolist()[:-1]]
        self._climbs = climbs(network)

    @property
    def length(self) -> float:
        """Metres, as the mileage counts them."""
        return self.route.length

    def step(self, metres: float) -> int:
        """The number of the step of the route that is driven there."""
        return max(bisect_right(self.starts, metres + 1e-9) - 1, 0)

    def direction(self, metres: float) -> int:
        """1 where it goes along s, -1 against it."""
        station = self.at(metres)
        return self.network.direction(station.road, station.lane, station.s)

    def at(self, metres: float) -> Station:
        """The place after so many metres. Raises NoWay beyond the ends."""
        if not -1e-6 <= metres <= self.length + 1e-6:
            raise NoWay(f"the way is {self.length:.1f} m long: {metres:.1f} m is not on it")
        number = self.step(metres)
        step = self.route.steps[number]
        gone = metres - self.starts[number]
        along = self.network.direction(step.road, step.lane, step.s_from)
        s = step.s_from + along * gone
        pose = self.network.lane_pose(step.road, step.lane, s)
        heading = pose.heading if along > 0 else pose.heading + math.pi
        heading = math.remainder(heading, 2 * math.pi)
        spot = Spot(pose.x, pose.y, heading, pose.z if self._climbs else None)
        return Station(step.road, step.lane, s, spot)

    @cached_property
    def line(self) -> FloatArray:
        """(n, 3) x, y and heading every half metre, for questions that need many places."""
        parts = []
        for start, step in zip(self.starts, self.route.steps, strict=True):
            first = np.ceil(start / SAMPLE) * SAMPLE
            gone = np.arange(first, start + abs(step.s_to - step.s_from), SAMPLE) - start
            along = self.network.direction(step.road, step.lane, step.s_from)
            poses = self.network.lane_poses(
                self.network.index(step.road), step.lane, step.s_from + along * gone
            )  # fmt: skip
            turned = 0.0 if along > 0 else math.pi
            parts.append(np.stack([poses.x, poses.y, poses.heading + turned], axis=1))
        return np.concatenate(parts)

    @cached_property
    def stops(self) -> tuple[tuple[float, StopLine], ...]:
        """(metres, stop line with lights) of all that it comes to."""
        return tuple(
            (start + abs(line.s - step.s_from), line)
            for start, step in zip(self.starts, self.route.steps, strict=True)
            for line in self.network.stop_lines(step.road)
            if line.signals and step.lane in line.lanes
            if min(step.s_from, step.s_to) <= line.s <= max(step.s_from, step.s_to)
        )

    def is_straight(self, start: float, end: float) -> bool:
        """Whether its heading stays within 0.1 rad between two places."""
        first, last = max(start, 0.0) / SAMPLE, max(end, 0.0) / SAMPLE
        headings = self.line[int(first) : int(last) + 1, 2]
        turned = np.angle(np.exp(1j * (headings - headings[:1])))
        return bool(np.all(np.abs(turned) < 0.1))

    def chord(self, start: float, end: float) -> float:
        """The straight distance between two places."""
        one, other = self.at(max(start, 0.0)).spot, self.at(end).spot
        return math.dist(one[:2], other[:2])

    def beside(self, metres: float, lanes: int) -> LaneAt:
        """The lane so many to the left (negative: right), for traffic of the same direction.

        Raises NoWay where there is none.
        """
        station = self.at(metres)
        side = -1 if station.lane < 0 else 1
        wanted = station.lane - side * lanes
        if wanted * side <= 0 or wanted not in self._drivable(station):
            raise NoWay(f"no lane {lanes:+d} beside road {station.road} at {station.s:.1f}")
        return station.road, wanted, station.s

    def opposite(self, metres: float, *, outer: bool = False) -> LaneAt:
        """A lane of the traffic that comes towards: the nearest, or the outermost."""
        station = self.at(metres)
        facing = [lane for lane in self._drivable(station) if lane * station.lane < 0]
        if not facing:
            raise NoWay(f"nobody comes towards on road {station.road}")
        chosen = (max if outer else min)(facing, key=abs)
        return station.road, chosen, station.s

    def _drivable(self, station: Station) -> tuple[int, ...]:
        return self.network.lanes(station.road, station.s, DRIVABLE)

    def may_leave_lane(self, start: float, end: float) -> bool:
        """Whether all along there is one side with a lane to drive in behind a broken line."""
        count = max(2, math.ceil((end - start) / LOOK) + 1)
        sides = [self._open_sides(float(at)) for at in np.linspace(start, end, count)]
        return bool(set.intersection(*sides))

    def _open_sides(self, metres: float) -> set[int]:
        """1 for the left, -1 for the right."""
        station = self.at(metres)
        along = self.network.direction(station.road, station.lane, station.s)
        marks = {mark.lane: mark.type for mark in self.network.marks(station.road, station.s)}
        found = set()
        for side in (1, -1):
            step = side * along  # towards greater or smaller lane ids
            beside = station.lane + step or step
            border = station.lane + step if station.lane * step < 0 else station.lane
            if beside in self._drivable(station) and marks.get(border) == "broken":
                found.add(side)
        return found

    def aside(self, metres: float, lane: int) -> float:
        """How far to the left the middle of another lane of the road is."""
        station = self.at(metres)
        sign = self.network.direction(station.road, station.lane, station.s)
        own, other = (
            sum(self.network.lane_borders(station.road, one, station.s)) / 2
            for one in (station.lane, lane)
        )
        return sign * (other - own)

    def lanes_aside(self, metres: float, kinds: frozenset[str]) -> list[float]:
        """How far to the left the lanes of these types are, from right to left."""
        station = self.at(metres)
        found = self.network.lanes(station.road, station.s, kinds)
        return sorted(self.aside(metres, lane) for lane in found)

    def sidewalk(self, metres: float, *, left: bool) -> float:
        """How far to the left the middle of a sidewalk is. Raises NoWay where there is none."""
        found = [a for a in self.lanes_aside(metres, WALKABLE) if (a > 0) == left]
        if not found:
            raise NoWay(f"no sidewalk beside {metres:.1f} m")
        return min(found, key=abs)


@lru_cache(maxsize=8)
def climbs(network: RoadNetwork) -> bool:
    """Whether the map has roads that are not level, so that heights have to be told."""
    return summarise(network).climbing > 0


def way_of(network: RoadNetwork, start: LaneAt, goal: LaneAt) -> Way:
    """The shortest way. Raises NoWay."""
    route = network.find_route(start, goal)
    if route is None:
        raise NoWay(f"no way from {start} to {goal}")
    return Way(network, route)


def way_of_length(network: RoadNetwork, start: LaneAt, goal: tuple[str, int], metres: float) -> Way:
    """The shortest way into a lane, ended where it is so long. Raises NoWay."""
    road, lane = goal
    ends = (0.0, network.length(road))
    low, high = ends if network.direction(road, lane, 0.0) > 0 else ends[::-1]
    if start[0] == road:
        low = start[2]
    before = way_of(network, start, (road, lane, low)).length
    sign = 1.0 if high > low else -1.0
    s = low + sign * (metres - before)
    if metres < before or (high - s) * sign < 0.0:
        raise NoWay(f"a way of {metres:.1f} m does not end on road {road}")
    return way_of(network, start, (road, lane, s))


def meeting(one: Way, other: Way) -> tuple[float, float]:
    """Metres on both ways where they first meet. Raises NoWay."""
    first, second = one.line[:, :2], other.line[:, :2]
    apart = np.linalg.norm(first[:, None] - second[None, :], axis=2)
    near = np.flatnonzero(apart.min(axis=1) < MEETS)
    if not len(near):
        raise NoWay("the ways do not meet")
    return float(near[0]) * SAMPLE, float(apart[near[0]].argmin()) * SAMPLE
