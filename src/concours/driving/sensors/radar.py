"""A radar by a few rays in a cone."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.driving.sensors.frames import circle
from concours.driving.sensors.kernels.cast import NOTHING, cast
from concours.driving.sensors.keys import Key
from concours.driving.sensors.kinds import FRAMES_A_SECOND
from concours.driving.sensors.mounting import Mount
from concours.driving.sensors.scene import SensedScene
from concours.driving.sensors.seeing import boxes_around
from concours.driving.sensors.specs import SensorSpec
from concours.driving.sensors.surroundings import Surroundings

DEPTH_SD, VELOCITY_SD, ANGLE_SD = 0.1, 0.1, 0.002
"""Metres, m/s, rad."""
DROPPED, RAIN_DROPPED = 0.02, 0.002
"""Share of rays that come to nothing, and more of them with each mm/h (up to 0.2)."""
RAIN_DROPPED_MOST = 0.2


class Radar:
    """(n, 4) float32: depth (m), altitude (rad, up), azimuth (rad, to the right), velocity (m/s).

    In the leaderboard's order. Rays are spread evenly over the field by angle, anew each frame.
    Velocity is along the ray, of what was met less the sensor's: negative when it comes nearer.
    Ground and things that stand are met too. Fog and darkness change nothing.
    """

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        values = spec.values
        self._mount, self._terrain, self._key = Mount.of(spec), surroundings.terrain, key
        self._range = values["range"]
        self._field = np.radians([values["horizontal_fov"], values["vertical_fov"]])
        rate = FRAMES_A_SECOND / spec.period
        self._count = max(1, round(values["points_per_second"] / rate))

    def read(self, scene: SensedScene, frame: int) -> npt.NDArray[np.float32]:
        """One look."""
        count, view = self._count, self._mount.on(scene.ego)
        chance = self._key.uniforms(frame, 3 * count).reshape(count, 3)
        azimuth, altitude = ((chance[:, :2] - 0.5) * self._field).T
        around, upwards = circle(azimuth), circle(altitude)
        rays = np.column_stack([upwards[:, :1] * around, upwards[:, 1]])
        depth, met = np.empty(count), np.empty(count, dtype=np.int64)
        boxes = boxes_around(scene.others, view)
        ground = self._terrain.seen_from(view.place)
        cast(ground, boxes, view.place, view.turn, rays, self._range, depth, met)
        dropped = DROPPED + min(RAIN_DROPPED * scene.weather.rain, RAIN_DROPPED_MOST)
        kept = (met != NOTHING) & (chance[:, 2] >= dropped)
        velocity = _relative(self._mount.velocity(scene.ego), scene, met)
        along = (velocity * _turned(view.turn, rays)).sum(axis=1)
        noise = self._key.normals(frame, 4 * count, first=3 * count).reshape(count, 4)
        rows = np.stack(
            [
                np.maximum(depth + DEPTH_SD * noise[:, 0], 0.0),
                altitude + ANGLE_SD * noise[:, 1],
                -azimuth + ANGLE_SD * noise[:, 2],
                along + VELOCITY_SD * noise[:, 3],
            ],
            axis=1,
        )
        out: npt.NDArray[np.float32] = rows[kept].astype(np.float32)
        return out


def _relative(
    own: npt.NDArray[np.float64], scene: SensedScene, met: npt.NDArray[np.int64]
) -> npt.NDArray[np.float64]:
    """(n, 3) velocities in the world of what was met, less the sensor's own."""
    velocities = np.zeros((len(met), 3))
    on_box = met >= 0
    velocities[on_box] = scene.others.velocities[met[on_box]]
    return velocities - own


def _turned(
    turn: npt.NDArray[np.float64], rays: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """(n, 3) rays in the world."""
    out: npt.NDArray[np.float64] = (rays[:, None, :] * turn[None, :, :]).sum(axis=2)
    return out
