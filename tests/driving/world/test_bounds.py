"""Nothing goes on for ever: ends of time and of roads, circles, crowds, odd lanes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from tests.factories.driving import geometry, lane, road, section, xodr
from tests.factories.moves import (
    change_lane,
    element,
    follow,
    keep_aside,
    keep_distance,
    move_aside,
    on_lane,
    polyline,
    put,
    speed,
    trajectory,
    vertex,
    world,
)  # fmt: skip
from tests.factories.worlds import (
    ahead,
    begin,
    car,
    fired,
    once,
    opened,
    play,
    racecourse,
    ring,
    straight,
    value,
    when,
)  # fmt: skip


def test_what_never_comes_true_is_unfired(tmp_path: Path) -> None:
    never = once('<TraveledDistanceCondition value="1e9"/>', speed(3))
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=(never,), end=5)

    assert trace.end == "time"
    unfired = {(each.path.rpartition("::")[2], each.which) for each in trace.unfired}
    assert unfired == {("do", "start"), ("", "stop")}
    assert any("had not ended after 5 s" in note for note in trace.notes)


def test_the_end_of_time_is_when_things_are_stopped(tmp_path: Path) -> None:
    slow = when(1, speed(30, "linear", "time", 100))
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=(slow,), end=5)

    assert trace.record[-1].time == pytest.approx(5.0)
    assert trace.times[-1] == pytest.approx(5.0)


def test_a_run_of_no_time_has_one_frame(tmp_path: Path) -> None:
    trace = play(tmp_path, ahead("Ego", 7, 10), where=straight(), end=0)

    assert trace.times.tolist() == [0.0]
    assert value(trace, "Ego", "s", 0.0) == 7


# Ends and circles


def test_at_the_end_of_the_road_an_entity_stands(tmp_path: Path) -> None:
    again = when(8, speed(10))
    trace = play(tmp_path, ahead("Ego", 50, 10), where=straight(100), events=(again,))

    assert value(trace, "Ego", "s", 7.0) == 100
    assert value(trace, "Ego", "speed", 7.0) == 0
    assert value(trace, "Ego", "x", 10.0) == pytest.approx(100)


def test_against_the_end_it_may_turn_back(tmp_path: Path) -> None:
    back = when(8, speed(-10))
    trace = play(tmp_path, ahead("Ego", 50, 10), where=straight(100), events=(back,))

    assert value(trace, "Ego", "s", 10.0) == pytest.approx(80, abs=1e-6)


def test_a_ring_is_driven_for_a_hundred_rounds(tmp_path: Path) -> None:
    seconds = round(100 * 2 * math.pi * 21.75 / 50, 1)
    trace = play(
        tmp_path, ahead("Ego", 0, 50), where=ring(20), end=seconds, step=0.05, control=0.5,
    )  # fmt: skip

    radius = np.hypot(trace.of("Ego", "x"), trace.of("Ego", "y") - 20)
    np.testing.assert_allclose(radius, 21.75, atol=1e-6)
    turned = math.remainder(50 * float(trace.times[-1]) / 21.75, 2 * math.pi)
    ended = math.remainder(float(trace.of("Ego", "heading")[-1]), 2 * math.pi)
    assert math.remainder(turned - ended, 2 * math.pi) == pytest.approx(0, abs=1e-4)


def test_junctions_in_a_circle_are_driven_round(tmp_path: Path) -> None:
    trace = play(tmp_path, ahead("Ego", 0, 40), where=racecourse(), end=120, step=0.05, control=0.5)

    assert trace.of("Ego", "speed").min() == 40
    assert set(trace.of("Ego", "road").astype(int)) == {0, 1, 2, 3}


def test_one_step_may_be_longer_than_many_rounds(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 1e5), where=ring(10), cars=(car("Ego"),), end=5, step=1.0,
        control=1.0,
    )  # fmt: skip

    assert np.isfinite(trace.values).all()


def test_the_gap_on_a_ring_without_the_other_is_bounded(tmp_path: Path) -> None:
    far = element(
        "RelativeDistanceCondition", entityRef="Other", rule="lessThan", value=1,
        freespace=False, relativeDistanceType="longitudinal", coordinateSystem="road",
    )  # fmt: skip
    trace = play(
        tmp_path, ahead("Ego", 0, 10), begin("Other", world(500, 500), 0), where=ring(),
        events=(once(far),), end=5,
    )  # fmt: skip

    assert fired(trace) == math.inf


def test_lanes_of_no_width_and_sections_of_no_length_are_passed(tmp_path: Path) -> None:
    def part(at: float, width: float) -> str:
        lanes = (lane(-1, before=-1, after=-1), lane(-2, before=-2, after=-2, width=width))
        return section(*lanes, s=at)

    plan = geometry("<line/>", length=100)
    where = xodr(road(plan=plan, sections=[part(0, 3.5), part(50, 0), part(50 + 1e-7, 3.5)]))
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 20, 10, lane=-2), where=where, end=12
    )

    assert value(trace, "Ego", "x", 12.0) == pytest.approx(100)
    assert value(trace, "Other", "x", 12.0) == pytest.approx(100)


def test_two_hundred_entities_play(tmp_path: Path) -> None:
    names = [f"Car {number}" for number in range(200)]
    init = [
        ahead(name, 5 + 10 * (number // 2), 10, lane=-1 - number % 2)
        for number, name in enumerate(names)
    ]
    trace = play(
        tmp_path, *init, where=straight(2000), cars=[car(name) for name in names], end=3,
        control=0.5,
    )  # fmt: skip

    assert trace.touches == ()
    np.testing.assert_allclose(trace.values[-1, :, 0] - trace.values[0, :, 0], 30, atol=1e-6)


def test_all_at_once_leaves_nothing_undefined(tmp_path: Path) -> None:
    line = follow(trajectory(polyline(vertex(80, -1.75), vertex(120, -5.25))))
    limits = {"maxAcceleration": 2.0, "maxDeceleration": 3.0, "maxSpeed": 30.0}
    actions = [
        speed(25, "cubic", "time", 2), change_lane(-2, value=3), line,
        keep_distance("Other", distance=10, limits=limits), move_aside(0.5, most=1.0),
        keep_aside("Other", distance=3, limits=limits), speed(0, "sinusoidal", "distance", 40),
        speed(-3, "linear", "rate", 4), put(on_lane("1", 2, 300)), change_lane(1, "Other"),
    ]  # fmt: skip
    events = [when(0.37 * n, act, name=f"e{n}") for n, act in enumerate(actions * 2, start=1)]
    trace = play(
        tmp_path, ahead("Ego", 50, 10), ahead("Other", 90, 10), where=straight(), events=events,
        end=15, noted=True,
    )  # fmt: skip

    assert np.isfinite(trace.values).all()
    assert opened(straight()).road_ids == trace.road_ids
