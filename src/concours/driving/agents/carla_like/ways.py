"""Ways on a map: found, in degrees, and thinned out. Names are the leaderboard's and CARLA's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any

from concours.driving.agents.carla_like.absent import NoSimulator
from concours.driving.agents.carla_like.agent import RoadOption, downsample_route
from concours.driving.agents.carla_like.geometry import Location, Transform

if TYPE_CHECKING:
    from concours.driving.agents.carla_like.maps import Map
    from concours.driving.agents.carla_like.waypoints import Waypoint
    from concours.driving.roads import RouteStep

__all__ = [
    "GlobalRoutePlanner",
    "_get_latlon_ref",
    "_location_to_gps",
    "downsample_route",
    "interpolate_trajectory",
    "location_route_to_gps",
]

EARTH = 6378137.0
"""Metres; the sphere of CARLA's projection."""
STRAIGHT_ON = math.radians(35)
"""A way through a junction that turns by less goes straight on."""
Trace = list[tuple["Waypoint", RoadOption]]
Way = Sequence[tuple[Transform, RoadOption]]


def _location_to_gps(lat_ref: float, lon_ref: float, location: Location) -> dict[str, float]:
    """A place of the map in degrees, by CARLA's Mercator projection about the reference."""
    scale = EARTH * math.cos(math.radians(lat_ref))
    north = scale * math.log(math.tan(math.radians(90.0 + lat_ref) / 2)) - location.y
    return {
        "lat": math.degrees(2.0 * math.atan(math.exp(north / scale))) - 90.0,
        "lon": lon_ref + math.degrees(location.x / scale),
        "z": location.z,
    }


def location_route_to_gps(
    route: Way, lat_ref: float, lon_ref: float
) -> list[tuple[dict[str, float], RoadOption]]:
    """A way in degrees."""
    return [(_location_to_gps(lat_ref, lon_ref, pose.location), option) for pose, option in route]


def _get_latlon_ref(world_map: Any) -> tuple[float, float]:
    """Degrees of a map's origin; of a world's, where one is given that has a map."""
    found = world_map.get_map() if hasattr(world_map, "get_map") else world_map
    if found is None:
        raise NoSimulator(
            "there is no world to ask for its origin: self.lat_ref and self.lon_ref of the agent "
            "tell it, and so does the map that sensor.opendrive_map gives"
        )
    latitude, longitude = found.origin
    return latitude, longitude


def interpolate_trajectory(
    world_map: Map, waypoints_trajectory: Sequence[Location], hop_resolution: float = 1.0
) -> tuple[list[tuple[dict[str, float], RoadOption]], list[tuple[Transform, RoadOption]]]:
    """A way through places, in degrees and on the map, points so many metres apart."""
    planner = GlobalRoutePlanner(world_map, hop_resolution)
    route = [
        (waypoint.transform, option)
        for here, there in pairwise(waypoints_trajectory)
        for waypoint, option in planner.trace_route(here, there)
    ]
    return location_route_to_gps(route, *_get_latlon_ref(world_map)), route


class GlobalRoutePlanner:
    """Finds ways on a map, as CARLA's own does: the shortest, changes of lane allowed."""

    def __init__(self, wmap: Map, sampling_resolution: float = 1.0) -> None:
        self._map = wmap
        self._apart = sampling_resolution

    def setup(self) -> None:
        """Older kits call it."""

    def trace_route(self, origin: Location, destination: Location) -> Trace:
        """Waypoints of the shortest way and what to do there; none where there is no way."""
        start, goal = self._map.get_waypoint(origin), self._map.get_waypoint(destination)
        if start is None or goal is None:
            return []
        route = self._map.network.find_route(start.station, goal.station)
        steps = route.steps if route is not None else ()
        found: Trace = []
        for step, after in zip_longest(steps, steps[1:]):
            found += self._stretch(step, after)
        return found

    def _stretch(self, step: RouteStep, after: RouteStep | None) -> Trace:
        from concours.driving.agents.carla_like.waypoints import Waypoint

        network = self._map.network
        size = abs(step.s_to - step.s_from)
        count = max(1, math.ceil(size / self._apart))
        stations = [step.s_from + (step.s_to - step.s_from) * i / count for i in range(count)]
        stations += [step.s_to] if after is None else []
        waypoints = [Waypoint(network, step.road, step.lane, s) for s in stations]
        if step.changes and after is not None:
            along = 1 if step.lane < 0 else -1
            left = (after.lane - step.lane) * along > 0
            option = RoadOption.CHANGELANELEFT if left else RoadOption.CHANGELANERIGHT
            return [(waypoints[-1], option)]
        option = self._turn(step)
        return [(waypoint, option) for waypoint in waypoints]

    def _turn(self, step: RouteStep) -> RoadOption:
        network = self._map.network
        if not network.junction(step.road):
            return RoadOption.LANEFOLLOW
        begin, end = (network.road_pose(step.road, s).heading for s in (step.s_from, step.s_to))
        by = math.remainder(end - begin, 2 * math.pi)
        if abs(by) < STRAIGHT_ON:
            return RoadOption.STRAIGHT
        return RoadOption.LEFT if by > 0 else RoadOption.RIGHT
