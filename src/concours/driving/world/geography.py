"""From places on the earth to the map, by the projection that the map's header names."""

from __future__ import annotations

import math

from concours.driving.scenarios.positions import GeoPosition


class NoProjection(ValueError):
    """The map names no projection, or one that is not understood."""


class Projection:
    """A PROJ string or WKT as maps carry it, through pyproj where it is installed.

    offset: x, y, z (m) and heading (rad) of the map's origin in the projected plane, as the header
    of OpenDRIVE has it: a point of the map is turned by the heading, then moved.
    """

    def __init__(
        self, text: str, offset: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    ) -> None:
        self._offset = offset
        if not text.strip():
            raise NoProjection("the map has no geoReference: positions on the earth have no place")
        try:
            from pyproj import CRS, Transformer
            from pyproj.exceptions import ProjError
        except ImportError:
            raise NoProjection(
                "positions on the earth need pyproj: pip install 'concours[driving]'"
            ) from None
        try:
            self._transformer = Transformer.from_crs(
                "EPSG:4326", CRS.from_user_input(text.strip()), always_xy=True
            )
        except ProjError as error:
            raise NoProjection(f"the map's geoReference is not understood: {error}") from None

    def project(self, position: GeoPosition) -> tuple[float, float, float | None]:
        """x, y, z on the map (m); z is None where no altitude is given.

        Raises NoProjection where latitude or longitude is not given, or cannot be projected.
        """
        latitude = _degrees(position.latitude_deg, position.latitude)
        longitude = _degrees(position.longitude_deg, position.longitude)
        if latitude is None or longitude is None:
            raise NoProjection("latitude and longitude are needed")
        x0, y0, z0, heading = self._offset
        east, north = self._transformer.transform(longitude, latitude)
        if not (math.isfinite(east) and math.isfinite(north)):
            raise NoProjection(f"the map's projection has no place for {latitude}, {longitude}")
        cos, sin = math.cos(heading), math.sin(heading)
        x, y = float(east) - x0, float(north) - y0
        z = None if position.altitude is None else position.altitude - z0
        return x * cos + y * sin, y * cos - x * sin, z


def _degrees(degrees: float | None, radians: float | None) -> float | None:
    """The first one given, in degrees."""
    if degrees is not None:
        return degrees
    return None if radians is None else math.degrees(radians)
