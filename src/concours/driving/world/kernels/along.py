"""Where a lane leads an entity: to a place so many metres away, or to where another is."""

from __future__ import annotations

import math

from concours.driving.jit import inner, kernel
from concours.driving.roads.tables import LANE_SECTION, SECTION_ROAD, IntArray, Tables
from concours.driving.world.kernels.ways import HOPS, next_lane, place_on_route, route_of
from concours.driving.world.layout import ROAD, WAY, S, Scene


@inner
def _goes_on(
    tables: Tables, routes: IntArray, route: tuple[int, int, int], lane: int, way: int
) -> tuple[int, int, float, tuple[int, int, int], int]:
    """(lane, way, station) where what follows a lane is entered, and the route as seen from there.

    The last number is how many lanes to the left, as it goes, the lane is left before that, where
    it leads nowhere itself. Lane -1 where nothing follows.
    """
    leaves, entered, onto = next_lane(tables, routes, route, lane, way)
    if entered < 0:
        return -1, way, 0.0, route, 0
    aside = (lane - leaves) * way
    section = tables.lanes[entered, LANE_SECTION]
    if route[1] > route[0]:
        now = place_on_route(routes, route[0], route[1], tables.sections[section, SECTION_ROAD])
        if now >= 0:
            route = (route[0], route[1], now)
    return entered, onto, tables.section_s[section, 0 if onto > 0 else 1], route, aside


@inner
def _route_going(scene: Scene, n: int, sense: int) -> tuple[int, int, int]:
    """An entity's route as it goes ahead; none where it goes back."""
    route = route_of(scene, n, scene.i[n, ROAD])
    return route if sense > 0 else (route[0], route[0], route[0] - 1)


@kernel
def followed(
    tables: Tables, scene: Scene, n: int, lane: int, ds: float
) -> tuple[int, float, int, float]:
    """(lane, s, way) after `ds` metres from an entity along a lane of its section and what follows.

    ds: negative for back. The last number is how many metres the road ends before that.
    """
    sense = 1 if ds >= 0.0 else -1
    way, s, left = scene.i[n, WAY] * sense, scene.f[n, S], abs(ds)
    route = _route_going(scene, n, sense)
    for _ in range(HOPS):
        end = tables.section_s[tables.lanes[lane, LANE_SECTION], 1 if way > 0 else 0]
        room = max((end - s) * way, 0.0)
        if left <= room:
            return lane, s + way * left, way * sense, 0.0
        left -= room
        entered, way, s, route, _ = _goes_on(tables, scene.routes, route, lane, way)
        if entered < 0:
            break
        lane = entered
    return lane, s, way * sense, left


@kernel
def traced(
    tables: Tables, scene: Scene, n: int, lane: int, to: int, sense: int, limit: float
) -> tuple[int, int, float, int]:
    """The lane of section `to` that one comes to from an entity in a lane of its section.

    sense: 1 ahead, -1 back. Returns that lane, the way on it as the entity looks, the metres to
    where the section is entered (before the entity, and negative, in its own section), and how many
    lanes further left, as the entity looks, that lane is than its own, which led nowhere; lane -1
    where it is not met within `limit` metres.
    """
    way, s, gone, aside = scene.i[n, WAY] * sense, scene.f[n, S], 0.0, 0
    route = _route_going(scene, n, sense)
    for _ in range(HOPS):
        section = tables.lanes[lane, LANE_SECTION]
        if section == to:
            entry = tables.section_s[section, 0 if way > 0 else 1]
            return lane, way * sense, gone - (s - entry) * way, aside
        gone += max((tables.section_s[section, 1 if way > 0 else 0] - s) * way, 0.0)
        if gone > limit:
            break
        lane, way, s, route, shifted = _goes_on(tables, scene.routes, route, lane, way)
        aside += shifted * sense
        if lane < 0:
            break
    return -1, way * sense, math.inf, aside
