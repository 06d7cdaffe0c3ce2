"""What holds for every vehicle and control."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving.vehicle import (
    DirectControl,
    Vehicle,
    VehicleControl,
    initial_state,
    layout,
    preset,
)
from concours.driving.vehicle.kernels import drive
from concours.driving.vehicle.layout import FloatArray

MKZ = preset("carla-lincoln-mkz")

pedals = st.builds(
    VehicleControl,
    throttle=st.floats(0, 1),
    steer=st.floats(-1, 1),
    brake=st.floats(0, 1),
    hand_brake=st.booleans(),
    reverse=st.booleans(),
)
direct = st.builds(DirectControl, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))


def driven(
    controls: Sequence[VehicleControl | DirectControl],
    *,
    speed: float = 0.0,
    pitch: float = 0.0,
    friction: float = 1.0,
    every: int = 5,
    dt: float = 0.01,
) -> FloatArray:
    """(T, layout.STATE) states after each control."""
    rows = np.array([control.row() for control in controls])
    out = np.empty((len(rows), layout.STATE))
    state = initial_state(MKZ, speed=speed)
    drive(MKZ.array(), state, rows, pitch, friction, every, dt, out)
    return out


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(pedals | direct, st.integers(1, 60)), min_size=1, max_size=12),
    st.floats(-15, 45),
    st.floats(-0.2, 0.2),
    st.floats(0.05, 1.2),
)
def test_any_drive_stays_within_what_a_car_can_do(
    parts: list[tuple[VehicleControl | DirectControl, int]],
    speed: float,
    pitch: float,
    friction: float,
) -> None:
    controls = [control for control, count in parts for _ in range(count)]

    states = driven(controls, speed=speed, pitch=pitch, friction=friction)

    assert np.all(np.isfinite(states))
    assert np.all(np.abs(states[:, layout.SPEED]) < 120)
    assert np.all(np.abs(states[:, layout.STEERING]) <= MKZ.wheel_angle)
    assert np.all(np.abs(states[:, layout.ENGINE]) <= 1.2 * MKZ.torque[-1][0])
    assert np.all(np.abs(states[:, layout.LATERAL]) < 60)
    assert np.all(np.abs(states[:, layout.YAW_RATE]) < 20)
    most = MKZ.friction * friction * 9.81
    assert np.all(np.abs(states[:, layout.LATERAL_ACCELERATION]) <= 1.01 * most)


@given(st.floats(0.5, 40), st.floats(0.05, 1))
@settings(max_examples=60, deadline=None)
def test_coasting_on_the_level_never_gains_energy(speed: float, friction: float) -> None:
    start = initial_state(MKZ, speed=speed)

    states = np.vstack([start, driven([VehicleControl()] * 400, speed=speed, friction=friction)])

    # The engine is a flywheel: it may give back what it has, and no more.
    car = 0.5 * MKZ.mass * states[:, layout.SPEED] ** 2
    engine = 0.5 * MKZ.engine_inertia * states[:, layout.ENGINE] ** 2
    assert np.all(np.diff(car + engine) <= 1e-6)
    assert states[-1, layout.SPEED] < speed


@given(st.floats(8, 40), st.floats(-0.6, 0.6), st.floats(0.2, 1))
@settings(max_examples=60, deadline=None)
def test_sliding_never_gains_energy(speed: float, angle: float, friction: float) -> None:
    states = driven([DirectControl(0.0, angle)] * 100, speed=speed, friction=friction, every=1)

    moving = states[:, layout.SPEED] ** 2 + states[:, layout.LATERAL] ** 2
    turning = states[:, layout.YAW_RATE] ** 2
    energy = 0.5 * (MKZ.mass * moving + MKZ.yaw_inertia * turning)
    assert np.all(energy <= 0.5 * MKZ.mass * speed**2 * 1.02)


@given(st.floats(0, 40), st.floats(0.01, 1), st.booleans(), st.floats(-0.02, 0.02))
@settings(max_examples=60, deadline=None)
def test_brakes_stop_and_never_reverse(
    speed: float, brake: float, hand_brake: bool, steer: float
) -> None:
    control = VehicleControl(brake=brake, hand_brake=hand_brake, steer=steer)

    speeds = driven([control] * 2000, speed=speed)[:, layout.SPEED]

    assert np.all(speeds >= 0)
    assert np.all(np.diff(speeds) <= 1e-3)
    assert speeds[-1] == 0


@pytest.mark.parametrize("brake", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("steer", [0.0, 0.7])
def test_who_stands_stands_to_the_bit(brake: float, steer: float) -> None:
    states = driven([VehicleControl(brake=brake, steer=steer)] * 2000)

    for column in (layout.X, layout.Y, layout.HEADING, layout.SPEED, layout.YAW_RATE):
        assert np.all(states[:, column] == 0)
    assert np.all(states[:, [layout.ACCELERATION, layout.LATERAL_ACCELERATION]] == 0)


@pytest.mark.parametrize("throttle", [0.0, 0.1, 0.2, 0.29])
def test_little_throttle_does_not_move_it(throttle: float) -> None:
    states = driven([VehicleControl(throttle=throttle)] * 400)

    assert np.all(states[:, layout.X] == 0)


@pytest.mark.parametrize("pitch", [-0.1, 0.1])
def test_a_brake_holds_it_on_a_hill_and_gravity_takes_it_without(pitch: float) -> None:
    held = driven([VehicleControl(brake=0.5)] * 400, pitch=pitch)
    loose = driven([VehicleControl()] * 40, pitch=pitch)

    assert np.all(held[:, layout.SPEED] * math.copysign(1, pitch) < 0.1)
    assert held[-1, layout.SPEED] == 0
    pull = 9.81 * (math.sin(pitch) - math.copysign(MKZ.rolling * math.cos(pitch), pitch))
    assert loose[-1, layout.SPEED] == pytest.approx(2.0 * pull, rel=0.01)


@pytest.mark.parametrize("friction", [0.2, 0.5])
def test_friction_bounds_braking(friction: float) -> None:
    states = driven([VehicleControl(brake=1.0)] * 20, speed=25.0, friction=friction)

    lost = (25.0 - states[-1, layout.SPEED]) / 1.0
    assert lost < (MKZ.friction * friction + MKZ.rolling) * 9.81 + 0.25
    assert lost > 0.8 * MKZ.friction * friction * 9.81


def test_the_hand_brake_stops_it_and_holds_a_driven_one() -> None:
    stopped = driven([VehicleControl(hand_brake=True)] * 300, speed=15.0)
    kept = driven([VehicleControl(hand_brake=True, brake=1.0, throttle=0.4)] * 300)

    assert stopped[-1, layout.SPEED] == 0
    assert np.all(kept[:, layout.SPEED] == 0)


def test_reverse_goes_backwards_and_forwards_again() -> None:
    back = [VehicleControl(throttle=0.6, reverse=True)] * 80
    ahead = [VehicleControl(throttle=0.6)] * 160

    speeds = driven([*back, *ahead])[:, layout.SPEED]

    assert speeds[79] < -1
    assert np.all(speeds[:80] <= 0)
    assert speeds[-1] > 1


@settings(max_examples=20, deadline=None)
@given(st.lists(pedals | direct, min_size=1, max_size=60), st.floats(0, 30))
def test_the_same_drive_has_the_same_bits(
    controls: list[VehicleControl | DirectControl], speed: float
) -> None:
    one, two = driven(controls, speed=speed), driven(controls, speed=speed)

    vehicle = Vehicle(MKZ, speed=speed)
    stepped = [vehicle.step(control) for control in controls]

    assert one.tobytes() == two.tobytes()
    assert [state.x for state in stepped] == one[:, layout.X].tolist()


@pytest.mark.parametrize("speed", [2.0, 5.0, 15.0, 30.0])
def test_a_tenth_of_the_step_comes_to_nearly_the_same(speed: float) -> None:
    controls = [DirectControl(math.sin(n / 11), 0.03 * math.sin(n / 7)) for n in range(100)]

    coarse = driven(controls, speed=speed)
    fine = driven(controls, speed=speed, every=50, dt=0.001)

    apart = np.hypot(*(coarse[:, :2] - fine[:, :2]).T)
    assert np.max(apart) < 0.003 * 5 * speed
    assert np.max(np.abs(coarse[:, layout.HEADING] - fine[:, layout.HEADING])) < 0.01


def test_pedals_come_to_nearly_the_same_too() -> None:
    controls = [VehicleControl(throttle=0.7, steer=0.02 * math.sin(n / 7)) for n in range(200)]

    coarse = driven(controls)
    fine = driven(controls, every=50, dt=0.001)

    assert np.max(np.abs(coarse[:, layout.SPEED] - fine[:, layout.SPEED])) < 0.5


class TestDirect:
    def test_speed_follows_with_a_lag(self) -> None:
        states = driven([DirectControl(2.0)] * 100)

        # A first-order lag costs its time constant once.
        expected = 2.0 * (5.0 - MKZ.push_lag)
        assert states[-1, layout.SPEED] == pytest.approx(expected, abs=0.02)

    def test_limits_hold(self) -> None:
        gain = driven([DirectControl(99.0)] * 100)
        loss = driven([DirectControl(-99.0)] * 40, speed=30.0)

        assert np.max(gain[:, layout.ACCELERATION]) <= MKZ.top_gain + 1e-9
        assert np.min(loss[:, layout.ACCELERATION]) >= -MKZ.top_loss - 1e-9

    def test_braking_ends_at_standstill(self) -> None:
        speeds = driven([DirectControl(-3.0)] * 200, speed=10.0)[:, layout.SPEED]

        assert speeds[-1] == 0
        assert np.all(speeds >= 0)

    def test_pedals_may_take_over(self) -> None:
        states = driven([DirectControl(2.0)] * 100 + [VehicleControl(throttle=0.8)] * 100)

        assert np.all(np.abs(states[100:, layout.ACCELERATION]) < 9)
        assert states[-1, layout.SPEED] > states[99, layout.SPEED]


@pytest.mark.parametrize("arguments", [{"dt": 0.0}, {"dt": math.nan}, {"friction": 0.0}])
def test_a_step_that_is_none_is_refused(arguments: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no such step"):
        Vehicle(MKZ).step(VehicleControl(), **arguments)
