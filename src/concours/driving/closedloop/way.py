"""The expected way as a line to measure along."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from concours.driving.roads import RoadNetwork, Route


class Stretch(NamedTuple):
    """A road's part of the way: metres from the start of the way where it begins."""

    s_from: float
    s_to: float
    metres: float


class Stop(NamedTuple):
    """A stop line on the way that traffic lights belong to; metres from the start of the way."""

    metres: float
    signals: tuple[str, ...]


class Way:
    """Where on its way an ego is, and which lights stand at it."""

    def __init__(self, network: RoadNetwork, route: Route) -> None:
        self.length = route.length
        self._stretches: dict[str, list[Stretch]] = defaultdict(list)
        self._stops: list[Stop] = []
        metres = 0.0
        for step in route.steps:
            stretch = Stretch(step.s_from, step.s_to, metres)
            self._stretches[step.road].append(stretch)
            low, high = sorted((step.s_from, step.s_to))
            for line in network.stop_lines(step.road):
                if line.signals and step.lane in line.lanes and low <= line.s <= high:
                    self._stops.append(Stop(metres + abs(line.s - step.s_from), line.signals))
            metres += abs(step.s_to - step.s_from)
        self._stops.sort()

    def metres(self, road: str, s: float, *, near: float) -> float | None:
        """Metres of the way at a station of a road; None off it.

        near: where a road is passed more than once, the time that is nearest to these metres.
        """
        best: float | None = None
        for stretch in self._stretches.get(road, ()):
            low, high = sorted((stretch.s_from, stretch.s_to))
            inside = min(max(s, low), high)
            at = stretch.metres + abs(inside - stretch.s_from)
            if best is None or abs(at - near) < abs(best - near):
                best = at
        return best

    def stops_from(self, metres: float, *, within: float) -> list[Stop]:
        """The stop lines with lights ahead, the nearest first."""
        return [stop for stop in self._stops if 0.0 <= stop.metres - metres <= within]
