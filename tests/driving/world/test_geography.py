"""From latitude and longitude to the map, against answers that others have published."""

from __future__ import annotations

import math

import pytest

from concours.driving.scenarios.positions import GeoPosition
from concours.driving.world.geography import NoProjection, Projection

pytest.importorskip("pyproj")

BRITAIN = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +units=m"
)
HERE = "+proj=tmerc +lat_0=49 +lon_0=8 +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m"


@pytest.mark.parametrize(
    ("text", "latitude", "longitude", "expected"),
    [
        # IOGP guidance note 373-7-2, example of Transverse Mercator (to 0.01 m there)
        (BRITAIN, 50.5, 0.5, (577274.99, 69740.50)),
        # by definition: zone 32 has its central meridian at 9 degrees and 500 km
        ("EPSG:32632", 0.0, 9.0, (500_000.0, 0.0)),
        # a degree along the equator of a sphere
        ("+proj=merc +a=6378137 +b=6378137 +units=m", 0.0, 1.0, (6378137 * math.pi / 180, 0.0)),
        (HERE, 49.0, 8.0, (0.0, 0.0)),
        # grids of heights that nobody has do not hinder what lies in the plane
        (
            "+proj=utm +lat_0=37.4 +lon_0=-122.1 +k_0=1 +datum=WGS84 +geoidgrids=egm96_15.gtx"
            " +vunits=m +zone=32 +ellps=GRS80 +units=m +no_defs",
            0.0,
            9.0,
            (500_000.0, 0.0),
        ),
        # a centre alone: a degree of the meridian there, on the ellipsoid of WGS 84
        ("+lat_0=4.9e+1 +lon_0=8.0e+0", 49.0, 8.0, (0.0, 0.0)),
        ("+lat_0=0 +lon_0=0", 1.0, 0.0, (0.0, 110574.39)),
    ],
)
def test_known_answers(
    text: str, latitude: float, longitude: float, expected: tuple[float, float]
) -> None:
    projection = Projection(text)

    x, y, z = projection.project(GeoPosition(latitude_deg=latitude, longitude_deg=longitude))

    assert (x, y) == pytest.approx(expected, abs=0.011)
    assert z is None


def test_radians_are_understood_and_degrees_come_first() -> None:
    projection = Projection(HERE)
    turned = GeoPosition(latitude=math.radians(49.001), longitude=math.radians(8.001), altitude=7.0)
    both = GeoPosition(latitude_deg=49.001, latitude=0.0, longitude_deg=8.001, altitude=7.0)

    assert projection.project(turned) == pytest.approx(projection.project(both), abs=1e-6)
    assert projection.project(both)[2] == 7.0


def test_the_offset_of_the_header_is_taken_off() -> None:
    """A point of the map, turned and moved by the offset, is the projected point again."""
    place = GeoPosition(latitude_deg=49.002, longitude_deg=8.003, altitude=120.0)
    east, north, _ = Projection(HERE).project(place)

    x, y, z = Projection(HERE, (300.0, -50.0, 100.0, 0.4)).project(place)

    assert x * math.cos(0.4) - y * math.sin(0.4) + 300 == pytest.approx(east, abs=1e-9)
    assert x * math.sin(0.4) + y * math.cos(0.4) - 50 == pytest.approx(north, abs=1e-9)
    assert z == 20.0


@pytest.mark.parametrize("text", ["", "  ", "here", "+proj=nothing", "{", "EPSG:1", "x" * 5000])
def test_what_is_no_projection_is_refused(text: str) -> None:
    with pytest.raises(NoProjection, match="geoReference"):
        Projection(text)


@pytest.mark.parametrize(
    "place",
    [
        GeoPosition(latitude_deg=95.0, longitude_deg=9.0),
        GeoPosition(latitude_deg=1e9, longitude_deg=9.0),
        GeoPosition(latitude_deg=50.0),
        GeoPosition(),
    ],
)
def test_what_is_nowhere_on_earth_has_no_place(place: GeoPosition) -> None:
    with pytest.raises(NoProjection):
        Projection("EPSG:32632").project(place)


@pytest.mark.parametrize("text", ["EPSG:4326", "+proj=longlat +datum=WGS84 +no_defs"])
def test_degrees_are_no_plane(text: str) -> None:
    with pytest.raises(NoProjection, match="names degrees, not a plane"):
        Projection(text)
