"""All sensors of an agent: when they are read, and that none disturbs another."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from concours.driving.sensors import SensorSpec, SensorSuite, Surroundings, parse_sensors
from concours.driving.sensors.kinds import KINDS
from concours.driving.sensors.suite import SENSORS
from tests.factories.sensing import LIDAR, random_boxes, scene

SMALL: dict[str, dict[str, Any]] = {
    kind: {"width": 64, "height": 48} for kind in KINDS if "camera" in kind
}


def everything() -> tuple[SensorSpec, ...]:
    return parse_sensors(
        [{"type": kind, "id": kind, **SMALL.get(kind, {})} for kind in KINDS], track="objects"
    )


def suite(specs: tuple[SensorSpec, ...], seed: int = 1) -> SensorSuite:
    return SensorSuite(specs, surroundings=Surroundings(opendrive="map"), seed=seed)


def test_each_type_has_its_sensor() -> None:
    assert set(SENSORS) == set(KINDS)


def test_sensors_are_read_at_their_own_rates() -> None:
    read = suite(everything())
    what = scene(random_boxes(5, 1))

    frames = [read.read(what, frame) for frame in range(41)]

    lidar = [reading[LIDAR][0] for reading in frames]
    assert lidar == [frame - frame % 2 for frame in range(41)]
    assert all(reading["sensor.other.imu"][0] == frame for frame, reading in enumerate(frames))
    with_map = [frame for frame, each in enumerate(frames) if "sensor.opendrive_map" in each]
    assert with_map == [0, 20, 40]


def test_a_first_reading_is_whole_whatever_its_frame() -> None:
    found = suite(everything()).read(scene(), 3)

    assert set(found) == set(KINDS)
    assert {frame for frame, _ in found.values()} == {3}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_one_sensor_s_data_is_the_same_alone_and_among_all(kind: str) -> None:
    what = scene(random_boxes(8, 2))
    together, (one,) = everything(), [each for each in everything() if each.type == kind]

    among = suite(together).read(what, 4)[kind]
    alone = suite((one,)).read(what, 4)[kind]

    assert pickle.dumps(among) == pickle.dumps(alone)


def test_the_same_seed_gives_the_same_bits_and_another_does_not() -> None:
    what = scene(random_boxes(8, 2))

    first, again, other = (suite(everything(), seed).read(what, 4) for seed in (1, 1, 2))

    assert pickle.dumps(first) == pickle.dumps(again)
    noisy = {kind for kind in KINDS if pickle.dumps(first[kind]) != pickle.dumps(other[kind])}
    assert noisy == {
        "sensor.camera.rgb",
        "sensor.lidar.ray_cast",
        "sensor.object_list",
        "sensor.other.gnss",
        "sensor.other.imu",
        "sensor.other.radar",
    }


def test_two_sensors_of_a_type_have_noise_of_their_own() -> None:
    specs = parse_sensors([{"type": "sensor.other.radar", "id": name} for name in ("a", "b")])

    found = suite(specs).read(scene(), 0)

    assert found["a"][1].tobytes() != found["b"][1].tobytes()


def test_a_reading_that_an_agent_changes_changes_no_later_one() -> None:
    what = scene(random_boxes(5, 1))
    spoilt, clean = suite(everything()), suite(everything())

    for _, data in spoilt.read(what, 0).values():
        if isinstance(data, np.ndarray):
            data[...] = 0
    clean.read(what, 0)

    assert pickle.dumps(spoilt.read(what, 20)) == pickle.dumps(clean.read(what, 20))
