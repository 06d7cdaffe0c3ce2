"""GNSS, IMU, speedometer, map: known answers, signs, declared noise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Proj

from concours.driving.sensors import GeoReference, SensorSuite, Surroundings
from concours.driving.sensors.navigation import ACCELERATION_SD, GNSS_SD, RATE_SD
from tests.factories.sensing import read, scene, spec

GNSS, IMU, SPEED = "sensor.other.gnss", "sensor.other.imu", "sensor.speedometer"


def many(kind: str, what: object, count: int, seed: int = 1) -> np.ndarray:
    suite = SensorSuite([spec(kind)], surroundings=Surroundings(), seed=seed)
    return np.array([suite.read(what, frame)["it"][1] for frame in range(count)])  # type: ignore[arg-type]


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_degrees_are_those_of_a_mercator_projection(
    latitude: float, longitude: float, x: float, y: float
) -> None:
    other = Proj(f"+proj=merc +lat_ts={latitude!r} +R=6378137 +units=m")
    x0, y0 = other(longitude, latitude)

    found = GeoReference(latitude, longitude).degrees(x, y)

    expected = other(x0 + x, y0 + y, inverse=True)
    assert found == pytest.approx((expected[1], expected[0]), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+proj=tmerc +lat_0=49.0 +lon_0=-8.25 +k=1 +units=m", (49.0, -8.25)),
        ("", (42.0, 2.0)),
        ("+proj=utm +zone=32", (42.0, 2.0)),
        ("+lat_0=e +lon_0=-", (42.0, 2.0)),
        ("+lat_0=90 +lon_0=0", (42.0, 2.0)),
    ],
)
def test_the_map_s_reference_or_the_leaderboard_s(text: str, expected: tuple[float, float]) -> None:
    assert tuple(GeoReference.of_map(text)) == expected


def test_north_and_east_are_where_the_map_has_them() -> None:
    geo = GeoReference()

    assert geo.degrees(0.0, 100.0)[0] > geo.degrees(0.0, 0.0)[0]
    assert geo.degrees(100.0, 0.0)[1] > geo.degrees(0.0, 0.0)[1]


def test_gnss_scatters_as_declared_around_a_bias_that_stays() -> None:
    fixes = many(GNSS, scene(place=(0.0, 0.0, 7.0)), 2000)

    metre = math.degrees(1 / 6378137.0)
    spread = fixes.std(axis=0) / [metre * math.cos(math.radians(42)), metre, 1.0]
    assert fixes.shape == (2000, 3)
    assert fixes.dtype == np.float64
    # one metre to the north is 1 / R of latitude on the sphere, whatever the scale
    assert spread[1] == pytest.approx(GNSS_SD[0] / math.cos(math.radians(42)), rel=0.05)
    assert spread[2] == pytest.approx(GNSS_SD[2], rel=0.05)
    assert fixes[:, 2].mean() == pytest.approx(7.0, abs=2.0)
    biases = [many(GNSS, scene(), 200, seed).mean(axis=0) for seed in range(3)]
    assert len({round(float(bias[2]), 1) for bias in biases}) > 1


def test_at_rest_an_imu_feels_what_holds_it_up() -> None:
    samples = many(IMU, scene(), 500)

    assert samples.shape == (500, 7)
    assert samples.mean(axis=0)[:6] == pytest.approx([0, 0, 9.81, 0, 0, 0], abs=0.005)
    assert samples[:, :3].std(axis=0) == pytest.approx(ACCELERATION_SD, rel=0.1)
    assert samples[:, 3:6].std(axis=0) == pytest.approx([RATE_SD] * 3, rel=0.1)


@pytest.mark.parametrize(
    ("heading", "compass"),
    [(math.pi / 2, 0.0), (0.0, math.pi / 2), (-math.pi / 2, math.pi), (math.pi, 1.5 * math.pi)],
)
def test_the_compass_counts_clockwise_from_north(heading: float, compass: float) -> None:
    found = read(IMU, scene(heading=heading))[6]

    assert math.remainder(found - compass, 2 * math.pi) == pytest.approx(0.0, abs=1e-9)


def test_turning_left_is_negative_about_z_and_pushes_left() -> None:
    turning = scene(
        heading=0.5,
        velocity=10.0 * np.array([math.cos(0.5), math.sin(0.5), 0.0]),
        acceleration=3.0 * np.array([-math.sin(0.5), math.cos(0.5), 0.0]),
        rates=np.array([0.0, 0.0, 0.3]),
    )

    sample = read(IMU, turning)

    assert sample[:6] == pytest.approx([0, -3.0, 9.81, 0, 0, -0.3], abs=0.06)


def test_nose_up_gravity_is_felt_at_the_back() -> None:
    sample = read(IMU, scene(pitch=-0.1))

    assert sample[0] == pytest.approx(9.81 * math.sin(0.1), abs=0.01)


def test_an_imu_beside_the_centre_feels_the_turn() -> None:
    sample = read(IMU, scene(rates=np.array([0.0, 0.0, 1.0])), x=2.0)

    assert sample[0] == pytest.approx(-2.0, abs=0.01)


def test_an_imu_turned_to_the_right_feels_forward_as_left() -> None:
    sample = read(IMU, scene(acceleration=np.array([2.0, 0.0, 0.0])), yaw=90)

    assert sample[:2] == pytest.approx([0.0, -2.0], abs=0.01)


@pytest.mark.parametrize("speed", [12.5, -3.0, 0.0])
def test_the_speedometer_is_exact_and_signed(speed: float) -> None:
    along = speed * np.array([math.cos(1.0), math.sin(1.0), 0.0])

    found = read(SPEED, scene(heading=1.0, velocity=along))

    assert found == {"speed": pytest.approx(speed)}
    assert type(found["speed"]) is float


def test_the_map_is_the_file_s_text() -> None:
    assert read("sensor.opendrive_map", scene(), opendrive="<OpenDRIVE/>") == {
        "opendrive": "<OpenDRIVE/>"
    }
