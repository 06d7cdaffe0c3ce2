"""The object list and the traffic lights: in sight only, with the noise declared, no names."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from concours.driving import roads
from concours.driving.sensors import (
    SensorSuite,
    SignalAhead,
    Surroundings,
    Tag,
    Weather,
    terrain_of,
)
from concours.driving.sensors.objects import COLUMNS, PLACE_SD, PLACE_SD_PER_METRE, YAW_SD
from tests.factories.driving import geometry, road, xodr
from tests.factories.sensing import box, random_boxes, read, scene, spec

OBJECTS, LIGHTS = "sensor.object_list", "sensor.traffic_lights"


def test_columns_are_those_of_the_ego_s_left_handed_frame() -> None:
    seen = read(
        OBJECTS,
        scene(
            box(10.0, 14.0, 1.0, number=7, kind=Tag.TRUCK, velocity=(0.0, 5.0, 0.0)),
            place=(10.0, 4.0, 0.0),
            heading=math.pi / 2,
        ),
    )

    (row,) = seen
    found = dict(zip(COLUMNS, row.tolist(), strict=True))
    assert seen.dtype == np.float64
    assert (found["id"], found["kind"]) == (7, int(Tag.TRUCK))
    assert found["x"] == pytest.approx(10.0, abs=0.4)
    assert found["y"] == pytest.approx(0.0, abs=0.4)
    assert found["z"] == pytest.approx(0.75, abs=0.2)
    assert found["yaw"] == pytest.approx(math.pi / 2 - 1.0, abs=0.1)
    assert [found[key] for key in ("length", "width", "height")] == pytest.approx(
        [4.0, 1.8, 1.5], abs=0.2
    )
    assert (found["vx"], found["vy"]) == pytest.approx((5.0, 0.0), abs=0.8)


def test_what_is_to_the_right_has_a_positive_y() -> None:
    assert read(OBJECTS, scene(box(5.0, -8.0)))[0, 3] == pytest.approx(8.0, abs=0.4)


def test_an_agent_gets_what_is_in_sight_and_nothing_else() -> None:
    wall = box(10.0, size=(1.0, 6.0, 4.0), number=1, kind=Tag.STATIC)
    hidden = box(16.0, number=2)
    beside = box(20.0, 12.0, number=3)
    behind = box(-20.0, number=4)
    far = box(-130.0, number=5)

    seen = read(OBJECTS, scene(wall, hidden, beside, behind, far))

    assert seen[:, 0].tolist() == [1, 4, 3]


def test_half_a_car_behind_a_wall_is_seen() -> None:
    wall, half = box(10.0, 3.0, size=(1.0, 6.0, 4.0), number=1), box(20.0, 0.0, number=2)

    assert set(read(OBJECTS, scene(wall, half))[:, 0]) == {1, 2}


def test_a_crest_hides_what_is_beyond() -> None:
    hill = (
        '<elevation s="0" a="0" b="0" c="0.0048" d="-0.000032"/>'
        '<elevation s="100" a="16" b="0" c="-0.0048" d="0.000032"/>'
    )
    network = roads.loads(
        xodr(road(length=200, plan=geometry("<line/>", length=200), elevation=hill))
    )
    beyond = box(180.0, 0.0, z=network.road_pose("1", 180.0).z + 0.75)
    ego = {"place": (60.0, 0.0, network.road_pose("1", 60.0).z)}

    over = read(OBJECTS, scene(beyond, **ego), terrain=terrain_of(network), range=150)
    level = read(OBJECTS, scene(beyond, **ego), range=150)

    assert len(over) == 0
    assert len(level) == 1


def test_noise_is_as_declared_and_grows_with_distance() -> None:
    what = scene(box(10.0, number=1), box(60.0, 20.0, number=2))
    suite = SensorSuite([spec(OBJECTS)], surroundings=Surroundings(), seed=1)

    lists = np.array([suite.read(what, frame)["it"][1] for frame in range(2000)])

    for row, away in ((0, math.hypot(10, 0.75)), (1, math.hypot(60, 20))):
        spread = PLACE_SD + PLACE_SD_PER_METRE * away
        assert lists[:, row, 2:4].std(axis=0) == pytest.approx([spread, spread], rel=0.08)
        assert lists[:, row, 5].std() == pytest.approx(YAW_SD, rel=0.08)
    assert lists[:, 0, 2].mean() == pytest.approx(10.0, abs=0.01)
    assert abs(np.corrcoef(lists[:, 0, 2], lists[:, 1, 2])[0, 1]) < 0.08


def test_another_object_does_not_change_one_s_noise() -> None:
    alone = read(OBJECTS, scene(box(10.0, number=1)))
    among = read(OBJECTS, scene(box(5.0, 5.0, number=0), box(10.0, number=1)))

    assert alone[0].tolist() == among[1].tolist()


def test_night_and_fog_shorten_the_range_and_night_and_rain_blur() -> None:
    what = (box(30.0, number=1), box(0.0, 55.0, number=2), box(-90.0, number=3))

    day, night, fog = (
        read(OBJECTS, scene(*what, weather=weather))
        for weather in (Weather(), Weather(light=0.0), Weather(visual_range=50.0))
    )
    rain = read(OBJECTS, scene(*what, weather=Weather(rain=20.0)))

    assert day[:, 0].tolist() == [1, 2, 3]
    assert night[:, 0].tolist() == [1, 2]
    assert fog[:, 0].tolist() == [1]
    assert rain[0, 2] - 30.0 == pytest.approx(1.5 * (day[0, 2] - 30.0))


def test_the_list_holds_numbers_only_whatever_the_scene_is_called() -> None:
    found = read(OBJECTS, scene(random_boxes(20, 3)))

    assert found.dtype == np.float64
    assert found.shape[1] == len(COLUMNS)
    assert np.isfinite(found).all()


def test_lights_ahead_in_range_nearest_first() -> None:
    signals = tuple(
        SignalAhead(name, distance, state)
        for name, distance, state in (
            ("c", 90.0, "green"),
            ("b", 20.0, "red"),
            ("passed", -1.0, "red"),
            ("far", 101.0, "off"),
        )
    )

    found = read(LIGHTS, dataclasses.replace(scene(), signals=signals))

    assert found == [
        {"id": "b", "distance": 20.0, "state": "red"},
        {"id": "c", "distance": 90.0, "state": "green"},
    ]
