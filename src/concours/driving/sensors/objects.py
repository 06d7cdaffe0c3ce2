"""The track of objects: what a good detector would find, with declared noise; and the lights."""

from __future__ import annotations

import math
from typing import TypedDict

import numpy as np
import numpy.typing as npt

from concours.driving.sensors.frames import FloatArray
from concours.driving.sensors.kernels.boxes import HALF, MIDDLE, TURN
from concours.driving.sensors.kernels.cast import cast
from concours.driving.sensors.keys import Key
from concours.driving.sensors.mounting import Viewpoint
from concours.driving.sensors.scene import Ego, IntArray, Others, SensedScene, Weather
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
        eye = ego.place + np.array([0.0, 0.0, EYE])
        away = others.poses[:, :3] - eye
        distance = np.sqrt((away * away).sum(axis=1))
        far = sight(scene.weather, self._range)
        near = np.flatnonzero(distance <= far)
        near = near[np.lexsort((others.ids[near], distance[near]))]
        seen = near[self._in_sight(others, eye, near)]
        rows = _rows(ego, others, seen)
        place = PLACE_SD + PLACE_SD_PER_METRE * distance[seen]
        spread = np.empty((len(seen), 9))
        spread[:, 0] = spread[:, 1] = place
        spread[:, 2] = 0.5 * place
        spread[:, 3:] = [YAW_SD, *[SIZE_SD] * 3, *[VELOCITY_SD] * 2]
        noise = self._key.rows(frame, COUNTERS * others.ids[seen], 9)
        rows[:, 2:] += (1.0 + dimness(scene.weather)) * spread * noise
        np.maximum(rows[:, 6:9], 0.1, out=rows[:, 6:9])
        return rows

    def _in_sight(self, others: Others, eye: FloatArray, rows: IntArray) -> npt.NDArray[np.bool_]:
        """(k,) whether a ray from the eye to a point of the box meets that box first."""
        view = Viewpoint(eye, np.eye(3))
        boxes = boxes_around(others, view)
        middles, halves = boxes[rows, MIDDLE : MIDDLE + 3], boxes[rows, HALF : HALF + 3]
        axes = boxes[rows, TURN : TURN + 9].reshape(-1, 1, 3, 3)
        points = SAMPLES * halves[:, None, :]
        rays = middles[:, None, :] + (points[..., None] * axes).sum(axis=2)
        rays /= np.maximum(np.sqrt((rays * rays).sum(axis=2, keepdims=True)), 1e-9)
        flat = np.ascontiguousarray(rays.reshape(-1, 3))
        depth, met = np.empty(len(flat)), np.empty(len(flat), dtype=np.int64)
        ground = self._terrain.seen_from(eye)
        cast(ground, boxes, view.place, view.turn, flat, math.inf, depth, met)
        found: npt.NDArray[np.bool_] = (met.reshape(len(rows), len(SAMPLES)) == rows[:, None]).any(
            axis=1
        )
        return found


def sight(weather: Weather, far: float) -> float:
    """How far objects are noticed."""
    dark = NIGHT_RANGE + (1.0 - NIGHT_RANGE) * weather.light
    return min(far * dark, weather.visual_range)


def _rows(ego: Ego, others: Others, seen: IntArray) -> FloatArray:
    """The truth of those seen, in the frame that agents see."""
    away = others.poses[seen, :3] - ego.place
    moving = others.velocities[seen]
    turn = ego.turn
    rows = np.empty((len(seen), len(COLUMNS)))
    rows[:, 0], rows[:, 1] = others.ids[seen], others.kinds[seen]
    rows[:, 2:5] = (away[:, :, None] * turn[None, :, :]).sum(axis=1)
    rows[:, 9:] = (moving[:, :, None] * turn[None, :, :]).sum(axis=1)[:, :2]
    rows[:, [3, 10]] *= -1.0
    turned = ego.heading - others.poses[seen, 3]
    rows[:, 5] = turned - 2.0 * math.pi * np.rint(turned / (2.0 * math.pi))
    rows[:, 6:9] = others.sizes[seen]
    return rows


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
