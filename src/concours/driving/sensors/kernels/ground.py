"""The ground as a height field, and rays that meet it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.jit import inner

FloatArray = npt.NDArray[np.float64]

LEFT, BOTTOM, PER_METRE, SLOPE = range(4)
NEAR = 0.005
"""Metres above the ground that count as on it."""
STEPS, HALVINGS = 48, 5


class Ground(NamedTuple):
    """What kernels read; all arrays read-only.

    Attributes:
        heights: (nx, ny) float32, of the middles of cells; the outermost go on for ever.
        codes: (nx, ny) uint8 of `Surface`.
        frame: (4,) x and y of the corner, cells a metre, and the greatest slope that is reckoned
            with, 0 for a plane.
    """

    heights: npt.NDArray[np.float32]
    codes: npt.NDArray[np.uint8]
    frame: FloatArray


@inner
def height_at(ground: Ground, x: float, y: float) -> float:
    """Linear between the middles of four cells."""
    heights, frame = ground.heights, ground.frame
    gx = (x - frame[LEFT]) * frame[PER_METRE] - 0.5
    gy = (y - frame[BOTTOM]) * frame[PER_METRE] - 0.5
    gx = min(max(gx, 0.0), heights.shape[0] - 1.001)
    gy = min(max(gy, 0.0), heights.shape[1] - 1.001)
    i, j = int(gx), int(gy)
    u, v = gx - i, gy - j
    near = (1.0 - v) * heights[i, j] + v * heights[i, j + 1]
    far = (1.0 - v) * heights[i + 1, j] + v * heights[i + 1, j + 1]
    return (1.0 - u) * near + u * far


@inner
def code_at(ground: Ground, x: float, y: float) -> int:
    """The surface of the cell; terrain (0) outside the grid."""
    frame = ground.frame
    gx = (x - frame[LEFT]) * frame[PER_METRE]
    gy = (y - frame[BOTTOM]) * frame[PER_METRE]
    if not (0.0 <= gx < ground.codes.shape[0] and 0.0 <= gy < ground.codes.shape[1]):
        return 0
    return int(ground.codes[int(gx), int(gy)])


@inner
def ground_hit(
    ground: Ground,
    place: FloatArray,
    gap: float,
    dx: float,
    dy: float,
    dz: float,
    far: float,
) -> float:
    """Where a ray from `place` (3,) meets the ground, in units of its direction.

    gap: how high above the ground the ray starts. inf where it meets nothing before `far`, and
    from below. Steps as long as no slope reckoned with could reach the ray within (Hart, "Sphere
    tracing", 1996); where a step went too far, over a kerb, halving finds the face.
    """
    fall, slope = -dz, ground.frame[SLOPE]
    if slope > 0.0:
        fall += slope * math.sqrt(dx * dx + dy * dy)
    if fall <= 0.0 or gap < 0.0 or gap > far * fall:
        return math.inf
    if slope == 0.0:
        return gap / fall
    return _march(ground, place, gap, fall, dx, dy, dz, far)


@inner
def _march(
    ground: Ground,
    place: FloatArray,
    gap: float,
    fall: float,
    dx: float,
    dy: float,
    dz: float,
    far: float,
) -> float:
    x, y, z = place[0], place[1], place[2]
    at = before = 0.0
    for _ in range(STEPS):
        before = at
        at += gap / fall
        if at > far:
            return math.inf
        gap = z + at * dz - height_at(ground, x + at * dx, y + at * dy)
        if gap < NEAR:
            break
    if gap >= -4.0 * NEAR:
        if dz < 0.0:
            at -= gap / dz
        return at if at <= far else math.inf
    for _ in range(HALVINGS):
        middle = 0.5 * (before + at)
        if z + middle * dz > height_at(ground, x + middle * dx, y + middle * dy):
            before = middle
        else:
            at = middle
    return at
