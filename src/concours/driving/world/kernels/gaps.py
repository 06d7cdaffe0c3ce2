"""Distances between entities along the road and in their own axes; boxes and their distance."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.ways import middle_of, route_of, way_between
from concours.driving.world.layout import (
    ABOVE,
    BACK,
    BELOW,
    FRONT,
    HEADING,
    LANE,
    LEFT,
    OFFSET,
    REACH,
    RIGHT,
    ROAD,
    SECTION,
    WAY,
    S,
    Scene,
    X,
    Y,
    Z,
)

FAR = 2000.0
"""Metres along the road that are looked ahead and back."""


@inner
def apart(scene: Scene, one: int, two: int) -> tuple[float, float]:
    """How far two is ahead of one and to its left, in the axes of one."""
    f = scene.f
    dx, dy = f[two, X] - f[one, X], f[two, Y] - f[one, Y]
    cos, sin = math.cos(f[one, HEADING]), math.sin(f[one, HEADING])
    return dx * cos + dy * sin, dy * cos - dx * sin


@inner
def along_road(tables: Tables, scene: Scene, n: int, road: int, s: float, limit: float) -> float:
    """Metres along the road from an entity to a station, ahead positive; inf if not found."""
    i, f = scene.i, scene.f
    if i[n, ROAD] < 0 or road < 0:
        return math.inf
    if i[n, ROAD] == road:
        return (s - f[n, S]) * i[n, WAY]
    route = route_of(scene, n, i[n, ROAD])
    ahead = way_between(tables, scene.routes, route, i[n, LANE], f[n, S], i[n, WAY], road, s, limit)
    if math.isfinite(ahead):
        return ahead
    none = (route[0], route[0], route[0] - 1)
    return -way_between(tables, scene.routes, none, i[n, LANE], f[n, S], -i[n, WAY], road, s, limit)


@inner
def way_to(tables: Tables, scene: Scene, one: int, two: int) -> float:
    """Metres along the road from one to two, ahead positive; inf if no way is found.

    The way is looked for from either of them: where roads part, only the way back is not to choose.
    """
    i, f = scene.i, scene.f
    if i[one, ROAD] < 0 or i[two, ROAD] < 0:
        return math.inf
    gap = along_road(tables, scene, one, i[two, ROAD], f[two, S], FAR)
    if math.isfinite(gap):
        return gap
    back = along_road(tables, scene, two, i[one, ROAD], f[one, S], FAR)
    same = math.cos(f[one, HEADING] - f[two, HEADING]) >= 0.0
    return -back if same or not math.isfinite(back) else back


@inner
def gap_to(tables: Tables, scene: Scene, one: int, two: int) -> float:
    """Metres from reference point to reference point along the road, else in one's own axes."""
    gap = way_to(tables, scene, one, two)
    return gap if math.isfinite(gap) else apart(scene, one, two)[0]


@inner
def room_between(scene: Scene, one: int, two: int, ahead: float) -> float:
    """What two boxes take up between their reference points where two is ahead of one (or not)."""
    f = scene.f
    if ahead >= 0.0:
        return f[one, FRONT] - f[two, BACK]
    return f[two, FRONT] - f[one, BACK]


@inner
def side_of(tables: Tables, scene: Scene, n: int) -> float:
    """t of an entity on its road."""
    i, f = scene.i, scene.f
    middle, _ = middle_of(tables, i[n, ROAD], i[n, SECTION], i[n, LANE], f[n, S])
    return middle + f[n, OFFSET] * i[n, WAY]


@inner
def to_the_left(tables: Tables, scene: Scene, one: int, two: int) -> float:
    """How far two is to the left of one along the t-axis of one's road; both are on roads.

    Another road may run the other way; t counts from its own line.
    """
    f, i = scene.f, scene.i
    sense = 1
    if i[one, ROAD] != i[two, ROAD]:
        same = math.cos(f[one, HEADING] - f[two, HEADING]) >= 0.0
        sense = i[one, WAY] * i[two, WAY] * (1 if same else -1)
    return sense * side_of(tables, scene, two) - side_of(tables, scene, one)


@inner
def facing(scene: Scene, n: int) -> tuple[float, float]:
    """Cosine and sine of an entity's heading."""
    return math.cos(scene.f[n, HEADING]), math.sin(scene.f[n, HEADING])


@inner
def corner(scene: Scene, n: int, k: int, facing: tuple[float, float]) -> tuple[float, float]:
    """Corner k of 0 .. 3 of an entity's box, counter-clockwise from the right front."""
    f = scene.f
    along = f[n, FRONT] if k in (0, 1) else f[n, BACK]
    across = f[n, RIGHT] if k in (0, 3) else f[n, LEFT]
    cos, sin = facing
    return f[n, X] + along * cos - across * sin, f[n, Y] + along * sin + across * cos


@inner
def _inside_room(scene: Scene, n: int, x: float, y: float) -> float:
    """Distance of a point from an entity's box, 0 inside."""
    f = scene.f
    dx, dy = x - f[n, X], y - f[n, Y]
    cos, sin = math.cos(f[n, HEADING]), math.sin(f[n, HEADING])
    along, across = dx * cos + dy * sin, dy * cos - dx * sin
    out_along = max(f[n, BACK] - along, along - f[n, FRONT], 0.0)
    out_across = max(f[n, RIGHT] - across, across - f[n, LEFT], 0.0)
    return math.hypot(out_along, out_across)


@inner
def _parted(scene: Scene, one: int, two: int) -> bool:
    """Whether an axis of one's box parts the boxes (the separating axis theorem)."""
    f = scene.f
    cos, sin = math.cos(f[one, HEADING]), math.sin(f[one, HEADING])
    low_x, high_x, low_y, high_y = 1e300, -1e300, 1e300, -1e300
    other = facing(scene, two)
    for k in range(4):
        x, y = corner(scene, two, k, other)
        dx, dy = x - f[one, X], y - f[one, Y]
        along, across = dx * cos + dy * sin, dy * cos - dx * sin
        low_x, high_x = min(low_x, along), max(high_x, along)
        low_y, high_y = min(low_y, across), max(high_y, across)
    if low_x > f[one, FRONT] or high_x < f[one, BACK]:
        return True
    return bool(low_y > f[one, LEFT] or high_y < f[one, RIGHT])


@inner
def overlap(scene: Scene, one: int, two: int) -> bool:
    """Whether the boxes of two entities overlap, seen from above and in height."""
    f = scene.f
    reach = f[one, REACH] + f[two, REACH]
    dx, dy = f[two, X] - f[one, X], f[two, Y] - f[one, Y]
    if dx * dx + dy * dy > reach * reach:
        return False
    if f[one, Z] + f[one, BELOW] > f[two, Z] + f[two, ABOVE]:
        return False
    if f[two, Z] + f[two, BELOW] > f[one, Z] + f[one, ABOVE]:
        return False
    return not _parted(scene, one, two) and not _parted(scene, two, one)


@inner
def boxes_apart(scene: Scene, one: int, two: int) -> float:
    """Least distance between two boxes seen from above; 0 where they overlap."""
    if not _parted(scene, one, two) and not _parted(scene, two, one):
        return 0.0
    least = 1e300
    first, second = facing(scene, one), facing(scene, two)
    for k in range(4):
        x, y = corner(scene, two, k, second)
        least = min(least, _inside_room(scene, one, x, y))
        x, y = corner(scene, one, k, first)
        least = min(least, _inside_room(scene, two, x, y))
    return least


@inner
def box_to_point(scene: Scene, n: int, x: float, y: float) -> float:
    """Least distance from a box to a point seen from above."""
    return _inside_room(scene, n, x, y)
