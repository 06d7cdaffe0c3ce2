"""What an agent answers with, and how strictly it is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np

RANGES = {"throttle": (0.0, 1.0), "steer": (-1.0, 1.0), "brake": (0.0, 1.0)}
SWITCHES = ("hand_brake", "reverse")
NUMBERS = (float, int, Real, np.bool_)
DIRECT_RANGES = {"acceleration": (-100.0, 100.0), "steering_angle": (-math.pi / 2, math.pi / 2)}


class BadControl(ValueError):
    """This is not a control."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """Pedals and wheel as in CARLA.

    Attributes:
        throttle, brake: 0 to 1. steer: -1 (left) to 1 (right).
        clamped: whether the agent asked for more than these ranges allow.
    """

    throttle: float = 0.0
    steer: float = 0.0
    brake: float = 0.0
    hand_brake: bool = False
    reverse: bool = False
    clamped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectControl:
    """Motion asked for without pedals.

    Attributes:
        acceleration: m/s2 along the vehicle, cut to +-100.
        steering_angle: rad at the wheels, positive to the left, cut to +-pi/2.
    """

    acceleration: float = 0.0
    steering_angle: float = 0.0
    clamped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """No control came in time for this frame; the one before holds on."""

    frame: int


def read_control(answer: object) -> Control | DirectControl:
    """A control out of whatever an agent answered with.

    Taken are objects with the attributes of carla.VehicleControl, the classes of this module, and
    mappings with their names. Numbers out of range are cut, as CARLA does. Raises BadControl for
    None, NaN, infinity, numbers too large for a float, and everything that is not a number.
    """
    if answer is None:
        raise BadControl("run_step returned None, not a control")
    fields = _fields(answer)
    if set(fields) & set(DIRECT_RANGES):
        acceleration, cut_a = _cut("acceleration", fields.get("acceleration", 0.0), DIRECT_RANGES)
        angle, cut_b = _cut("steering_angle", fields.get("steering_angle", 0.0), DIRECT_RANGES)
        return DirectControl(
            acceleration=acceleration, steering_angle=angle, clamped=cut_a or cut_b
        )
    cuts = [_cut(name, fields.get(name, 0.0), RANGES) for name in RANGES]
    hand_brake, reverse = (_switch(name, fields.get(name, False)) for name in SWITCHES)
    return Control(
        throttle=cuts[0][0],
        steer=cuts[1][0],
        brake=cuts[2][0],
        hand_brake=hand_brake,
        reverse=reverse,
        clamped=any(cut for _, cut in cuts),
    )


def _fields(answer: object) -> dict[str, object]:
    if isinstance(answer, Mapping):
        fields = dict(answer)
        unknown = set(fields) - set(RANGES) - set(SWITCHES) - set(DIRECT_RANGES)
        if unknown or not fields:
            raise BadControl(f"a control has no {sorted(map(repr, unknown))}" if unknown else "{}")
        return fields
    for needed, more in ((tuple(DIRECT_RANGES), ()), (tuple(RANGES), SWITCHES)):
        if all(hasattr(answer, name) for name in needed):
            return {
                name: getattr(answer, name) for name in (*needed, *more) if hasattr(answer, name)
            }
    raise BadControl(f"run_step returned a {type(answer).__name__}, not a control")


def _cut(name: str, value: object, ranges: Mapping[str, tuple[float, float]]) -> tuple[float, bool]:
    """The number within its range, and whether it had to be cut."""
    number = _number(name, value)
    low, high = ranges[name]
    return min(max(number, low), high) + 0.0, not low <= number <= high


def _number(name: str, value: object) -> float:
    if not isinstance(value, NUMBERS):
        raise BadControl(f"{name} is a {type(value).__name__}, not a number")
    try:
        number = float(value)
    except (OverflowError, ValueError, TypeError) as error:
        raise BadControl(f"{name} is not a number: {error}") from None
    if not math.isfinite(number):
        raise BadControl(f"{name} is {number}")
    return number


def _switch(name: str, value: object) -> bool:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    number = _number(name, value)
    if number not in (0.0, 1.0):
        raise BadControl(f"{name} is {number:g}, not on or off")
    return bool(number)
