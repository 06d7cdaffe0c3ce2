"""An agent's list of sensors: what a track allows, and refusals that say why."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.sensors import BadSensors, parse_sensors
from concours.driving.sensors.kinds import KINDS

RGB, LIDAR, RADAR = "sensor.camera.rgb", "sensor.lidar.ray_cast", "sensor.other.radar"
CAMERA = {
    "type": RGB,
    "id": "front",
    "x": 0.7,
    "y": -0.4,
    "z": 1.6,
    "roll": 0.0,
    "pitch": 0.0,
    "yaw": -45.0,
    "width": 300,
    "height": 200,
    "fov": 100,
}


def several(kind: str, count: int) -> list[dict[str, Any]]:
    return [{"type": kind, "id": f"{kind} {number}"} for number in range(count)]


def all_of_the_challenge() -> list[dict[str, Any]]:
    return [each for name, kind in KINDS.items() for each in several(name, kind.carsmos)]


def test_all_that_the_challenge_allows_is_taken_at_once() -> None:
    specs = parse_sensors(all_of_the_challenge())

    counts = {name: sum(one.type == name for one in specs) for name in KINDS}
    assert {name: count for name, count in counts.items() if count} == {
        "sensor.camera.rgb": 4,
        "sensor.lidar.ray_cast": 1,
        "sensor.other.radar": 2,
        "sensor.other.gnss": 1,
        "sensor.other.imu": 1,
        "sensor.opendrive_map": 1,
        "sensor.speedometer": 1,
    }


def test_parameters_are_read_and_the_rest_filled_in() -> None:
    camera, lidar = parse_sensors([CAMERA, {"type": LIDAR, "id": "l", "z": "2.5"}])

    assert camera.id == "front"
    assert camera.values["yaw"] == -45.0
    assert camera.values["width"] == 300
    assert camera.period == 1
    assert lidar.values["z"] == 2.5
    assert lidar.values["channels"] == 64
    assert lidar.period == 2


def test_a_radar_s_field_is_square_unless_said_otherwise() -> None:
    (radar,) = parse_sensors([{"type": RADAR, "id": "r", "fov": 40, "vertical_fov": 10}])

    assert radar.values["horizontal_fov"] == 40
    assert radar.values["vertical_fov"] == 10


@pytest.mark.parametrize("axis", "xyz")
def test_three_metres_from_the_centre_are_the_limit_on_each_axis(axis: str) -> None:
    assert parse_sensors([{**CAMERA, axis: -3.0}])[0].values[axis] == -3.0

    with pytest.raises(BadSensors, match=rf"'front': {axis} is 3.001 m; .* within 3 m"):
        parse_sensors([{**CAMERA, axis: 3.001}])


@pytest.mark.parametrize("kind", [name for name in KINDS if KINDS[name].carsmos])
def test_one_more_than_allowed_is_refused(kind: str) -> None:
    most = KINDS[kind].carsmos

    with pytest.raises(BadSensors, match=f"{most + 1} of type {kind} .* at most {most}"):
        parse_sensors(several(kind, most + 1))


@pytest.mark.parametrize("kind", [name for name in KINDS if not KINDS[name].carsmos])
def test_what_only_the_track_of_objects_has_is_refused_elsewhere(kind: str) -> None:
    assert parse_sensors(several(kind, 1), track="objects")[0].type == kind

    with pytest.raises(BadSensors, match=f"{kind} is not allowed in the track 'carsmos'"):
        parse_sensors(several(kind, 1))


@pytest.mark.parametrize(
    ("sensor", "words"),
    [
        ({"type": "sensor.other.collision", "id": "a"}, "'a': there is no type 'sensor.other.coll"),
        ({"type": "sensor.camera.instance_segmentation", "id": "a"}, "there is no type"),
        ({"type": "sensor.ground_truth", "id": "a"}, "there is no type 'sensor.ground_truth'"),
        ({"type": ["x"], "id": "a"}, "there is no type a list"),
        ({"id": "a"}, "there is no type None"),
        ({"type": RGB}, "sensor 1: its id is None"),
        ({"type": RGB, "id": 7}, "its id is 7"),
        ({"type": RGB, "id": ""}, "its id is ''"),
        ({"type": RGB, "id": "x" * 65}, "1 to 64 characters"),
        ({**CAMERA, "lens_flare_intensity": 1}, "no parameter 'lens_flare_intensity'"),
        ({**CAMERA, 5: 1}, "no parameter 5"),
        ({**CAMERA, "width": 1921}, "width is 1921; .* from 16 to 1920"),
        ({**CAMERA, "width": 99.5}, "99.5; it is a whole number"),
        ({**CAMERA, "fov": 180}, "fov is 180; .* from 10 to 170"),
        ({**CAMERA, "x": math.nan}, "x is nan"),
        ({**CAMERA, "x": math.inf}, "x is inf"),
        ({**CAMERA, "x": True}, "x is True"),
        ({**CAMERA, "x": None}, "x is None"),
        ({**CAMERA, "x": "near"}, "x is 'near'"),
        ({**CAMERA, "x": 10**500}, "x is an integer of many digits"),
        ({"type": LIDAR, "id": "l", "channels": 65}, "channels is 65; .* from 1 to 64"),
        ({"type": LIDAR, "id": "l", "lower_fov": 10, "upper_fov": 5}, "lower_fov is 10"),
        ({"type": RADAR, "id": "r", "range": 101}, "range is 101; .* from 1 to 100"),
        ({"type": "sensor.opendrive_map", "id": "m", "reading_frequency": 0}, "from 1e-09"),
        ("sensor.camera.rgb", "sensor 1 is a dict"),
    ],
)
def test_refusals_name_the_sensor_the_value_and_the_limit(sensor: Any, words: str) -> None:
    with pytest.raises(BadSensors, match=words):
        parse_sensors([sensor])


@pytest.mark.parametrize("given", [None, 5, "rgb", b"", {}, object()])
def test_what_is_no_list_is_refused(given: object) -> None:
    with pytest.raises(BadSensors, match="a list of dicts"):
        parse_sensors(given)


def test_an_id_is_given_once() -> None:
    with pytest.raises(BadSensors, match="'front': the id is given twice"):
        parse_sensors([CAMERA, {"type": LIDAR, "id": "front"}])


def test_a_list_without_end_is_not_read() -> None:
    with pytest.raises(BadSensors, match="100000 sensors; at most 32"):
        parse_sensors([CAMERA] * 100_000)


def test_a_track_that_is_none_is_the_caller_s_mistake() -> None:
    with pytest.raises(ValueError, match="carsmos, objects"):
        parse_sensors([], track="truth")


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.binary()
WORDS = st.sampled_from(
    ["type", "id", *{word for kind in KINDS.values() for word in kind.parameters}]
)


@given(
    st.lists(
        st.dictionaries(WORDS | st.text(max_size=4), VALUES | st.sampled_from(sorted(KINDS))),
        max_size=4,
    )
)
def test_any_list_is_read_or_refused(sensors: list[dict[str, Any]]) -> None:
    try:
        specs = parse_sensors(sensors, track="objects")
    except BadSensors:
        return

    assert len(specs) == len(sensors)
    for one in specs:
        limits = KINDS[one.type].parameters
        assert all(
            limits[word].low <= value <= limits[word].high for word, value in one.values.items()
        )


def test_what_agents_of_the_leaderboard_give_is_taken() -> None:
    sensors = [
        {"type": "sensor.other.imu", "id": "imu", "sensor_tick": 0.05},
        {"type": "sensor.other.gnss", "id": "gps", "sensor_tick": 0.01},
        {"type": "sensor.speedometer", "id": "speed", "reading_frequency": 25},
        {"type": "sensor.opendrive_map", "id": "map", "reading_frequency": 1e-6},
    ]

    periods = [spec.period for spec in parse_sensors(sensors)]

    assert periods == [1, 1, 1, 20_000_000]
