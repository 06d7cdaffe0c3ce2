"""Lanes left, lanes against the traffic, solid lines crossed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.roads import RoadNetwork
from concours.driving.roads import tables as t
from concours.driving.roads.marking import is_solid
from concours.driving.scoring.places import MIDDLE, WHEELS, Places, Under, lane_kind

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

GRAZE = 0.05
"""Metres that a wheel may stand outside the drivable lanes before that counts."""
SAME_CROSSING = 3.0
"""Seconds within which the wheels cross a line as one crossing."""


class Stay(NamedTuple):
    """A stretch of time in a place where the ego should not be.

    x, y: of the wheel or middle that was deepest there (m). kind: the lane's type there, or
    "off the roads", or "oncoming". depth: metres outside at the deepest, 0 for "oncoming".
    """

    start: float
    end: float
    x: float
    y: float
    kind: str
    depth: float


class SolidLine(NamedTuple):
    """A wheel crossed a solid line. lane: whose outer border it is, 0 for the centre line."""

    time: float
    x: float
    y: float
    road: str
    lane: int
    mark: str


def spans(mask: BoolArray) -> Iterator[tuple[int, int]]:
    """(first, last) of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield first, after - 1


def lanes_left(
    network: RoadNetwork, places: Places, times: FloatArray, z: FloatArray, heading: FloatArray
) -> tuple[Stay, ...]:
    """Stretches in which a wheel stood outside all drivable lanes."""
    wheels = places.outside[:, WHEELS]
    found = []
    for first, last in spans(np.asarray((wheels > GRAZE).any(axis=1))):
        deepest = int(np.argmax(wheels[first : last + 1]))
        row, wheel = first + deepest // 4, WHEELS.start + deepest % 4
        x, y = float(places.x[row, wheel]), float(places.y[row, wheel])
        kind = lane_kind(network, x, y, float(z[row]), float(heading[row]))
        depth = float(places.outside[row, wheel])
        found.append(Stay(float(times[first]), float(times[last]), x, y, kind, depth))
    return tuple(found)


def oncoming(places: Places, below: Under, times: FloatArray) -> tuple[Stay, ...]:
    """Stretches with the ego's middle in a lane whose traffic comes towards it."""
    return tuple(
        Stay(
            float(times[first]),
            float(times[last]),
            float(places.x[first, MIDDLE]),
            float(places.y[first, MIDDLE]),
            "oncoming",
            0.0,
        )
        for first, last in spans(below.against)
    )


def metres_against(places: Places, below: Under) -> FloatArray:
    """(T,) metres moved against the lane's traffic since the frame before, 0 in junctions."""
    x, y = places.x[:, MIDDLE], places.y[:, MIDDLE]
    dx, dy = np.diff(x, prepend=x[:1]), np.diff(y, prepend=y[:1])
    along = dx * np.cos(below.heading) + dy * np.sin(below.heading)
    counts = ~below.junction & (places.outside[:, MIDDLE] <= 0.0) & np.isfinite(along)
    return np.where(counts, np.maximum(-np.nan_to_num(along), 0.0), 0.0)


def in_several_lanes(places: Places, below: Under) -> BoolArray:
    """(T,) whether wheels are in different lanes or outside all of them.

    In junctions, where lanes lie over each other, only the latter counts.
    """
    lane = places.lane[:, WHEELS]
    outside = (places.outside[:, WHEELS] > GRAZE).any(axis=1)
    return np.asarray(((lane != lane[:, :1]).any(axis=1) & ~below.junction) | outside)


def solid_lines(network: RoadNetwork, places: Places, times: FloatArray) -> tuple[SolidLine, ...]:
    """Solid lines that wheels crossed between frames, outside junctions.

    Only moves on one road count, for marks are judged along roads; at a joint the wheels pass one
    after the other, so that a crossing there shows on one of them.
    """
    found = []
    last: dict[tuple[int, int], float] = {}
    for row, wheel in _changes(network, places):
        road = int(places.road[row, wheel])
        start, end = (
            (float(places.s[at, wheel]), float(places.t[at, wheel])) for at in (row - 1, row)
        )
        for crossing in network.crossed_marks(network.road_ids[road], start, end):
            if crossing.allowed or not is_solid(crossing):
                continue
            key, time = (road, crossing.mark.lane), float(times[row])
            if time - last.get(key, -np.inf) > SAME_CROSSING:
                x, y = float(places.x[row, wheel]), float(places.y[row, wheel])
                mark = crossing.mark
                found.append(SolidLine(time, x, y, mark.road, mark.lane, mark.type))
            last[key] = time
    return tuple(found)


def _changes(network: RoadNetwork, places: Places) -> Iterator[tuple[int, int]]:
    """(frame, column) of wheels that have come into another lane of a road, or left its lanes."""
    road, lane = places.road[:, WHEELS], places.lane[:, WHEELS]
    off = places.outside[:, WHEELS] > 0.0
    changed = (lane[1:] != lane[:-1]) | (off[1:] != off[:-1])
    same = (road[1:] == road[:-1]) & (road[1:] >= 0)
    free = network.tables.roads[road[1:], t.JUNCTION] < 0
    for row, wheel in np.argwhere(changed & same & free).tolist():
        yield row + 1, WHEELS.start + wheel
