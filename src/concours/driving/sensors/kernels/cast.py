"""A few rays in any directions."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from concours.driving.jit import kernel
from concours.driving.sensors.kernels.boxes import MIDDLE, RADIUS, box_hit
from concours.driving.sensors.kernels.ground import Ground, ground_hit, height_at

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

NOTHING, ON_GROUND = -2, -1


@kernel
def cast(
    ground: Ground,
    boxes: FloatArray,
    place: FloatArray,
    turn: FloatArray,
    rays: FloatArray,
    far: float,
    depth: FloatArray,
    met: IntArray,
) -> None:
    """Write (m,) distances (inf) and what was met: a box's row, ON_GROUND, NOTHING.

    rays: (m, 3) of length 1 in the sensor's frame. Complexity: rays times boxes.
    """
    gap = place[2] - height_at(ground, place[0], place[1])
    for i in range(len(rays)):
        dx, dy, dz = rays[i, 0], rays[i, 1], rays[i, 2]
        best, found = math.inf, NOTHING
        for k in range(len(boxes)):
            mx, my, mz = boxes[k, MIDDLE], boxes[k, MIDDLE + 1], boxes[k, MIDDLE + 2]
            along = mx * dx + my * dy + mz * dz
            beside = mx * mx + my * my + mz * mz - along * along
            if beside > boxes[k, RADIUS] ** 2:
                continue
            at, _ = box_hit(boxes, k, dx, dy, dz)
            if at < best and at <= far:
                best, found = at, k
        at = ground_hit(
            ground,
            place,
            gap,
            turn[0, 0] * dx + turn[0, 1] * dy + turn[0, 2] * dz,
            turn[1, 0] * dx + turn[1, 1] * dy + turn[1, 2] * dz,
            turn[2, 0] * dx + turn[2, 1] * dy + turn[2, 2] * dz,
            min(best, far),
        )
        if at < best:
            best, found = at, ON_GROUND
        depth[i], met[i] = best, found
