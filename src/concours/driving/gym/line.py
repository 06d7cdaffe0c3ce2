"""The expected way as a line: where beside it the ego is, how it bends, where lights stand."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from concours.driving.closedloop import Task, plan_of
from concours.driving.roads import RoadNetwork, Route
from concours.driving.vehicle.layout import FloatArray

SPACING = 2.0
"""Metres between two points, or a little less."""
BACK = 20.0
"""Metres back from the last place that the next one is looked for."""


class Beside(NamedTuple):
    """A place by the way: metres from its start along it and to its left; its heading (rad)."""

    metres: float
    offset: float
    heading: float


class Stop(NamedTuple):
    """A stop line on the way, metres from its start, and the traffic lights that it belongs to."""

    metres: float
    signals: tuple[str, ...]


class Line:
    """The way of a task; straight to the goal where no lanes lead there.

    Attributes:
        length: metres. stops: where lights stand, in the order of the way.
    """

    def __init__(self, task: Task, network: RoadNetwork | None, *, reach: float) -> None:
        """reach: metres that lie between two places asked for, at most."""
        if network is not None and task.route is not None and task.route.length > SPACING:
            rows = [point[:4] for point in plan_of(network, task.route, spacing=SPACING)]
            self._x, self._y, _, heading = np.array(rows).T
            self._heading = np.unwrap(heading)
        else:
            x, y = task.goal[0] - task.start[0], task.goal[1] - task.start[1]
            part = np.linspace(0.0, 1.0, max(2, math.ceil(math.hypot(x, y) / SPACING) + 1))
            self._x, self._y = task.start[0] + part * x, task.start[1] + part * y
            self._heading = np.full(len(part), math.atan2(y, x))
        gone = np.hypot(np.diff(self._x), np.diff(self._y))
        self._metres = np.concatenate([[0.0], np.cumsum(gone)])
        self.length = float(self._metres[-1])
        turned = np.diff(self._heading) / np.maximum(gone, 0.1)
        self._curvature = np.append(turned, turned[-1:])
        found = [] if network is None or task.route is None else self._stops(network, task.route)
        self.stops = tuple(sorted(found))
        self._at = 0
        self._before, self._after = (math.ceil(each / SPACING) + 2 for each in (BACK, reach))

    def _stops(self, network: RoadNetwork, route: Route) -> list[Stop]:
        found = []
        for step in route.steps:
            low, high = sorted((step.s_from, step.s_to))
            for line in network.stop_lines(step.road):
                if line.signals and step.lane in line.lanes and low <= line.s <= high:
                    pose = network.lane_pose(step.road, step.lane, line.s)
                    nearest = self._nearest(pose.x, pose.y, 0, len(self._x))
                    found.append(Stop(self._by(nearest, pose.x, pose.y).metres, line.signals))
        return found

    def beside(self, x: float, y: float) -> Beside:
        """Where a point is that has moved on, by `reach` at most, since the last call."""
        first = max(self._at - self._before, 0)
        self._at = self._nearest(x, y, first, self._at + self._after)
        return self._by(self._at, x, y)

    def curvatures(self, metres: FloatArray) -> FloatArray:
        """1/m, left positive, at metres from the start; 0 behind the goal."""
        found: FloatArray = np.interp(metres, self._metres, self._curvature, right=0.0)
        return found

    def _nearest(self, x: float, y: float, first: int, last: int) -> int:
        dx, dy = self._x[first:last] - x, self._y[first:last] - y
        return first + int(np.argmin(dx * dx + dy * dy))

    def _by(self, n: int, x: float, y: float) -> Beside:
        heading = float(self._heading[n])
        dx, dy = x - float(self._x[n]), y - float(self._y[n])
        cos, sin = math.cos(heading), math.sin(heading)
        along = float(self._metres[n]) + dx * cos + dy * sin
        return Beside(along, dy * cos - dx * sin, heading)
