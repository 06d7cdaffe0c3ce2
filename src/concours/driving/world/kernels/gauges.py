"""What conditions compare, measured on the scene; the same code for one question and for watching.

NaN stands for what is not defined: the condition is then not met.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from concours.driving.jit import inner
from concours.driving.roads.kernels.locate import search
from concours.driving.roads.tables import Tables
from concours.driving.world.kernels.gaps import (
    FAR,
    along_road,
    apart,
    box_to_point,
    boxes_apart,
    corner,
    facing,
    overlap,
    room_between,
    side_of,
    to_the_left,
    way_to,
)
from concours.driving.world.layout import (
    ACCELERATION,
    AT_END,
    BACK,
    FRONT,
    HEADING,
    IN_SCENE,
    KIND,
    LEFT,
    LIFT,
    RIGHT,
    ROAD,
    SIDEWAYS,
    SPEED,
    TRAVELLED,
    Finder,
    FloatArray,
    IntArray,
    Scene,
    X,
    Y,
    Z,
)

# columns of i: what is measured, of whom, against whom, how, and how it is judged
WHAT, WHO, OTHER, DIMENSION, SYSTEM, FREESPACE, RULE, ASKED, TRUTH, POINT_ROAD, FRESH = range(11)
GAUGE_INTS = 11
# columns of f: the number compared with, and a place
VALUE, POINT_X, POINT_Y, POINT_Z, POINT_S, POINT_T, POINT_HEADING, SHOWN = range(8)
GAUGE_FLOATS = 8

# values of WHAT
SPEED_OF, GAIN_OF, TRAVELLED_BY, FASTER_THAN, TO_POINT, TO_ENTITY = range(6)
HEADWAY, HEADWAY_TO_POINT, COLLIDES_IN, COLLIDES_AT, TOUCHES, TOUCHES_KIND = range(6, 12)
OFF_ROAD, END_OF_ROAD = 12, 13
# values of DIMENSION
WHOLE, LONGITUDINAL, LATERAL, VERTICAL = range(4)
# values of SYSTEM
IN_ENTITY, IN_ROAD, IN_WORLD = range(3)
# values of RULE
MORE, AT_LEAST, LESS, AT_MOST, EQUAL, UNEQUAL, NOT_ZERO, STANDS = range(8)

STILL = 1e-4
"""m/s: a slower entity stands."""


class Gauges(NamedTuple):
    """Rows of what is measured: i (m, 11), f (m, 8); off_road: types of lanes that are no road."""

    i: IntArray
    f: FloatArray
    off_road: int


@inner
def _between(low: float, high: float, other_low: float, other_high: float) -> float:
    """The gap between two intervals, 0 where they overlap."""
    return max(other_low - high, low - other_high, 0.0)


@inner
def _own_axes(scene: Scene, one: int, two: int, dimension: int, free: int) -> float:
    """Distance ahead or to the side in the axes of one."""
    f = scene.f
    ahead, beside = apart(scene, one, two)
    if not free:
        return abs(ahead) if dimension == LONGITUDINAL else abs(beside)
    cos, sin = math.cos(f[one, HEADING]), math.sin(f[one, HEADING])
    low, high = 1e300, -1e300
    other = facing(scene, two)
    for k in range(4):
        x, y = corner(scene, two, k, other)
        dx, dy = x - f[one, X], y - f[one, Y]
        at = dx * cos + dy * sin if dimension == LONGITUDINAL else dy * cos - dx * sin
        low, high = min(low, at), max(high, at)
    if dimension == LONGITUDINAL:
        return _between(f[one, BACK], f[one, FRONT], low, high)
    return _between(f[one, RIGHT], f[one, LEFT], low, high)


@inner
def _on_road(tables: Tables, scene: Scene, one: int, two: int, dimension: int, free: int) -> float:
    """Distance along or across the road; NaN where no way leads from one to the other."""
    f = scene.f
    way = way_to(tables, scene, one, two)
    if not math.isfinite(way):
        return math.nan
    if dimension == LATERAL:
        away = abs(to_the_left(tables, scene, one, two))
        half = 0.5 * (f[one, LEFT] - f[one, RIGHT] + f[two, LEFT] - f[two, RIGHT])
        return max(away - half, 0.0) if free else away
    if free:
        ahead = 1.0 if way >= 0.0 else -1.0
        return max(abs(way) - room_between(scene, one, two, ahead), 0.0)
    return abs(way)


@inner
def distance(
    tables: Tables,
    scene: Scene,
    pair: tuple[int, int],
    how: tuple[int, int, int],
) -> float:
    """Metres between two entities. how: dimension, system, whether between the boxes."""
    f = scene.f
    one, two = pair
    dimension, system, free = how
    if dimension == WHOLE:
        if free:
            return boxes_apart(scene, one, two)
        dx, dy, dz = f[two, X] - f[one, X], f[two, Y] - f[one, Y], f[two, Z] - f[one, Z]
        return math.sqrt(dx * dx + dy * dy + dz * dz)
    if system == IN_WORLD:
        return (
            abs(f[two, X] - f[one, X]) if dimension == LONGITUDINAL else abs(f[two, Y] - f[one, Y])
        )
    if system == IN_ROAD:
        return _on_road(tables, scene, one, two, dimension, free)
    return _own_axes(scene, one, two, dimension, free)


@inner
def _to_point(tables: Tables, scene: Scene, gauges: Gauges, row: int) -> float:
    """Metres to a place that does not move."""
    f, g = scene.f, gauges.f
    who = gauges.i[row, WHO]
    dimension, system = gauges.i[row, DIMENSION], gauges.i[row, SYSTEM]
    free = gauges.i[row, FREESPACE]
    dx, dy = g[row, POINT_X] - f[who, X], g[row, POINT_Y] - f[who, Y]
    if dimension == WHOLE:
        if free:
            return box_to_point(scene, who, g[row, POINT_X], g[row, POINT_Y])
        dz = g[row, POINT_Z] - f[who, Z]
        return math.sqrt(dx * dx + dy * dy + (dz * dz if math.isfinite(dz) else 0.0))
    if system == IN_WORLD:
        return abs(dx) if dimension == LONGITUDINAL else abs(dy)
    if system == IN_ROAD:
        return _point_on_road(tables, scene, gauges, row)
    cos, sin = math.cos(f[who, HEADING]), math.sin(f[who, HEADING])
    if dimension == LONGITUDINAL:
        at = dx * cos + dy * sin
        return _between(f[who, BACK], f[who, FRONT], at, at) if free else abs(at)
    at = dy * cos - dx * sin
    return _between(f[who, RIGHT], f[who, LEFT], at, at) if free else abs(at)


@inner
def _point_on_road(tables: Tables, scene: Scene, gauges: Gauges, row: int) -> float:
    f, g = scene.f, gauges.f
    who, road = gauges.i[row, WHO], gauges.i[row, POINT_ROAD]
    if scene.i[who, ROAD] < 0 or road < 0:
        return math.nan
    if gauges.i[row, DIMENSION] == LATERAL:
        if scene.i[who, ROAD] != road:
            return math.nan
        return abs(g[row, POINT_T] - side_of(tables, scene, who))
    way = along_road(tables, scene, who, road, g[row, POINT_S], FAR)
    if not math.isfinite(way):
        return math.nan
    if gauges.i[row, FREESPACE]:
        return max(abs(way) - (f[who, FRONT] if way >= 0 else -f[who, BACK]), 0.0)
    return abs(way)


@inner
def _faster(scene: Scene, one: int, two: int, dimension: int) -> float:
    """Speed of one less that of two, along the axes of one where a dimension is asked for."""
    f = scene.f
    turn = f[two, HEADING] - f[one, HEADING]
    if dimension == LONGITUDINAL:
        return f[one, SPEED] - f[two, SPEED] * math.cos(turn)
    if dimension == LATERAL:
        return -f[two, SPEED] * math.sin(turn)
    return f[one, SPEED] - f[two, SPEED]


@inner
def _closing(scene: Scene, one: int, two: int) -> float:
    """How fast the distance between two entities shrinks (m/s)."""
    f = scene.f
    dx, dy = f[two, X] - f[one, X], f[two, Y] - f[one, Y]
    away = math.hypot(dx, dy)
    if away < 1e-9:
        return 0.0
    vx = f[one, SPEED] * math.cos(f[one, HEADING]) - f[two, SPEED] * math.cos(f[two, HEADING])
    vy = f[one, SPEED] * math.sin(f[one, HEADING]) - f[two, SPEED] * math.sin(f[two, HEADING])
    return (vx * dx + vy * dy) / away


@inner
def _off_road(tables: Tables, finder: Finder, scene: Scene, gauges: Gauges, who: int) -> float:
    """1 where no lane is under the entity's reference point."""
    f = scene.f
    point = (f[who, X], f[who, Y], f[who, Z] - f[who, LIFT])
    best = finder.work[0]
    types = finder.every_lane ^ gauges.off_road
    no_route, work = finder.no_route, finder.work[1]
    search(tables, finder.cells, point, (0.0, 0.0), types, no_route, 5.0, best, work)
    return 0.0 if int(best[6]) >= 0 and best[3] <= 0.0 else 1.0


@inner
def _touches_kind(scene: Scene, who: int, kind: int) -> float:
    for other in range(len(scene.i)):
        meant = other != who and scene.i[other, IN_SCENE] and scene.i[other, KIND] == kind
        if meant and overlap(scene, who, other):
            return 1.0
    return 0.0


@inner
def _of_one(
    tables: Tables, finder: Finder, scene: Scene, gauges: Gauges, row: int, what: int
) -> float:
    """What concerns one entity alone."""
    f, who, dimension = scene.f, gauges.i[row, WHO], gauges.i[row, DIMENSION]
    if what == SPEED_OF:
        return f[who, SIDEWAYS] if dimension == LATERAL else f[who, SPEED]
    if what == GAIN_OF:
        return 0.0 if dimension == LATERAL else f[who, ACCELERATION]
    if what == TRAVELLED_BY:
        return f[who, TRAVELLED]
    if what == OFF_ROAD:
        return _off_road(tables, finder, scene, gauges, who)
    return float(scene.i[who, AT_END])


@inner
def _time_to(tables: Tables, scene: Scene, gauges: Gauges, row: int, what: int) -> float:
    """Headways and times to collision."""
    who, other = gauges.i[row, WHO], gauges.i[row, OTHER]
    how = (gauges.i[row, DIMENSION], gauges.i[row, SYSTEM], gauges.i[row, FREESPACE])
    speed = scene.f[who, SPEED]
    if what in (HEADWAY_TO_POINT, COLLIDES_AT):
        away = _to_point(tables, scene, gauges, row)
        return away / speed if speed > STILL else math.nan
    away = distance(tables, scene, (who, other), how)
    if what == HEADWAY:
        ahead = apart(scene, who, other)[0] >= 0.0
        return away / speed if speed > STILL and ahead else math.nan
    closing = _closing(scene, who, other)
    if how[0] == LONGITUDINAL:
        closing = _faster(scene, who, other, LONGITUDINAL)
    return away / closing if closing > STILL else math.nan


@inner
def measure(tables: Tables, finder: Finder, scene: Scene, gauges: Gauges, row: int) -> float:
    """What a gauge shows now."""
    what, who, other = gauges.i[row, WHAT], gauges.i[row, WHO], gauges.i[row, OTHER]
    if not scene.i[who, IN_SCENE] or (other >= 0 and not scene.i[other, IN_SCENE]):
        return math.nan
    if what in (SPEED_OF, GAIN_OF, TRAVELLED_BY, OFF_ROAD, END_OF_ROAD):
        return _of_one(tables, finder, scene, gauges, row, what)
    if what == FASTER_THAN:
        return _faster(scene, who, other, gauges.i[row, DIMENSION])
    if what == TO_POINT:
        return _to_point(tables, scene, gauges, row)
    if what == TO_ENTITY:
        how = (gauges.i[row, DIMENSION], gauges.i[row, SYSTEM], gauges.i[row, FREESPACE])
        return distance(tables, scene, (who, other), how)
    if what == TOUCHES:
        return 1.0 if overlap(scene, who, other) else 0.0
    if what == TOUCHES_KIND:
        return _touches_kind(scene, who, int(gauges.f[row, POINT_X]))
    return _time_to(tables, scene, gauges, row, what)
