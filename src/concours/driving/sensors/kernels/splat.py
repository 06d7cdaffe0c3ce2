"""A map's lanes and marks, drawn into a grid of cells with two storeys."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.jit import inner, kernel
from concours.driving.roads.kernels.pose import line_at
from concours.driving.roads.kernels.surface import across_of, borders_of, lane_height, surface_at
from concours.driving.roads.tables import LANE_ID, LANE_TYPE, LANES, MARKS, SECTION_ROAD, Tables

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CLEARANCE = 2.5
"""Metres between two surfaces of which one is a bridge over the other."""
CLOSE = 1.4
"""Points a cell; close enough that cells turned by 45 degrees are met."""
THIN = 0.01
"""Metres; a narrower lane is not drawn."""
DASH, GAP = 3.0, 4.0
"""Metres of a broken line."""
SKIPPED, SOLID, DASHED = range(3)  # values of LOOK
MARK_FROM, MARK_TO, MARK_WIDTH, LOOK, MARK_CODE = range(5)


class Layers(NamedTuple):
    """heights: (2, nx, ny) float32, NaN where nothing is; codes: (2, nx, ny). frame: see Ground."""

    heights: npt.NDArray[np.float32]
    codes: npt.NDArray[np.uint8]
    frame: FloatArray


@inner
def _put(layers: Layers, x: float, y: float, z: float, code: int) -> None:
    """One point; where surfaces overlap, the greater code stays."""
    i = int((x - layers.frame[0]) * layers.frame[2])
    j = int((y - layers.frame[1]) * layers.frame[2])
    if not (0 <= i < layers.codes.shape[1] and 0 <= j < layers.codes.shape[2]):
        return
    heights, codes = layers.heights, layers.codes
    storey = 0
    if not math.isnan(heights[0, i, j]):
        if z > heights[0, i, j] + CLEARANCE:
            storey = 1
        elif z < heights[0, i, j] - CLEARANCE:
            heights[1, i, j], codes[1, i, j] = heights[0, i, j], codes[0, i, j]
            heights[0, i, j], codes[0, i, j] = np.nan, 0
    if math.isnan(heights[storey, i, j]) or code >= codes[storey, i, j]:
        heights[storey, i, j], codes[storey, i, j] = z, code


@inner
def _across(
    tables: Tables,
    layers: Layers,
    lane: tuple[int, int, int],
    s: float,
    part: tuple[float, float],
    code: int,
) -> None:
    """A line across a lane (road, section, row) at s, over a part of t, cells close together."""
    road, section, row = lane
    low, high = part
    x, y, heading, _, _ = line_at(tables, road, s)
    cos, sin = math.cos(heading), math.sin(heading)
    inner, outer = borders_of(across_of(tables), road, section, row, s)
    width = outer[0] - inner[0]
    count = math.ceil(abs(high - low) * layers.frame[2] * CLOSE)
    for number in range(count + 1):
        t = low + (high - low) * number / max(count, 1)
        beside, _, _, height, _, _, _ = surface_at(tables, road, section, row, s, t)
        share = (t - inner[0]) / width if width != 0.0 else 0.0
        height += lane_height(tables.cubics, tables.lanes, row, s, share)[0]
        _put(layers, x - sin * beside, y + cos * beside, height, code)


@kernel
def splat_lanes(tables: Tables, by_type: IntArray, layers: Layers) -> None:
    """Draw surfaces; by_type: codes of lane types. Complexity: linear in the area of the lanes."""
    across = across_of(tables)
    for section in range(len(tables.sections)):
        road = tables.sections[section, SECTION_ROAD]
        low, high = tables.section_s[section, 0], tables.section_s[section, 1]
        count = math.ceil((high - low) * layers.frame[2] * CLOSE)
        for row in range(tables.sections[section, LANES], tables.sections[section, LANES + 1]):
            if tables.lanes[row, LANE_ID] == 0:
                continue
            code = by_type[tables.lanes[row, LANE_TYPE]]
            for number in range(count + 1):
                s = low + (high - low) * number / max(count, 1)
                inner, outer = borders_of(across, road, section, row, s)
                if abs(outer[0] - inner[0]) > THIN:
                    part = (inner[0], outer[0])
                    _across(tables, layers, (road, section, row), s, part, code)


@kernel
def splat_marks(tables: Tables, marks: FloatArray, layers: Layers) -> None:
    """Draw marks over the surfaces; marks: (n, 5) from, to, width, look, code, as lanes refer."""
    across = across_of(tables)
    for section in range(len(tables.sections)):
        road = tables.sections[section, SECTION_ROAD]
        low, high = tables.section_s[section, 0], tables.section_s[section, 1]
        for row in range(tables.sections[section, LANES], tables.sections[section, LANES + 1]):
            for mark in range(tables.lanes[row, MARKS], tables.lanes[row, MARKS + 1]):
                begin, end = max(marks[mark, MARK_FROM], low), min(marks[mark, MARK_TO], high)
                if marks[mark, LOOK] == SKIPPED or end <= begin:
                    continue
                half, code = 0.45 * marks[mark, MARK_WIDTH], int(marks[mark, MARK_CODE])
                for number in range(math.ceil((end - begin) * layers.frame[2] * CLOSE) + 1):
                    s = min(begin + number / (layers.frame[2] * CLOSE), end)
                    if marks[mark, LOOK] == DASHED and s % (DASH + GAP) > DASH:
                        continue
                    _, outer = borders_of(across, road, section, row, s)
                    part = (outer[0] - half, outer[0] + half)
                    _across(tables, layers, (road, section, row), s, part, code)
