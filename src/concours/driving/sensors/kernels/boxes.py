"""Boxes as a sensor sees them, and rays that meet them."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.jit import inner, kernel

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# columns of a placed box: rows of the rotation from the sensor's frame to the box's, the sensor's
# place in the box's frame, half of length, width, height, the middle in the sensor's frame, and
# the radius of the sphere around it
TURN, EYE, HALF, MIDDLE, RADIUS = 0, 9, 12, 15, 18
BOX_COLUMNS = 19


class Scratch(NamedTuple):
    """Room for one box: (8, 3) its corners, (5,) the window that it lies in."""

    corners: FloatArray
    window: FloatArray


def scratch() -> Scratch:
    """Room that kernels work in; it keeps nothing from one call to the next."""
    return Scratch(np.empty((8, 3)), np.empty(5))


EDGES = np.array(
    [(0, 1), (2, 3), (4, 5), (6, 7), (0, 2), (1, 3), (4, 6), (5, 7), (0, 4), (1, 5), (2, 6), (3, 7)]
)
EDGES.flags.writeable = False


@kernel
def place_boxes(
    poses: FloatArray, sizes: FloatArray, place: FloatArray, turn: FloatArray, out: FloatArray
) -> None:
    """Write (n, 19) boxes as seen from a sensor at `place` (3,) turned by `turn` (3, 3)."""
    for k in range(len(poses)):
        ch, sh = math.cos(poses[k, 3]), math.sin(poses[k, 3])
        cp, sp = math.cos(poses[k, 4]), math.sin(poses[k, 4])
        cr, sr = math.cos(poses[k, 5]), math.sin(poses[k, 5])
        axes = (
            (ch * cp, sh * cp, -sp),
            (ch * sp * sr - sh * cr, sh * sp * sr + ch * cr, cp * sr),
            (ch * sp * cr + sh * sr, sh * sp * cr - ch * sr, cp * cr),
        )
        away = (place[0] - poses[k, 0], place[1] - poses[k, 1], place[2] - poses[k, 2])
        square = 0.0
        for row, axis in enumerate(axes):
            for column in range(3):
                out[k, TURN + 3 * row + column] = (
                    axis[0] * turn[0, column]
                    + axis[1] * turn[1, column]
                    + axis[2] * turn[2, column]
                )
            out[k, EYE + row] = axis[0] * away[0] + axis[1] * away[1] + axis[2] * away[2]
            out[k, HALF + row] = 0.5 * sizes[k, row]
            square += out[k, HALF + row] ** 2
        for column in range(3):
            out[k, MIDDLE + column] = -(
                turn[0, column] * away[0] + turn[1, column] * away[1] + turn[2, column] * away[2]
            )
        out[k, RADIUS] = math.sqrt(square)


@inner
def box_hit(boxes: FloatArray, k: int, dx: float, dy: float, dz: float) -> tuple[float, int]:
    """Where a ray from the sensor enters a box, in units of its direction, and through which face.

    Faces: 0 back, 1 front, 2 right, 3 left, 4 bottom, 5 top. (inf, -1) where it does not, and
    where the sensor is inside.
    """
    near, far, face = -math.inf, math.inf, -1
    for axis in range(3):
        row = TURN + 3 * axis
        along = boxes[k, row] * dx + boxes[k, row + 1] * dy + boxes[k, row + 2] * dz
        eye, half = boxes[k, EYE + axis], boxes[k, HALF + axis]
        if abs(along) < 1e-12:
            if abs(eye) > half:
                return math.inf, -1
            continue
        first, last = (-half - eye) / along, (half - eye) / along
        side = 2 * axis
        if first > last:
            first, last, side = last, first, side + 1
        if first > near:
            near, face = first, side
        far = min(far, last)
    if near > far or near <= 0.0:
        return math.inf, -1
    return near, face


@inner
def write_corners(boxes: FloatArray, k: int, out: FloatArray) -> None:
    """Write (8, 3) corners in the sensor's frame; bits of a row's number are the sides."""
    for corner in range(8):
        for column in range(3):
            total = boxes[k, MIDDLE + column]
            for axis in range(3):
                half = boxes[k, HALF + axis] * boxes[k, TURN + 3 * axis + column]
                total += half if (corner >> axis) & 1 else -half
            out[corner, column] = total


@inner
def image_window(corners: FloatArray, near: float, out: FloatArray) -> bool:
    """Bounds of y / x and z / x of what lies before x = near: low, high, low, high; if any."""
    out[0], out[1], out[2], out[3] = math.inf, -math.inf, math.inf, -math.inf
    seen = False
    for edge in range(len(EDGES)):
        a, b = EDGES[edge, 0], EDGES[edge, 1]
        xa, xb = corners[a, 0], corners[b, 0]
        for end in range(2):
            x, other = (xa, xb) if end == 0 else (xb, xa)
            here, there = (a, b) if end == 0 else (b, a)
            y, z = corners[here, 1], corners[here, 2]
            if x < near:
                if other < near:
                    continue
                share = (near - x) / (other - x)
                y += share * (corners[there, 1] - y)
                z += share * (corners[there, 2] - z)
                x = near
            seen = True
            out[0], out[1] = min(out[0], y / x), max(out[1], y / x)
            out[2], out[3] = min(out[2], z / x), max(out[3], z / x)
    return seen


@inner
def fan_window(boxes: FloatArray, k: int, corners: FloatArray, out: FloatArray) -> None:
    """Bounds around the sensor's z-axis: azimuth low and high about out[4], slope low and high.

    Generous, never too narrow. All azimuths where the axis may run through the box.
    """
    middle = math.hypot(boxes[k, MIDDLE], boxes[k, MIDDLE + 1])
    out[4] = math.atan2(boxes[k, MIDDLE + 1], boxes[k, MIDDLE])
    low = high = 0.0
    bottom, top = math.inf, -math.inf
    for corner in range(8):
        angle = math.atan2(corners[corner, 1], corners[corner, 0]) - out[4]
        angle -= 2.0 * math.pi * math.floor(angle / (2.0 * math.pi) + 0.5)
        low, high = min(low, angle), max(high, angle)
        bottom, top = min(bottom, corners[corner, 2]), max(top, corners[corner, 2])
    if high - low >= 0.99 * math.pi:
        low, high = -math.pi, math.pi
    nearest = max(middle - boxes[k, RADIUS], 1e-3)
    farthest = middle + boxes[k, RADIUS]
    out[0], out[1] = low, high
    out[2] = bottom / (nearest if bottom < 0.0 else farthest)
    out[3] = top / (nearest if top > 0.0 else farthest)
