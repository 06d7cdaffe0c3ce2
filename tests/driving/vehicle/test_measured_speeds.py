"""The preset beside measured speeds: how near, when it sets off, how it brakes."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from concours.driving.vehicle import (
    VehicleControl,
    fitting,
    initial_state,
    layout,
    preset,
)
from concours.driving.vehicle.kernels import drive
from tests.driving.vehicle.measured import measured, needed

MKZ = preset("carla-lincoln-mkz")


def speeds_at(throttle: float, seconds: float = 20.0) -> np.ndarray:
    """Speeds (m/s) every 0.01 s from standstill."""
    rows = VehicleControl(throttle=throttle).row()[None].repeat(round(seconds / 0.01), axis=0)
    out = np.empty((len(rows), layout.STATE))
    drive(MKZ.array(), initial_state(MKZ), rows, 0.0, 1.0, 1, 0.01, out)
    return out[:, layout.SPEED]


@needed
@pytest.mark.parametrize("throttle", [0.6, 0.8, 1.0])
def test_speeds_are_within_three_kilometres_an_hour(throttle: float) -> None:
    assert 3.6 * fitting.rmse(MKZ, measured(throttle)) <= 3.0


@needed
def test_a_gentle_throttle_creeps_as_measured() -> None:
    trace = measured(0.4)
    first = replace(
        trace, throttle=trace.throttle[:400], brake=trace.brake[:400], speed=trace.speed[:400]
    )

    assert 3.6 * fitting.rmse(MKZ, first) <= 1.5


@pytest.mark.parametrize("throttle", [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_it_sets_off_after_half_a_second_to_one(throttle: float) -> None:
    first = int(np.argmax(speeds_at(throttle) > 0.1)) * 0.01

    assert 0.5 <= first <= 1.05


def test_the_full_brake_takes_what_was_measured() -> None:
    rows = VehicleControl(brake=1.0).row()[None].repeat(500, axis=0)
    for kmh in (60.0, 80.0, 100.0, 120.0):
        out = np.empty((500, layout.STATE))
        drive(MKZ.array(), initial_state(MKZ, speed=kmh / 3.6), rows, 0.0, 1.0, 1, 0.01, out)
        stopped = (int(np.argmax(out[:, layout.SPEED] == 0)) + 1) * 0.01

        assert 7.6 <= kmh / 3.6 / stopped <= 8.9


def test_more_throttle_is_never_slower() -> None:
    # Between two samples of one second the gears may change at different moments.
    ladder = [speeds_at(throttle)[99::100] for throttle in np.arange(0.3, 1.01, 0.05)]

    for less, more in pairwise(ladder):
        assert np.all(more >= less - 0.6)


@needed
@pytest.mark.slow
def test_a_fit_finds_its_own_vehicle_again() -> None:
    traces = [measured(throttle) for throttle in (0.6, 1.0)]
    off = replace(MKZ, brake_force=0.9 * MKZ.brake_force, air_drag=1.2 * MKZ.air_drag)
    before = sum(fitting.rmse(off, trace) for trace in traces)

    one = fitting.fit(traces, start=off, seed=3, generations=6, spread=1.05)
    two = fitting.fit(traces, start=off, seed=3, generations=6, spread=1.05)

    assert one == two
    assert sum(fitting.rmse(one, trace) for trace in traces) < before
