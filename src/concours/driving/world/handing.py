"""Handing an entity over to somebody outside, who drives it by controls."""

from __future__ import annotations

import math

from concours.driving.scenarios.environment import EnvironmentAction
from concours.driving.vehicle import VehicleParameters, initial_state
from concours.driving.world import layout as at
from concours.driving.world.drivers import Drivers
from concours.driving.world.layout import FloatArray
from concours.driving.world.stage import Stage

LEAST_FRICTION = 0.01
"""A road on which nothing holds at all would stop the equations."""


class Handing:
    """The entities of one run that are driven from outside."""

    def __init__(self, stage: Stage, drivers: Drivers) -> None:
        self._stage = stage
        self._drivers = drivers
        self._vehicles: dict[int, int] = {}
        self._weather: EnvironmentAction | None = None

    def hand_over(self, row: int, parameters: VehicleParameters) -> None:
        """From now on the vehicle's dynamics move the entity, and nothing of the scenario does."""
        f, i = self._stage.scene.f[row], self._stage.scene.i[row]
        state = initial_state(
            parameters,
            x=float(f[at.X]),
            y=float(f[at.Y]),
            heading=float(f[at.HEADING]),
            speed=float(f[at.SPEED]),
        )
        self._vehicles[row] = self._stage.add_vehicle(parameters.array(), state)
        self._weather = None  # of which the new vehicle knows nothing
        self._drivers.give(row)
        i[at.DRIVEN] = self._vehicles[row] + 1
        i[at.SPEED_MODE], i[at.SIDE_MODE] = at.OUTSIDE, at.FREE
        i[at.SPEED_DONE] = i[at.SIDE_DONE] = 1  # what it was doing is over

    def control(self, row: int, control: FloatArray) -> None:
        """The control that the entity is under from now on: (vehicle.layout.CONTROL,), finite.

        Raises KeyError for an entity that was not handed over, ValueError for other numbers.
        """
        given = self._stage.scene.vehicles[self._vehicles[row], at.VEHICLE_CONTROL : -1]
        if control.shape != given.shape or not all(map(math.isfinite, control.tolist())):
            raise ValueError(f"a control is {len(given)} finite numbers")
        given[:] = control

    def state(self, row: int) -> FloatArray:
        """(vehicle.layout.STATE,) of an entity that was handed over; a copy. Raises KeyError."""
        vehicle = self._stage.scene.vehicles[self._vehicles[row]]
        state: FloatArray = vehicle[at.VEHICLE_STATE : at.VEHICLE_CONTROL].copy()
        return state

    def on_road_of(self, weather: EnvironmentAction | None) -> None:
        """The friction that the environment sets counts for all vehicles."""
        if weather is self._weather:
            return
        self._weather = weather
        condition = weather.environment.road_condition if weather is not None else None
        factor = condition.friction_scale_factor if condition is not None else 1.0
        self._stage.scene.vehicles[:, at.ROAD_FRICTION] = max(factor, LEAST_FRICTION)
