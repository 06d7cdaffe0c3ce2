"""There to be imported: readings come to run_step() by themselves."""

from concours.driving.agents.carla_like.absent import absent


class SensorConfigurationInvalid(Exception):
    """Sensors that are not allowed."""


class SensorReceivedNoData(Exception):
    """A sensor was silent."""


SensorInterface = absent("SensorInterface")
CallBack = absent("CallBack")

__all__ = ["CallBack", "SensorConfigurationInvalid", "SensorInterface", "SensorReceivedNoData"]
