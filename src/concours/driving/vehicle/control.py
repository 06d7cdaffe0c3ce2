"""What a driver asks of a vehicle: by pedals and wheel, or directly."""

from __future__ import annotations

import math
from numbers import Real
from typing import NamedTuple, Self

import numpy as np

from concours.driving.vehicle import layout as at
from concours.driving.vehicle.layout import FloatArray

_RANGES = {"throttle": (0.0, 1.0), "steer": (-1.0, 1.0), "brake": (0.0, 1.0)}


class VehicleControl(NamedTuple):
    """Pedals and wheel, as in CARLA.

    throttle, brake: 0..1. steer: -1 (left) .. 1 (right). hand_brake: on or off. reverse: the gear.
    """

    throttle: float = 0.0
    steer: float = 0.0
    brake: float = 0.0
    hand_brake: bool = False
    reverse: bool = False

    @classmethod
    def checked(cls, control: object) -> Checked:
        """A control that a vehicle can be given, from anything with attributes of these names.

        Numbers out of range are clamped, as CARLA does, and named in `Checked.clamped`. Raises
        TypeError for None, a missing attribute or a value of the wrong type, ValueError for NaN
        and infinities.
        """
        numbers = {name: _number(control, name) for name in _RANGES}
        flags = {name: _flag(control, name) for name in ("hand_brake", "reverse")}
        cut = {name: min(max(numbers[name], low), high) for name, (low, high) in _RANGES.items()}
        clamped = tuple(name for name in _RANGES if cut[name] != numbers[name])
        throttle, steer, brake = cut.values()
        return Checked(cls(throttle, steer, brake, **flags), clamped)

    def row(self) -> FloatArray:
        """(layout.CONTROL,) as the kernels read it."""
        return np.array([at.PEDALS, *self], dtype=np.float64)


class Checked(NamedTuple):
    """A control in range, and the names of what had to be clamped for that."""

    control: VehicleControl
    clamped: tuple[str, ...]


class DirectControl(NamedTuple):
    """An acceleration (m/s2) and an angle of the road wheels (rad, left positive).

    The vehicle's limits and lags apply. A negative acceleration brakes to standstill, no further.
    """

    acceleration: float = 0.0
    steering_angle: float = 0.0

    @classmethod
    def checked(cls, control: object) -> Self:
        """As `VehicleControl.checked`; nothing is out of range but what is not finite."""
        return cls(_number(control, "acceleration"), _number(control, "steering_angle"))

    def row(self) -> FloatArray:
        """(layout.CONTROL,) as the kernels read it."""
        return np.array([at.DIRECT, *(float(value) for value in self), 0.0, 0.0, 0.0])


def _attribute(control: object, name: str) -> object:
    try:
        return getattr(control, name)
    except AttributeError:
        kind = type(control).__name__
        raise TypeError(f"a control with {name!r} is needed, {kind} has none") from None


def _number(control: object, name: str) -> float:
    value = _attribute(control, name)
    if isinstance(value, bool | np.bool_) or not isinstance(value, Real):
        raise TypeError(f"{name}: a number is needed, not {type(value).__name__}")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{name}: {number} is not a finite number")
    return number


def _flag(control: object, name: str) -> bool:
    value = _attribute(control, name)
    if isinstance(value, bool | np.bool_) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise TypeError(f"{name}: true or false is needed, not {value!r}")
