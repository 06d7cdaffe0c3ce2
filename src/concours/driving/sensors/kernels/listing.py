"""The object list's loops: rays to points of boxes, and the rows of what is seen."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.jit import kernel
from concours.driving.sensors.kernels.boxes import HALF, MIDDLE, TURN

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class Truth(NamedTuple):
    """What there is, row by row: `scene.Others` and each one's distance from the eye (m)."""

    ids: IntArray
    kinds: IntArray
    poses: FloatArray
    sizes: FloatArray
    velocities: FloatArray
    distances: FloatArray


class Doubt(NamedTuple):
    """Standard deviations: of places, more of it a metre, yaw, size, velocity; all times scale."""

    place: float
    per_metre: float
    yaw: float
    size: float
    velocity: float
    scale: float


@kernel
def aim_at(boxes: FloatArray, rows: IntArray, samples: FloatArray, rays: FloatArray) -> None:
    """Write (k m, 3) directions of length 1 to m points of each of k boxes.

    samples: (m, 3) points in halves of a box's size.
    """
    count = len(samples)
    for i, row in enumerate(rows):
        for j in range(count):
            square = 0.0
            for column in range(3):
                along = boxes[row, MIDDLE + column]
                off = 0.0
                for axis in range(3):
                    part = samples[j, axis] * boxes[row, HALF + axis]
                    off += part * boxes[row, TURN + 3 * axis + column]
                along += off
                rays[i * count + j, column] = along
                square += along * along
            size = max(math.sqrt(square), 1e-9)
            for column in range(3):
                rays[i * count + j, column] /= size


@kernel
def list_rows(
    truth: Truth,
    seen: IntArray,
    place: FloatArray,
    turn: FloatArray,
    heading: float,
    doubt: Doubt,
    noise: FloatArray,
    out: FloatArray,
) -> None:
    """Write (k, 11) rows of those seen, in the frame that agents see, with noise (k, 9)."""
    for k, row in enumerate(seen):
        out[k, 0], out[k, 1] = truth.ids[row], truth.kinds[row]
        for column in range(3):
            out[k, 6 + column] = truth.sizes[row, column]
            away, pace = 0.0, 0.0
            for axis in range(3):
                away += (truth.poses[row, axis] - place[axis]) * turn[axis, column]
                pace += truth.velocities[row, axis] * turn[axis, column]
            mirrored = -1.0 if column == 1 else 1.0
            out[k, 2 + column] = away * mirrored
            if column < 2:
                out[k, 9 + column] = pace * mirrored
        turned = heading - truth.poses[row, 3]
        out[k, 5] = turned - 2.0 * math.pi * np.rint(turned / (2.0 * math.pi))
        sideways = doubt.place + doubt.per_metre * truth.distances[row]
        spread = (sideways, sideways, 0.5 * sideways, doubt.yaw, doubt.size, doubt.size,
                  doubt.size, doubt.velocity, doubt.velocity)  # fmt: skip
        for column in range(9):
            out[k, 2 + column] += doubt.scale * spread[column] * noise[k, column]
        for column in range(6, 9):
            out[k, column] = max(out[k, column], 0.1)
