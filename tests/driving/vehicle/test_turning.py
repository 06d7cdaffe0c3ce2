"""How a vehicle turns: geometry when slow, grip when fast."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from concours.driving.vehicle import DirectControl, Vehicle, VehicleControl, preset

MKZ = preset("carla-lincoln-mkz")


def circle(vehicle: Vehicle, angle: float, seconds: float = 20.0) -> float:
    """The signed radius (m) that a vehicle ends on, holding its speed."""
    for _ in range(round(seconds / 0.05)):
        state = vehicle.step(DirectControl(0.0, angle))
    return state.speed / state.yaw_rate


@pytest.mark.parametrize("angle", [0.02, 0.1, 0.3, 0.6, -0.3])
def test_a_slow_vehicle_rolls_on_the_circle_of_its_geometry(angle: float) -> None:
    assert circle(Vehicle(MKZ, speed=2.0), angle) == pytest.approx(
        MKZ.wheelbase / math.tan(angle), rel=1e-6
    )


def test_positions_lie_on_that_circle() -> None:
    vehicle = Vehicle(replace(MKZ, steering_lag=1e-6, steering_rate=1e9), speed=2.0)
    radius = MKZ.wheelbase / math.tan(0.3)

    for _ in range(400):
        state = vehicle.step(DirectControl(0.0, 0.3))
        assert math.hypot(state.x, state.y - radius) == pytest.approx(radius, abs=0.03)


def test_a_neutral_vehicle_keeps_the_circle_at_speed() -> None:
    # The rear axle carries a little more: equal stiffness per load steers neutrally.
    assert circle(Vehicle(MKZ, speed=12.0), 0.02) == pytest.approx(
        MKZ.wheelbase / math.tan(0.02), rel=0.02
    )


def test_an_understeering_vehicle_opens_it_as_its_gradient_says() -> None:
    # Radius = (L + K v^2) / angle, K = (1 / stiffness_front - 1 / stiffness_rear) / g.
    soft = replace(MKZ, stiffness_front=10.0)
    gradient = (1 / 10.0 - 1 / MKZ.stiffness_rear) / 9.81

    radius = circle(Vehicle(soft, speed=15.0), 0.02)

    assert radius == pytest.approx((MKZ.wheelbase + gradient * 15.0**2) / 0.02, rel=0.03)


@pytest.mark.parametrize("friction", [1.0, 0.5, 0.2])
@pytest.mark.parametrize("speed", [2.0, 6.0, 12.0, 30.0])
def test_no_turn_asks_more_than_the_road_gives(speed: float, friction: float) -> None:
    vehicle = Vehicle(MKZ, speed=speed)

    for _ in range(100):
        state = vehicle.step(DirectControl(0.0, 0.6), friction=friction)
    across = abs(state.speed * state.yaw_rate)

    assert across <= 1.05 * MKZ.friction * friction * 9.81


def test_steer_is_right_and_the_inner_wheel_takes_the_angle() -> None:
    vehicle = Vehicle(MKZ, speed=0.0)

    for _ in range(40):
        state = vehicle.step(VehicleControl(brake=1.0, steer=1.0))

    inner = MKZ.wheel_angle * MKZ.steering_gain
    cotangent = 1 / math.tan(inner) + MKZ.track / (2 * MKZ.wheelbase)
    assert state.steering == pytest.approx(-math.atan(1 / cotangent), rel=1e-6)


@pytest.mark.parametrize("speed_kmh", [0.0, 20.0, 60.0, 120.0])
def test_the_steering_curve_lessens_the_angle(speed_kmh: float) -> None:
    share = {0.0: 1.0, 20.0: 0.9, 60.0: 0.8, 120.0: 0.7}[speed_kmh]
    steady = replace(MKZ, steering_lag=1e-6, steering_rate=1e9)
    vehicle = Vehicle(steady, speed=speed_kmh / 3.6)

    state = vehicle.step(VehicleControl(throttle=0.0, steer=-0.01), dt=0.01)

    assert state.steering == pytest.approx(0.01 * share * 0.75 * math.radians(70), rel=0.005)


def test_it_turns_about_as_published_kinematics_of_that_car_do() -> None:
    # Bicycle with 0.36848 rad per steer and axles 1.41783 m behind, 0.09077 m "ahead" of itself.
    for steer in (0.1, 0.3, 0.6, 1.0):
        vehicle = Vehicle(MKZ, speed=2.5)
        for _ in range(10):
            state = vehicle.step(VehicleControl(steer=steer), dt=0.05)
        ours = abs(math.tan(state.steering)) / MKZ.wheelbase
        published = math.tan(0.36848 * steer) / (1.41783 - 0.09077)

        assert ours == pytest.approx(published, rel=0.2)


@pytest.mark.parametrize("speed", [1.0, 5.0, 20.0, -3.0])
def test_left_mirrors_right_to_the_bit(speed: float) -> None:
    left, right = Vehicle(MKZ, speed=speed), Vehicle(MKZ, speed=speed)

    for n in range(200):
        steer = 0.5 * math.sin(n / 9)
        one = left.step(VehicleControl(throttle=0.5, steer=-steer, reverse=speed < 0))
        two = right.step(VehicleControl(throttle=0.5, steer=steer, reverse=speed < 0))

        assert (one.x, one.y, one.heading) == (two.x, -two.y, -two.heading)
        assert (one.speed, one.yaw_rate) == (two.speed, -two.yaw_rate)


def test_a_drift_is_caught_again() -> None:
    vehicle = Vehicle(MKZ, speed=20.0)
    for _ in range(20):
        vehicle.step(VehicleControl(steer=1.0), friction=0.3)

    for _ in range(200):
        state = vehicle.step(DirectControl(0.0, 0.0))

    assert abs(state.yaw_rate) < 1e-6
    assert abs(state.lateral) < 1e-6
