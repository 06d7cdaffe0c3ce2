"""A map's lanes and marks, drawn into a grid of cells with two storeys."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.jit import inner, kernel
from concours.driving.roads.kernels.pose import write_pose
from concours.driving.roads.kernels.surface import across_of, borders_of
from concours.driving.roads.tables import LANE_ID, LANE_TYPE, LANES, MARKS, SECTIONS, Tables

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

CLEARANCE = 2.5
"""Metres between two surfaces of which one is a bridge over the other."""
DASH, GAP = 3.0, 4.0
SKIPPED, SOLID, DASHED = range(3)  # values of LOOK
MARK_FROM, MARK_TO, MARK_WIDTH, LOOK, MARK_CODE = range(5)


class Layers(NamedTuple):
    """heights: (2, nx, ny) float32, NaN where nothing is; codes: (2, nx, ny). frame: see Ground."""

    heights: npt.NDArray[np.float32]
    codes: npt.NDArray[np.uint8]
    frame: FloatArray


@inner
def _put(layers: Layers, pose: FloatArray, code: int) -> None:
    """One point; where surfaces overlap, the greater code stays."""
    i = int((pose[0] - layers.frame[0]) * layers.frame[2])
    j = int((pose[1] - layers.frame[1]) * layers.frame[2])
    if not (0 <= i < layers.codes.shape[1] and 0 <= j < layers.codes.shape[2]):
        return
    heights, codes, z = layers.heights, layers.codes, pose[2]
    storey = 0
    if not math.isnan(heights[0, i, j]):
        if z > heights[0, i, j] + CLEARANCE:
            storey = 1
        elif z < heights[0, i, j] - CLEARANCE:
            heights[1, i, j], codes[1, i, j] = heights[0, i, j], codes[0, i, j]
            heights[0, i, j], codes[0, i, j] = np.nan, 0
    if math.isnan(heights[storey, i, j]) or code >= codes[storey, i, j]:
        heights[storey, i, j], codes[storey, i, j] = z, code


@kernel
def splat_lanes(tables: Tables, by_type: IntArray, layers: Layers) -> None:
    """Draw surfaces; by_type: codes of lane types. Complexity: linear in the area of the lanes."""
    size = 0.7 / layers.frame[2]
    pose = np.empty(7)
    across = across_of(tables)
    for road in range(len(tables.lengths)):
        for section in range(tables.roads[road, SECTIONS], tables.roads[road, SECTIONS + 1]):
            low, high = tables.section_s[section, 0], tables.section_s[section, 1]
            count = math.ceil((high - low) / size) + 1
            for lane in range(tables.sections[section, LANES], tables.sections[section, LANES + 1]):
                code = by_type[tables.lanes[lane, LANE_TYPE]]
                if tables.lanes[lane, LANE_ID] == 0:
                    continue
                for number in range(count):
                    s = low + (high - low) * number / max(count - 1, 1)
                    inner, outer = borders_of(across, road, section, lane, s)
                    width = outer[0] - inner[0]
                    cells = math.ceil(abs(width) / size) if abs(width) > 0.01 else -1
                    for cell in range(cells + 1):
                        t = inner[0] + width * cell / max(cells, 1)
                        write_pose(tables, pose, road, section, lane, s, (t, 0.0, 0.0))
                        _put(layers, pose, code)


@kernel
def splat_marks(tables: Tables, marks: FloatArray, layers: Layers) -> None:
    """Draw marks over the surfaces; marks: (n, 5) from, to, width, look, code, as lanes refer."""
    size = 0.7 / layers.frame[2]
    pose = np.empty(7)
    across = across_of(tables)
    for road in range(len(tables.lengths)):
        for section in range(tables.roads[road, SECTIONS], tables.roads[road, SECTIONS + 1]):
            low, high = tables.section_s[section, 0], tables.section_s[section, 1]
            for lane in range(tables.sections[section, LANES], tables.sections[section, LANES + 1]):
                for mark in range(tables.lanes[lane, MARKS], tables.lanes[lane, MARKS + 1]):
                    begin, end = max(marks[mark, MARK_FROM], low), min(marks[mark, MARK_TO], high)
                    if marks[mark, LOOK] == SKIPPED or end <= begin:
                        continue
                    for number in range(math.ceil((end - begin) / size) + 1):
                        s = min(begin + number * size, end)
                        if marks[mark, LOOK] == DASHED and s % (DASH + GAP) > DASH:
                            continue
                        _, outer = borders_of(across, road, section, lane, s)
                        for side in range(-1, 2):
                            t = outer[0] + 0.45 * side * marks[mark, MARK_WIDTH]
                            write_pose(tables, pose, road, section, lane, s, (t, 0.0, 0.0))
                            _put(layers, pose, int(marks[mark, MARK_CODE]))
