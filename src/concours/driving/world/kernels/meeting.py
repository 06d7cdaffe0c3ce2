"""To be at a place when another is at another (SynchronizeAction)."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.courses import clipped
from concours.driving.world.kernels.gaps import along_road
from concours.driving.world.layout import (
    HOLD,
    LIMITED,
    MEET_PATH,
    MEET_ROAD,
    MEET_S,
    MEET_SPEED,
    MEET_STEADY,
    MEET_STEADY_BY,
    MEET_WITHIN,
    MEET_X,
    MEET_Y,
    ON_PATH,
    OTHER_PATH,
    OTHER_ROAD,
    OTHER_S,
    OTHER_WITHIN,
    OTHER_X,
    OTHER_Y,
    PATH_AT,
    PATH_FIRST,
    PATH_LAST,
    SIDE_MODE,
    SPEED,
    SPEED_DONE,
    SPEED_MODE,
    SPEED_OTHER,
    TOP_BRAKE,
    TOP_GAIN,
    TOP_SPEED,
    FloatArray,
    Scene,
    X,
    Y,
)

STILL = 1e-3
"""m/s; slower ones do not arrive."""
LOOK = 3000.0
"""Metres of road that are looked ahead for the place."""


@inner
def nearest_on_path(scene: Scene, n: int, x: float, y: float) -> float:
    """Metres along the path that an entity follows to where it is nearest to a point."""
    least, found = 1e300, 0.0
    for row in range(scene.i[n, PATH_FIRST], scene.i[n, PATH_LAST] - 1):
        ax, ay = scene.paths[row, 1], scene.paths[row, 2]
        bx, by = scene.paths[row + 1, 1] - ax, scene.paths[row + 1, 2] - ay
        square = bx * bx + by * by
        part = clipped(((x - ax) * bx + (y - ay) * by) / square, 0.0, 1.0) if square > 0 else 0.0
        dx, dy = ax + part * bx - x, ay + part * by - y
        if dx * dx + dy * dy < least:
            least = dx * dx + dy * dy
            size = scene.paths[row + 1, 0] - scene.paths[row, 0]
            found = scene.paths[row, 0] + part * size
    return found


@inner
def _left_to(
    tables: Tables,
    scene: Scene,
    who: int,
    place: tuple[int, float, float, float],
    keeper: FloatArray,
) -> float:
    """Metres that an entity has yet to go to a place: road, s, x, y.

    keeper: (1,) where its path is nearest to the place, NaN until that is known.
    """
    f, i = scene.f, scene.i
    if i[who, SIDE_MODE] == ON_PATH:
        if math.isnan(keeper[0]):
            keeper[0] = nearest_on_path(scene, who, place[2], place[3])
        return float(keeper[0] - f[who, PATH_AT])
    way = along_road(tables, scene, who, place[0], place[1], LOOK)
    if math.isfinite(way):
        return way
    return math.hypot(place[2] - f[who, X], place[3] - f[who, Y])


@inner
def meet(tables: Tables, scene: Scene, n: int, dt: float) -> None:
    """The speed that brings the entity to its place when the other is at its own.

    Without a final speed: the mean speed of what is left. With one, those that have limits follow
    the speed that is a quadratic function of time, others one that changes evenly from now on. A
    place is reached at its tolerance.
    """
    f, i = scene.f, scene.i
    other = i[n, SPEED_OTHER]
    mine = (i[n, MEET_ROAD], f[n, MEET_S], f[n, MEET_X], f[n, MEET_Y])
    theirs = (i[n, OTHER_ROAD], f[n, OTHER_S], f[n, OTHER_X], f[n, OTHER_Y])
    way = _left_to(tables, scene, n, mine, f[n, MEET_PATH : MEET_PATH + 1])
    other_way = _left_to(tables, scene, other, theirs, f[n, OTHER_PATH : OTHER_PATH + 1])
    way, other_way = way - f[n, MEET_WITHIN], other_way - f[n, OTHER_WITHIN]
    if way <= 0.0 or other_way <= 0.0:
        i[n, SPEED_DONE] = 1
        i[n, SPEED_MODE] = HOLD
        return
    if abs(f[other, SPEED]) < STILL:
        f[n, SPEED] = 0.0
        return
    time = max(other_way / abs(f[other, SPEED]), dt)
    f[n, SPEED] = _speed(scene, n, way, time, dt)


@inner
def _speed(scene: Scene, n: int, way: float, time: float, dt: float) -> float:
    f, i = scene.f, scene.i
    final = f[n, MEET_SPEED]
    if math.isnan(final):
        return way / time
    if i[n, MEET_STEADY_BY] == 1:  # the last metres at the final speed
        way -= f[n, MEET_STEADY]
        time -= f[n, MEET_STEADY] / max(final, STILL)
    elif i[n, MEET_STEADY_BY] == 2:  # the last seconds
        way -= f[n, MEET_STEADY] * final
        time -= f[n, MEET_STEADY]
    if way <= 0.0 or time <= dt:
        return final
    if not i[n, LIMITED]:
        return max(2.0 * way / time - final, 0.0)
    now = f[n, SPEED]
    gain = (6.0 * way / time - 4.0 * now - 2.0 * final) / time
    gain = clipped(gain, -f[n, TOP_BRAKE], f[n, TOP_GAIN])
    return clipped(now + gain * dt, 0.0, f[n, TOP_SPEED])
