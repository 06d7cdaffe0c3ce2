"""A map's surfaces, marks, stop lines and lights as plain points, for those who draw it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from concours.driving.roads import tables as t
from concours.driving.roads.kernels.surface import borders_of
from concours.driving.roads.kinds import DRIVABLE, LANE_TYPES, MARK_TYPES
from concours.driving.roads.network import RoadNetwork
from concours.driving.roads.tables import FloatArray

BEND = 0.05
"""Radians between two stations of an outline."""
STEP = (0.5, 20.0)
"""Metres between two stations, at least and at most."""
STOREY = 3.0
"""Metres of height from which a road is drawn above another."""
CLASSES = {
    **dict.fromkeys(DRIVABLE, "driving"),
    **dict.fromkeys(("sidewalk", "walking", "curb"), "walk"),
    "biking": "bike",
    **dict.fromkeys(("parking", "stop", "shoulder"), "park"),
    **dict.fromkeys(("tram", "rail"), "rail"),
}
ORDER = ("verge", "walk", "rail", "park", "bike", "driving")
"""Classes of surfaces, from the lowest to the topmost in a storey."""


class Surface(NamedTuple):
    """A lane's surface in one section: a closed outline (n, 2) that runs to the left.

    storey: what has a higher one is drawn above. kind: one of ORDER.
    """

    storey: int
    kind: str
    points: FloatArray


class Line(NamedTuple):
    """A mark: points (n, 2), its width in metres, whether it is yellow and whether dashed."""

    storey: int
    yellow: bool
    width: float
    dashed: bool
    points: FloatArray


class Stop(NamedTuple):
    """A stop line across one lane: points (2, 2), and the ids of its signals."""

    points: FloatArray
    signals: tuple[str, ...]


class Lamp(NamedTuple):
    """A traffic light: its id and where it stands."""

    signal: str
    x: float
    y: float


def surfaces_and_lines(network: RoadNetwork) -> Iterator[Surface | Line]:
    """Surfaces and marks, road by road.

    Complexity: linear in the lanes and in how much they bend.
    """
    for road in range(len(network.road_ids)):
        first, last = network.tables.roads[road, t.SECTIONS : t.SECTIONS + 2].tolist()
        for section in range(first, last):
            yield from _section(network, road, section)


def stops(network: RoadNetwork) -> Iterator[Stop]:
    """Stop lines, one a lane."""
    for road in network.road_ids:
        for line in network.stop_lines(road):
            for lane in line.lanes:
                low, high = network.lane_borders(road, lane, line.s)
                ends = [network.road_pose(road, line.s, across) for across in (low, high)]
                yield Stop(np.array([[pose.x, pose.y] for pose in ends]), line.signals)


def lamps(network: RoadNetwork) -> Iterator[Lamp]:
    """Signals that change."""
    for road in network.road_ids:
        for signal in network.signals(road):
            if signal.dynamic and not signal.refers:
                pose = network.road_pose(road, signal.s, signal.t)
                yield Lamp(signal.id, pose.x, pose.y)


def _section(network: RoadNetwork, road: int, section: int) -> Iterator[Surface | Line]:
    stations = _stations(network, road, section)
    storey = math.floor(float(network.road_poses(road, stations).z.mean()) / STOREY)
    first, last = network.tables.sections[section, t.LANES : t.LANES + 2].tolist()
    for lane in range(first, last):
        row = network.tables.lanes[lane]
        borders = np.array(
            [
                [jet[0] for jet in borders_of(network.tables.across, road, section, lane, s)]
                for s in stations.tolist()
            ]
        )
        outer = _points(network, road, stations, borders[:, 1])
        if row[t.LANE_ID] != 0 and np.abs(borders[:, 1] - borders[:, 0]).max() > 0.01:
            inner = _points(network, road, stations, borders[:, 0])
            kind = CLASSES.get(LANE_TYPES[row[t.LANE_TYPE]], "verge")
            yield Surface(storey, kind, _leftwards(np.concatenate([inner, outer[::-1]])))
        for yellow, width, dashed, begin, end in _marks(network, row, stations):
            chosen = outer[(stations >= begin) & (stations <= end)]
            if len(chosen) > 1:
                yield Line(storey, yellow, width, dashed, chosen)


def _stations(network: RoadNetwork, road: int, section: int) -> FloatArray:
    """Stations of a section, closer where it bends."""
    low, high = network.tables.section_s[section].tolist()
    probe = np.linspace(low, high, max(2, min(2000, math.ceil((high - low) / 2.0))))
    bend = np.abs(network.road_poses(road, probe).curvature)
    step = np.clip(BEND / np.maximum(bend, 1e-9), *STEP)
    passed = np.concatenate([[0.0], np.cumsum(np.diff(probe) / step[1:])])
    count = max(2, math.ceil(passed[-1]) + 1)
    stations = np.interp(np.linspace(0.0, passed[-1], count), passed, probe)
    return np.unique(np.concatenate([stations, _widening(network, section, low, high)]))


def _widening(network: RoadNetwork, section: int, low: float, high: float) -> FloatArray:
    """Stations at which a width, border or mark of the section changes, and some between."""
    first, last = network.tables.sections[section, t.LANES : t.LANES + 2].tolist()
    found = [low, high]
    for row in network.tables.lanes[first:last].tolist():
        records = network.tables.cubics[row[t.WIDTHS] : row[t.WIDTHS + 1]]
        marks = network.arrays["marks"][row[t.MARKS] : row[t.MARKS + 1], 0]
        found += [*records[:, 0].tolist(), *marks.tolist()]
        if records[:, 3:].any():
            found += np.linspace(low, high, 12).tolist()
    inside = [s for s in found if low <= s <= high]
    return np.array(inside[:5000])


def _points(network: RoadNetwork, road: int, s: FloatArray, across: FloatArray) -> FloatArray:
    poses = network.road_poses(road, s, across)
    return np.stack([poses.x, poses.y], axis=1)


def _leftwards(points: FloatArray) -> FloatArray:
    """An outline that runs to the left: areas that overlap must not cancel each other."""
    x, y = points.T
    turned = float(x @ np.roll(y, -1) - y @ np.roll(x, -1))
    return points if turned >= 0.0 else points[::-1]


def _marks(
    network: RoadNetwork, row: t.IntArray, stations: FloatArray
) -> Iterator[tuple[bool, float, bool, float, float]]:
    """(yellow, width, dashed, from, to) of a lane's marks."""
    records = network.arrays["marks"][row[t.MARKS] : row[t.MARKS + 1]].tolist()
    ends = [*(record[0] for record in records[1:]), float(stations[-1])][: len(records)]
    for (s, kind, color, width, _), end in zip(records, ends, strict=True):
        name = MARK_TYPES[int(kind)]
        if name in ("none", "grass", "curb"):
            continue
        size = 0.12 if math.isnan(width) or width <= 0 else min(width, 0.5)
        size *= 2.0 if " " in name else 1.0
        yellow = "yellow" in network.texts[int(color)]
        yield yellow, size, name.startswith(("broken", "botts")), s, end
