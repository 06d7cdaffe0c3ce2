"""Accelerations and jerks of known motions, raw and filtered."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.scoring.motion import filtered, raw, slope

STEP = 0.05
TIMES = np.arange(201) * STEP


def test_steady_acceleration_is_found_exactly_by_both() -> None:
    speed, heading = 3.0 + 2.0 * TIMES, np.zeros_like(TIMES)

    for motion in (raw(speed, heading, STEP), filtered(speed, heading, STEP)):
        assert motion.longitudinal[1:] == pytest.approx(2.0)
        assert motion.lateral == pytest.approx(0.0)
        assert motion.longitudinal_jerk[2:] == pytest.approx(0.0, abs=1e-8)


def test_a_circle_has_the_acceleration_of_its_radius() -> None:
    # 10 m/s at 25 m: 4 m/s2 to the left; the heading passes pi on its way
    speed, heading = np.full_like(TIMES, 10.0), np.remainder(0.4 * TIMES + 2.0, 2 * math.pi)

    for motion in (raw(speed, heading, STEP), filtered(speed, heading, STEP)):
        assert motion.lateral[1:] == pytest.approx(4.0)
        assert motion.yaw_rate[1:] == pytest.approx(0.4)
        assert motion.longitudinal == pytest.approx(0.0, abs=1e-9)
        assert motion.yaw_acceleration[2:] == pytest.approx(0.0, abs=1e-7)


def test_the_start_saturates_raw_jerk_and_not_the_filtered() -> None:
    # from rest with 2 m/s2 at once: 2 / 0.05 = 40 m/s3 by differences, over a limit of 5 by far
    speed, heading = 2.0 * TIMES, np.zeros_like(TIMES)

    assert np.max(raw(speed, heading, STEP).longitudinal_jerk) == pytest.approx(40.0)
    assert np.max(np.abs(filtered(speed, heading, STEP).longitudinal_jerk)) < 1e-7


def test_the_filter_is_exact_on_quadratics_and_keeps_slow_swings() -> None:
    assert slope(TIMES**2, STEP, 0.8) == pytest.approx(2 * TIMES)

    swing = slope(np.sin(TIMES), STEP, 0.8)
    assert swing[8:-8] == pytest.approx(np.cos(TIMES)[8:-8], abs=0.02)
    assert swing == pytest.approx(np.cos(TIMES), abs=0.06)


def test_noise_of_a_frame_is_worn_down() -> None:
    shaken = 8.0 + 0.05 * (-1.0) ** np.arange(201)
    heading = np.zeros_like(TIMES)

    assert np.max(np.abs(raw(shaken, heading, STEP).longitudinal)) == pytest.approx(2.0)
    assert np.max(np.abs(filtered(shaken, heading, STEP).longitudinal[20:-20])) < 0.05


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 16, 17, 18])
def test_short_runs_have_slopes_too(count: int) -> None:
    values = 3.0 * np.arange(count) * STEP

    assert slope(values, STEP, 0.8) == pytest.approx(3.0 if count > 1 else 0.0)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=60))
def test_all_numbers_are_finite(speeds: list[float]) -> None:
    speed = np.array(speeds)

    for motion in (raw(speed, speed, STEP), filtered(speed, speed, STEP)):
        assert all(each.shape == speed.shape and np.isfinite(each).all() for each in motion)
