"""Poses: where a point of a lane or a road is in the world."""

from __future__ import annotations

import math

from concours.driving.jit import inner, kernel
from concours.driving.roads.kernels.curve import last_at, piece_at
from concours.driving.roads.kernels.surface import (
    across_of,
    borders_of,
    lane_at,
    lane_height,
    section_at,
    surface_at,
)
from concours.driving.roads.tables import (
    BEND,
    CENTRE,
    K0,
    K1,
    KIND,
    LANE_ID,
    LANES,
    PIECES,
    S0,
    FloatArray,
    IntArray,
    Tables,
)

POSE_COLUMNS = 7


@inner
def wrapped(angle: float) -> float:
    """An angle in (-pi, pi]."""
    return angle - 2.0 * math.pi * math.ceil((angle - math.pi) / (2.0 * math.pi))


@kernel
def line_at(tables: Tables, road: int, s: float) -> tuple[float, float, float, float, float]:
    """The reference line: x, y, heading, curvature and its change."""
    first, last = tables.roads[road, PIECES], tables.roads[road, PIECES + 1]
    return piece_at(tables.pieces, last_at(tables.pieces, S0, first, last, s), s)


@inner
def bend_at(tables: Tables, road: int, s: float) -> float:
    """The curvature of the reference line; that of `line_at`."""
    pieces = tables.pieces
    row = last_at(pieces, S0, tables.roads[road, PIECES], tables.roads[road, PIECES + 1], s)
    if pieces[row, KIND] == BEND:
        return float(pieces[row, K0] + pieces[row, K1] * (s - pieces[row, S0]))
    return piece_at(pieces, row, s)[3]


@inner
def write_pose(
    tables: Tables,
    out: FloatArray,
    road: int,
    section: int,
    lane: int,
    s: float,
    t: tuple[float, float, float],
    edges: tuple[float, float],
) -> None:
    """Fill out with x, y, z, heading, pitch, roll, curvature of the curve t(s) at s.

    edges: t of the inner and the outer border of the lane.
    """
    x, y, heading, curvature, change = line_at(tables, road, s)
    beside, along, across, height, climb, slope, _ = surface_at(
        tables, road, section, lane, s, t[0]
    )
    width = edges[1] - edges[0]
    share = (t[0] - edges[0]) / width if width != 0.0 else 0.0
    raised, step = lane_height(tables.cubics, tables.lanes, lane, s, share)
    height += raised
    slope += step / width if width != 0.0 else 0.0
    drift = along + across * t[1]
    forward = 1.0 - curvature * beside
    out[0] = x - math.sin(heading) * beside
    out[1] = y + math.cos(heading) * beside
    out[2] = height
    out[3] = wrapped(heading + math.atan2(drift, forward))
    speed = math.hypot(forward, drift)
    if speed < 1e-12:
        out[4] = out[5] = out[6] = 0.0
        return
    out[4] = -math.atan2(climb + slope * t[1], speed)
    out[5] = math.atan2(slope, across)
    turn = forward * (curvature * forward + across * t[2])
    turn += drift * (change * beside + 2.0 * curvature * drift)
    out[6] = turn / speed**3


@kernel
def lane_row(tables: Tables, section: int, lane_id: int) -> int:
    """The row of a lane in a section by its id; -1 where there is none."""
    first, last = tables.sections[section, LANES], tables.sections[section, LANES + 1]
    guess = tables.sections[section, CENTRE] - lane_id
    if first <= guess < last and tables.lanes[guess, LANE_ID] == lane_id:
        return int(guess)
    for row in range(first, last):
        if tables.lanes[row, LANE_ID] == lane_id:
            return row
    return -1


@kernel
def lane_poses(
    tables: Tables,
    roads: IntArray,
    lane_ids: IntArray,
    s: FloatArray,
    offset: FloatArray,
    out: FloatArray,
) -> None:
    """Write (n, 7) poses of points of lanes, heading along s, for lanes that are there."""
    for i in range(len(roads)):
        road = roads[i]
        if road < 0 or road >= len(tables.lengths) or not math.isfinite(s[i] + offset[i]):
            continue
        at = min(max(s[i], 0.0), tables.lengths[road])
        section = section_at(tables, road, at)
        lane = lane_row(tables, section, lane_ids[i])
        if lane < 0:
            continue
        inner, outer = borders_of(across_of(tables), road, section, lane, at)
        t = (
            0.5 * (inner[0] + outer[0]) + offset[i],
            0.5 * (inner[1] + outer[1]),
            0.5 * (inner[2] + outer[2]),
        )
        write_pose(tables, out[i], road, section, lane, at, t, (inner[0], outer[0]))


@kernel
def road_poses(
    tables: Tables, roads: IntArray, s: FloatArray, t: FloatArray, out: FloatArray
) -> None:
    """Write (n, 7) poses at constant t, heading along s, for roads that are there."""
    for i in range(len(roads)):
        road = roads[i]
        if road < 0 or road >= len(tables.lengths) or not math.isfinite(s[i] + t[i]):
            continue
        at = min(max(s[i], 0.0), tables.lengths[road])
        section = section_at(tables, road, at)
        lane = lane_at(across_of(tables), road, section, at, t[i])
        inner, outer = borders_of(across_of(tables), road, section, lane, at)
        edges = (inner[0], outer[0])
        write_pose(tables, out[i], road, section, lane, at, (t[i], 0.0, 0.0), edges)
