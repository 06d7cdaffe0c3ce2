"""Actions on speed, against formulas."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from concours.driving.scenarios.machine import Move
from tests.factories.moves import keep_distance, relative_speed, speed, speed_profile
from tests.factories.worlds import ahead, car, gap, moved, over, play, straight, told, value, when

SHAPES = {
    "linear": lambda p: p,
    "cubic": lambda p: 3 * p**2 - 2 * p**3,
    "sinusoidal": lambda p: (1 - math.cos(math.pi * p)) / 2,
}
PEAKS = {"linear": 1.0, "cubic": 1.5, "sinusoidal": math.pi / 2}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_shape_is_the_course_of_the_speed(tmp_path: Path, shape: str) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, speed(20, shape, "time", 4)),),
    )  # fmt: skip

    for time in (1.0, 2.0, 3.0, 3.7, 5.0, 8.0):
        part = min(max(time - 1, 0) / 4, 1)
        wanted = 10 + 10 * SHAPES[shape](part)
        assert value(trace, "Ego", "speed", time) == pytest.approx(wanted, abs=1e-6)
    # all shapes are symmetric: the mean speed on the way is 15 m/s
    assert value(trace, "Ego", "s", 5.0) == pytest.approx(10 + 60, abs=0.06)
    assert over(trace) == pytest.approx(5.0, abs=1e-6)


def test_a_step_is_there_at_once(tmp_path: Path) -> None:
    trace = play(tmp_path, ahead("Ego", 0, 10), where=straight(), events=(when(1, speed(17)),))

    assert value(trace, "Ego", "speed", 1.0) == 17
    assert value(trace, "Ego", "s", 2.0) == pytest.approx(27, abs=1e-6)
    assert over(trace) == pytest.approx(1.0)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("target", [20.0, 4.0])
def test_a_rate_is_the_peak_of_the_acceleration(tmp_path: Path, shape: str, target: float) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, speed(target, shape, "rate", 3)),), control=0.01,
    )  # fmt: skip

    assert over(trace) == pytest.approx(1 + PEAKS[shape] * abs(target - 10) / 3, abs=0.011)
    assert np.abs(trace.of("Ego", "acceleration")).max() == pytest.approx(3, abs=0.01)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_distance_is_driven_until_the_speed_is_reached(tmp_path: Path, shape: str) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, speed(20, shape, "distance", 60)),),
    )  # fmt: skip

    assert over(trace) == pytest.approx(5.0, abs=0.011)
    assert value(trace, "Ego", "s", 5.0) == pytest.approx(10 + 60, abs=0.1)


@pytest.mark.parametrize(("target", "most"), [(20.0, 2.0), (0.0, 4.0)])
def test_nobody_is_faster_than_the_vehicle_can(tmp_path: Path, target: float, most: float) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), cars=(car("Ego", limits=(50, 2, 4)),),
        events=(when(1, speed(target, "linear", "time", 0.5)),),
    )  # fmt: skip

    assert over(trace) == pytest.approx(1 + abs(target - 10) / most, abs=0.011)
    assert np.abs(trace.of("Ego", "acceleration")).max() == pytest.approx(most, abs=1e-6)


def test_nobody_passes_the_top_speed_of_the_vehicle(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), cars=(car("Ego", limits=(30, 9, 9)),),
        events=(when(1, speed(70, "linear", "time", 5)),),
    )  # fmt: skip

    assert trace.of("Ego", "speed").max() <= 30 + 1e-9
    assert math.isfinite(over(trace))


def test_who_has_the_speed_already_is_done(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, speed(10, "linear", "rate", 2)),),
    )  # fmt: skip

    assert over(trace) == pytest.approx(1.0, abs=0.011)


@pytest.mark.parametrize(("factor", "number", "wanted"), [(False, 3.0, 11.0), (True, 1.5, 12.0)])
def test_relative_speeds_are_taken_once(
    tmp_path: Path, factor: bool, number: float, wanted: float
) -> None:
    given = relative_speed(number, "Other", factor=factor, shape="linear", by=2)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 50, 8), where=straight(),
        events=(when(1, given),),
        stories=(told("Other", when(4, speed(20), name="later")),),
    )  # fmt: skip

    assert over(trace) == pytest.approx(3.0, abs=1e-6)
    assert value(trace, "Ego", "speed", 2.0) == pytest.approx((10 + wanted) / 2, abs=1e-6)
    assert value(trace, "Ego", "speed", 9.0) == pytest.approx(wanted, abs=1e-6)


def test_continuous_relative_speeds_never_end(tmp_path: Path) -> None:
    given = relative_speed(3, "Other", continuous=True, shape="linear", by=2)
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 50, 8), where=straight(),
        events=(when(1, given),),
        stories=(told("Other", when(4, speed(12, "linear", "time", 2), name="later")),),
    )  # fmt: skip

    assert over(trace) == math.inf
    for time in (3.0, 4.0, 5.0, 6.5, 9.0):
        other = value(trace, "Other", "speed", time)
        assert value(trace, "Ego", "speed", time) == pytest.approx(other + 3, abs=0.07)


def test_a_speed_pushes_the_one_before_aside(tmp_path: Path) -> None:
    first = when(1, speed(30, "linear", "time", 10), name="first")
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(first, when(3, speed(14, "linear", "time", 1), name="second")),
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 3.5) == pytest.approx(14, abs=1e-6)  # from 14 to 14
    assert value(trace, "Ego", "speed", 9.0) == 14
    assert [*moved(trace, "first", Move.END)] == pytest.approx([3.0])


def test_a_profile_in_position_mode_is_even_between_its_entries(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, speed_profile((20, 2), (5, 3))),),
    )  # fmt: skip

    for time, wanted in ((2.0, 15.0), (3.0, 20.0), (4.5, 12.5), (6.0, 5.0), (8.0, 5.0)):
        assert value(trace, "Ego", "speed", time) == pytest.approx(wanted, abs=1e-6)
    assert over(trace) == pytest.approx(6.0, abs=0.011)


def test_a_profile_without_times_is_as_fast_as_its_limits(tmp_path: Path) -> None:
    limits = {"maxAcceleration": 2.0, "maxDeceleration": 5.0, "maxSpeed": 25.0}
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(),
        events=(when(1, speed_profile((16, None), (6, None), **limits)),),
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 4.0) == pytest.approx(16, abs=1e-6)
    assert over(trace) == pytest.approx(1 + 3 + 2, abs=0.011)


def test_a_profile_to_follow_changes_its_acceleration_evenly(tmp_path: Path) -> None:
    limits = {
        "maxAcceleration": 2.0, "maxDeceleration": 2.0,
        "maxAccelerationRate": 4.0, "maxDecelerationRate": 4.0, "maxSpeed": 25.0,
    }  # fmt: skip
    trace = play(
        tmp_path, ahead("Ego", 0, 10), where=straight(), control=0.01,
        events=(when(1, speed_profile((18, None), mode="follow", **limits)),),
    )  # fmt: skip

    gains = trace.of("Ego", "acceleration")
    assert np.abs(np.diff(gains)).max() <= 4 * 0.01 + 1e-6
    assert gains.max() == pytest.approx(2, abs=1e-6)
    assert over(trace) == pytest.approx(1 + 8 / 2 + 2 / 4, abs=0.02)  # size / peak + peak / rate


def test_a_profile_may_go_with_another(tmp_path: Path) -> None:
    trace = play(
        tmp_path, ahead("Ego", 0, 10), ahead("Other", 50, 12), where=straight(),
        events=(when(1, speed_profile((0, 2), (-4, 2), other="Other")),),
    )  # fmt: skip

    assert value(trace, "Ego", "speed", 3.0) == pytest.approx(12, abs=1e-6)
    assert value(trace, "Ego", "speed", 6.0) == pytest.approx(8, abs=1e-6)
    assert float(np.diff(gap(trace, "Ego", "Other"))[-1]) == pytest.approx(0.4, abs=1e-6)


def test_who_goes_backwards_does(tmp_path: Path) -> None:
    trace = play(tmp_path, ahead("Ego", 50, -5), where=straight())

    assert value(trace, "Ego", "x", 4.0) == pytest.approx(30, abs=1e-6)
    assert value(trace, "Ego", "heading", 4.0) == 0


def test_limits_of_rates_that_are_not_kept_are_named(tmp_path: Path) -> None:
    limits = {"maxAcceleration": 3, "maxDeceleration": 3, "maxAccelerationRate": 0.5}
    trace = play(
        tmp_path, ahead("Ego", 0, 20), ahead("Other", 80, 10), where=straight(), noted=True, end=2,
        events=(when(1, keep_distance("Other", timeGap=2, limits=limits)),),
    )  # fmt: skip

    assert "<LongitudinalDistanceAction> of Ego: the limits of its rates" in trace.notes[0]
