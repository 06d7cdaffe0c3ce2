"""The world as sensors meet it: others, lights on the way, weather."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from concours.driving import scenarios
from concours.driving.closedloop import task_of
from concours.driving.closedloop.sensing import Sensing
from concours.driving.closedloop.way import Way
from concours.driving.closedloop.weather import NIGHT, light_at, weather_of
from concours.driving.roads import Route, RouteStep
from concours.driving.scenarios.enums import PrecipitationType
from concours.driving.scenarios.environment import (
    Environment,
    Fog,
    Precipitation,
    Sun,
    Weather,
)
from concours.driving.scenarios.lights import Colour, colour_of
from concours.driving.sensors import Tag, parse_sensors
from concours.driving.vehicle import preset
from concours.driving.world import World
from tests.driving.closedloop.test_asking import late, reach, stop
from tests.factories.moves import on_lane
from tests.factories.worlds import ahead, build, car, opened, pedestrian, racecourse, straight

SHIPPED = Path(__file__).parents[3] / "seasons" / "open-atom-2022" / "driving" / "scenarios"
OBJECTS = parse_sensors([{"type": "sensor.object_list", "id": "o"}], track="objects")
LIGHTS = parse_sensors([{"type": "sensor.traffic_lights", "id": "l"}], track="objects")
SPEED = parse_sensors([{"type": "sensor.speedometer", "id": "s"}])


def begun(folder: Path, *init: str, **how: Any) -> World:
    world = build(
        folder, *init, where=straight(), stop=stop(reach(on_lane("1", -1, 220)), late(50)), **how
    )
    next(iter(world.run()))
    world.hand_over("Ego", preset("carla-lincoln-mkz"))
    return world


def test_others_are_boxes_by_their_middles_and_the_ego_is_none(tmp_path: Path) -> None:
    cars = (car("Ego"), car("Other", box=(4.0, 2.0, 1.0)), pedestrian("Person"), car("Absent"))
    world = begun(
        tmp_path, ahead("Ego", 20, 0), ahead("Other", 60, 7), ahead("Person", 40, 1, lane=-2),
        cars=cars,
    )  # fmt: skip

    others = Sensing(world, task_of(world), OBJECTS).scene().others

    assert others.kinds.tolist() == [Tag.CAR, Tag.PEDESTRIAN]
    assert others.poses[0, :3] == pytest.approx((61, -1.75, 0.75))
    assert others.sizes[0] == pytest.approx((4, 2, 1.5))
    assert others.velocities == pytest.approx(np.array([[7, 0, 0], [1, 0, 0]]))


def test_who_asks_for_nothing_outside_is_shown_nobody(tmp_path: Path) -> None:
    world = begun(tmp_path, ahead("Ego", 20, 0), ahead("Other", 60, 7))

    scene = Sensing(world, task_of(world), SPEED).scene()

    assert len(scene.others.ids) == 0
    assert scene.signals == ()


def test_the_carrier_is_the_middle_of_the_box(tmp_path: Path) -> None:
    world = begun(tmp_path, ahead("Ego", 20, 5), ahead("Other", 60, 7))

    ego = Sensing(world, task_of(world), SPEED).scene().ego

    assert ego.place == pytest.approx((21, -1.75, 0))
    assert ego.velocity == pytest.approx((5, 0, 0))


def test_lights_on_the_way_come_nearer_and_change() -> None:
    world = World(scenarios.load(SHIPPED / "train13.xosc"))
    frames = world.run()
    next(frames)
    task = task_of(world)
    world.hand_over(task.ego, preset("carla-lincoln-mkz"))
    go = np.array([1.0, 1.5, 0.0, 0.0, 0.0, 0.0])
    sensing = Sensing(world, task, LIGHTS)
    seen = []
    for _ in zip(range(160), frames, strict=False):
        world.control(task.ego, go)
        seen.append(sensing.scene().signals)

    nearest = [signals[0].distance for signals in seen if signals]
    assert nearest[0] > nearest[-1] >= 0
    assert {signals[0].state for signals in seen if signals} <= {"red", "yellow", "green"}
    assert seen[-1] == () or seen[-1][0].distance > nearest[-1] - 1


def test_a_road_that_is_passed_twice_is_measured_by_where_one_is() -> None:
    network = opened(racecourse())
    turn = [("1", 0, 100), ("10", 0, 20 * math.pi), ("2", 0, 100), ("20", 0, 20 * math.pi)]
    steps = [RouteStep(road, -1, low, high, changes=False) for road, low, high in turn * 2]
    way = Way(network, Route(tuple(steps), 2 * (200 + 40 * math.pi)))

    lap = 200 + 40 * math.pi
    assert way.metres("1", 30.0, near=0.0) == pytest.approx(30)
    assert way.metres("1", 30.0, near=lap) == pytest.approx(lap + 30)
    assert way.metres("nowhere", 1.0, near=0.0) is None


@pytest.mark.parametrize(
    ("state", "colour"),
    [
        ("on;off;off", Colour.RED),
        ("on;on;off", Colour.RED),
        ("off;on;off", Colour.YELLOW),
        ("off;off;on", Colour.GREEN),
        ("on;off", Colour.RED),
        ("off;on", Colour.GREEN),
        ("on", Colour.GREEN),
        ("off;off;off", Colour.DARK),
        ("Red", Colour.RED),
        ("red-yellow", Colour.RED),
        ("stop", Colour.RED),
        ("Amber", Colour.YELLOW),
        ("attention", Colour.YELLOW),
        ("GREEN", Colour.GREEN),
        ("go", Colour.GREEN),
        ("", Colour.DARK),
        ("mango", Colour.DARK),
    ],
)
def test_states_of_lights(state: str, colour: Colour) -> None:
    assert colour_of(state) is colour


def environment(**weather: Any) -> Environment:
    return Environment(weather=Weather(**weather))


def test_weather_from_an_environment() -> None:
    rain = Precipitation(precipitation_type=PrecipitationType.RAIN, precipitation_intensity=12.0)
    found = weather_of(
        environment(
            sun=Sun(azimuth=0, elevation=1.0), fog=Fog(visual_range=80.0), precipitation=rain
        )
    )

    assert found.light == 1.0
    assert (found.rain, found.visual_range) == (12.0, 80.0)


def test_intensities_of_the_first_version_are_shares() -> None:
    drizzle = Precipitation(precipitation_type=PrecipitationType.RAIN, intensity=0.5)

    assert weather_of(environment(precipitation=drizzle)).rain == 25.0
    assert weather_of(environment(precipitation=Precipitation(intensity=0.5))).rain == 0.0


def test_light_falls_through_dusk() -> None:
    elevations = np.radians([-30, -6, -3, 0, 3, 12, 60])

    light = [light_at(elevation) for elevation in elevations]

    assert light[0] == light[1] == NIGHT
    assert light[-1] == light[-2] == 1.0
    assert light == sorted(light)


def test_without_an_environment_it_is_a_clear_day() -> None:
    assert weather_of(None) == (1.0, 0.0, math.inf)
