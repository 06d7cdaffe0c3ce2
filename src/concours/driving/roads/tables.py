"""The flat arrays that the kernels read, and what stands in their columns.

Rows of ranges: the columns X and X + 1 hold the first row and the row after the last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# pieces: parts of reference lines, each short enough for one closed form (see kernels/curve.py)
S0, LENGTH, X0, Y0, H0, KIND, K0, K1 = range(8)
U, V, P = 8, 12, 16  # four coefficients each
PIECE_COLUMNS = 20
BEND, POLYNOMIAL = 0.0, 1.0  # values of KIND

# roads, as integers; ranges take two columns
PIECES, ELEVATION, SUPERELEVATION, OFFSETS, CROSS_LEFT, CROSS_RIGHT = range(0, 12, 2)
SHAPES, SECTIONS, SIGNALS, OBJECTS, TYPES = range(12, 22, 2)
LEFT_HAND, JUNCTION, ROAD_ID, ROAD_NAME, TILTED = range(22, 27)
ROAD_COLUMNS = 27

# sections, as integers: road, range of lanes, row of the centre lane
SECTION_ROAD, LANES, CENTRE = 0, 1, 3
SECTION_COLUMNS = 4

# lanes of sections, as integers
LANE_ID, LANE_TYPE, LANE_SECTION, DIRECTION, LEVEL, BY_BORDER = range(6)
WIDTHS, HEIGHTS, MARKS, SPEEDS, ACCESS = range(6, 16, 2)
LANE_COLUMNS = 16

# strips of the spatial index
STRIP_S, STRIP_HALF, STRIP_X, STRIP_Y, STRIP_COS, STRIP_SIN, STRIP_BEND = range(7)
ALONG_LOW, ALONG_HIGH, ACROSS_LOW, ACROSS_HIGH, STRIP_Z = range(7, 12)
STRIP_COLUMNS = 12
STRIP_ROAD, STRIP_PIECE, STRIP_SECTION = range(3)


class Across(NamedTuple):
    """What tells where lanes lie across the road; fewer arrays make cheaper calls."""

    cubics: FloatArray
    roads: IntArray
    sections: IntArray
    lanes: IntArray


class Tables(NamedTuple):
    """What the kernels read; each array more makes all of them slower to compile.

    Attributes:
        pieces: (P, 20) parts of reference lines.
        cubics: (C, 6), zeros behind what is said here: s, a, b, c, d of every profile, offset,
            width and border; s, t, a, b, c, d of lateral shapes; s, inner, outer of raised lanes.
        lengths: (R,) of roads.
        roads: (R, 27).
        section_s: (S, 2) start and end.
        sections: (S, 4).
        lanes: (L, 16), those of a section from left to right.
        joints: which lane ends meet; those of lane end e are joints[joints[e]:joints[e + 1]].
    """

    pieces: FloatArray
    cubics: FloatArray
    lengths: FloatArray
    roads: IntArray
    section_s: FloatArray
    sections: IntArray
    lanes: IntArray
    joints: IntArray

    @property
    def across(self) -> Across:
        """For calls from Python; kernels call `across_of`."""
        return Across(self.cubics, self.roads, self.sections, self.lanes)


class Cells(NamedTuple):
    """The spatial index, for what looks for lanes.

    Attributes:
        strips: (M, 12) and strip_of: (M, 3), the parts of roads in the index.
        cell_first: (nx * ny + 1,) and cell_strips: the strips that touch each cell.
        grid: (5,) x and y of the corner, size of a cell, nx, ny.
    """

    strips: FloatArray
    strip_of: IntArray
    cell_first: IntArray
    cell_strips: IntArray
    grid: FloatArray
