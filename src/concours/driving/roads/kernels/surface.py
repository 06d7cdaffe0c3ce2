"""The road's surface above and beside the reference line.

By clause 8.3 of OpenDRIVE 1.8 the reference line lies in the x/y plane and the t-axis is rolled
around it by the superelevation: a point at t lies t cos(phi) beside the line and t sin(phi) above
it. Elevation, crossfall, shape and the height of a lane raise it along z.
"""

from __future__ import annotations

import math

from concours.driving.jit import inner, kernel
from concours.driving.roads.kernels.curve import cubic_at
from concours.driving.roads.tables import (
    BY_BORDER,
    CENTRE,
    CROSS_LEFT,
    CROSS_RIGHT,
    ELEVATION,
    HEIGHTS,
    LANES,
    LEVEL,
    OFFSETS,
    SECTIONS,
    SHAPES,
    SUPERELEVATION,
    TILTED,
    WIDTHS,
    Across,
    FloatArray,
    IntArray,
    Tables,
)

Jet = tuple[float, float, float]
"""A value with its first and second derivative by s."""


@inner
def across_of(tables: Tables) -> Across:
    """The tables that lanes need."""
    return Across(tables.cubics, tables.roads, tables.sections, tables.lanes)


@inner
def offset_at(across: Across, road: int, s: float) -> Jet:
    """The lane offset."""
    roads = across.roads
    return cubic_at(across.cubics, roads[road, OFFSETS], roads[road, OFFSETS + 1], s)


@kernel
def section_at(tables: Tables, road: int, s: float) -> int:
    """The lane section of a road at `s`."""
    first, last = tables.roads[road, SECTIONS], tables.roads[road, SECTIONS + 1]
    low, high = first, last
    while high - low > 1:
        middle = (low + high) // 2
        if tables.section_s[middle, 0] <= s:
            low = middle
        else:
            high = middle
    return int(low)


@inner
def outwards(across: Across, lane: int, s: float, sign: float, inner: Jet, zero: Jet) -> Jet:
    """The outer border of a lane whose inner border is `inner`; `zero` is the lane offset."""
    lanes = across.lanes
    value, slope, bend = cubic_at(across.cubics, lanes[lane, WIDTHS], lanes[lane, WIDTHS + 1], s)
    if lanes[lane, BY_BORDER]:
        return zero[0] + value, zero[1] + slope, zero[2] + bend
    return inner[0] + sign * value, inner[1] + sign * slope, inner[2] + sign * bend


@kernel
def borders_of(across: Across, road: int, section: int, lane: int, s: float) -> tuple[Jet, Jet]:
    """Inner and outer border (t with derivatives) of a lane; both the centre for lane 0.

    Complexity: linear in the lanes between the centre and it.
    """
    zero = offset_at(across, road, s)
    inner, outer = zero, zero
    centre = across.sections[section, CENTRE]
    step = -1 if lane < centre else 1
    for one in range(centre + step, lane + step, step):
        if lane == centre:
            break
        inner = outer
        outer = outwards(across, one, s, -float(step), inner, zero)
    return inner, outer


@inner
def lane_at(across: Across, road: int, section: int, s: float, t: float) -> int:
    """The row of the lane that holds `t`, the outermost where t lies beyond; the centre if none."""
    first, last = across.sections[section, LANES], across.sections[section, LANES + 1]
    centre = across.sections[section, CENTRE]
    zero = offset_at(across, road, s)
    sign = 1.0 if t >= zero[0] else -1.0
    step, stop = (-1, first - 1) if sign > 0 else (1, last)
    border, found = zero, centre
    for lane in range(centre + step, stop, step):
        border = outwards(across, lane, s, sign, border, zero)
        found = lane
        if sign * (border[0] - t) >= 0.0:
            break
    return int(found)


@inner
def _shape_row(cubics: FloatArray, first: int, last: int, t: float) -> tuple[float, float]:
    """Height and slope across of one cross section, the rows first .. last - 1 sorted by t."""
    row = first
    while row + 1 < last and cubics[row + 1, 1] <= t:
        row += 1
    dt = max(t - cubics[row, 1], 0.0)
    a, b, c, d = cubics[row, 2], cubics[row, 3], cubics[row, 4], cubics[row, 5]
    slope = b + dt * (2 * c + 3 * dt * d) if t >= cubics[row, 1] else 0.0
    return a + dt * (b + dt * (c + dt * d)), slope


@inner
def shape_at(
    cubics: FloatArray, first: int, last: int, s: float, t: float
) -> tuple[float, float, float]:
    """Height of the lateral shape, its slope along s and across t; linear between stations."""
    if first == last or s < cubics[first, 0]:
        return 0.0, 0.0, 0.0
    begin = end = first
    while end < last and cubics[end, 0] <= s:
        begin = end
        while end < last and cubics[end, 0] == cubics[begin, 0]:
            end += 1
    height, across = _shape_row(cubics, begin, end, t)
    if end == last:
        return height, 0.0, across
    after = end
    while after < last and cubics[after, 0] == cubics[end, 0]:
        after += 1
    height2, across2 = _shape_row(cubics, end, after, t)
    span = cubics[end, 0] - cubics[begin, 0]
    share = (s - cubics[begin, 0]) / span
    return (
        height + share * (height2 - height),
        (height2 - height) / span,
        across + share * (across2 - across),
    )


@inner
def _raised(tables: Tables, road: int, s: float, t: float) -> tuple[float, float, float]:
    """Crossfall and shape: height, slope along and across."""
    row = tables.roads[road]
    height, along, across = shape_at(tables.cubics, row[SHAPES], row[SHAPES + 1], s, t)
    side = CROSS_LEFT if t >= 0 else CROSS_RIGHT
    if row[side] < row[side + 1]:
        angle, change, _ = cubic_at(tables.cubics, row[side], row[side + 1], s)
        tan = math.tan(angle)
        height -= abs(t) * tan
        along -= abs(t) * change * (1.0 + tan * tan)
        across -= tan if t >= 0 else -tan
    return height, along, across


@inner
def level_from(tables: Tables, road: int, section: int, lane: int, s: float) -> float:
    """Where the level lanes around `lane` begin: t of the inner border of the innermost.

    For the centre lane, where nothing is further inside: its own t.
    """
    centre = tables.sections[section, CENTRE]
    step = 1 if lane < centre else -1
    while lane != centre and lane + step != centre and tables.lanes[lane + step, LEVEL]:
        lane += step
    inner, _ = borders_of(across_of(tables), road, section, lane, s)
    return inner[0]


@inner
def lane_height(
    cubics: FloatArray, lanes: IntArray, lane: int, s: float, share: float
) -> tuple[float, float]:
    """How far a lane is raised at `share` (0 inside, 1 outside) of it, and outer less inner."""
    first, last = lanes[lane, HEIGHTS], lanes[lane, HEIGHTS + 1]
    if first == last or s < cubics[first, 0]:
        return 0.0, 0.0
    row = last - 1
    while cubics[row, 0] > s:
        row -= 1
    inner, outer = cubics[row, 1], cubics[row, 2]
    return inner + min(max(share, 0.0), 1.0) * (outer - inner), outer - inner


@inner
def surface_at(
    tables: Tables, road: int, section: int, lane: int, s: float, t: float
) -> tuple[float, float, float, float, float, float, float]:
    """The surface at (s, t), where `lane` lies.

    Returns the distance beside the line with its slopes along s and across t, the height with its
    slopes along s and across t, and the superelevation.
    """
    row = tables.roads[road]
    height, along, _ = cubic_at(tables.cubics, row[ELEVATION], row[ELEVATION + 1], s)
    if not row[TILTED]:
        return t, 0.0, 1.0, height, along, 0.0, 0.0
    phi, turn, _ = cubic_at(tables.cubics, row[SUPERELEVATION], row[SUPERELEVATION + 1], s)
    cos, sin = math.cos(phi), math.sin(phi)
    tilted = t
    flat = 0.0
    if tables.lanes[lane, LEVEL]:
        tilted = level_from(tables, road, section, lane, s)
        flat = t - tilted
    more, more_along, more_across = _raised(tables, road, s, tilted)
    beside, beside_along = tilted * cos + flat, -tilted * sin * turn
    height += tilted * sin + more
    along += tilted * cos * turn + more_along
    if tables.lanes[lane, LEVEL]:
        return beside, beside_along, 1.0, height, along, 0.0, 0.0
    return beside, beside_along, cos, height, along, sin + more_across, phi
