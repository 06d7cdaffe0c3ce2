"""What each pixel of a camera sees, and a plain picture of it."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.jit import inner, kernel
from concours.driving.sensors.kernels.boxes import Scratch, box_hit, image_window, write_corners
from concours.driving.sensors.kernels.ground import Ground, code_at, ground_hit, height_at
from concours.driving.sensors.kernels.noise import mixed, normal_of, uniform_of

FloatArray = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

SKY = 255
BOX, BOX_ROW = 32, 9
"""Added to the face of a box; lower codes are the nine surfaces of the ground."""
NEAR = 0.05
"""Metres before the camera from which things are seen."""
LIGHT, EXTINCTION, RAIN, GRAIN = range(4)
DARKEST, BEAM_REACH = 0.06, 22.0
"""Of all light, what is left at night; metres over which the headlamps fade."""
STREAK, STREAK_LIGHT = 24, 45.0
"""Pixels of a rain streak's height, and what it adds to a value by day."""
SKY_METRES = 300.0
"""Of fog before the sky."""


class Seen(NamedTuple):
    """Of each pixel: metres along the axis, the code (see SKY, BOX), the row of the box; (h, w)."""

    depth: npt.NDArray[np.float32]
    code: Bytes
    box: npt.NDArray[np.int32]


class Look(NamedTuple):
    """Colours: blue, green, red, 0 to 255.

    Attributes:
        colours: (BOX_ROW + 6 n, 4) of surfaces, then of each box's six faces in the sun; the
            fourth is 1 for what glows.
        sky: (2, 3) at the horizon and overhead. fog: (3,).
    """

    colours: FloatArray
    sky: FloatArray
    fog: FloatArray


@inner
def _draw_box(boxes: FloatArray, k: int, focus: float, window: FloatArray, seen: Seen) -> None:
    """Pixels that a box fills before what is there."""
    height, width = seen.depth.shape
    left = max(math.floor(0.5 * width - focus * window[1]) - 1, 0)
    right = min(math.ceil(0.5 * width - focus * window[0]) + 1, width)
    top = max(math.floor(0.5 * height - focus * window[3]) - 1, 0)
    bottom = min(math.ceil(0.5 * height - focus * window[2]) + 1, height)
    for v in range(top, bottom):
        dz = (0.5 * height - v - 0.5) / focus
        for u in range(left, right):
            at, face = box_hit(boxes, k, 1.0, (0.5 * width - u - 0.5) / focus, dz)
            if NEAR < at < seen.depth[v, u]:
                seen.depth[v, u], seen.code[v, u], seen.box[v, u] = at, BOX + face, k


@kernel
def look(
    ground: Ground,
    boxes: FloatArray,
    place: FloatArray,
    turn: FloatArray,
    focus: float,
    far: float,
    work: Scratch,
    seen: Seen,
) -> None:
    """Fill `seen` by a pinhole of `focus` pixels; the sky where nothing is before `far` metres."""
    height, width = seen.depth.shape
    seen.depth[:, :] = far
    seen.code[:, :] = SKY
    seen.box[:, :] = -1
    corners, window = work.corners, work.window
    for k in range(len(boxes)):
        write_corners(boxes, k, corners)
        if image_window(corners, NEAR, window):
            _draw_box(boxes, k, focus, window, seen)
    gap = place[2] - height_at(ground, place[0], place[1])
    for v in range(height):
        dz = (0.5 * height - v - 0.5) / focus
        for u in range(width):
            dy = (0.5 * width - u - 0.5) / focus
            wx = turn[0, 0] + turn[0, 1] * dy + turn[0, 2] * dz
            wy = turn[1, 0] + turn[1, 1] * dy + turn[1, 2] * dz
            wz = turn[2, 0] + turn[2, 1] * dy + turn[2, 2] * dz
            at = ground_hit(ground, place, gap, wx, wy, wz, seen.depth[v, u])
            if at < seen.depth[v, u]:
                seen.depth[v, u], seen.box[v, u] = at, -1
                seen.code[v, u] = code_at(ground, place[0] + at * wx, place[1] + at * wy)


@inner
def _lit(day: float, ahead: float, metres: float) -> float:
    """The light on a thing; ahead: cosine of the angle off the headlamps' axis."""
    light = DARKEST + (1.0 - DARKEST) * day
    if day < 1.0 and ahead > 0.7:
        light += (1.0 - day) * (ahead - 0.7) * 3.0 * math.exp(-metres / BEAM_REACH)
    return light


@inner
def _noise(key: np.uint64, u: int, v: int, grain: float, rain: float, light: float) -> float:
    """What is added to a pixel's values: grain, and streaks of rain."""
    noise = grain * normal_of(mixed(key, np.uint64(v * 65536 + u)))
    if rain > 0.0:
        row = (v + 7 * u) // STREAK
        streak = mixed(key, np.uint64((1 << 40) + row * 65536 + u))
        if uniform_of(streak) < 0.02 * rain:
            noise += STREAK_LIGHT * light
    return noise


@kernel
def paint(
    look: Look,
    seen: Seen,
    turn: FloatArray,
    nose: FloatArray,
    focus: float,
    weather: FloatArray,
    key: np.uint64,
    out: Bytes,
) -> None:
    """Write (h, w, 4) blue, green, red, 255.

    nose: (3,) where the vehicle's headlamps shine to, in the camera's frame. weather: light,
    extinction (1/m), rain (0 to 1), grain (standard deviation of a value). Functions called for
    each pixel take numbers only: an array handed over is counted, which costs more than the work.
    """
    height, width = seen.depth.shape
    day, extinction, rain, grain = (
        weather[LIGHT],
        weather[EXTINCTION],
        weather[RAIN],
        weather[GRAIN],
    )
    ambient = DARKEST + (1.0 - DARKEST) * day
    for v in range(height):
        dz = (0.5 * height - v - 0.5) / focus
        for u in range(width):
            dy = (0.5 * width - u - 0.5) / focus
            long = math.sqrt(1.0 + dy * dy + dz * dz)
            code = int(seen.code[v, u])
            row = code if code < BOX else BOX_ROW + 6 * seen.box[v, u] + code - BOX
            metres, light, high = SKY_METRES, ambient, 0.0
            if code == SKY:
                rise = (turn[2, 0] + turn[2, 1] * dy + turn[2, 2] * dz) / long
                high = min(max(1.6 * rise, 0.0), 1.0)
            else:
                metres = seen.depth[v, u] * long
                light = _lit(day, (nose[0] + nose[1] * dy + nose[2] * dz) / long, metres)
                if look.colours[row, 3] > 0.0:
                    light = 1.0
            clear = math.exp(-extinction * metres)
            noise = _noise(key, u, v, grain, rain, ambient)
            for channel in range(3):
                if code == SKY:
                    value = (1.0 - high) * look.sky[0, channel] + high * look.sky[1, channel]
                else:
                    value = look.colours[row, channel]
                value = clear * light * value + (1.0 - clear) * ambient * look.fog[channel] + noise
                out[v, u, channel] = np.uint8(int(min(max(value, 0.0), 255.0)))
            out[v, u, 3] = 255
