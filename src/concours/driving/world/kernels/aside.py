"""Moving aside: by a transition, or to a distance beside another."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.courses import clipped, rate_at, value_at
from concours.driving.world.kernels.gaps import apart, to_the_left
from concours.driving.world.layout import (
    FLAGS,
    FREE,
    HEADING,
    KEEP_LANE,
    LEFT,
    OFFSET,
    RIGHT,
    ROAD,
    SIDE_AT,
    SIDE_BY,
    SIDE_CONTINUOUS,
    SIDE_DONE,
    SIDE_EXTENT,
    SIDE_FREESPACE,
    SIDE_FROM,
    SIDE_GAIN,
    SIDE_MODE,
    SIDE_ON_ROAD,
    SIDE_OTHER,
    SIDE_SHAPE,
    SIDE_TO,
    SIDE_TOP,
    SIDEWAYS,
    SPEED,
    TURN,
    WAY,
    Scene,
)

SLOW = 0.01
"""m/s below which moving aside does not turn an entity."""
BESIDE_NEAR = 0.02
"""Metres within which a lateral distance has been reached."""


@inner
def shift(scene: Scene, n: int, dt: float) -> None:
    """One step of a change of the offset."""
    f, i = scene.f, scene.i
    f[n, SIDE_AT] += dt if i[n, SIDE_BY] == 0 else abs(f[n, SPEED]) * dt
    at, extent = f[n, SIDE_AT] + 1e-9, f[n, SIDE_EXTENT]
    start, target, shape = f[n, SIDE_FROM], f[n, SIDE_TO], i[n, SIDE_SHAPE]
    f[n, OFFSET] = value_at(shape, start, target, extent, at)
    rate = rate_at(shape, start, target, extent, at)
    f[n, SIDEWAYS] = rate if i[n, SIDE_BY] == 0 else rate * abs(f[n, SPEED])
    if at >= extent:
        i[n, SIDE_DONE] = 1
        i[n, SIDE_MODE] = KEEP_LANE
        f[n, SIDEWAYS] = 0.0
    _turn(scene, n)


@inner
def _turn(scene: Scene, n: int) -> None:
    """An entity that moves aside looks where it goes; its speed is that along its heading."""
    f = scene.f
    speed = abs(f[n, SPEED])
    f[n, TURN] = 0.0 if speed < SLOW else math.asin(clipped(f[n, SIDEWAYS] / speed, -1.0, 1.0))


@inner
def _off_side(tables: Tables, scene: Scene, n: int) -> float:
    """Metres that an entity is too far to its right of its place beside another."""
    f, i = scene.f, scene.i
    other, wanted = i[n, SIDE_OTHER], f[n, SIDE_TO]
    if i[n, FLAGS] & SIDE_FREESPACE:
        wanted += f[other, LEFT] - f[n, RIGHT] if wanted >= 0.0 else f[other, RIGHT] - f[n, LEFT]
    same = math.cos(f[n, HEADING] - f[other, HEADING]) >= 0.0
    if i[n, FLAGS] & SIDE_ON_ROAD and i[n, ROAD] >= 0 and i[other, ROAD] >= 0:
        off = to_the_left(tables, scene, n, other) * i[n, WAY]
        return off + (wanted if same else -wanted)
    off = wanted - apart(scene, other, n)[1]  # in its axes: one's own turn on the way
    return off if same else -off


@inner
def go_beside(tables: Tables, scene: Scene, n: int, dt: float) -> None:
    """Reach or keep a lateral distance: SIDE_TO, positive to the left of the other."""
    f, i = scene.f, scene.i
    off = _off_side(tables, scene, n)
    top, gain = f[n, SIDE_TOP], f[n, SIDE_GAIN]
    speed = off / dt
    if math.isfinite(gain):
        brakes = math.sqrt(2.0 * gain * abs(off)) * (1.0 if off > 0 else -1.0)
        speed = brakes if abs(brakes) < abs(speed) else speed
        speed = clipped(speed, f[n, SIDEWAYS] - gain * dt, f[n, SIDEWAYS] + gain * dt)
    speed = clipped(speed, -top, top)
    at_once = not math.isfinite(top) and not math.isfinite(gain)
    f[n, SIDEWAYS] = 0.0 if at_once else speed  # what takes no time does not turn it
    f[n, OFFSET] += speed * dt
    _turn(scene, n)
    if not i[n, FLAGS] & SIDE_CONTINUOUS and abs(off) < BESIDE_NEAR:
        i[n, SIDE_DONE] = 1
        i[n, SIDE_MODE] = KEEP_LANE if i[n, ROAD] >= 0 else FREE
        f[n, SIDEWAYS], f[n, TURN] = 0.0, 0.0
