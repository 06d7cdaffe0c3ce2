"""GNSS, IMU, speedometer, and the map as a pseudo-sensor."""

from __future__ import annotations

import math

import numpy as np

from concours.driving.sensors.frames import (
    FloatArray,
    cross,
    place_for_agents,
    rates_for_agents,
    times,
)
from concours.driving.sensors.keys import Key
from concours.driving.sensors.mounting import Mount
from concours.driving.sensors.scene import SensedScene
from concours.driving.sensors.specs import SensorSpec
from concours.driving.sensors.surroundings import Surroundings

GRAVITY = 9.81
"""m/s2, as in CARLA."""
GNSS_SD = (0.5, 0.5, 1.0)
"""Metres east, north, up: drawn anew each frame; the leaderboard's 5e-6 degrees, no bias either."""
ACCELERATION_SD = (0.001, 0.001, 0.015)
"""m/s2 about the axes x, y, z; those of the leaderboard."""
RATE_SD = 0.001
"""rad/s on each axis; that of the leaderboard."""
_GNSS_SD, _ACCELERATION_SD = np.array(GNSS_SD), np.array(ACCELERATION_SD)
_UPWARDS = np.array([0.0, 0.0, GRAVITY])


class Gnss:
    """[latitude (degrees), longitude (degrees), altitude (m)], float64."""

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        self._mount, self._geo, self._key = Mount.of(spec), surroundings.geo, key

    def read(self, scene: SensedScene, frame: int) -> FloatArray:
        """One fix."""
        noise = self._key.normals(frame, 3) * _GNSS_SD
        x, y, z = (self._mount.place_on(scene.ego) + noise).tolist()
        return np.array([*self._geo.degrees(x, y), z])


class Imu:
    """[acceleration x, y, z (m/s2), turning rate x, y, z (rad/s), compass (rad)], float64.

    In the sensor's frame as agents see it. Acceleration is what a sensor feels: 9.81 upwards at
    rest. The compass is 0 to the north (y of the map), clockwise, below 2 pi.
    """

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        self._mount, self._key = Mount.of(spec), key

    def read(self, scene: SensedScene, frame: int) -> FloatArray:
        """One sample."""
        ego, mount = scene.ego, self._mount
        turn = mount.turn_on(ego)
        lever = cross(ego.rates, cross(ego.rates, mount.place))
        felt = ego.acceleration + times(ego.turn, lever)
        felt = times(turn.T, felt + _UPWARDS)
        noise = self._key.normals(frame, 6)
        out = np.empty(7)
        out[:3] = place_for_agents(felt) + noise[:3] * _ACCELERATION_SD
        out[3:6] = rates_for_agents(times(mount.turn.T, ego.rates)) + noise[3:] * RATE_SD
        out[6] = (math.pi / 2 - math.atan2(turn[1, 0], turn[0, 0])) % (2 * math.pi)
        return out


class Speedometer:
    """{"speed": m/s}: along the vehicle's nose, negative backwards, without noise."""

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        pass

    def read(self, scene: SensedScene, frame: int) -> dict[str, float]:
        """One reading."""
        ego = scene.ego
        nose = ego.turn[:, 0]
        return {"speed": float((nose * ego.velocity).sum())}


class OpenDriveMap:
    """{"opendrive": the map's file as text}."""

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        self._text = surroundings.opendrive

    def read(self, scene: SensedScene, frame: int) -> dict[str, str]:
        """The same each time."""
        return {"opendrive": self._text}
