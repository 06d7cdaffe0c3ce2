"""Where each entity gets to in one step: along its lane, aside, along a path, or straight on."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.kernels.locate import search
from concours.driving.roads.kernels.pose import line_at, wrapped, write_pose
from concours.driving.roads.kernels.surface import across_of, borders_of, lane_at
from concours.driving.roads.tables import (
    LANE_SECTION,
    STRIP_ROAD,
    Tables,
)
from concours.driving.world.kernels.aside import go_beside, shift
from concours.driving.world.kernels.courses import clipped
from concours.driving.world.kernels.driven import lean, place_driven
from concours.driving.world.kernels.ways import move_along
from concours.driving.world.layout import (
    ACCELERATION,
    AT_END,
    BESIDE,
    COUPLER,
    CURVATURE,
    DRIVEN,
    FREE,
    HEADING,
    HITCH,
    KEEP_LANE,
    KEEPS_PACE,
    LANE,
    LIFT,
    OFFSET,
    ON_PATH,
    OUTSIDE,
    OUTSIDE_LANE,
    PATH_AT,
    PATH_BEGAN,
    PATH_FIRST,
    PATH_LAST,
    PATH_LENGTH,
    PATH_OFFSET,
    PATH_SCALE,
    PATH_TIMED,
    PITCH,
    ROAD,
    ROLL,
    SECTION,
    SHIFT,
    SIDE_DONE,
    SIDE_MODE,
    SIDE_OTHER,
    SIDEWAYS,
    SPEED,
    SPEED_MODE,
    TOWED,
    TRAVELLED,
    TURN,
    WAY,
    Finder,
    S,
    Scene,
    X,
    Y,
    Z,
)

WITHIN = 50.0
"""Metres from a lane within which an entity belongs to a road."""
END_WAY = 1.0 - 1e-6
"""Metres at the end of a path that tell how fast it ends: bent ones are cut as finely as that."""


@inner
def step_place(
    tables: Tables,
    finder: Finder,
    scene: Scene,
    n: int,
    times: tuple[float, float],
    drivers: int | None,
) -> None:
    """Move an entity for one step and write its pose. times: now, length of the step."""
    now, dt = times
    f, i = scene.f, scene.i
    mode = i[n, SIDE_MODE]
    before_x, before_y = f[n, X], f[n, Y]
    if mode == ON_PATH:
        _follow(tables, finder, scene, n, now, dt)
    elif mode == TOWED:
        tow(tables, finder, scene, n)
    elif i[n, SPEED_MODE] == OUTSIDE:
        if drivers is not None:
            _from_outside(tables, finder, scene, n)
    elif mode == FREE or i[n, ROAD] < 0:
        _off_roads(tables, scene, n, dt)
        find_lane(tables, finder, scene, n)
    else:
        if mode == SHIFT:
            shift(scene, n, dt)
        elif mode == BESIDE:
            go_beside(tables, scene, n, dt)
        if f[n, SPEED] != 0.0 or mode != KEEP_LANE:
            forward = f[n, SPEED] * dt
            if f[n, SIDEWAYS] != 0.0 and not i[n, KEEPS_PACE]:
                forward *= math.cos(f[n, TURN])
            move_along(tables, scene, n, forward)
            write_lane_pose(tables, scene, n)
    f[n, TRAVELLED] += math.hypot(f[n, X] - before_x, f[n, Y] - before_y)


@inner
def _off_roads(tables: Tables, scene: Scene, n: int, dt: float) -> None:
    """Straight on, or beside another: TURN is then how far it turns on the way."""
    f = scene.f
    course, aside = f[n, HEADING], 0.0
    forward = f[n, SPEED] * dt
    if scene.i[n, SIDE_MODE] == BESIDE:
        course, aside = f[n, HEADING] - f[n, TURN], f[n, OFFSET]
        go_beside(tables, scene, n, dt)
        aside = f[n, OFFSET] - aside
        forward *= math.cos(f[n, TURN])
        f[n, HEADING] = wrapped(course + f[n, TURN])
    cos, sin = math.cos(course), math.sin(course)
    f[n, X] += forward * cos - aside * sin
    f[n, Y] += forward * sin + aside * cos


@inner
def _from_outside(tables: Tables, finder: Finder, scene: Scene, n: int) -> None:
    """Where the dynamics, or whoever drives, have got to."""
    if scene.i[n, DRIVEN]:
        place_driven(scene, n)
    find_lane(tables, finder, scene, n)
    lean(tables, finder, scene, n)


@inner
def tow(tables: Tables, finder: Finder, scene: Scene, n: int) -> None:
    """A trailer turns to where its coupler is drawn, about its reference point."""
    f, puller = scene.f, scene.i[n, SIDE_OTHER]
    x = f[puller, X] + f[n, HITCH] * math.cos(f[puller, HEADING])
    y = f[puller, Y] + f[n, HITCH] * math.sin(f[puller, HEADING])
    heading = math.atan2(y - f[n, Y], x - f[n, X])
    f[n, X], f[n, Y] = x - f[n, COUPLER] * math.cos(heading), y - f[n, COUPLER] * math.sin(heading)
    f[n, HEADING] = heading
    f[n, SPEED], f[n, ACCELERATION] = f[puller, SPEED], f[puller, ACCELERATION]
    find_lane(tables, finder, scene, n)


@inner
def _follow(tables: Tables, finder: Finder, scene: Scene, n: int, now: float, dt: float) -> None:
    """One step along a path, by its times or at the entity's own speed."""
    f, i = scene.f, scene.i
    first, last, length = i[n, PATH_FIRST], i[n, PATH_LAST], f[n, PATH_LENGTH]
    before = f[n, PATH_AT]
    over = False
    if i[n, PATH_TIMED]:
        time = (now - f[n, PATH_BEGAN]) / f[n, PATH_SCALE]
        over = time >= scene.paths[last - 1, 6] - 1e-6
        f[n, PATH_AT] = _at_time(scene, first, last, time)
        f[n, SPEED] = (f[n, PATH_AT] - before) / dt
        if over:  # the last step is cut short: how fast the path ends is what counts
            f[n, SPEED] = _end_speed(scene, first, last, f[n, SPEED]) / f[n, PATH_SCALE]
    else:
        f[n, PATH_AT] = before + f[n, SPEED] * dt
        over = f[n, PATH_AT] >= length - 1e-9
    write_path_pose(tables, finder, scene, n)
    if over:
        i[n, SIDE_DONE] = 1
        i[n, SIDE_MODE] = KEEP_LANE if i[n, ROAD] >= 0 else FREE


@inner
def _end_speed(scene: Scene, first: int, last: int, otherwise: float) -> float:
    """How fast a path ends by its times: over its last metre, or since its last corner or wait."""
    way, seconds = 0.0, 0.0
    for row in range(last - 2, first - 1, -1):
        long = scene.paths[row + 1, 0] - scene.paths[row, 0]
        if way >= END_WAY or (seconds > 0.0 and (way <= 0.0 or long <= 0.0)):
            break
        way += long
        seconds += scene.paths[row + 1, 6] - scene.paths[row, 6]
    return way / seconds if seconds > 0.0 else otherwise


@inner
def _row_of(scene: Scene, first: int, last: int, column: int, value: float) -> int:
    """The row of a path whose column is the last one at or below a value; last - 2 at most."""
    low, high = first, last - 1
    while high - low > 1:
        middle = (low + high) // 2
        if scene.paths[middle, column] <= value:
            low = middle
        else:
            high = middle
    return low


@inner
def _at_time(scene: Scene, first: int, last: int, time: float) -> float:
    """Metres along a path at a time; its ends outside its times."""
    row = _row_of(scene, first, last, 6, time)
    begin, end = scene.paths[row, 6], scene.paths[row + 1, 6]
    part = clipped((time - begin) / (end - begin), 0.0, 1.0) if end > begin else 1.0
    return scene.paths[row, 0] + part * (scene.paths[row + 1, 0] - scene.paths[row, 0])


@inner
def write_path_pose(tables: Tables, finder: Finder, scene: Scene, n: int) -> None:
    """Put an entity where its path is at PATH_AT, and find its lane there."""
    f, i, paths = scene.f, scene.i, scene.paths
    first, last = i[n, PATH_FIRST], i[n, PATH_LAST]
    at = clipped(f[n, PATH_AT], 0.0, f[n, PATH_LENGTH])
    row = _row_of(scene, first, last, 0, at)
    size = paths[row + 1, 0] - paths[row, 0]
    part = (at - paths[row, 0]) / size if size > 0.0 else 0.0
    heading = paths[row, 4] + part * (paths[row + 1, 4] - paths[row, 4])
    aside = f[n, PATH_OFFSET]
    f[n, X] = paths[row, 1] + part * (paths[row + 1, 1] - paths[row, 1])
    f[n, Y] = paths[row, 2] + part * (paths[row + 1, 2] - paths[row, 2])
    f[n, X] -= aside * math.sin(heading)
    f[n, Y] += aside * math.cos(heading)
    f[n, HEADING] = wrapped(heading)
    f[n, CURVATURE] = paths[row, 5]
    z = paths[row, 3] + part * (paths[row + 1, 3] - paths[row, 3])
    find_lane(tables, finder, scene, n)
    if math.isfinite(z):
        f[n, Z] = z


@inner
def find_lane(tables: Tables, finder: Finder, scene: Scene, n: int) -> None:
    """Find the lane under an entity by its place and heading, and take height from it."""
    f, i = scene.f, scene.i
    best = finder.work[0]
    point = (f[n, X], f[n, Y], f[n, Z] - f[n, LIFT])
    heading = (math.cos(f[n, HEADING]), math.sin(f[n, HEADING]))
    types, no_route = finder.every_lane, finder.no_route
    search(tables, finder.cells, point, heading, types, no_route, WITHIN, best, finder.work[1])
    strip = int(best[6])
    if strip < 0 or best[3] > WITHIN:
        i[n, ROAD], i[n, LANE], i[n, SECTION] = -1, -1, -1
        f[n, OUTSIDE_LANE] = math.inf
        f[n, PITCH], f[n, ROLL] = 0.0, 0.0
        return
    lane = int(best[7])
    i[n, LANE] = lane
    i[n, SECTION] = tables.lanes[lane, LANE_SECTION]
    i[n, ROAD] = finder.cells.strip_of[strip, STRIP_ROAD]
    i[n, AT_END] = 0
    course = line_at(tables, i[n, ROAD], best[0])[2]
    i[n, WAY] = 1 if math.cos(course - f[n, HEADING]) >= 0.0 else -1
    f[n, S], f[n, OUTSIDE_LANE] = best[0], best[3]
    f[n, OFFSET] = best[2] * i[n, WAY]
    f[n, TURN] = wrapped(f[n, HEADING] - course - (0.0 if i[n, WAY] > 0 else math.pi))
    if math.isfinite(best[4]):
        f[n, Z] = best[4] + f[n, LIFT]


@inner
def write_lane_pose(tables: Tables, scene: Scene, n: int) -> None:
    """The pose of an entity from its place on the road."""
    f, i = scene.f, scene.i
    road, section, lane, s = i[n, ROAD], i[n, SECTION], i[n, LANE], f[n, S]
    inner_, outer = borders_of(across_of(tables), road, section, lane, s)
    t = 0.5 * (inner_[0] + outer[0]) + f[n, OFFSET] * i[n, WAY]
    under = lane
    if abs(f[n, OFFSET]) > 0.5 * abs(outer[0] - inner_[0]):
        under = lane_at(across_of(tables), road, section, s, t)
    slope, bend = 0.5 * (inner_[1] + outer[1]), 0.5 * (inner_[2] + outer[2])
    if under != lane:
        inner_, outer = borders_of(across_of(tables), road, section, under, s)
    edges = (inner_[0], outer[0])
    write_pose(tables, f[n], road, section, under, s, (t, slope, bend), edges)
    if i[n, WAY] < 0:
        f[n, HEADING] += math.pi
        f[n, PITCH], f[n, ROLL] = -f[n, PITCH], -f[n, ROLL]
        f[n, CURVATURE] = -f[n, CURVATURE]
    f[n, HEADING] = wrapped(f[n, HEADING] + f[n, TURN])
    f[n, Z] += f[n, LIFT]
