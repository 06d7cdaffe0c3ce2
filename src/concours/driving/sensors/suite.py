"""All sensors of an agent, read frame by frame as the leaderboard's `input_data`."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, Protocol

from concours.driving.sensors import kinds
from concours.driving.sensors.keys import Key
from concours.driving.sensors.lidar import Lidar
from concours.driving.sensors.navigation import Gnss, Imu, OpenDriveMap, Speedometer
from concours.driving.sensors.objects import ObjectList, TrafficLights
from concours.driving.sensors.pictures import BirdsEye, DepthCamera, RgbCamera, SemanticCamera
from concours.driving.sensors.radar import Radar
from concours.driving.sensors.scene import SensedScene
from concours.driving.sensors.specs import SensorSpec
from concours.driving.sensors.surroundings import Surroundings

Reading = tuple[int, Any]
"""The frame that it is of, and the data."""


class Sensor(Protocol):
    """What can be read."""

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None: ...

    def read(self, scene: SensedScene, frame: int) -> Any:
        """The data of a frame, by nothing but the scene, the frame and the key."""


SENSORS: MappingProxyType[str, type[Sensor]] = MappingProxyType(
    {
        kinds.CAMERA_RGB: RgbCamera,
        kinds.CAMERA_DEPTH: DepthCamera,
        kinds.CAMERA_SEMANTIC: SemanticCamera,
        kinds.LIDAR_TYPE: Lidar,
        kinds.RADAR_TYPE: Radar,
        kinds.GNSS_TYPE: Gnss,
        kinds.IMU_TYPE: Imu,
        kinds.MAP_TYPE: OpenDriveMap,
        kinds.SPEED_TYPE: Speedometer,
        kinds.OBJECTS_TYPE: ObjectList,
        kinds.LIGHTS_TYPE: TrafficLights,
        kinds.BIRDSEYE_TYPE: BirdsEye,
    }
)


class SensorSuite:
    """The sensors of one agent in one run.

    A sensor is read where the frame is a multiple of its period, and on the first call. Between
    two readings its last one is handed out again, with the frame it is of; the map's is left out
    then, as by the leaderboard.
    """

    def __init__(
        self, specs: Iterable[SensorSpec], *, surroundings: Surroundings, seed: int
    ) -> None:
        """specs: from `parse_sensors`. seed: of the run; noise depends on it, ids and frames."""
        self._sensors = [
            (spec.id, spec.type, spec.period,
             SENSORS[spec.type](spec, surroundings, Key(seed=seed, type=spec.type, id=spec.id)))
            for spec in specs
        ]  # fmt: skip
        self._last: dict[str, Reading] = {}

    def read(self, scene: SensedScene, frame: int) -> dict[str, Reading]:
        """What the agent gets at a frame (20 a second): {id: (frame, data)}.

        The arrays are the agent's own.
        """
        found: dict[str, Reading] = {}
        for name, kind, period, sensor in self._sensors:
            due = frame % period == 0 or name not in self._last
            if due:
                self._last[name] = frame, sensor.read(scene, frame)
            if due or kind != kinds.MAP_TYPE:
                found[name] = self._last[name]
        return found
