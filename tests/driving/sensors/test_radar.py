"""The radar: order of the columns, signs, Doppler."""

from __future__ import annotations

import numpy as np
import pytest

from concours.driving.sensors import Weather
from tests.factories.sensing import box, read, scene

RADAR = "sensor.other.radar"
WALL = (0.2, 60.0, 40.0)
DENSE = {"points_per_second": 20_000, "z": 1.0}


def test_rows_are_depth_altitude_azimuth_velocity() -> None:
    found = read(RADAR, scene(box(50.1, size=WALL)), **DENSE, vertical_fov=1, horizontal_fov=20)

    assert found.dtype == np.float32
    assert found.shape[1] == 4
    flat = found[:, 0] * np.cos(found[:, 1]) * np.cos(found[:, 2])
    assert flat == pytest.approx(50.0, abs=1.0)
    assert np.abs(found[:, 1]).max() < np.radians(0.5) + 0.01
    assert np.abs(found[:, 2]).max() == pytest.approx(np.radians(10), abs=0.01)


def test_what_stands_to_the_right_and_high_has_positive_angles() -> None:
    what = scene(box(20.0, -4.0, size=(1, 1, 1), z=5.0))

    found = read(RADAR, what, **DENSE, fov=60)

    hit = found[found[:, 1] > 0.05]
    assert len(hit) > 3
    assert hit[:, 2] == pytest.approx(np.arctan2(4, 20), abs=0.06)
    assert hit[:, 1] == pytest.approx(np.arctan2(4, 20), abs=0.06)


@pytest.mark.parametrize(("own", "other", "expected"), [(10, 0, -10), (10, 15, 5), (0, -7, -7)])
def test_velocity_is_along_the_ray_and_negative_on_approach(
    own: float, other: float, expected: float
) -> None:
    wall = box(50.1, size=WALL, velocity=(other, 0.0, 0.0))
    moving = scene(wall, velocity=np.array([own, 0.0, 0.0]))

    found = read(RADAR, moving, **DENSE, vertical_fov=1, horizontal_fov=20)

    head_on = found[:, 3] / (np.cos(found[:, 1]) * np.cos(found[:, 2]))
    assert head_on.mean() == pytest.approx(expected, abs=0.05)
    assert head_on.std() == pytest.approx(0.1, rel=0.3)


def test_the_ground_moves_backwards_below_a_car_that_drives() -> None:
    found = read(RADAR, scene(velocity=np.array([10.0, 0, 0])), **DENSE)

    assert len(found) > 200
    assert (found[:, 1] < 0.01).all()
    assert (found[:, 3] < -8).all()


def test_nothing_beyond_a_hundred_metres() -> None:
    assert len(read(RADAR, scene(box(110.0, size=WALL)), **DENSE, fov=1)) == 0
    assert len(read(RADAR, scene(box(90.0, size=WALL)), **DENSE, fov=1)) > 900


def test_fog_and_night_change_nothing_and_rain_little() -> None:
    wall = box(50.0, size=WALL)
    day, fog, rain = (
        read(RADAR, scene(wall, weather=weather), **DENSE, fov=5)
        for weather in (Weather(), Weather(light=0.0, visual_range=20.0), Weather(rain=50.0))
    )

    assert (day == fog).all()
    assert 0.8 < len(rain) / len(day) < 1.0


def test_rays_are_spread_anew_each_frame() -> None:
    what = scene(box(50.0, size=WALL))

    assert read(RADAR, what, frame=1).tobytes() == read(RADAR, what, frame=1).tobytes()
    assert read(RADAR, what, frame=1).tobytes() != read(RADAR, what, frame=2).tobytes()
