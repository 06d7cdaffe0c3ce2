"""The track of objects: what a good detector would find, with declared noise; and the lights."""

from __future__ import annotations

import math
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from concours.driving.sensors.frames import FloatArray
from concours.driving.sensors.kernels.cast import cast
from concours.driving.sensors.kernels.listing import Doubt, Truth, aim_at, list_rows
from concours.driving.sensors.keys import Key
from concours.driving.sensors.mounting import Viewpoint
from concours.driving.sensors.scene import IntArray, Others, SensedScene, Weather
from concours.driving.sensors.seeing import boxes_around, dimness
from concours.driving.sensors.specs import SensorSpec
from concours.driving.sensors.surroundings import Surroundings

COLUMNS = ("id", "kind", "x", "y", "z", "yaw", "length", "width", "height", "vx", "vy")
"""Of the object list: kind by `Tag`; metres, radians, m/s in the ego's frame as agents see it."""
EYE = 1.5
"""Metres above the ground from which objects are seen."""
PLACE_SD, PLACE_SD_PER_METRE = 0.05, 0.005
"""Metres, and more of them with each metre of distance; on x and y, half of it on z."""
YAW_SD, SIZE_SD, VELOCITY_SD = 0.02, 0.05, 0.2
"""Radians, metres, m/s."""
NIGHT_RANGE = 0.6
"""Share of the range that is left at night."""
COUNTERS = 16
"""Of noise, for each object of a frame."""
SAMPLES = 0.9 * np.array(
    [(0, 0, 0), *[(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]]
)
"""Points of a box, in halves of its size, one of which has to be in sight."""
_UP, _UNTURNED = np.array([0.0, 0.0, EYE]), np.eye(3)


class ObjectList:
    """(n, 11) float64, columns by COLUMNS, nearest first.

    In sight are objects within range of which the middle or a corner can be seen over the ground
    and past the others. ids stay an object's own through a run and say nothing else. The velocity
    is that over the ground.
    """

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        self._range, self._key = spec.values["range"], key
        self._terrain = surroundings.terrain

    def read(self, scene: SensedScene, frame: int) -> FloatArray:
        """One list."""
        ego, others = scene.ego, scene.others
        eye = ego.place + _UP
        away = others.poses[:, :3] - eye
        distance = np.sqrt((away * away).sum(axis=1))
        far = sight(scene.weather, self._range)
        near = np.flatnonzero(distance <= far)
        near = near[np.lexsort((others.ids[near], distance[near]))]
        seen = near[self._in_sight(others, eye, near)] if len(near) else near
        rows = np.empty((len(seen), len(COLUMNS)))
        if len(seen):
            noise = self._key.rows(frame, COUNTERS * others.ids[seen], 9)
            scale = 1.0 + dimness(scene.weather)
            doubt = Doubt(PLACE_SD, PLACE_SD_PER_METRE, YAW_SD, SIZE_SD, VELOCITY_SD, scale)
            truth = Truth(*others, distance)
            list_rows(truth, seen, ego.place, ego.turn, ego.heading, doubt, noise, rows)
        return rows

    def _in_sight(self, others: Others, eye: FloatArray, rows: IntArray) -> npt.NDArray[np.bool_]:
        """(k,) whether a ray from the eye to a point of the box meets that box first."""
        boxes = boxes_around(others, Viewpoint(eye, _UNTURNED))
        rays = np.empty((len(rows) * len(SAMPLES), 3))
        aim_at(boxes, rows, SAMPLES, rays)
        depth, met = np.empty(len(rays)), np.empty(len(rays), dtype=np.int64)
        cast(self._terrain.seen_from(eye), boxes, eye, _UNTURNED, rays, math.inf, depth, met)
        found: npt.NDArray[np.bool_] = (met.reshape(len(rows), len(SAMPLES)) == rows[:, None]).any(
            axis=1
        )
        return found


def sight(weather: Weather, far: float) -> float:
    """How far objects are noticed."""
    dark = NIGHT_RANGE + (1.0 - NIGHT_RANGE) * weather.light
    return min(far * dark, weather.visual_range)


class SeenLight(TypedDict):
    """A light ahead: metres along the route to its stop line; "red", "yellow", "green", "off"."""

    id: str
    distance: float
    state: str


class TrafficLights:
    """A list of `SeenLight`, nearest first: the lights on the ego's way within range."""

    def __init__(self, spec: SensorSpec, surroundings: Surroundings, key: Key) -> None:
        self._range = spec.values["range"]

    def read(self, scene: SensedScene, frame: int) -> list[SeenLight]:
        """Without noise; fog and night shorten the range."""
        far = sight(scene.weather, self._range)
        ahead = sorted(scene.signals, key=lambda signal: (signal.distance, signal.id))
        return [
            SeenLight(id=each.id, distance=each.distance, state=each.state)
            for each in ahead
            if 0.0 <= each.distance <= far
        ]
