"""There to be imported: they steer an actor of a simulator, and there is none here."""

from concours.driving.agents.carla_like.absent import absent

VehiclePIDController = absent("VehiclePIDController")
PIDLongitudinalController = absent("PIDLongitudinalController")
PIDLateralController = absent("PIDLateralController")

__all__ = ["PIDLateralController", "PIDLongitudinalController", "VehiclePIDController"]
