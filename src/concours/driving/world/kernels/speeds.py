"""What each entity does with its speed in one step."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.courses import clipped, value_at
from concours.driving.world.kernels.driven import step_driven
from concours.driving.world.kernels.driver import drive
from concours.driving.world.kernels.gaps import gap_to, room_between
from concours.driving.world.kernels.meeting import meet
from concours.driving.world.kernels.ways import move_along
from concours.driving.world.layout import (
    ACCELERATION,
    BY_FACTOR,
    BY_TIME_GAP,
    CONTINUOUS,
    COURSE,
    DRIVE,
    DRIVEN,
    EITHER_SIDE,
    FLAGS,
    FREESPACE,
    GAP,
    GAP_BRAKE,
    GAP_GAIN,
    GAP_TOP,
    HOLD,
    KEEP_GAP,
    LEADS,
    MEET,
    NO_LIMITS,
    OUTSIDE,
    RELATIVE,
    ROAD,
    SEGMENT,
    SEGMENT_LAST,
    SEGMENTS,
    SPEED,
    SPEED_AT,
    SPEED_DONE,
    SPEED_EXTENT,
    SPEED_FROM,
    SPEED_MODE,
    SPEED_OTHER,
    SPEED_SHAPE,
    SPEED_TO,
    Scene,
)

STIFF = 0.4
"""1/m: the spring that restores a distance is so much of the limit of acceleration, or of
deceleration where the entity is the faster one (1/s2); the damping is critical."""
FREE_SPRING = 4.0
"""1/s2, where there is no limit."""
NEAR = 0.1
"""Metres within which a distance has been reached."""


@inner
def step_speed(tables: Tables, scene: Scene, n: int, dt: float, drivers: int | None) -> None:
    """The entity's new speed and acceleration."""
    mode = scene.i[n, SPEED_MODE]
    if mode in (HOLD, OUTSIDE):
        if mode == HOLD:
            scene.f[n, ACCELERATION] = 0.0
        elif drivers is not None and scene.i[n, DRIVEN]:
            step_driven(scene, n, dt)
        return
    before = scene.f[n, SPEED]
    if mode == COURSE:
        _course(scene, n, dt)
    elif mode == RELATIVE:
        _relative(scene, n, dt)
    elif mode == SEGMENTS:
        _segments(scene, n, dt)
    elif mode == KEEP_GAP:
        _keep_gap(tables, scene, n, dt)
    elif mode == MEET:
        meet(tables, scene, n, dt)
    elif drivers is not None and mode == DRIVE:
        drive(tables, scene, n, dt)
    scene.f[n, ACCELERATION] = (scene.f[n, SPEED] - before) / dt


@inner
def _course(scene: Scene, n: int, dt: float) -> None:
    f, i = scene.f, scene.i
    f[n, SPEED_AT] += dt
    at, extent = f[n, SPEED_AT] + 1e-9, f[n, SPEED_EXTENT]
    f[n, SPEED] = value_at(i[n, SPEED_SHAPE], f[n, SPEED_FROM], f[n, SPEED_TO], extent, at)
    if at >= extent:
        i[n, SPEED_DONE] = 1
        i[n, SPEED_MODE] = HOLD


@inner
def bound_speed(scene: Scene, n: int) -> float:
    """The speed that an entity takes from another's."""
    other = scene.f[scene.i[n, SPEED_OTHER], SPEED]
    return other * scene.f[n, GAP] if scene.i[n, BY_FACTOR] else other + scene.f[n, GAP]


@inner
def _relative(scene: Scene, n: int, dt: float) -> None:
    """A speed from another's, which may change on the way."""
    f, i = scene.f, scene.i
    f[n, SPEED_AT] += dt
    at, extent = f[n, SPEED_AT] + 1e-9, f[n, SPEED_EXTENT]
    target = bound_speed(scene, n)
    f[n, SPEED] = value_at(i[n, SPEED_SHAPE], f[n, SPEED_FROM], target, extent, at)


@inner
def _segments(scene: Scene, n: int, dt: float) -> None:
    """A profile in pieces of constant jerk; GAP_TOP holds the offset of a reference's speed."""
    f, i = scene.f, scene.i
    f[n, SPEED_AT] += dt
    at, row, last = f[n, SPEED_AT] + 1e-9, i[n, SEGMENT], i[n, SEGMENT_LAST]
    while row < last and at >= scene.segments[row, 0]:
        at -= scene.segments[row, 0]
        row += 1
    f[n, SPEED_AT] = at - 1e-9
    i[n, SEGMENT] = row
    base = 0.0 if i[n, SPEED_OTHER] < 0 else f[i[n, SPEED_OTHER], SPEED]
    if row >= last:
        f[n, SPEED] = base + f[n, SPEED_TO]
        i[n, SPEED_DONE] = 1
        i[n, SPEED_MODE] = HOLD
        return
    speed, gain, jerk = (
        scene.segments[row, 1],
        scene.segments[row, 2],
        scene.segments[row, 3],
    )
    f[n, SPEED] = base + speed + at * (gain + 0.5 * at * jerk)


@inner
def off_gap(tables: Tables, scene: Scene, n: int) -> float:
    """Metres by which an entity is too far behind (or, if negative, ahead of) its place.

    A time gap counts at the other's speed. inf where no way leads to the other.
    """
    f, i = scene.f, scene.i
    other, flags = i[n, SPEED_OTHER], i[n, FLAGS]
    gap = gap_to(tables, scene, n, other)
    ahead = 1.0 if gap >= 0.0 else -1.0
    if not flags & EITHER_SIDE:
        ahead = -1.0 if flags & LEADS else 1.0
    if flags & FREESPACE:
        gap -= ahead * room_between(scene, n, other, ahead)
    wanted = f[n, GAP] * abs(f[other, SPEED]) if flags & BY_TIME_GAP else f[n, GAP]
    return gap - ahead * wanted


@inner
def close_gap(tables: Tables, scene: Scene, n: int) -> None:
    """Go to one's place at once, at the other's speed: without limits nothing takes time."""
    off = off_gap(tables, scene, n)
    scene.f[n, SPEED] = scene.f[scene.i[n, SPEED_OTHER], SPEED]
    if math.isfinite(off) and scene.i[n, ROAD] >= 0:
        move_along(tables, scene, n, off)


@inner
def _keep_gap(tables: Tables, scene: Scene, n: int, dt: float) -> None:
    """Reach or keep a distance behind or ahead of another, as a damped spring within limits."""
    f, i = scene.f, scene.i
    off, flags = off_gap(tables, scene, n), i[n, FLAGS]
    if not math.isfinite(off):
        return
    if not flags & CONTINUOUS and abs(off) < NEAR:
        i[n, SPEED_DONE] = 1
        i[n, SPEED_MODE] = HOLD
        return
    if flags & NO_LIMITS:
        close_gap(tables, scene, n)
        return
    faster = f[n, SPEED] - f[i[n, SPEED_OTHER], SPEED]
    limit = f[n, GAP_GAIN] if faster < 0.0 else f[n, GAP_BRAKE]
    spring = STIFF * limit if math.isfinite(limit) else FREE_SPRING
    gain = spring * off - 2.0 * math.sqrt(spring) * faster
    gain = clipped(gain, -f[n, GAP_BRAKE], f[n, GAP_GAIN])
    f[n, SPEED] = clipped(f[n, SPEED] + gain * dt, 0.0, f[n, GAP_TOP])
