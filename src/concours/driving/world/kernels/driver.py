"""A driver of the background: keeps to its wished speed, off those ahead, before red lights.

The intelligent driver model (Treiber, Hennecke and Helbing, Phys. Rev. E 62, 2000) along the lane;
what is ahead is whoever overlaps the strip that the own box will sweep, found by walking the lane.
"""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.courses import clipped
from concours.driving.world.kernels.gaps import along_road, facing, room_between
from concours.driving.world.kernels.halting import room_to_light
from concours.driving.world.layout import (
    BACK,
    FRONT,
    HEADING,
    HEADWAY,
    IN_SCENE,
    LANE,
    LEFT,
    RIGHT,
    ROAD,
    SPEED,
    STANDOFF,
    TOP_BRAKE,
    TOP_GAIN,
    WISH,
    S,
    Scene,
    X,
    Y,
)

EXPONENT = 4
COMFORT = 2.0
"""m/s2: the deceleration that is comfortable."""
SIGHT = 150.0
"""Metres ahead that are looked at."""
ASIDE = 0.3
"""Metres of clearance on each side of the own box."""


@inner
def idm(
    speed: float,
    wish: float,
    gap: float,
    closing: float,
    limits: tuple[float, float, float, float],
) -> float:
    """m/s2. gap in metres (inf: free road), closing speed in m/s.

    limits: greatest acceleration, comfortable deceleration, time gap, least distance.
    """
    gain, comfort, headway, standoff = limits
    free = 1.0 - (speed / wish) ** EXPONENT if wish > 0.0 else -1.0
    if not math.isfinite(gap):
        return gain * free
    wanted = standoff + max(
        0.0, speed * headway + 0.5 * speed * closing / math.sqrt(gain * comfort)
    )
    near = wanted / max(gap, 0.01)
    return gain * (free - near * near)


@inner
def leader_of(tables: Tables, scene: Scene, n: int) -> tuple[int, float]:
    """The next one ahead on the way and the free metres to it; (-1, inf) on a free road.

    Complexity: O(n), with a walk along the lanes for those within sight.
    """
    f, i = scene.f, scene.i
    found, least = -1, math.inf
    cos, sin = facing(scene, n)  # once: they would cost more than the rest of the loop
    for other in range(len(f)):
        if other == n or not i[other, IN_SCENE]:
            continue
        dx, dy = f[other, X] - f[n, X], f[other, Y] - f[n, Y]
        ahead, beside = dx * cos + dy * sin, dy * cos - dx * sin
        if ahead > SIGHT or ahead < -30.0 or abs(beside) > SIGHT:
            continue
        gap = _gap(tables, scene, n, other, ahead, beside)
        if gap < least:
            found, least = other, gap
    return found, least


@inner
def _gap(
    tables: Tables,
    scene: Scene,
    n: int,
    other: int,
    ahead: float,
    beside: float,
) -> float:
    """Free metres to another that is in the way; inf where it is not."""
    f, i = scene.f, scene.i
    if i[n, LANE] >= 0 and i[other, LANE] == i[n, LANE] and i[other, ROAD] == i[n, ROAD]:
        way = along_road(tables, scene, n, i[other, ROAD], f[other, S], SIGHT)
    elif i[n, ROAD] >= 0 and i[other, ROAD] >= 0 and i[other, ROAD] != i[n, ROAD]:
        way = along_road(tables, scene, n, i[other, ROAD], f[other, S], SIGHT)
        if not math.isfinite(way) or abs(beside) > 0.5 * abs(way) + 3.0:
            return _in_front(scene, n, other, ahead, beside)
    else:
        return _in_front(scene, n, other, ahead, beside)
    if way <= 0.0:
        return math.inf
    return max(way - room_between(scene, n, other, 1.0), 0.0)


@inner
def _in_front(scene: Scene, n: int, other: int, ahead: float, beside: float) -> float:
    """Free metres to one whose box reaches into the strip straight ahead."""
    f = scene.f
    turn = f[other, HEADING] - f[n, HEADING]
    cos, sin = abs(math.cos(turn)), abs(math.sin(turn))
    half_long = 0.5 * (f[other, FRONT] - f[other, BACK])
    half_wide = 0.5 * (f[other, LEFT] - f[other, RIGHT])
    wide = half_long * sin + half_wide * cos
    if beside - wide > f[n, LEFT] + ASIDE or beside + wide < f[n, RIGHT] - ASIDE:
        return math.inf
    gap = ahead - (half_long * cos + half_wide * sin) - f[n, FRONT]
    return max(gap, 0.0) if ahead > 0.0 else math.inf


@inner
def drive(tables: Tables, scene: Scene, n: int, dt: float) -> None:
    """One step of the intelligent driver."""
    f = scene.f
    leader, gap = leader_of(tables, scene, n)
    turn = math.cos(f[leader, HEADING] - f[n, HEADING]) if leader >= 0 else 1.0
    closing = f[n, SPEED] - f[leader, SPEED] * turn if leader >= 0 else 0.0
    limits = (min(f[n, TOP_GAIN], 3.0), COMFORT, f[n, HEADWAY], f[n, STANDOFF])
    gain = idm(f[n, SPEED], f[n, WISH], gap, closing, limits)
    room = room_to_light(tables, scene, n)
    if math.isfinite(room):
        gain = min(gain, idm(f[n, SPEED], f[n, WISH], room, f[n, SPEED], limits))
    gain = clipped(gain, -f[n, TOP_BRAKE], limits[0])
    f[n, SPEED] = max(f[n, SPEED] + gain * dt, 0.0)
