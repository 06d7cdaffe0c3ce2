"""A vehicle to drive from Python, one control at a time."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from concours.driving.vehicle import layout as at
from concours.driving.vehicle.control import DirectControl, VehicleControl
from concours.driving.vehicle.kernels import drive
from concours.driving.vehicle.layout import FloatArray
from concours.driving.vehicle.parameters import VehicleParameters

STEP = 0.01
"""Seconds of one step of the dynamics, at most."""


class VehicleState(NamedTuple):
    """Where a vehicle is and how it moves, as the first columns of `layout` say."""

    x: float
    y: float
    heading: float
    speed: float
    lateral: float
    yaw_rate: float
    steering: float
    acceleration: float
    lateral_acceleration: float
    engine: float
    gear: int


def initial_state(
    parameters: VehicleParameters,
    *,
    x: float = 0.0,
    y: float = 0.0,
    heading: float = 0.0,
    speed: float = 0.0,
) -> FloatArray:
    """(layout.STATE,) of a vehicle that goes straight; one that moves has its gear engaged.

    x, y: of the rear axle's middle (m). heading: rad. speed: m/s, negative backwards.
    """
    state = np.zeros(at.STATE)
    state[[at.X, at.Y, at.HEADING, at.SPEED]] = x, y, heading, speed
    turns = abs(speed) / parameters.wheel_radius
    if speed < 0:
        state[at.GEAR], state[at.ENGINE] = -1, turns * parameters.reverse_ratio
    elif speed > 0:
        fits = [n for n, r in enumerate(parameters.ratios) if turns * r < 0.8 * parameters.shift_up]
        gear = fits[0] if fits else len(parameters.ratios) - 1
        state[at.GEAR], state[at.ENGINE] = gear + 1, turns * parameters.ratios[gear]
    return state


class Vehicle:
    """One vehicle on a plane."""

    def __init__(
        self,
        parameters: VehicleParameters,
        *,
        x: float = 0.0,
        y: float = 0.0,
        heading: float = 0.0,
        speed: float = 0.0,
    ) -> None:
        self.parameters = parameters
        self._parameters = parameters.array()
        self._state = initial_state(parameters, x=x, y=y, heading=heading, speed=speed)
        self._out = np.empty((1, at.STATE))

    @property
    def state(self) -> VehicleState:
        """The state now."""
        numbers: list[float] = self._state[: at.GEAR].tolist()
        return VehicleState._make([*numbers, int(self._state[at.GEAR])])

    def step(
        self,
        control: VehicleControl | DirectControl,
        *,
        dt: float = 0.05,
        pitch: float = 0.0,
        friction: float = 1.0,
    ) -> VehicleState:
        """Hold a control for dt (s), in equal steps of at most STEP; the state then.

        pitch: of the road (rad), positive downhill. friction: of the road, 1 where it is dry.
        Raises what `checked` of the control raises, and ValueError for a dt or friction that is
        not positive.
        """
        if not (0 < dt < math.inf and 0 < friction < math.inf and math.isfinite(pitch)):
            raise ValueError(f"no such step: dt {dt}, friction {friction}, pitch {pitch}")
        row = _row(control)[None]
        count = math.ceil(dt / STEP - 1e-9)
        drive(self._parameters, self._state, row, pitch, friction, count, dt / count, self._out)
        return self.state


def _row(control: VehicleControl | DirectControl) -> FloatArray:
    if isinstance(control, DirectControl):
        return DirectControl.checked(control).row()
    return VehicleControl.checked(control).control.row()
