"""The ego vehicle: how a car answers throttle, steer and brake.

from concours.driving.vehicle import Vehicle, VehicleControl, preset

car = Vehicle(preset("carla-lincoln-mkz"))
for _ in range(100):
    state = car.step(VehicleControl(throttle=0.7))
"""

from concours.driving.vehicle.control import Checked, DirectControl, VehicleControl
from concours.driving.vehicle.model import STEP, Vehicle, VehicleState, initial_state
from concours.driving.vehicle.parameters import VehicleParameters
from concours.driving.vehicle.presets import PRESETS, preset

__all__ = [
    "PRESETS",
    "STEP",
    "Checked",
    "DirectControl",
    "Vehicle",
    "VehicleControl",
    "VehicleParameters",
    "VehicleState",
    "initial_state",
    "preset",
]
