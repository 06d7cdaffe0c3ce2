"""Routes: from waypoints to the roads that are driven, and places on them."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from concours.driving.roads import ANY, DRIVABLE, RoadNetwork
from concours.driving.roads import tables as t
from concours.driving.scenarios import positions as p
from concours.driving.world.places import NoPlace, Place
from concours.driving.world.placing import Placer


class Stretch(NamedTuple):
    """A part of a road that a route takes, from one station to another."""

    road: int
    s_from: float
    s_to: float


def stretches(route: p.Route, placer: Placer) -> list[Stretch]:
    """What a route takes, in order. Raises NoPlace where no way leads on.

    Lanes may be changed on the way; waypoints count by road and station.
    """
    network = placer.stage.network
    if network is None:
        raise NoPlace("a route needs a map, and there is none")
    places = [placer.place(waypoint.position) for waypoint in route.waypoints]
    if route.closed and places:
        places.append(places[0])
    found: list[Stretch] = []
    for start, goal in pairwise(places):
        for step in between(start, goal, network):
            if found and found[-1].road == step.road and found[-1].s_to == step.s_from:
                found[-1] = Stretch(step.road, found[-1].s_from, step.s_to)
            else:
                found.append(step)
    return found


def between(start: Place, goal: Place, network: RoadNetwork) -> list[Stretch]:
    """The shortest way between two places; in their lanes if that is possible, else beside them.

    Raises NoPlace.
    """
    if start.lane < 0 or goal.lane < 0:
        raise NoPlace("a waypoint is on no road")
    for types in (DRIVABLE, ANY):
        for first in _lanes(start, network):
            for last in _lanes(goal, network):
                found = network.find_route(first, last, types=types)
                if found is not None:
                    steps = [
                        Stretch(network.index(step.road), step.s_from, step.s_to)
                        for step in found.steps
                    ]
                    return _joined(steps)
    names = network.road_ids
    raise NoPlace(f"no way leads from road {names[start.road]!r} to road {names[goal.road]!r}")


def _lanes(place: Place, network: RoadNetwork) -> list[tuple[str, int, float]]:
    """The place's own lane, then another of the road for traffic the other way."""
    name = network.road_ids[place.road]
    own = int(network.tables.lanes[place.lane, t.LANE_ID])
    others = network.lanes(name, place.s, DRIVABLE)
    facing = [lane for lane in others if (lane > 0) != (own > 0)]
    near = sorted(facing, key=abs)[:1]
    return [(name, lane, place.s) for lane in (own, *near)]


def _joined(steps: list[Stretch]) -> list[Stretch]:
    """Steps of one road as one."""
    found: list[Stretch] = []
    for step in steps:
        if found and found[-1].road == step.road:
            found[-1] = Stretch(step.road, found[-1].s_from, step.s_to)
        else:
            found.append(step)
    return found


def roads_of(steps: list[Stretch]) -> list[int]:
    """The roads in order, each once where the route stays on it."""
    roads = [step.road for step in steps]
    return [one for k, one in enumerate(roads) if k == 0 or roads[k - 1] != one]


def on_route(position: p.RoutePosition, placer: Placer) -> Place:
    """A place on a route. Raises NoPlace."""
    steps = stretches(position.route, placer)
    where = position.in_route
    if where.lane is not None:
        try:
            lane = int(where.lane.lane_id)
        except ValueError:
            raise NoPlace(f"{where.lane.lane_id!r} is no lane id") from None
        road, s, along = _at(steps, where.lane.path_s)
        return _facing(placer.on_lane(road, lane, s, where.lane.lane_offset), along, placer)
    if where.road is not None:
        road, s, along = _at(steps, where.road.path_s)
        return _facing(placer.on_road(road, s, where.road.t), along, placer)
    if where.current is not None:
        row = placer.where(where.current.entity_ref)
        f = placer.stage.scene.f[row]
        return placer.at(float(f[0]), float(f[1]), float(f[2]), float(f[3]))
    raise NoPlace("the position on the route is not given")


def _at(steps: list[Stretch], path_s: float) -> tuple[int, float, bool]:
    """(road, s, whether the route goes along s) at so many metres of a route."""
    left = path_s
    for step in steps:
        size = abs(step.s_to - step.s_from)
        along = step.s_to >= step.s_from
        if left <= size + 1e-6:
            return step.road, step.s_from + (left if along else -left), along
        left -= size
    raise NoPlace(f"the route ends {left:.1f} m before pathS = {path_s:g}")


def _facing(place: Place, along: bool, placer: Placer) -> Place:
    """The place, looking as the route goes."""
    network = placer.stage.network
    if network is None:
        return place
    s_course = network.road_pose(network.road_ids[place.road], place.s, place.across).heading
    return replace(place, course=s_course + (0.0 if along else math.pi))
