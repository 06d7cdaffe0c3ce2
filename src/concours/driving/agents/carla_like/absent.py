"""Names of the simulator and of what asks it: there to be imported, to annotate with, to test
instances against. Who makes one is told why there is none.
"""

from __future__ import annotations

from typing import Any, NoReturn


class NoSimulator(RuntimeError):
    """There is no simulator behind these names."""


class Absent:
    """Something that the simulator has and these stand-ins have not."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        _refuse(type(self).__name__)


def _refuse(name: str) -> NoReturn:
    raise NoSimulator(
        f"{name} asks a simulator, and there is none here: agents drive by what sensors() asks for"
    )


SIMULATOR = frozenset({
    "Actor", "ActorAttribute", "ActorBlueprint", "ActorList", "ActorSnapshot", "BlueprintLibrary",
    "Client", "CollisionEvent", "DebugHelper", "EnvironmentObject", "GnssMeasurement",
    "IMUMeasurement", "Image", "Junction", "LaneInvasionEvent", "Landmark", "LidarDetection",
    "LidarMeasurement", "Light", "LightManager", "ObstacleDetectionEvent", "RadarDetection",
    "RadarMeasurement", "Sensor", "SensorData", "Timestamp", "TrafficLight", "TrafficManager",
    "TrafficSign", "Vehicle", "VehiclePhysicsControl", "Walker", "WalkerAIController",
    "WalkerControl", "WheelPhysicsControl", "World", "WorldSettings", "WorldSnapshot",
})  # fmt: skip
"""Classes of CARLA's own package that only its simulator makes."""


def absent(name: str) -> type[Absent]:
    """A class of that name, of which there are no instances."""
    return type(name, (Absent,), {"__doc__": "Only a simulator has it."})
