"""What types of sensors there are, their parameters with limits, and how many a track allows."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

FRAMES_A_SECOND = 20
"""Of the closed loop: no sensor reads more often."""
REACH = 3.0
"""Metres from the vehicle's centre, on each axis, that a sensor may be mounted at."""


class Parameter(NamedTuple):
    """A number that an agent may give. whole: an integer."""

    default: float
    low: float
    high: float
    whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A type of sensor: what is said of it besides type and id, and who may have how many."""

    parameters: MappingProxyType[str, Parameter]
    carsmos: int
    objects: int

    def most(self, track: str) -> int:
        """How many a track allows."""
        return self.carsmos if track == "carsmos" else self.objects


def _kind(*groups: dict[str, Parameter], carsmos: int, objects: int) -> Kind:
    merged = {name: parameter for group in (*groups, IGNORED) for name, parameter in group.items()}
    return Kind(parameters=MappingProxyType(merged), carsmos=carsmos, objects=objects)


PLACE = dict.fromkeys("xyz", Parameter(0.0, -REACH, REACH))
TURN = dict.fromkeys(("roll", "pitch", "yaw"), Parameter(0.0, -360.0, 360.0))
IMAGE = {
    "width": Parameter(800, 16, 1920, whole=True),
    "height": Parameter(600, 16, 1200, whole=True),
    "fov": Parameter(100.0, 10.0, 170.0),
}
LIDAR = {
    "channels": Parameter(64, 1, 64, whole=True),
    "range": Parameter(85.0, 1.0, 100.0),
    "rotation_frequency": Parameter(10.0, 1.0, FRAMES_A_SECOND),
    "points_per_second": Parameter(300_000, 1_000, 1_200_000, whole=True),
    "upper_fov": Parameter(10.0, -89.0, 89.0),
    "lower_fov": Parameter(-30.0, -89.0, 89.0),
}
RADAR = {
    "fov": Parameter(30.0, 1.0, 120.0),
    "horizontal_fov": Parameter(30.0, 1.0, 120.0),
    "vertical_fov": Parameter(30.0, 1.0, 60.0),
    "range": Parameter(100.0, 1.0, 100.0),
    "points_per_second": Parameter(1_500, 20, 20_000, whole=True),
}
EVERY_FRAME = {"reading_frequency": Parameter(FRAMES_A_SECOND, 1e-9, 1_000.0)}
"""Above that of the frames it is as often as they come."""
ONCE_A_SECOND = {"reading_frequency": Parameter(1.0, 1e-9, 1_000.0)}
IGNORED = {"sensor_tick": Parameter(0.0, 0.0, 1_000.0)}
"""What agents of the leaderboard give, and what has no effect there nor here."""
SIGHT = {"range": Parameter(100.0, 1.0, 150.0)}
RASTER = {
    "width": Parameter(256, 16, 1024, whole=True),
    "height": Parameter(256, 16, 1024, whole=True),
    "pixels_per_meter": Parameter(4.0, 0.5, 20.0),
}

CAMERA_RGB = "sensor.camera.rgb"
CAMERA_DEPTH = "sensor.camera.depth"
CAMERA_SEMANTIC = "sensor.camera.semantic_segmentation"
LIDAR_TYPE = "sensor.lidar.ray_cast"
RADAR_TYPE = "sensor.other.radar"
GNSS_TYPE = "sensor.other.gnss"
IMU_TYPE = "sensor.other.imu"
MAP_TYPE = "sensor.opendrive_map"
SPEED_TYPE = "sensor.speedometer"
OBJECTS_TYPE = "sensor.object_list"
LIGHTS_TYPE = "sensor.traffic_lights"
BIRDSEYE_TYPE = "sensor.birdseye"

KINDS = MappingProxyType(
    {
        CAMERA_RGB: _kind(PLACE, TURN, IMAGE, EVERY_FRAME, carsmos=4, objects=4),
        LIDAR_TYPE: _kind(PLACE, TURN, LIDAR, carsmos=1, objects=1),
        RADAR_TYPE: _kind(PLACE, TURN, RADAR, EVERY_FRAME, carsmos=2, objects=2),
        GNSS_TYPE: _kind(PLACE, TURN, EVERY_FRAME, carsmos=1, objects=1),
        IMU_TYPE: _kind(PLACE, TURN, EVERY_FRAME, carsmos=1, objects=1),
        MAP_TYPE: _kind(ONCE_A_SECOND, carsmos=1, objects=1),
        SPEED_TYPE: _kind(EVERY_FRAME, carsmos=1, objects=1),
        OBJECTS_TYPE: _kind(SIGHT, EVERY_FRAME, carsmos=0, objects=1),
        LIGHTS_TYPE: _kind(SIGHT, EVERY_FRAME, carsmos=0, objects=1),
        CAMERA_SEMANTIC: _kind(PLACE, TURN, IMAGE, EVERY_FRAME, carsmos=0, objects=2),
        CAMERA_DEPTH: _kind(PLACE, TURN, IMAGE, EVERY_FRAME, carsmos=0, objects=2),
        BIRDSEYE_TYPE: _kind(RASTER, EVERY_FRAME, carsmos=0, objects=1),
    }
)
"""Every type by the leaderboard's word, ours where it has none."""
TRACKS = ("carsmos", "objects")
