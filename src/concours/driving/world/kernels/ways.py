"""Along the lanes: what comes next, and how far it is."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.kernels.pose import bend_at, line_at, wrapped
from concours.driving.roads.kernels.surface import across_of, borders_of
from concours.driving.roads.tables import (
    LANE_ID,
    LANE_SECTION,
    LANES,
    SECTION_ROAD,
    IntArray,
    Tables,
)
from concours.driving.world.layout import (
    AT_END,
    LANE,
    OFFSET,
    ROAD,
    ROUTE_FIRST,
    ROUTE_LAST,
    SECTION,
    SHIFT,
    SIDE_FROM,
    SIDE_MODE,
    SIDE_TO,
    SPEED,
    WAY,
    S,
    Scene,
)

HOPS = 64
"""Sections that one step, or one look ahead, passes at most."""


@inner
def middle_of(tables: Tables, road: int, section: int, lane: int, s: float) -> tuple[float, float]:
    """t of a lane's middle, and its slope along s."""
    inner_, outer = borders_of(across_of(tables), road, section, lane, s)
    return 0.5 * (inner_[0] + outer[0]), 0.5 * (inner_[1] + outer[1])


@inner
def turn_of(tables: Tables, lane: int, way: int, heading: float) -> float:
    """How much a lane turns from a heading to its far end (radians, absolute)."""
    section = tables.lanes[lane, LANE_SECTION]
    road = tables.sections[section, SECTION_ROAD]
    s = tables.lengths[road] if way > 0 else 0.0
    far = line_at(tables, road, s)[2] + (0.0 if way > 0 else math.pi)
    return abs(wrapped(far - heading))


@inner
def place_on_route(routes: IntArray, first: int, last: int, road: int) -> int:
    """Where a road stands on a route; -1 where it does not."""
    for k in range(first, last):
        if routes[k] == road:
            return k
    return -1


@inner
def _better(
    tables: Tables,
    routes: IntArray,
    route: tuple[int, int, int],
    lane: int,
    way: int,
    heading: float,
) -> float:
    """What a next lane costs: the route's first, then the straightest.

    route: first, last, and where on it the present road is.
    """
    cost = turn_of(tables, lane, way, heading)
    if route[1] > route[0]:
        road = tables.sections[tables.lanes[lane, LANE_SECTION], SECTION_ROAD]
        at = place_on_route(routes, max(route[2] + 1, route[0]), route[1], road)
        cost += 1000.0 if at < 0 else 10.0 * (at - route[2])
    return cost


@inner
def onward(
    tables: Tables,
    routes: IntArray,
    route: tuple[int, int, int],
    lane: int,
    way: int,
    heading: float,
) -> tuple[int, int, float]:
    """(lane, way) met at the end that is driven to, and its cost; lane -1 where the road ends."""
    end = 2 * lane + (1 if way > 0 else 0)
    best, found, found_way = 1e300, -1, 0
    for k in range(tables.joints[end], tables.joints[end + 1]):
        other, at_end = tables.joints[k] // 2, tables.joints[k] % 2
        if tables.lanes[other, LANE_ID] == 0:
            continue
        onto = 1 if at_end == 0 else -1
        cost = _better(tables, routes, route, other, onto, heading)
        if cost < best:
            best, found, found_way = cost, other, onto
    return found, found_way, best


@inner
def next_lane(
    tables: Tables,
    routes: IntArray,
    route: tuple[int, int, int],
    lane: int,
    way: int,
) -> tuple[int, int, int]:
    """(lane that is left, lane that is entered, way on it); entered -1 where the road ends.

    Where the route goes on from another lane only, or the lane ends, that other lane of the section
    is left instead: the nearest one that leads on.
    """
    section = tables.lanes[lane, LANE_SECTION]
    road = tables.sections[section, SECTION_ROAD]
    s = tables.section_s[section, 1 if way > 0 else 0]
    heading = line_at(tables, road, s)[2] + (0.0 if way > 0 else math.pi)
    routed = route[1] > route[0]
    found, onto, cost = onward(tables, routes, route, lane, way, heading)
    if found >= 0 and not (routed and cost >= 1000.0):
        return lane, found, onto
    least, best, best_way, left = 1e300, found, onto, lane
    first, last = tables.sections[section, LANES], tables.sections[section, LANES + 1]
    for other in range(first, last):
        same = (tables.lanes[other, LANE_ID] > 0) == (tables.lanes[lane, LANE_ID] > 0)
        if other == lane or tables.lanes[other, LANE_ID] == 0 or not same:
            continue
        to, to_way, price = onward(tables, routes, route, other, way, heading)
        if to < 0 or (found >= 0 and price >= 1000.0):
            continue
        price += 0.01 * abs(other - lane)
        if price < least:
            least, best, best_way, left = price, to, to_way, other
    return left, best, best_way


@inner
def route_of(scene: Scene, n: int, road: int) -> tuple[int, int, int]:
    """First, last and present place of an entity's route."""
    first, last = scene.i[n, ROUTE_FIRST], scene.i[n, ROUTE_LAST]
    if last <= first:
        return first, first, first - 1
    at = place_on_route(scene.routes, first, last, road)
    return first, last, at if at >= 0 else first - 1


@inner
def move_along(tables: Tables, scene: Scene, n: int, ds: float) -> None:
    """Move an entity `ds` metres (negative: backwards) along its lane and those that follow.

    How far a lane drifts sideways does not count, as in other players. At the end of the road the
    entity stands, and AT_END says so.
    """
    f, i = scene.f, scene.i
    left = abs(ds)
    sense = 1 if ds >= 0.0 else -1
    i[n, AT_END] = 0
    for _ in range(HOPS):
        road, section, lane, way = i[n, ROAD], i[n, SECTION], i[n, LANE], i[n, WAY] * sense
        s = f[n, S]
        scale, curvature = 1.0, bend_at(tables, road, s)
        if curvature != 0.0:
            middle, _ = middle_of(tables, road, section, lane, s)
            scale = max(1.0 - curvature * (middle + f[n, OFFSET] * i[n, WAY]), 0.05)
        to = tables.section_s[section, 1 if way > 0 else 0]
        room = (to - s) * way
        step = left / scale
        if step <= room:
            f[n, S] = s + way * step
            return
        left -= room * scale
        f[n, S] = to
        if not _cross(tables, scene, n, way, sense):
            i[n, AT_END] = 1
            f[n, SPEED] = 0.0
            return


@inner
def _cross(tables: Tables, scene: Scene, n: int, way: int, sense: int) -> bool:
    """Enter what follows the section that ends here; False where nothing does."""
    f, i = scene.f, scene.i
    road, section, lane = i[n, ROAD], i[n, SECTION], i[n, LANE]
    route = route_of(scene, n, road)
    leaves, enters, onto = next_lane(tables, scene.routes, route, lane, way)
    if enters < 0:
        return False
    if leaves != lane:
        here, _ = middle_of(tables, road, section, lane, f[n, S])
        there, _ = middle_of(tables, road, section, leaves, f[n, S])
        aside = (here - there) * i[n, WAY]
        f[n, OFFSET] += aside
        if i[n, SIDE_MODE] == SHIFT:  # it counts from the same middle
            f[n, SIDE_FROM] += aside
            f[n, SIDE_TO] += aside
    section = tables.lanes[enters, LANE_SECTION]
    i[n, LANE], i[n, SECTION] = enters, section
    i[n, ROAD] = tables.sections[section, SECTION_ROAD]
    i[n, WAY] = onto * sense
    f[n, S] = tables.section_s[section, 0 if onto > 0 else 1]
    return True


@inner
def way_between(
    tables: Tables,
    routes: IntArray,
    route: tuple[int, int, int],
    lane: int,
    s: float,
    way: int,
    road: int,
    to: float,
    limit: float,
) -> float:
    """Metres along reference lines from s in a lane, driven `way`, to station `to` of a road.

    inf where it is not met within `limit` metres or HOPS sections.
    """
    gone = 0.0
    at = s
    for _ in range(HOPS):
        section = tables.lanes[lane, LANE_SECTION]
        here = tables.sections[section, SECTION_ROAD]
        end = tables.section_s[section, 1 if way > 0 else 0]
        if here == road and (to - at) * way >= 0.0 and (end - to) * way >= 0.0:
            return gone + (to - at) * way
        gone += (end - at) * way
        if gone > limit:
            break
        _, lane, way = next_lane(tables, routes, route, lane, way)
        if lane < 0:
            break
        section = tables.lanes[lane, LANE_SECTION]
        at = tables.section_s[section, 0 if way > 0 else 1]
        if route[1] > route[0]:
            now = place_on_route(routes, route[0], route[1], tables.sections[section, SECTION_ROAD])
            if now >= 0:
                route = (route[0], route[1], now)
    return math.inf
