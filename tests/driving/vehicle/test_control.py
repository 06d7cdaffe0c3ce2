"""Controls from strangers: taken, clamped or refused in words."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.driving.vehicle import DirectControl, VehicleControl

GOOD = VehicleControl(throttle=0.5, steer=-0.25, brake=0.0, hand_brake=False, reverse=True)


def test_a_control_in_range_is_taken_as_it_is() -> None:
    checked = VehicleControl.checked(GOOD)

    assert checked.control == GOOD
    assert checked.clamped == ()


def test_any_object_with_the_attributes_will_do() -> None:
    foreign = SimpleNamespace(
        throttle=np.float32(0.5), steer=0, brake=np.int64(1), hand_brake=np.True_, reverse=0, gear=3
    )

    checked = VehicleControl.checked(foreign)

    assert checked.control == VehicleControl(0.5, 0.0, 1.0, hand_brake=True)


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_what_is_out_of_range_is_clamped_and_named(
    throttle: float, steer: float, brake: float
) -> None:
    control, clamped = VehicleControl.checked(VehicleControl(throttle, steer, brake))

    assert 0 <= control.throttle <= 1
    assert -1 <= control.steer <= 1
    assert 0 <= control.brake <= 1
    assert ("throttle" in clamped) == (not 0 <= throttle <= 1)
    assert ("steer" in clamped) == (not -1 <= steer <= 1)
    assert ("brake" in clamped) == (not 0 <= brake <= 1)


@pytest.mark.parametrize("name", ["throttle", "steer", "brake"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(name: str, value: float) -> None:
    with pytest.raises(ValueError, match=f"{name}.*finite"):
        VehicleControl.checked(GOOD._replace(**{name: value}))


@pytest.mark.parametrize("name", ["throttle", "steer", "brake"])
@pytest.mark.parametrize("value", [None, "0.5", True, [0.5], 1j, np.array([0.1])])
def test_what_is_no_number_is_refused(name: str, value: object) -> None:
    with pytest.raises(TypeError, match=f"{name}: a number is needed"):
        VehicleControl.checked(GOOD._replace(**{name: value}))


@pytest.mark.parametrize("name", ["hand_brake", "reverse"])
@pytest.mark.parametrize("value", [None, "no", 2, 0.5])
def test_what_is_no_flag_is_refused(name: str, value: object) -> None:
    with pytest.raises(TypeError, match=f"{name}: true or false"):
        VehicleControl.checked(GOOD._replace(**{name: value}))


@pytest.mark.parametrize("control", [None, 0.5, {"throttle": 1.0}, (1.0, 0.0, 0.0)])
def test_what_is_no_control_is_refused(control: object) -> None:
    with pytest.raises(TypeError, match="'throttle' is needed"):
        VehicleControl.checked(control)


def test_direct_controls_are_checked_too() -> None:
    assert DirectControl.checked(DirectControl(9e9, -3)) == DirectControl(9e9, -3.0)
    with pytest.raises(ValueError, match="steering_angle"):
        DirectControl.checked(DirectControl(1.0, math.nan))
    with pytest.raises(TypeError, match="acceleration"):
        DirectControl.checked(None)
