"""Where a sensor is."""

from __future__ import annotations

from typing import NamedTuple

from concours.driving.sensors.frames import (
    FloatArray,
    cross,
    mount_place,
    mount_rotation,
    product,
    times,
)
from concours.driving.sensors.scene import Ego
from concours.driving.sensors.specs import SensorSpec


class Viewpoint(NamedTuple):
    """place: (3,) in the world. turn: (3, 3), columns are the sensor's axes in the world."""

    place: FloatArray
    turn: FloatArray


class Mount(NamedTuple):
    """place: (3,) and turn: (3, 3) in the vehicle's right-handed frame."""

    place: FloatArray
    turn: FloatArray

    @classmethod
    def of(cls, spec: SensorSpec) -> Mount:
        """By an agent's numbers."""
        values = spec.values
        turn = mount_rotation(roll=values["roll"], pitch=values["pitch"], yaw=values["yaw"])
        return cls(mount_place(values["x"], values["y"], values["z"]), turn)

    def on(self, ego: Ego) -> Viewpoint:
        """The sensor in the world."""
        return Viewpoint(self.place_on(ego), self.turn_on(ego))

    def place_on(self, ego: Ego) -> FloatArray:
        """(3,) the sensor's place in the world."""
        return ego.place + times(ego.turn, self.place)

    def turn_on(self, ego: Ego) -> FloatArray:
        """(3, 3): columns are the sensor's axes in the world."""
        return product(ego.turn, self.turn)

    def velocity(self, ego: Ego) -> FloatArray:
        """(3,) of the sensor in the world: the vehicle's, and that of its turning."""
        return ego.velocity + times(ego.turn, cross(ego.rates, self.place))
