"""From the world to the road: which lane is under a point.

Of each road near the point, the lane whose surface is nearest is taken; among the roads, the one
of least cost in metres:

    distance outside the lane + 0.05 |offset from its middle| + |height above it|
    + 1 - cos(heading - the lane's direction)  + 1.5 where the route does not go.

Distance counts fully, so that hints decide where surfaces overlap (junctions, ramps, bridges) and
hardly against the ground that a point stands on.
"""

from __future__ import annotations

import math

import numpy as np

from concours.driving.jit import inner, kernel
from concours.driving.roads.kernels.curve import cubic_at
from concours.driving.roads.kernels.foot import box_distance, foot_of
from concours.driving.roads.kernels.surface import (
    across_of,
    lane_height,
    offset_at,
    outwards,
    surface_at,
)
from concours.driving.roads.tables import (
    CENTRE,
    DIRECTION,
    LANE_TYPE,
    LANES,
    STRIP_PIECE,
    STRIP_ROAD,
    STRIP_SECTION,
    STRIP_X,
    STRIP_Y,
    SUPERELEVATION,
    TILTED,
    Across,
    Cells,
    FloatArray,
    IntArray,
    Tables,
)

OFFSET_WEIGHT, HEADING_WEIGHT, ROUTE_WEIGHT = 0.05, 1.0, 1.5
THIN = 0.01
"""Metres; a narrower lane is not found."""
FOUND_COLUMNS = 6
"""s, t, offset from the lane's middle, distance outside the lane, height of the surface, cost"""
SPREAD = 0.05
"""The cosine of a superelevation is taken to be this at least."""


@inner
def _lane(
    across: Across, road: int, section: int, s: float, t: float, types: int
) -> tuple[int, float, float]:
    """The lane of these types nearest to t: its row, |t outside it|, offset from its middle."""
    zero = offset_at(across, road, s)
    first, last = across.sections[section, LANES], across.sections[section, LANES + 1]
    centre = across.sections[section, CENTRE]
    found, least, offset = -1, 1e300, 0.0
    left = t >= zero[0]
    for side in range(2):
        step, stop = (-1, first - 1) if left == (side == 0) else (1, last)
        border = zero
        for lane in range(centre + step, stop, step):
            inside = border
            border = outwards(across, lane, s, -float(step), inside, zero)
            low, high = min(inside[0], border[0]), max(inside[0], border[0])
            if high - low < THIN or not (types >> across.lanes[lane, LANE_TYPE]) & 1:
                continue
            outside = max(low - t, t - high, 0.0)
            if outside < least:
                found, least, offset = lane, outside, t - 0.5 * (low + high)
        if least == 0.0:
            break
    return found, least, offset


@inner
def _height_at(tables: Tables, cells: Cells, strip: int, lane: int, s: float, t: float) -> float:
    """The surface of a lane; a raised one is taken at its middle."""
    road, section = cells.strip_of[strip, STRIP_ROAD], cells.strip_of[strip, STRIP_SECTION]
    height = surface_at(tables, road, section, lane, s, t)[3]
    return height + lane_height(tables.cubics, tables.lanes, lane, s, 0.5)[0]


@inner
def _hints(
    lanes: IntArray, lane: int, course: tuple[float, float], heading: tuple[float, float]
) -> float:
    """What a heading that is not the lane's costs; cosines and sines, (0, 0) for not known."""
    if heading[0] == 0.0 and heading[1] == 0.0:
        return 0.0
    aligned = course[0] * heading[0] + course[1] * heading[1]
    direction = lanes[lane, DIRECTION]
    return HEADING_WEIGHT * (1.0 - (abs(aligned) if direction == 0 else direction * aligned))


@inner
def _try(
    index: tuple[FloatArray, IntArray, FloatArray],
    across: Across,
    strip: int,
    point: tuple[float, float],
    heading: tuple[float, float],
    types: int,
    route: IntArray,
    best: float,
    out: FloatArray,
) -> int:
    """Fill `out`, height aside, and return the lane where the strip costs less than `best`; or -1.

    index: strips, strip_of, pieces.
    """
    strips, of, pieces = index
    road, piece, section = of[strip, STRIP_ROAD], of[strip, STRIP_PIECE], of[strip, STRIP_SECTION]
    s, along, t, cos, sin = foot_of(strips, pieces, strip, piece, point[0], point[1])
    roads = across.roads
    if roads[road, TILTED]:
        first, last = roads[road, SUPERELEVATION], roads[road, SUPERELEVATION + 1]
        t /= max(math.cos(cubic_at(across.cubics, first, last, s)[0]), SPREAD)
    lane, outside, offset = _lane(across, road, section, s, t, types)
    if lane < 0:
        return -1
    if along != 0.0:
        outside = math.hypot(outside, along)
    cost = outside + OFFSET_WEIGHT * abs(offset) + _hints(across.lanes, lane, (cos, sin), heading)
    if len(route) and not route[road]:
        cost += ROUTE_WEIGHT
    if cost >= best:
        return -1
    out[0], out[1], out[2], out[3], out[4], out[5] = s, t, offset, outside, math.nan, cost
    return lane


@inner
def _reached(gx: float, gy: float, ring: int, size: float) -> float:
    """No cell of the ring is nearer than this to the point at (gx, gy), counted in cells."""
    fx, fy = gx - math.floor(gx), gy - math.floor(gy)
    return max(min(fx, 1.0 - fx, fy, 1.0 - fy) + ring - 1, 0.0) * size


@inner
def _visit(
    tables: Tables,
    cells: Cells,
    cell: int,
    point: tuple[float, float, float],
    heading: tuple[float, float],
    types: int,
    route: IntArray,
    within: float,
    best: FloatArray,
    work: FloatArray,
) -> None:
    """Look at the strips of a cell; what costs less than best[5] is written to `best`.

    Those that the point is on come first: their cost mostly rules the others out.
    """
    x, y, z = point
    across, index = across_of(tables), (cells.strips, cells.strip_of, tables.pieces)
    first, last = cells.cell_first[cell], cells.cell_first[cell + 1]
    for turn in range(2 * (last - first)):
        k = first + turn if turn < last - first else turn + 2 * first - last
        strip = cells.cell_strips[k]
        dx, dy = x - cells.strips[strip, STRIP_X], y - cells.strips[strip, STRIP_Y]
        away = box_distance(cells.strips, strip, dx, dy)
        if (away > 0.0) != (turn >= last - first) or away >= best[5] or away > within:
            continue
        lane = _try(index, across, strip, (x, y), heading, types, route, best[5], work)
        if lane < 0:
            continue
        if not math.isnan(z):
            work[4] = _height_at(tables, cells, strip, lane, work[0], work[1])
            work[5] += abs(z - work[4])
        if work[5] < best[5]:
            for column in range(FOUND_COLUMNS):
                best[column] = work[column]
            best[6], best[7] = strip, lane


@inner
def search(
    tables: Tables,
    cells: Cells,
    point: tuple[float, float, float],
    heading: tuple[float, float],
    types: int,
    route: IntArray,
    within: float,
    best: FloatArray,
    work: FloatArray,
) -> None:
    """Fill `best`: FOUND_COLUMNS, strip (-1 for none), lane; rings of cells outwards."""
    best[5], best[6] = 1e300, -1
    size, nx, ny = cells.grid[2], int(cells.grid[3]), int(cells.grid[4])
    gx, gy = (point[0] - cells.grid[0]) / size, (point[1] - cells.grid[1]) / size
    if not (abs(gx) < 1e9 and abs(gy) < 1e9):
        return
    ix, iy = int(np.floor(gx)), int(np.floor(gy))
    nearest = max(-ix, ix - nx + 1, -iy, iy - ny + 1, 0)
    for ring in range(nearest, nearest + nx + ny + 1):
        reached = _reached(gx, gy, ring, size)
        if reached > within or reached >= best[5]:
            break
        for i in range(max(ix - ring, 0), min(ix + ring, nx - 1) + 1):
            whole = abs(i - ix) == ring
            step = 1 if whole else 2 * ring
            first = max(iy - ring, 0) if whole else iy - ring
            last = min(iy + ring, ny - 1) if whole else iy + ring
            for j in range(first, last + 1, step):
                if 0 <= j < ny:
                    cell = i * ny + j
                    _visit(tables, cells, cell, point, heading, types, route, within, best, work)


@kernel
def locate(
    tables: Tables,
    cells: Cells,
    points: FloatArray,
    types: int,
    route: IntArray,
    within: float,
    rows: IntArray,
    values: FloatArray,
    work: FloatArray,
) -> None:
    """Write rows (n, 2) of road and lane, and values (n, 6), see FOUND_COLUMNS, for what is found.

    points: (n, 4) x, y, z (NaN: not known), heading (NaN: not known). work: (2, 8), for itself.
    """
    for i in range(len(points)):
        point = (points[i, 0], points[i, 1], points[i, 2])
        heading = (0.0, 0.0)
        if math.isfinite(points[i, 3]):
            heading = (math.cos(points[i, 3]), math.sin(points[i, 3]))
        best = work[0]
        search(tables, cells, point, heading, types, route, within, best, work[1])
        strip, lane = int(best[6]), int(best[7])
        if strip < 0 or best[3] > within:
            continue
        if math.isnan(best[4]):
            best[4] = _height_at(tables, cells, strip, lane, best[0], best[1])
        rows[i, 0], rows[i, 1] = cells.strip_of[strip, STRIP_ROAD], lane
        for column in range(FOUND_COLUMNS):
            values[i, column] = best[column]
