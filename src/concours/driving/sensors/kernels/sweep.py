"""A turn of a lidar."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.jit import inner, kernel
from concours.driving.sensors.kernels.boxes import Scratch, box_hit, fan_window, write_corners
from concours.driving.sensors.kernels.ground import Ground, ground_hit, height_at
from concours.driving.sensors.kernels.noise import mixed, normal_of, uniform_of

FloatArray = npt.NDArray[np.float64]
Points = npt.NDArray[np.float32]

FAR, ATTENUATION, SPREAD, DROPPED, FAINT = range(5)


class Fan(NamedTuple):
    """The rays: columns by azimuth, from behind over the left; channels upwards, evenly spaced.

    Attributes:
        around: (columns, 2) cosine and sine of azimuths.
        upwards: (channels, 2) cosine and sine of elevations.
        lowest: (2,) the lowest elevation and the step between channels (rad).
    """

    around: FloatArray
    upwards: FloatArray
    lowest: FloatArray


@inner
def _meet_box(fan: Fan, boxes: FloatArray, k: int, window: FloatArray, depth: FloatArray) -> None:
    """Shorten the rays that meet a box."""
    columns, channels = depth.shape
    per_turn = columns / (2.0 * math.pi)
    middle = (math.pi - window[4]) * per_turn - 0.5
    first = math.floor(middle - window[1] * per_turn)
    count = min(math.ceil(middle - window[0] * per_turn) - first + 1, columns)
    low, step = fan.lowest[0], fan.lowest[1]
    bottom = max(math.floor((math.atan(window[2]) - low) / step), 0)
    top = min(math.ceil((math.atan(window[3]) - low) / step), channels - 1)
    for number in range(first, first + count):
        column = number % columns
        cos, sin = fan.around[column, 0], fan.around[column, 1]
        for channel in range(bottom, top + 1):
            level = fan.upwards[channel, 0]
            at, _ = box_hit(boxes, k, level * cos, level * sin, fan.upwards[channel, 1])
            if at < depth[column, channel]:
                depth[column, channel] = at


@kernel
def sweep(
    ground: Ground,
    boxes: FloatArray,
    fan: Fan,
    place: FloatArray,
    turn: FloatArray,
    settings: FloatArray,
    key: np.uint64,
    work: Scratch,
    depth: FloatArray,
    out: Points,
) -> int:
    """Write rows x, y, z, intensity in the sensor's right-handed frame; how many were written.

    settings: greatest range, attenuation (1/m), standard deviation of ranges, share of rays that
    come to nothing, intensity below which nothing is noticed. work, depth: (columns, channels), for
    itself. Complexity: the rays, and for each box those that may meet it.
    """
    far = settings[FAR]
    columns, channels = depth.shape
    depth[:, :] = far
    corners, window = work.corners, work.window
    for k in range(len(boxes)):
        write_corners(boxes, k, corners)
        fan_window(boxes, k, corners, window)
        _meet_box(fan, boxes, k, window, depth)
    gap = place[2] - height_at(ground, place[0], place[1])
    count = 0
    for column in range(columns):
        cos, sin = fan.around[column, 0], fan.around[column, 1]
        for channel in range(channels):
            level, dz = fan.upwards[channel, 0], fan.upwards[channel, 1]
            dx, dy = level * cos, level * sin
            at = min(
                depth[column, channel],
                ground_hit(
                    ground,
                    place,
                    gap,
                    turn[0, 0] * dx + turn[0, 1] * dy + turn[0, 2] * dz,
                    turn[1, 0] * dx + turn[1, 1] * dy + turn[1, 2] * dz,
                    turn[2, 0] * dx + turn[2, 1] * dy + turn[2, 2] * dz,
                    depth[column, channel],
                ),
            )
            if at >= far:
                continue
            intensity = math.exp(-settings[ATTENUATION] * at)
            word = mixed(key, np.uint64(2 * (column * channels + channel)))
            if uniform_of(word) < settings[DROPPED] or intensity < settings[FAINT]:
                continue
            word = mixed(key, np.uint64(2 * (column * channels + channel) + 1))
            at = max(at + settings[SPREAD] * normal_of(word), 0.0)
            out[count, 0] = at * dx
            out[count, 1] = at * dy
            out[count, 2] = at * dz
            out[count, 3] = intensity
            count += 1
    return count
