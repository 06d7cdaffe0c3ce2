"""The spatial index: strips of road in a flat grid of cells."""

from __future__ import annotations

import math

import numpy as np

from concours.driving.jit import inner, kernel
from concours.driving.roads.kernels.curve import piece_at
from concours.driving.roads.kernels.pose import wrapped
from concours.driving.roads.kernels.surface import across_of, borders_of, surface_at
from concours.driving.roads.tables import (
    ACROSS_HIGH,
    ACROSS_LOW,
    ALONG_HIGH,
    ALONG_LOW,
    CENTRE,
    LANES,
    PIECES,
    S0,
    SECTIONS,
    STRIP_BEND,
    STRIP_COLUMNS,
    STRIP_COS,
    STRIP_HALF,
    STRIP_PIECE,
    STRIP_ROAD,
    STRIP_S,
    STRIP_SECTION,
    STRIP_SIN,
    STRIP_X,
    STRIP_Y,
    STRIP_Z,
    FloatArray,
    IntArray,
    Tables,
)

CELL = 6.0
"""Metres of a cell's side, where the map is not too large for it."""
MAX_CELLS = 2_000_000
MAX_ENTRIES = 16 * 2**20
"""Strips in cells, at most; the cells grow until it holds."""
BOX = ((ALONG_LOW, ALONG_HIGH), (ACROSS_LOW, ACROSS_HIGH))
STRIP = 4.0
"""Metres of a strip, where the roads are not too long for it."""
MAX_STRIPS = 1_000_000
STRIP_TURN = 0.4
"""Radians that a strip turns at most."""
SAMPLES = 5
SLACK = 0.05
"""Metres by which a strip's box is widened, beside what it bends and widens between samples."""


def cut_strips(tables: Tables) -> tuple[FloatArray, IntArray]:
    """Strips of all roads, (M, 12) and (M, 3); none crosses a piece or a section."""
    longest = max(STRIP, float(tables.lengths.sum()) / (0.5 * MAX_STRIPS))
    count = _strips(tables, longest, np.empty((0, STRIP_COLUMNS)), np.empty((0, 3), np.int64))
    strips = np.empty((count, STRIP_COLUMNS))
    of = np.empty((count, 3), dtype=np.int64)
    _strips(tables, longest, strips, of)
    return strips, of


def sort_into_cells(strips: FloatArray) -> tuple[FloatArray, IntArray, IntArray]:
    """(x, y, size, nx, ny) of the grid, first of each cell, strips of the cells."""
    reach = np.hypot(
        np.maximum(-strips[:, ALONG_LOW], strips[:, ALONG_HIGH]),
        np.maximum(np.abs(strips[:, ACROSS_LOW]), np.abs(strips[:, ACROSS_HIGH])),
    )
    low = np.array([(strips[:, c] - reach).min() for c in (STRIP_X, STRIP_Y)]) - CELL
    high = np.array([(strips[:, c] + reach).max() for c in (STRIP_X, STRIP_Y)]) + CELL
    size = max(CELL, math.sqrt(float(np.prod(high - low)) / MAX_CELLS))
    box = np.stack([strips[:, hi] - strips[:, lo] for lo, hi in BOX]).sum(axis=0)
    while float(((box / size + 2.0) ** 2).sum()) > MAX_ENTRIES:
        size *= 2.0  # a road as wide as the map would fill every cell
    shape = np.minimum(np.ceil((high - low) / size) + 1, MAX_CELLS)
    grid = np.array([low[0], low[1], size, shape[0], shape[1]])
    cells = int(shape[0] * shape[1])
    first = np.zeros(cells + 1, dtype=np.int64)
    _cells(strips, grid, first, np.empty(0, dtype=np.int64), counting=True)
    ends = np.concatenate([[0], np.cumsum(first[:-1])])
    items = np.empty(int(ends[-1]), dtype=np.int64)
    _cells(strips, grid, ends[:-1].copy(), items, counting=False)
    return grid, ends.astype(np.int64), items


@kernel
def _strips(tables: Tables, longest: float, strips: FloatArray, of: IntArray) -> int:
    """Write the strips where there is room for them; how many there are."""
    count = 0
    for road in range(len(tables.lengths)):
        length = tables.lengths[road]
        section, end = tables.roads[road, SECTIONS], tables.roads[road, SECTIONS + 1]
        first, last = tables.roads[road, PIECES], tables.roads[road, PIECES + 1]
        for piece in range(first, last):
            s = tables.pieces[piece, S0] if piece > first else 0.0
            stop = tables.pieces[piece + 1, S0] if piece + 1 < last else length
            stop = min(stop, length)
            while s < stop:
                while section + 1 < end and tables.section_s[section, 1] <= s:
                    section += 1
                upto = min(stop, tables.section_s[section, 1] if section + 1 < end else stop)
                if upto <= s:
                    upto = stop
                parts = _parts(tables, piece, s, upto, longest)
                step = (upto - s) / parts
                for part in range(parts):
                    if count < len(of):
                        of[count, STRIP_ROAD] = road
                        of[count, STRIP_PIECE] = piece
                        of[count, STRIP_SECTION] = section
                        _measure(
                            tables, of[count], s + (part + 0.5) * step, 0.5 * step, strips[count]
                        )
                    count += 1
                s = upto
    return count


@inner
def _parts(tables: Tables, piece: int, s: float, upto: float, longest: float) -> int:
    """Into how many strips a stretch is cut: by length and by how much it turns."""
    parts = math.ceil((upto - s) / longest)
    turned = 0.0
    for sample in range(8):
        _, _, _, bend, _ = piece_at(tables.pieces, piece, s + (sample + 0.5) * (upto - s) / 8)
        turned = max(turned, abs(bend) * (upto - s))
    return int(max(1.0, parts, min(math.ceil(turned / STRIP_TURN), 4.0 * parts + 64.0)))


@inner
def _measure(tables: Tables, of: IntArray, s: float, half: float, out: FloatArray) -> None:
    """The strip's frame and its box in it."""
    road, piece, section = of[STRIP_ROAD], of[STRIP_PIECE], of[STRIP_SECTION]
    x, y, heading, bend, _ = piece_at(tables.pieces, piece, s)
    cos, sin = math.cos(heading), math.sin(heading)
    out[STRIP_S], out[STRIP_HALF], out[STRIP_X], out[STRIP_Y] = s, half, x, y
    out[STRIP_COS], out[STRIP_SIN], out[STRIP_BEND] = cos, sin, bend
    left, right = tables.sections[section, LANES], tables.sections[section, LANES + 1] - 1
    centre = tables.sections[section, CENTRE]
    low_along = low_across = 1e300
    high_along = high_across = -1e300
    turn = jump = before_left = before_right = 0.0
    for sample in range(SAMPLES):
        at = s + half * (2.0 * sample / (SAMPLES - 1) - 1.0)
        x1, y1, heading1, _, _ = piece_at(tables.pieces, piece, at)
        turn = max(turn, abs(wrapped(heading1 - heading)))
        for lane in range(left, right + 1):
            _, outer = borders_of(across_of(tables), road, section, lane, at)
            if lane != left and lane != right and lane != centre:
                continue
            if lane == left:
                jump = max(jump, abs(outer[0] - before_left) if sample else 0.0)
                before_left = outer[0]
            if lane == right:
                jump = max(jump, abs(outer[0] - before_right) if sample else 0.0)
                before_right = outer[0]
            beside, _, _, height, _, _, _ = surface_at(tables, road, section, lane, at, outer[0])
            if lane == centre and sample == SAMPLES // 2:
                out[STRIP_Z] = height
            dx = x1 - math.sin(heading1) * beside - x
            dy = y1 + math.cos(heading1) * beside - y
            along, across = dx * cos + dy * sin, dy * cos - dx * sin
            low_along, high_along = min(low_along, along), max(high_along, along)
            low_across, high_across = min(low_across, across), max(high_across, across)
    slack = SLACK + 0.06 * turn * (high_along - low_along + high_across - low_across)
    out[ALONG_LOW], out[ALONG_HIGH] = low_along - slack, high_along + slack
    slack += jump  # a width may change at once between two samples
    out[ACROSS_LOW], out[ACROSS_HIGH] = low_across - slack, high_across + slack


@kernel
def _cells(
    strips: FloatArray, grid: FloatArray, at: IntArray, items: IntArray, counting: bool
) -> None:
    """Count in `at`, or put at `at`, the strips whose box touches each cell (separating axes)."""
    size, nx, ny = grid[2], int(grid[3]), int(grid[4])
    half = 0.5 * size
    for strip in range(len(strips)):
        cos, sin = strips[strip, STRIP_COS], strips[strip, STRIP_SIN]
        a = 0.5 * (strips[strip, ALONG_HIGH] - strips[strip, ALONG_LOW])
        b = 0.5 * (strips[strip, ACROSS_HIGH] - strips[strip, ACROSS_LOW])
        along = 0.5 * (strips[strip, ALONG_HIGH] + strips[strip, ALONG_LOW])
        across = 0.5 * (strips[strip, ACROSS_HIGH] + strips[strip, ACROSS_LOW])
        x = strips[strip, STRIP_X] + along * cos - across * sin
        y = strips[strip, STRIP_Y] + along * sin + across * cos
        reach_x, reach_y = a * abs(cos) + b * abs(sin), a * abs(sin) + b * abs(cos)
        corner = half * (abs(cos) + abs(sin))
        for i in range(
            _cell(x - reach_x, grid[0], size, nx), _cell(x + reach_x, grid[0], size, nx) + 1
        ):
            for j in range(
                _cell(y - reach_y, grid[1], size, ny), _cell(y + reach_y, grid[1], size, ny) + 1
            ):
                dx, dy = grid[0] + (i + 0.5) * size - x, grid[1] + (j + 0.5) * size - y
                if abs(dx * cos + dy * sin) > a + corner or abs(dy * cos - dx * sin) > b + corner:
                    continue
                cell = i * ny + j
                if not counting:
                    items[at[cell]] = strip
                at[cell] += 1


@inner
def _cell(value: float, origin: float, size: float, count: int) -> int:
    return int(min(max(math.floor((value - origin) / size), 0), count - 1))
