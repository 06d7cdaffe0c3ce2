"""From places on the earth to the map, by the projection that the map's header names."""

from __future__ import annotations

import math

from concours.driving.scenarios.positions import GeoPosition


class NoProjection(ValueError):
    """The map names no projection, or one that is not understood."""


_VERTICAL = ("+geoidgrids=", "+vunits=", "+vto_meter=")
"""Parameters for heights, which are not projected; the grids that they name are nowhere at hand."""
_AROUND = "+proj=tmerc +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m"


class Projection:
    """A PROJ string or WKT as maps carry it, through pyproj where it is installed.

    Where a map names a centre only, as CARLA's do, a transverse Mercator projection around it is
    meant.

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
            plane = CRS.from_user_input(_horizontal(text.strip()))
            if plane.is_geographic:
                raise NoProjection("the map's geoReference names degrees, not a plane")
            self._transformer = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
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


def _horizontal(text: str) -> str:
    """The text, or what a PROJ string says of the plane."""
    if not text.startswith("+"):
        return text
    words = [word for word in text.split() if not word.startswith(_VERTICAL)]
    names = {word.split("=")[0] for word in words}
    if "+proj" not in names and {"+lat_0", "+lon_0"} <= names:
        words.insert(0, _AROUND)
    return " ".join(words)


def _degrees(degrees: float | None, radians: float | None) -> float | None:
    """The first one given, in degrees."""
    if degrees is not None:
        return degrees
    return None if radians is None else math.degrees(radians)
