"""Conditions on what an entity does: touches, leaves the road, stands, turns; and on whose."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.driving.world.approaching import BEND_RATE, TICK, approach, relative
from tests.factories import scenarios as s
from tests.factories.moves import (
    change_lane,
    element,
    follow,
    on_lane,
    polyline,
    speed,
    trajectory,
    vertex,
)
from tests.factories.worlds import (
    ahead,
    begin,
    bend,
    car,
    fired,
    once,
    pedestrian,
    play,
    straight,
    told,
    when,
)  # fmt: skip

RELATIVE_DISTANCE = "RelativeDistanceCondition"


@pytest.mark.parametrize(
    "test",
    [
        element("CollisionCondition", element("EntityRef", entityRef="Other")),
        element("CollisionCondition", element("ByType", type="vehicle")),
    ],
)
def test_a_collision_is_when_the_boxes_meet(tmp_path: Path, test: str) -> None:
    trace = approach(tmp_path, test)

    assert fired(trace) == pytest.approx(9.6, abs=TICK)
    assert [(touch.first, touch.second) for touch in trace.touches] == [(0, 1)]
    assert trace.touches[0].time == pytest.approx(9.6, abs=0.11)  # noted once a frame


def test_a_collision_by_type_means_that_type(tmp_path: Path) -> None:
    test = element("CollisionCondition", element("ByType", type="pedestrian"))
    cars = (car("Ego"), car("Other"), pedestrian("Walker"))
    walker = begin("Walker", on_lane("1", -1, 130), 0)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 100, 0), walker, where=straight(),
        cars=cars, events=(once(test),), end=15,
    )  # fmt: skip

    assert fired(trace) == pytest.approx((130 - 3 - 0.3) / 10, abs=TICK)


def test_off_the_road_is_off_all_lanes_for_so_long(tmp_path: Path) -> None:
    off = follow(trajectory(polyline(vertex(0, -1.75), vertex(0.01, -1.75), vertex(0.01, -300))))
    test = element("OffroadCondition", duration=1)
    trace = approach(tmp_path, test, stories=(told("Ego", when(0, off, name="off")),))

    assert fired(trace) == pytest.approx((7 - 1.75) / 10 + 1, abs=2 * TICK)


def test_the_end_of_the_road_is_reached_for_so_long(tmp_path: Path) -> None:
    test = element("EndOfRoadCondition", duration=1)
    trace = play(tmp_path, ahead("Ego", 50, 10), where=straight(100), events=(once(test),))

    assert fired(trace) == pytest.approx(6.0, abs=2 * TICK)


def test_standing_still_is_counted(tmp_path: Path) -> None:
    test = element("StandStillCondition", duration=2)
    stop = told("Ego", when(1, speed(0, "linear", "time", 2), name="stop"))
    trace = approach(tmp_path, test, stories=(stop,))

    assert fired(trace) == pytest.approx(5.0, abs=2 * TICK)


@pytest.mark.parametrize("test", ["StandStillCondition", "EndOfRoadCondition"])
def test_how_long_a_state_has_lasted_counts_from_its_beginning(tmp_path: Path, test: str) -> None:
    """It begins at 5 s; the act in which it is asked begins at 7 s."""
    waits = once(element(test, duration=4))
    late = s.act("late", s.group("late", s.maneuver("late", waits), actors=("Ego",)), start=s.at(7))
    stop = [told("Ego", when(5, speed(0), name="stop"))] if test == "StandStillCondition" else []
    trace = play(
        tmp_path, ahead("Ego", 50, 10), where=straight(100), end=15.0,
        stories=(*stop, s.story("late", late)),
    )  # fmt: skip

    assert fired(trace) == pytest.approx(9.0, abs=2 * TICK)


@pytest.mark.parametrize(
    ("test", "time"),
    [
        ('<SpeedCondition rule="greaterThan" value="14"/>', 3.0),
        ('<SpeedCondition rule="greaterThan" value="14" direction="longitudinal"/>', 3.0),
        ('<AccelerationCondition rule="greaterThan" value="1.5"/>', 1.0),
        ('<TraveledDistanceCondition value="10.0"/>', 1.0),
        (
            '<RelativeSpeedCondition entityRef="Other" rule="greaterThan" value="9"/>',
            2.0,
        ),
    ],
)
def test_speeds_and_ways(tmp_path: Path, test: str, time: float) -> None:
    faster = told("Ego", when(1, speed(20, "linear", "time", 5), name="faster"))
    trace = approach(tmp_path, test, other=3, stories=(faster,))

    assert fired(trace) == pytest.approx(time, abs=2 * TICK)


def test_a_speed_to_the_side_is_that_of_the_change_of_lane(tmp_path: Path) -> None:
    test = '<SpeedCondition rule="lessThan" value="-1" direction="lateral"/>'
    shift = told("Ego", when(1, change_lane(-2, shape="linear", value=2), name="shift"))

    assert fired(approach(tmp_path, test, stories=(shift,))) == pytest.approx(1.0, abs=2 * TICK)


def test_the_lane_beside_is_clear_once_it_is_passed(tmp_path: Path) -> None:
    test = element(
        "RelativeClearanceCondition", '<RelativeLaneRange from="-1" to="-1"/>',
        oppositeLanes=False, distanceForward=30, distanceBackward=10, freeSpace=False,
    )  # fmt: skip

    assert fired(approach(tmp_path, test, lane=-2, edge="falling")) == pytest.approx(7, abs=TICK)
    assert fired(approach(tmp_path, test, lane=-2, edge="rising")) == pytest.approx(11, abs=TICK)
    assert fired(approach(tmp_path, test, lane=-1, edge="falling")) == math.inf


def test_between_the_boxes_there_is_less_room(tmp_path: Path) -> None:
    test = element(
        "RelativeClearanceCondition", '<RelativeLaneRange from="-1" to="-1"/>',
        oppositeLanes=False, distanceForward=30, distanceBackward=10, freeSpace=True,
    )  # fmt: skip

    assert fired(approach(tmp_path, test, lane=-2, edge="falling")) == pytest.approx(6.6, abs=TICK)
    assert fired(approach(tmp_path, test, lane=-2, edge="rising")) == pytest.approx(11.4, abs=TICK)


# Angles


def angle(value: float, tolerance: float, system: str | None = None) -> str:
    return element(
        "AngleCondition", angleType="heading", angle=value, angleTolerance=tolerance,
        coordinateSystem=system,
    )  # fmt: skip


def test_an_angle_in_the_world(tmp_path: Path) -> None:
    trace = approach(tmp_path, angle(0.5, 0.01, "world"), where=bend(100, 150))

    assert fired(trace) == pytest.approx(49 / BEND_RATE, abs=TICK)


def test_an_angle_from_the_lane(tmp_path: Path) -> None:
    shift = told("Ego", when(2, change_lane(-2, shape="linear", value=2), name="shift"))
    test = angle(-math.asin(1.75 / 10), 0.01, "lane")
    trace = approach(tmp_path, test, where=bend(100, 150), stories=(shift,))

    assert fired(trace) == pytest.approx(2.0, abs=2 * TICK)


def test_an_angle_between_two(tmp_path: Path) -> None:
    test = element(
        "RelativeAngleCondition", entityRef="Other", angleType="heading", angle=-0.4,
        angleTolerance=0.01,
    )  # fmt: skip
    trace = approach(tmp_path, test, where=bend(100, 150))

    # Other stands at 1 rad, Ego turns towards it
    assert fired(trace) == pytest.approx(59 / BEND_RATE, abs=TICK)


# Whose


@pytest.mark.parametrize(("rule", "time"), [("any", 5.0), ("all", 10.0)])
def test_any_or_all_of_several(tmp_path: Path, rule: str, time: float) -> None:
    test = '<TraveledDistanceCondition value="50"/>'
    start = s.trigger("Start", [s.condition(s.by_entity(test, "Ego", "Other", rule=rule))])
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 100, 5), where=straight(),
        events=(s.event("do", start=start),), end=15,
    )  # fmt: skip

    assert fired(trace) == pytest.approx(time, abs=2 * TICK)


def test_who_is_not_there_meets_nothing(tmp_path: Path) -> None:
    test = relative(RELATIVE_DISTANCE, "lessThan", 1e6)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), events=(once(test),), end=2, noted=True
    )

    assert fired(trace) == math.inf
    assert ["nothing puts Other anywhere" in note for note in trace.notes] == [True, False]
