"""Actions across the road: changes of lane, offsets, distances to the side."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.factories.moves import (
    change_lane,
    keep_aside,
    move_aside,
    on_lane,
    speed,
    turned,
    world,
)
from tests.factories.worlds import ahead, begin, bend, over, play, straight, told, value, when

SHAPES = {
    "linear": lambda p: p,
    "cubic": lambda p: 3 * p**2 - 2 * p**3,
    "sinusoidal": lambda p: (1 - math.cos(math.pi * p)) / 2,
}
FACTORS = {"sinusoidal": math.pi**2 / 2, "cubic": 6.0}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shape_is_the_course_of_a_change_of_lane(tmp_path: Path, shape: str) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, change_lane(-2, shape=shape, value=4)),),
    )  # fmt: skip

    for time in (1.0, 2.0, 3.0, 4.5, 5.0, 7.0):
        part = SHAPES[shape](min(max(time - 1, 0) / 4, 1))
        assert value(trace, "Ego", "y", time) == pytest.approx(-1.75 - 3.5 * part, abs=1e-6)
    assert over(trace) == pytest.approx(5.0, abs=1e-6)
    assert value(trace, "Ego", "lane", 6.0) == -2
    assert value(trace, "Ego", "heading", 6.0) == 0


def test_its_speed_is_that_along_its_heading(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, change_lane(-2, shape="linear", value=2)),),
    )  # fmt: skip

    angle = -math.asin(1.75 / 10)
    assert value(trace, "Ego", "heading", 2.0) == pytest.approx(angle, abs=1e-6)
    along = value(trace, "Ego", "x", 2.5) - value(trace, "Ego", "x", 1.5)
    assert along == pytest.approx(10 * math.cos(angle), abs=1e-3)


def test_by_distance_it_takes_metres(tmp_path: Path) -> None:
    given = change_lane(-2, shape="linear", dimension="distance", value=30)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), events=(when(1, given),)
    )  # fmt: skip

    assert over(trace) == pytest.approx(4.0, abs=0.011)
    assert value(trace, "Ego", "y", 2.5) == pytest.approx(-3.5, abs=1e-3)


def test_by_rate_the_peak_is_the_rate(tmp_path: Path) -> None:
    given = change_lane(-2, shape="cubic", dimension="rate", value=1.5)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), events=(when(1, given),)
    )  # fmt: skip

    assert over(trace) == pytest.approx(1 + 1.5 * 3.5 / 1.5, abs=0.011)


def test_a_step_to_another_lane_is_there_at_once(tmp_path: Path) -> None:
    given = change_lane(-2, shape="step", value=0)
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=(when(1, given),))

    assert value(trace, "Ego", "y", 1.0) == pytest.approx(-5.25, abs=1e-9)
    assert over(trace) == pytest.approx(1.0)


@pytest.mark.parametrize(("lanes", "y"), [(-1, -5.25), (1, 1.75), (2, 5.25), (0, -1.75)])
def test_relative_lanes_count_from_another_over_the_centre(
    tmp_path: Path, lanes: int, y: float
) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10, lane=-2), ahead("Other", 50, 10), where=straight(),
        events=(when(1, change_lane(lanes, "Other")),),
    )  # fmt: skip

    assert value(trace, "Ego", "y", 5.0) == pytest.approx(y, abs=1e-6)
    assert value(trace, "Ego", "heading", 5.0) == 0  # it does not turn round


def test_lanes_to_the_left_are_to_the_left_of_oncoming_traffic(tmp_path: Path) -> None:
    trace = play(
        tmp_path, begin("Ego", on_lane("1", 2, 500), 10), where=straight(),
        events=(when(1, change_lane(1, "Ego")),),
    )  # fmt: skip

    assert abs(value(trace, "Ego", "heading", 0.0)) == pytest.approx(math.pi)
    assert value(trace, "Ego", "y", 5.0) == pytest.approx(1.75, abs=1e-6)


@pytest.mark.parametrize(("lane", "y"), [(-2, -5.25 + 0.5), (2, None)])
def test_an_offset_from_the_target_is_kept(tmp_path: Path, lane: int, y: float | None) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, change_lane(lane, offset=0.5)),),
    )  # fmt: skip

    wanted = 5.25 + 0.5 if y is None else y  # positive along t, as of a lane position
    assert value(trace, "Ego", "y", 5.0) == pytest.approx(wanted, abs=1e-6)


def test_on_a_bend_a_change_of_lane_stays_on_its_lanes(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=bend(100, 300),
        events=(when(1, change_lane(-2, value=3)),),
    )  # fmt: skip

    radius = np.hypot(trace.of("Ego", "x"), trace.of("Ego", "y") - 100)
    assert radius[5] == pytest.approx(101.75, abs=1e-6)
    assert radius[-1] == pytest.approx(105.25, abs=1e-6)
    assert np.all(np.diff(radius) >= -1e-9)


def test_a_lane_that_is_not_there_is_noted(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), events=(when(1, change_lane(-7)),),
        noted=True,
    )  # fmt: skip

    assert "there is no lane -7 on road '1'" in trace.notes[0]
    assert "scenario.xosc" in trace.notes[0]
    assert over(trace) == pytest.approx(1.0)


# Offsets


@pytest.mark.parametrize("shape", FACTORS)
def test_an_offset_takes_what_its_lateral_acceleration_allows(tmp_path: Path, shape: str) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, move_aside(1.0, shape=shape, most=0.8)),),
    )  # fmt: skip

    assert over(trace) == pytest.approx(1 + math.sqrt(FACTORS[shape] / 0.8), abs=0.011)
    assert value(trace, "Ego", "y", 8.0) == pytest.approx(-0.75, abs=1e-6)
    assert value(trace, "Ego", "offset", 8.0) == pytest.approx(1.0, abs=1e-6)


def test_an_offset_is_to_the_left_of_the_lane_in_the_sense_of_s(tmp_path: Path) -> None:
    trace = play(
        tmp_path, begin("Ego", on_lane("1", 1, 500), 10), where=straight(),
        events=(when(1, move_aside(-0.5, most=1.0)),),
    )  # fmt: skip

    assert value(trace, "Ego", "y", 8.0) == pytest.approx(1.25, abs=1e-6)


def test_offsets_count_from_anothers(tmp_path: Path) -> None:
    place = on_lane("1", -1, 60, 0.4)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), begin("Other", place, 10), where=straight(),
        events=(when(1, move_aside(0.3, "Other", most=1.0)),),
    )  # fmt: skip

    assert value(trace, "Ego", "offset", 8.0) == pytest.approx(0.7, abs=1e-6)


def test_a_continuous_offset_never_ends(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, move_aside(0.5, most=1.0, continuous=True)),),
    )  # fmt: skip

    assert over(trace) == math.inf
    assert value(trace, "Ego", "offset", 8.0) == pytest.approx(0.5, abs=1e-6)


def test_a_change_of_lane_pushes_an_offset_aside(tmp_path: Path) -> None:
    events = (
        when(1, move_aside(1.0, most=0.05), name="slow"),
        when(3, change_lane(-2, value=2), name="do"),
    )
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=events)

    assert value(trace, "Ego", "y", 6.0) == pytest.approx(-5.25, abs=1e-6)
    assert np.abs(np.diff(trace.of("Ego", "y"))).max() < 0.3  # nobody jumps


# Distances to the side


@pytest.mark.parametrize(
    ("side", "freespace", "y"),
    [
        ("leftToReferencedEntity", False, -1.75 + 3),
        ("rightToReferencedEntity", False, -1.75 - 3),
        ("leftToReferencedEntity", True, -1.75 + 5),
        ("any", False, -1.75 - 3),
    ],
)
def test_a_distance_to_the_side_is_reached(
    tmp_path: Path, side: str, freespace: bool, y: float
) -> None:
    limits = {"maxSpeed": 2.0, "maxAcceleration": 1.0, "maxDeceleration": 1.0}
    given = keep_aside(
        "Other", distance=3, displacement=side, freespace=freespace, limits=limits, continuous=True
    )
    trace = play(
        tmp_path, ahead("Ego", 0, 10, lane=-2), ahead("Other", 20, 10), where=straight(),
        events=(when(1, given),), end=15,
    )  # fmt: skip

    assert value(trace, "Ego", "y", 15.0) == pytest.approx(y, abs=0.05)
    assert over(trace) == math.inf
    assert np.abs(np.diff(trace.of("Ego", "y"))).max() <= 2.0 * 0.1 + 1e-6


def test_it_follows_the_other_to_the_side(tmp_path: Path) -> None:
    given = keep_aside("Other", distance=3, displacement="rightToReferencedEntity", continuous=True)
    trace = play(
        tmp_path, ahead("Ego", 0, 10, lane=-2), ahead("Other", 20, 10), where=straight(),
        events=(when(1, given),),
        stories=(told("Other", when(3, move_aside(1.0, most=1.0), name="later")),),
    )  # fmt: skip

    assert value(trace, "Ego", "y", 9.0) == pytest.approx(-0.75 - 3, abs=0.05)


def test_a_distance_that_is_not_to_be_kept_ends(tmp_path: Path) -> None:
    given = keep_aside("Other", distance=3, limits={"maxSpeed": 1.0})
    trace = play(
        tmp_path, ahead("Ego", 0, 10, lane=-2), ahead("Other", 20, 10), where=straight(),
        events=(when(1, given),),
    )  # fmt: skip

    assert over(trace) == pytest.approx(1 + 0.5, abs=0.03)
    assert value(trace, "Ego", "y", 9.0) == pytest.approx(-4.75, abs=0.03)


def test_who_stands_does_not_turn_while_it_moves_aside(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 50, 0), where=straight(), events=(when(1, change_lane(-2)),)
    )

    assert value(trace, "Ego", "heading", 2.0) == 0
    assert value(trace, "Ego", "y", 5.0) == pytest.approx(-5.25, abs=1e-6)


def test_a_heading_from_the_lane_stays(tmp_path: Path) -> None:
    place = on_lane("1", -1, 20, 0.0, turned(0.1))
    trace = play(tmp_path, begin("Ego", place, 0), where=bend())

    assert value(trace, "Ego", "heading", 5.0) == pytest.approx(0.2 + 0.1, abs=1e-6)


def test_speed_and_side_go_together(tmp_path: Path) -> None:
    event = when(1, change_lane(-2, value=3), speed(20, "linear", "time", 2))
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=(event,))

    assert value(trace, "Ego", "y", 5.0) == pytest.approx(-5.25, abs=1e-6)
    assert value(trace, "Ego", "speed", 5.0) == 20


def test_speeds_leave_a_distance_to_the_side_alone(tmp_path: Path) -> None:
    beside = keep_aside("Other", distance=3, displacement="rightToReferencedEntity",
                        limits={"maxSpeed": 2.0}, continuous=True)  # fmt: skip
    events = (when(1, beside), when(2, speed(12), name="faster"))
    later = told("Other", when(6, move_aside(1.0, most=1.0), name="later"))
    trace = play(
        tmp_path, ahead("Ego", 0, 10, lane=-2), ahead("Other", 20, 12), where=straight(),
        events=events, stories=(later,),
    )  # fmt: skip

    assert over(trace) == math.inf
    assert value(trace, "Ego", "y", 5.0) == pytest.approx(-1.75 - 3, abs=0.03)
    assert value(trace, "Ego", "y", 10.0) == pytest.approx(-0.75 - 3, abs=0.05)


def test_beside_oncoming_traffic_left_is_the_others_left(tmp_path: Path) -> None:
    beside = keep_aside("Other", distance=3, displacement="leftToReferencedEntity",
                        limits={"maxSpeed": 1.0})  # fmt: skip
    trace = play(
        tmp_path, ahead("Ego", 0, 10), begin("Other", on_lane("1", 1, 300), 0), where=straight(),
        events=(when(1, beside),),
    )  # fmt: skip

    assert over(trace) == pytest.approx(1 + 0.5, abs=0.03)  # from 3.5 m to 3 m of it
    assert value(trace, "Ego", "y", 5.0) == pytest.approx(1.75 - 3, abs=0.03)


@pytest.mark.parametrize("continuous", [True, False])
def test_beside_another_where_there_are_no_roads(tmp_path: Path, continuous: bool) -> None:
    beside = keep_aside("Other", distance=3, displacement="rightToReferencedEntity",
                        limits={"maxSpeed": 2.0}, continuous=continuous)  # fmt: skip
    trace = play(
        tmp_path, begin("Ego", world(0, 0), 10), begin("Other", world(20, 5), 10),
        events=(when(1, beside),),
    )  # fmt: skip

    assert value(trace, "Ego", "y", 1.5) == pytest.approx(1.0, abs=0.03)
    assert value(trace, "Ego", "heading", 1.5) == pytest.approx(math.asin(0.2), abs=1e-6)
    assert value(trace, "Ego", "y", 8.0) == pytest.approx(2.0, abs=0.03)
    assert value(trace, "Ego", "heading", 8.0) == pytest.approx(0.0, abs=1e-6)
    assert over(trace) == (math.inf if continuous else pytest.approx(2.0, abs=0.03))


def test_along_the_road_it_does_not_count_where_the_other_looks(tmp_path: Path) -> None:
    """Other, 30 m behind, turns by 0.17 rad at most while it changes lane: 5 m in its axes."""
    beside = keep_aside("Other", distance=3, displacement="rightToReferencedEntity",
                        coordinateSystem="road", continuous=True)  # fmt: skip
    trace = play(
        tmp_path, ahead("Ego", 30, 10, lane=-2), ahead("Other", 0, 10), where=straight(),
        events=(when(1, beside),),
        stories=(told("Other", when(3, change_lane(-2, value=2), name="later")),),
    )  # fmt: skip

    apart = trace.of("Other", "y") - trace.of("Ego", "y")
    assert apart[15:] == pytest.approx(3.0, abs=0.05)
