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
BOX = 32
"""Added to the face of a box; lower codes are surfaces of the ground."""
NEAR = 0.05
"""Metres before the camera from which things are seen."""
LIGHT, EXTINCTION, RAIN, GRAIN = range(4)
SUN = (0.35, 0.45, 0.82)
"""Where light comes from in the world; what a face turned to it gets more than one turned away."""
DARKEST, BEAM_REACH = 0.06, 22.0
"""Of all light, what is left at night; metres over which the headlamps fade."""
STREAK, STREAK_LIGHT = 24, 45.0
"""Pixels of a rain streak's height, and what it adds to a value by day."""
HOUSING = 40.0
"""Of what glows in front: the value of its other faces."""
SKY_METRES = 300.0
"""Of fog before the sky."""


class Seen(NamedTuple):
    """Of each pixel: metres along the axis, the code (see SKY, BOX), the row of the box; (h, w)."""

    depth: npt.NDArray[np.float32]
    code: Bytes
    box: npt.NDArray[np.int32]


class Look(NamedTuple):
    """Colours, blue, green, red, 0 to 255.

    Attributes:
        surfaces: (9, 3) of the ground. boxes: (n, 4), the fourth 1 where the front glows.
        turns: (n, 9) axes of the boxes in the world, row by row.
        sky: (2, 3) at the horizon and overhead. fog: (3,).
    """

    surfaces: FloatArray
    boxes: FloatArray
    turns: FloatArray
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
        for u in range(width):
            _meet_ground(ground, place, turn, gap, focus, seen, v, u)


@inner
def _meet_ground(
    ground: Ground,
    place: FloatArray,
    turn: FloatArray,
    gap: float,
    focus: float,
    seen: Seen,
    v: int,
    u: int,
) -> None:
    height, width = seen.depth.shape
    dy, dz = (0.5 * width - u - 0.5) / focus, (0.5 * height - v - 0.5) / focus
    wx = turn[0, 0] + turn[0, 1] * dy + turn[0, 2] * dz
    wy = turn[1, 0] + turn[1, 1] * dy + turn[1, 2] * dz
    wz = turn[2, 0] + turn[2, 1] * dy + turn[2, 2] * dz
    at = ground_hit(ground, place, gap, wx, wy, wz, seen.depth[v, u])
    if at < seen.depth[v, u]:
        seen.depth[v, u], seen.box[v, u] = at, -1
        seen.code[v, u] = code_at(ground, place[0] + at * wx, place[1] + at * wy)


@inner
def _shade(look: Look, k: int, face: int) -> float:
    """How much of the light a face of a box gets, from 0.45 to 1."""
    axis, sign = 3 * (face // 2), 1.0 if face % 2 else -1.0
    towards = (
        look.turns[k, axis] * SUN[0]
        + look.turns[k, axis + 1] * SUN[1]
        + look.turns[k, axis + 2] * SUN[2]
    )
    return 0.7 + 0.3 * sign * towards


@inner
def _lit(look: Look, code: int, k: int, day: float, ahead: float, metres: float) -> float:
    """The light on what a pixel shows; ahead: cosine of the angle off the headlamps' axis."""
    light = DARKEST + (1.0 - DARKEST) * day
    if code == SKY:
        return light
    if day < 1.0 and ahead > 0.7:
        light += (1.0 - day) * (ahead - 0.7) * 3.0 * math.exp(-metres / BEAM_REACH)
    if code >= BOX:
        if code == BOX + 1 and look.boxes[k, 3] > 0.0:
            return 1.0
        light *= _shade(look, k, code - BOX)
    return light


@inner
def _colour(look: Look, code: int, k: int, rise: float) -> tuple[float, float, float]:
    """What a pixel shows, in full light; rise: how far above the horizon, as a sine."""
    if code == SKY:
        high = min(max(1.6 * rise, 0.0), 1.0)
        low, sky = 1.0 - high, look.sky
        return (
            low * sky[0, 0] + high * sky[1, 0],
            low * sky[0, 1] + high * sky[1, 1],
            low * sky[0, 2] + high * sky[1, 2],
        )
    if code < BOX:
        return look.surfaces[code, 0], look.surfaces[code, 1], look.surfaces[code, 2]
    if look.boxes[k, 3] > 0.0 and code != BOX + 1:
        return HOUSING, HOUSING, HOUSING
    return look.boxes[k, 0], look.boxes[k, 1], look.boxes[k, 2]


@inner
def _grain(key: np.uint64, u: int, v: int, weather: FloatArray) -> float:
    """What is added to a pixel's values: grain, and streaks of rain."""
    grain = weather[GRAIN] * normal_of(mixed(key, np.uint64(v * 65536 + u)))
    if weather[RAIN] > 0.0:
        row = (v + 7 * u) // STREAK
        streak = mixed(key, np.uint64((1 << 40) + row * 65536 + u))
        if uniform_of(streak) < 0.02 * weather[RAIN]:
            grain += STREAK_LIGHT * (DARKEST + (1.0 - DARKEST) * weather[LIGHT])
    return grain


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
    extinction (1/m), rain (0 to 1), grain (standard deviation of a value).
    """
    height, width = seen.depth.shape
    for v in range(height):
        for u in range(width):
            _paint_pixel(look, seen, turn, nose, focus, weather, key, v, u, out)


@inner
def _paint_pixel(
    look: Look,
    seen: Seen,
    turn: FloatArray,
    nose: FloatArray,
    focus: float,
    weather: FloatArray,
    key: np.uint64,
    v: int,
    u: int,
    out: Bytes,
) -> None:
    height, width = seen.depth.shape
    day, extinction = weather[LIGHT], weather[EXTINCTION]
    dy, dz = (0.5 * width - u - 0.5) / focus, (0.5 * height - v - 0.5) / focus
    long = math.sqrt(1.0 + dy * dy + dz * dz)
    code, k = int(seen.code[v, u]), int(seen.box[v, u])
    metres = SKY_METRES if code == SKY else seen.depth[v, u] * long
    clear = math.exp(-extinction * metres) if extinction > 0.0 else 1.0
    ahead = (nose[0] + nose[1] * dy + nose[2] * dz) / long
    rise = (turn[2, 0] + turn[2, 1] * dy + turn[2, 2] * dz) / long
    blue, green, red = _colour(look, code, k, rise)
    share = clear * _lit(look, code, k, day, ahead, metres)
    veil = (1.0 - clear) * (DARKEST + (1.0 - DARKEST) * day)
    grain = _grain(key, u, v, weather)
    out[v, u, 0] = _byte(share * blue + veil * look.fog[0] + grain)
    out[v, u, 1] = _byte(share * green + veil * look.fog[1] + grain)
    out[v, u, 2] = _byte(share * red + veil * look.fog[2] + grain)
    out[v, u, 3] = 255


@inner
def _byte(value: float) -> np.uint8:
    return np.uint8(int(min(max(value, 0.0), 255.0)))
