"""What does not change during a run: the ground, the map's text, where on the earth it lies."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from concours.driving.sensors.terrain import Terrain, flat

EARTH_RADIUS = 6378137.0
"""Metres; of the sphere that the Mercator projection below is of."""
_LATITUDE = re.compile(r"\+lat_0=([-+0-9.eE]+)")
_LONGITUDE = re.compile(r"\+lon_0=([-+0-9.eE]+)")


class GeoReference(NamedTuple):
    """Degrees of the map's origin. Defaults: the leaderboard's, where a map names none."""

    latitude: float = 42.0
    longitude: float = 2.0

    @classmethod
    def of_map(cls, text: str) -> GeoReference:
        """By +lat_0 and +lon_0 of a PROJ string, the only parts of it that CARLA reads."""
        latitude, longitude = _LATITUDE.search(text), _LONGITUDE.search(text)
        if latitude is None or longitude is None:
            return cls()
        try:
            found = cls(float(latitude[1]), float(longitude[1]))
        except ValueError:
            return cls()
        return found if abs(found.latitude) < 85 and abs(found.longitude) <= 180 else cls()

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Latitude and longitude of a place on the map (metres; x east, y north).

        A spherical Mercator projection, true to scale at the reference, as CARLA and the
        leaderboard's `_location_to_gps` have it (theirs counts y to the south).
        """
        scale = math.cos(math.radians(self.latitude))
        unit = EARTH_RADIUS * scale
        east = unit * math.radians(self.longitude) + x
        north = unit * math.log(math.tan(math.radians(90.0 + self.latitude) / 2.0)) + y
        latitude = 2.0 * math.degrees(math.atan(math.exp(north / unit))) - 90.0
        return latitude, math.degrees(east / unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Attributes:
    terrain: the ground. opendrive: the map as its file has it. geo: where it lies.
    """

    terrain: Terrain = field(default_factory=flat)
    opendrive: str = ""
    geo: GeoReference = field(default_factory=GeoReference)
