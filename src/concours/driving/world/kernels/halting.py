"""Stop lines on a driver's way, and whether the light there stops it."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.roads.tables import LANE_SECTION, SECTION_ROAD, Tables
from concours.driving.world.kernels.ways import HOPS, next_lane, place_on_route, route_of
from concours.driving.world.layout import (
    FRONT,
    HEEDS_LIGHTS,
    LANE,
    LINE,
    LINE_LANE,
    LINE_PAST,
    OPEN,
    ROAD,
    SECTION,
    SHUT,
    SPEED,
    STOP_LANE,
    STOP_S,
    STOP_SHOWS,
    STOP_WAY,
    TOP_BRAKE,
    WAY,
    FloatArray,
    S,
    Scene,
)

SIGHT = 150.0
"""Metres ahead within which a line is looked at."""
FIRM, HARD = 3.0, 8.0
"""m/s2: who would have to brake harder passes a light that is about to close, or one that has."""


@inner
def room_to_light(tables: Tables, scene: Scene, n: int) -> float:
    """Metres from an entity's front to the line where a light stops it; inf where none does."""
    f, i = scene.f, scene.i
    if not i[n, HEEDS_LIGHTS] or not len(scene.stops) or i[n, ROAD] < 0:
        return math.inf
    far = tables.section_s[i[n, SECTION], 1 if i[n, WAY] > 0 else 0]
    front = (far - f[n, S]) * i[n, WAY] - f[n, FRONT]
    passed = i[n, LINE] >= 0 and front + f[n, LINE_PAST] <= 0.0
    if passed or i[n, LINE_LANE] != i[n, LANE]:
        _look_ahead(tables, scene, n, -front)
    line = i[n, LINE]
    room = front + f[n, LINE_PAST]
    if line < 0 or room > SIGHT or scene.stops[line, STOP_SHOWS] == OPEN:
        return math.inf
    most = min(f[n, TOP_BRAKE], HARD) if scene.stops[line, STOP_SHOWS] == SHUT else FIRM
    return room if f[n, SPEED] * f[n, SPEED] <= 2.0 * most * room else math.inf


@inner
def _look_ahead(tables: Tables, scene: Scene, n: int, front: float) -> None:
    """Keep the next line on the entity's way that its front has not passed, -1 for none.

    front: metres of its front past the end of its section. Complexity: O(lines) a section within
    sight.
    """
    f, i = scene.f, scene.i
    lane, way = i[n, LANE], i[n, WAY]
    route = route_of(scene, n, i[n, ROAD])
    i[n, LINE_LANE], i[n, LINE] = lane, -1
    start = tables.section_s[i[n, SECTION], 0 if way > 0 else 1]
    gone = -abs(tables.section_s[i[n, SECTION], 1] - tables.section_s[i[n, SECTION], 0])
    for _ in range(HOPS):
        line, along = _first_line(scene.stops, lane, way, start, front - gone)
        if line >= 0:
            i[n, LINE], f[n, LINE_PAST] = line, gone + along
            return
        section = tables.lanes[lane, LANE_SECTION]
        gone += tables.section_s[section, 1] - tables.section_s[section, 0]
        _, lane, way = next_lane(tables, scene.routes, route, lane, way)
        if lane < 0 or gone > SIGHT:
            return
        section = tables.lanes[lane, LANE_SECTION]
        start = tables.section_s[section, 0 if way > 0 else 1]
        if route[1] > route[0]:
            road = tables.sections[section, SECTION_ROAD]
            now = place_on_route(scene.routes, route[0], route[1], road)
            if now >= 0:
                route = (route[0], route[1], now)


@inner
def _first_line(
    stops: FloatArray, lane: int, way: int, start: float, beyond: float
) -> tuple[int, float]:
    """The first line across a lane beyond so many metres from where it begins; where it is."""
    found, least = -1, math.inf
    for line in range(len(stops)):
        if int(stops[line, STOP_LANE]) == lane and int(stops[line, STOP_WAY]) == way:
            along = (stops[line, STOP_S] - start) * way
            if beyond < along < least:
                found, least = line, along
    return found, least
