"""A map and its waypoints, on the engine's own roads."""

from __future__ import annotations

import re
from pathlib import Path

from concours.driving import roads
from concours.driving.agents.carla_like.axes import place_of
from concours.driving.agents.carla_like.geometry import GeoLocation, Location, Transform
from concours.driving.agents.carla_like.values import LaneType, lane_types
from concours.driving.agents.carla_like.waypoints import Waypoint
from concours.driving.agents.carla_like.ways import _location_to_gps

NOWHERE = (42.0, 2.0)
"""Degrees."""
NEAR, FAR, ON = 50.0, 5000.0, 0.01
"""Metres to look for lanes: at first, at last, and to count as on one."""


class Map:
    """An OpenDRIVE map as CARLA's `Map(name, xodr_content)` opens it.

    Raises roads.BadMap for what is not a map.

    Attributes:
        origin: latitude and longitude (degrees).
    """

    def __init__(self, name: str, xodr_content: str) -> None:
        self.name = name
        self._text = xodr_content
        self.network = roads.loads(xodr_content.encode(), name=name)
        self.origin = _origin(self.network.geo_reference)

    def __repr__(self) -> str:
        return f"Map(name={self.name})"

    def to_opendrive(self) -> str:
        """The text that it was made from."""
        return self._text

    def save_to_disk(self, path: str = "") -> None:
        """Write the OpenDRIVE text."""
        Path(path or f"{self.name}.xodr").write_text(self._text)

    def get_waypoint(
        self, location: Location, project_to_road: bool = True, lane_type: int = LaneType.Driving
    ) -> Waypoint | None:
        """The middle of the nearest lane of these types; None where there is none.

        Without `project_to_road`: None as well where the place is not on such a lane.
        """
        x, y, z = place_of(location)
        kinds = lane_types(lane_type)
        for within in (NEAR, FAR) if project_to_road else (ON,):
            found = self.network.locate(x, y, z, types=kinds, within=within)
            if found is not None and (project_to_road or found.outside <= ON):
                return Waypoint(self.network, found.road, found.lane, found.s)
        return None

    def get_waypoint_xodr(self, road_id: int, lane_id: int, s: float) -> Waypoint | None:
        """The middle of a lane at s; None where there is no such lane."""
        try:
            if not 0.0 <= s <= self.network.length(str(road_id)):
                return None
            self.network.lane_row(str(road_id), lane_id, s)
        except roads.UnknownRoad:
            return None
        return Waypoint(self.network, str(road_id), lane_id, s)

    def generate_waypoints(self, distance: float) -> list[Waypoint]:
        """Waypoints on all lanes that are driven on, so many metres apart."""
        if distance <= 0.0:
            raise ValueError("the distance must be more than 0")
        made = []
        for road, lane, low, high in self._driven():
            count = int((high - low) / distance) + 1
            made += [Waypoint(self.network, road, lane, low + i * distance) for i in range(count)]
        return made

    def get_spawn_points(self) -> list[Transform]:
        """None: an OpenDRIVE map recommends no places to start from."""
        return []

    def get_topology(self) -> list[tuple[Waypoint, Waypoint]]:
        """(start of a lane, start of a lane that follows it), all over the map.

        A lane that ends nowhere goes to its own end.
        """
        pairs = []
        for road, lane, low, high in self._driven():
            middle = Waypoint(self.network, road, lane, (low + high) / 2)
            start = middle.at_start()
            pairs += [(start, after) for after in middle.following() or [middle.at_end()]]
        return pairs

    def _driven(self) -> list[tuple[str, int, float, float]]:
        """(road, lane, start, end) of each lane of a section that is driven on."""
        return [
            (road, lane, low, high)
            for road in self.network.road_ids
            for low, high in self.network.sections(road)
            if high > low
            for lane in self.network.lanes(road, (low + high) / 2, roads.DRIVABLE)
        ]

    def transform_to_geolocation(self, location: Location) -> GeoLocation:
        """By CARLA's own Mercator projection around the latitude and longitude of the map."""
        there = _location_to_gps(*self.origin, location)
        return GeoLocation(latitude=there["lat"], longitude=there["lon"], altitude=there["z"])


def _origin(reference: str) -> tuple[float, float]:
    """lat_0 and lon_0 of a PROJ string; the leaderboard's where it has none, as for the GNSS."""
    found = [re.search(rf"\+{name}=([-+0-9.eE]+)", reference) for name in ("lat_0", "lon_0")]
    try:
        latitude, longitude = (float(one[1]) for one in found if one is not None)
    except ValueError:
        return NOWHERE
    return latitude, longitude
