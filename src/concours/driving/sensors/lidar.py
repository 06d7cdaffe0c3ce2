"""A lidar by ray casting."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from concours.driving.sensors.frames import circle, points_for_agents
from concours.driving.sensors.kernels.boxes import scratch
from concours.driving.sensors.kernels.sweep import Fan, sweep
from concours.driving.sensors.keys import Key
from concours.driving.sensors.mounting import Mount
from concours.driving.sensors.scene import SensedScene, Weather
from concours.driving.sensors.seeing import boxes_around
from concours.driving.sensors.specs import SensorSpec
from concours.driving.sensors.surroundings import Surroundings

ATTENUATION = 0.004
"""1/m in clear air; the leaderboard's."""
RAIN_ATTENUATION = 0.0002
"""1/m and mm/h."""
RANGE_SD = 0.02
"""Metres."""
DROPPED = 0.02
"""Share of rays that come to nothing in dry air."""
RAIN_DROPPED = 0.005
"""More of them with each mm/h, up to RAIN_DROPPED_MOST."""
RAIN_DROPPED_MOST = 0.3
FAINT = 0.02
"""Intensity below which nothing comes back: what ends the range in fog."""


class Lidar:
    """(n, 4) float32: x, y, z (m, in the sensor's frame as agents see it), intensity.

    A reading is a whole turn. Columns of channels x columns rays begin behind and go clockwise
    seen from above; in each, channels go upwards. Rays that meet nothing are left out. Intensity
    is exp(-attenuation x range), as in CARLA.
    """

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        values = spec.values
        self._mount, self._terrain, self._key = Mount.of(spec), surroundings.terrain, key
        self._range = values["range"]
        channels = int(values["channels"])
        rays = values["points_per_second"] / values["rotation_frequency"]
        self._fan = fan(
            channels=channels,
            columns=max(1, round(rays / channels)),
            lowest=math.radians(values["lower_fov"]),
            highest=math.radians(values["upper_fov"]),
        )
        shape = len(self._fan.around), channels
        self._work, self._depth = scratch(), np.empty(shape)
        self._points = np.empty((shape[0] * shape[1], 4), dtype=np.float32)

    def read(self, scene: SensedScene, frame: int) -> npt.NDArray[np.float32]:
        """One turn, as if all of it happened at once."""
        view = self._mount.on(scene.ego)
        count = sweep(
            self._terrain.seen_from(view.place),
            boxes_around(scene.others, view),
            self._fan,
            view.place,
            view.turn,
            settings(scene.weather, self._range),
            self._key.at(frame),
            self._work,
            self._depth,
            self._points,
        )
        return points_for_agents(self._points[:count].copy())


def settings(weather: Weather, far: float) -> npt.NDArray[np.float64]:
    """What weather makes of a lidar: see kernels/sweep.py."""
    attenuation = ATTENUATION + RAIN_ATTENUATION * weather.rain + weather.extinction
    dropped = DROPPED + min(RAIN_DROPPED * weather.rain, RAIN_DROPPED_MOST)
    spread = RANGE_SD * (1.0 + min(weather.rain / 20.0, 1.0))
    return np.array([far, attenuation, spread, dropped, FAINT])


def fan(*, channels: int, columns: int, lowest: float, highest: float) -> Fan:
    """Evenly spaced rays; the only channel of one looks to the middle."""
    azimuths = [math.pi * (1.0 - (2 * column + 1) / columns) for column in range(columns)]
    if channels == 1:
        lowest = highest = 0.5 * (lowest + highest)
    step = (highest - lowest) / max(channels - 1, 1)
    elevations = [lowest + step * channel for channel in range(channels)]
    return Fan(
        circle(np.array(azimuths)), circle(np.array(elevations)), np.array([lowest, step or 1.0])
    )
