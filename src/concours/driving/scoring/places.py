"""Where points of the ego are on the roads, frame by frame."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.roads import ANY, DRIVABLE, LANE_TYPES, RoadNetwork, Route
from concours.driving.roads import tables as t
from concours.driving.scoring.boxes import SIGNS, Boxes

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

MIDDLE, FRONT = 0, 1
WHEELS = slice(2, 6)
"""Columns of the fields of `Places`."""
WHEEL_AHEAD = 0.6
"""Where the wheels stand, as a share of half the box's length."""
WHEEL_INSIDE = 0.1
"""Metres from the side of the box to the middle of a tyre's print."""


class Places(NamedTuple):
    """Nearest drivable lanes of the box's middle, its front's middle and the wheels: (T, 6) each.

    road: index, -1 far from all roads. outside: metres from the lane's surface, inf far away.
    """

    x: FloatArray
    y: FloatArray
    road: IntArray
    lane: IntArray
    s: FloatArray
    t: FloatArray
    outside: FloatArray


class Under(NamedTuple):
    """The drivable lane under the ego's middle, (T,) each.

    row: in `tables.lanes`, -1 for none. heading: the way its traffic drives (rad), NaN where that
    is both ways. junction: whether the road is part of one. against: the ego faces that traffic,
    outside junctions, where lanes lie over each other.
    """

    row: IntArray
    heading: FloatArray
    junction: BoolArray
    against: BoolArray


def points(box: Boxes) -> tuple[FloatArray, FloatArray]:
    """(T, 6) x and y of the middle, the front, and four wheels of (T, 1) boxes."""
    wheel_ahead = WHEEL_AHEAD * box.length
    wheel_left = np.maximum(box.width - WHEEL_INSIDE, 0.0)
    zero = np.zeros_like(box.length)
    ahead = np.hstack([zero, box.length, wheel_ahead * SIGNS[:, 0]])
    left = np.hstack([zero, zero, wheel_left * SIGNS[:, 1]])
    cos, sin = np.cos(box.heading), np.sin(box.heading)
    return box.x + cos * ahead - sin * left, box.y + sin * ahead + cos * left


def places_of(network: RoadNetwork, box: Boxes, z: FloatArray, route: Route | None) -> Places:
    """Look every point up among the drivable lanes."""
    x, y = points(box)
    height = np.repeat(z[:, None], x.shape[1], axis=1)
    heading = np.repeat(box.heading, x.shape[1], axis=1)
    hint = network.route_mask(route if route is not None else ())
    found = network.locate_many(
        x.ravel(), y.ravel(), height.ravel(), heading.ravel(), route=hint, types=DRIVABLE
    )
    outside = np.where(found.road >= 0, found.outside, np.inf)
    return Places(
        x=x,
        y=y,
        road=found.road.reshape(x.shape),
        lane=found.lane.reshape(x.shape),
        s=found.s.reshape(x.shape),
        t=found.t.reshape(x.shape),
        outside=outside.reshape(x.shape),
    )


def under(network: RoadNetwork, places: Places, heading: FloatArray) -> Under:
    """The lane under the ego's middle, with the way it is driven in."""
    road, s = places.road[:, MIDDLE], places.s[:, MIDDLE]
    row = rows_of(network, road, places.lane[:, MIDDLE], s)
    there = row >= 0
    way = np.where(there, network.tables.lanes[row, t.DIRECTION], 0)
    along = network.road_poses(np.maximum(road, 0), np.nan_to_num(s), 0.0).heading
    driven = np.where(way != 0, along + np.where(way < 0, math.pi, 0.0), np.nan)
    junction = there & (network.tables.roads[road, t.JUNCTION] >= 0)
    on_it = there & ~junction & (places.outside[:, MIDDLE] <= 0.0)
    return Under(row, driven, junction, on_it & (np.cos(heading - driven) < 0.0))


def rows_of(network: RoadNetwork, road: IntArray, lane: IntArray, s: FloatArray) -> IntArray:
    """Rows of lanes in `tables.lanes`, -1 for none."""
    tables = network.tables
    section = np.full(len(road), -1)
    for one in np.unique(road[road >= 0]).tolist():
        first, last = tables.roads[one, t.SECTIONS : t.SECTIONS + 2].tolist()
        mine = road == one
        number = np.searchsorted(tables.section_s[first:last, 0], s[mine], side="right") - 1
        section[mine] = first + np.maximum(number, 0)
    out = np.full(len(road), -1)
    pairs, which = np.unique(np.stack([section, lane], axis=1), axis=0, return_inverse=True)
    for number, (part, wanted) in enumerate(pairs.tolist()):
        if part >= 0:
            first, last = tables.sections[part, t.LANES : t.LANES + 2].tolist()
            match = np.flatnonzero(tables.lanes[first:last, t.LANE_ID] == wanted)
            out[which.ravel() == number] = first + match[0] if len(match) else -1
    return out


def speed_limits(
    network: RoadNetwork, row: IntArray, road: IntArray, s: FloatArray, otherwise: float
) -> FloatArray:
    """(T,) m/s by the lane, else by the road's type, else `otherwise`."""
    out = np.full(len(row), np.nan)
    for one in np.unique(row[row >= 0]).tolist():
        mine = row == one
        first, last = network.tables.lanes[one, t.SPEEDS : t.SPEEDS + 2].tolist()
        out[mine] = _last(network.arrays["speeds"][first:last], s[mine], 1)
        missing = mine & np.isnan(out)
        if missing.any():
            first, last = network.tables.roads[road[missing][0], t.TYPES : t.TYPES + 2].tolist()
            out[missing] = _last(network.arrays["types"][first:last], s[missing], 2)
    return np.where(np.isnan(out), otherwise, out)


def _last(records: FloatArray, s: FloatArray, column: int) -> FloatArray:
    """The value of the last record at or before each s; NaN where there is none."""
    if not len(records):
        return np.full(len(s), np.nan)
    number = np.searchsorted(records[:, 0], s, side="right") - 1
    return np.where(number >= 0, records[number, column], np.nan)


def lane_kind(network: RoadNetwork, x: float, y: float, z: float, heading: float) -> str:
    """The type of whatever lane is under a point; "off the roads" beside all of them."""
    found = network.locate_many(x, y, z, heading, types=ANY)
    row = int(rows_of(network, found.road, found.lane, found.s)[0])
    if row < 0 or found.outside[0] > 0.0:
        return "off the roads"
    return LANE_TYPES[network.tables.lanes[row, t.LANE_TYPE]]
