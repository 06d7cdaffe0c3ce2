"""What each entity does with its speed in one step."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.courses import clipped, value_at
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
    FLAGS,
    FREESPACE,
    GAP,
    GAP_BRAKE,
    GAP_GAIN,
    GAP_TOP,
    HOLD,
    KEEP_GAP,
    KEEP_LANE,
    LEADS,
    MEET,
    NO_LIMITS,
    OUTSIDE,
    RELATIVE,
    ROAD,
    SEGMENT,
    SEGMENT_LAST,
    SEGMENTS,
    SHIFT,
    SIDE_MODE,
    SPEED,
    SPEED_AT,
    SPEED_BY,
    SPEED_DONE,
    SPEED_EXTENT,
    SPEED_FROM,
    SPEED_MODE,
    SPEED_OTHER,
    SPEED_SHAPE,
    SPEED_TO,
    STAND,
    Joints,
    Scene,
)

SPRING = 0.4
"""1/s2: how strongly a distance is restored; the damping is critical."""
NEAR = 0.1
"""Metres within which a distance has been reached."""


@inner
def step_speed(tables: Tables, joints: Joints, scene: Scene, n: int, dt: float) -> None:
    """The entity's new speed and acceleration."""
    mode = scene.i[n, SPEED_MODE]
    if mode in (HOLD, OUTSIDE):
        if mode == HOLD:
            scene.f[n, ACCELERATION] = 0.0
        return
    before = scene.f[n, SPEED]
    if mode == COURSE:
        _course(scene, n, dt)
    elif mode == RELATIVE:
        _relative(scene, n, dt)
    elif mode == SEGMENTS:
        _segments(scene, n, dt)
    elif mode == KEEP_GAP:
        _keep_gap(tables, joints, scene, n, dt)
    elif mode == MEET:
        meet(tables, joints, scene, n, dt)
    elif mode == DRIVE:
        drive(tables, joints, scene, n, dt)
    elif mode == STAND:
        scene.f[n, SPEED] = 0.0
    scene.f[n, ACCELERATION] = (scene.f[n, SPEED] - before) / dt


@inner
def _course(scene: Scene, n: int, dt: float) -> None:
    f, i = scene.f, scene.i
    f[n, SPEED_AT] += dt if i[n, SPEED_BY] == 0 else abs(f[n, SPEED]) * dt
    at = f[n, SPEED_AT] + 1e-9
    if i[n, SPEED_BY] == 1 and f[n, SPEED_FROM] == 0.0 and at < f[n, SPEED_EXTENT]:
        at = max(at, 1e-4 * f[n, SPEED_EXTENT])  # from a stand the first metre must begin somehow
    f[n, SPEED] = value_at(
        i[n, SPEED_SHAPE], f[n, SPEED_FROM], f[n, SPEED_TO], f[n, SPEED_EXTENT], at
    )
    if at >= f[n, SPEED_EXTENT]:
        i[n, SPEED_DONE] = 1
        i[n, SPEED_MODE] = HOLD


@inner
def _relative(scene: Scene, n: int, dt: float) -> None:
    """A speed from another's, which may change on the way."""
    f, i = scene.f, scene.i
    other = f[i[n, SPEED_OTHER], SPEED]
    target = other * f[n, GAP] if i[n, BY_FACTOR] else other + f[n, GAP]
    f[n, SPEED_AT] += dt if i[n, SPEED_BY] == 0 else abs(f[n, SPEED]) * dt
    at = f[n, SPEED_AT] + 1e-9
    f[n, SPEED] = value_at(i[n, SPEED_SHAPE], f[n, SPEED_FROM], target, f[n, SPEED_EXTENT], at)
    if at >= f[n, SPEED_EXTENT] and not i[n, FLAGS] & CONTINUOUS:
        i[n, SPEED_DONE] = 1
        i[n, SPEED_MODE] = HOLD


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
def _keep_gap(tables: Tables, joints: Joints, scene: Scene, n: int, dt: float) -> None:
    """Reach or keep a distance behind or ahead of another, as a damped spring within limits."""
    f, i = scene.f, scene.i
    other, flags = i[n, SPEED_OTHER], i[n, FLAGS]
    gap = gap_to(tables, joints, scene, n, other)
    if not math.isfinite(gap):
        return
    ahead = 1.0 if gap >= 0.0 else -1.0
    if not flags & 16:  # EITHER_SIDE keeps the present order
        ahead = -1.0 if flags & LEADS else 1.0
    if flags & FREESPACE:
        gap -= ahead * room_between(scene, n, other, ahead)
    wanted = f[n, GAP] * abs(f[n, SPEED]) if flags & BY_TIME_GAP else f[n, GAP]
    off = gap - ahead * wanted
    if not flags & CONTINUOUS and abs(off) < NEAR:
        i[n, SPEED_DONE] = 1
        i[n, SPEED_MODE] = HOLD
        return
    if flags & NO_LIMITS:
        f[n, SPEED] = f[other, SPEED]
        if i[n, ROAD] >= 0 and i[n, SIDE_MODE] in (KEEP_LANE, SHIFT):
            move_along(tables, joints, scene, n, off)
        return
    faster = f[n, SPEED] - f[other, SPEED]
    gain = clipped(
        SPRING * off - 2.0 * math.sqrt(SPRING) * faster, -f[n, GAP_BRAKE], f[n, GAP_GAIN]
    )
    f[n, SPEED] = clipped(f[n, SPEED] + gain * dt, 0.0, f[n, GAP_TOP])
