"""The world as the ego's sensors meet it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from concours.driving.closedloop.task import Task
from concours.driving.closedloop.way import Way
from concours.driving.closedloop.weather import weather_of
from concours.driving.roads import RoadNetwork, Signal
from concours.driving.scenarios.environment import Environment
from concours.driving.scenarios.lights import colour_of
from concours.driving.sensors import (
    CATEGORIES,
    Ego,
    Lamp,
    Others,
    SensedScene,
    SensorSpec,
    SignalAhead,
    Tag,
    Weather,
    kinds,
    no_others,
)
from concours.driving.vehicle import layout as own
from concours.driving.world import World
from concours.driving.world import layout as at
from concours.driving.world.layout import FloatArray, IntArray
from concours.driving.world.stage import Stage

BLIND = {kinds.GNSS_TYPE, kinds.IMU_TYPE, kinds.SPEED_TYPE, kinds.MAP_TYPE}
"""Types that sense nothing but the ego itself."""
CAMERAS = {kinds.CAMERA_RGB, kinds.CAMERA_DEPTH, kinds.CAMERA_SEMANTIC}
SEEN = 100.0
"""Metres ahead in which traffic lights of the way are told."""
HEAD = 2.5
"""Metres of a signal's head above the road where the map gives no height."""
_BOX = [at.BACK, at.FRONT, at.RIGHT, at.LEFT, at.BELOW, at.ABOVE]
_NOBODY = no_others()


class Sensing:
    """Makes the scene that sensors read, as much of it as they need."""

    def __init__(self, world: World, task: Task, specs: Sequence[SensorSpec]) -> None:
        types = {spec.type for spec in specs}
        self._world = world
        self._row = world.stage.row(task.ego)
        self._ego = task.ego
        self._way: Way | None = None
        self._metres = 0.0
        if kinds.LIGHTS_TYPE in types and world.network is not None and task.route is not None:
            self._way = Way(world.network, task.route)
        self._sees_others = bool(types - BLIND)
        self._lamps = _heads(world) if types & CAMERAS else []
        self._middle = _middle(world, self._row)
        self._bodies: _Bodies | None = None
        self._environment: Environment | None = None
        self._sky = weather_of(None)

    @property
    def sees_ground(self) -> bool:
        """Whether a sensor meets more than the ego itself."""
        return self._sees_others

    def scene(self) -> SensedScene:
        """The scene now."""
        return SensedScene(
            ego=self._carrier(),
            others=self._others() if self._sees_others else _NOBODY,
            weather=self._weather(),
            signals=self._signals() if self._way is not None else (),
            lamps=tuple(lamp._replace(state=self._colour(name)) for name, lamp in self._lamps),
        )

    def _weather(self) -> Weather:
        """Worked out anew where the environment is another one."""
        environment = self._world.environment
        if environment is not self._environment:
            self._environment, self._sky = environment, weather_of(environment)
        return self._sky

    def _carrier(self) -> Ego:
        f = self._world.stage.scene.f[self._row]
        state = self._world.vehicle_state(self._ego).tolist()
        x, y, z, heading, pitch, roll = f[at.X : at.ROLL + 1].tolist()
        cos, sin = math.cos(heading), math.sin(heading)
        ahead, rate = self._middle, state[own.YAW_RATE]
        speed, gain = state[own.SPEED], state[own.ACCELERATION]
        side = state[own.LATERAL_ACCELERATION]
        across = ahead * rate  # of the box's middle, which swings about the rear axle
        return Ego(
            place=np.array([x + ahead * cos, y + ahead * sin, z]),
            heading=heading,
            pitch=pitch,
            roll=roll,
            velocity=np.array(
                [speed * cos - across * sin, speed * sin + across * cos, -speed * math.tan(pitch)]
            ),
            acceleration=np.array([gain * cos - side * sin, gain * sin + side * cos, 0.0]),
            rates=np.array([0.0, 0.0, rate]),
        )

    def _others(self) -> Others:
        stage = self._world.stage
        f, i = stage.scene.f, stage.scene.i
        if self._bodies is None or len(self._bodies.tags) != len(f):
            self._bodies = _Bodies.of(stage)  # somebody has come in
        bodies = self._bodies
        rows = np.flatnonzero(i[:, at.IN_SCENE])
        rows = rows[rows != self._row]
        pose = f[rows, at.X : at.ROLL + 1]
        cos, sin = np.cos(pose[:, 3]), np.sin(pose[:, 3])
        ahead, left, up = bodies.middles[:, rows]
        pose[:, 0] += ahead * cos - left * sin
        pose[:, 1] += ahead * sin + left * cos
        pose[:, 2] += up
        speed = f[rows, at.SPEED]
        velocities = np.empty((len(rows), 3))
        velocities[:, 0], velocities[:, 1] = speed * cos, speed * sin
        velocities[:, 2] = -speed * np.tan(pose[:, 4])
        return Others(
            ids=rows,
            kinds=bodies.tags[rows],
            poses=pose,
            sizes=bodies.sizes[rows],
            velocities=velocities,
        )

    def _signals(self) -> tuple[SignalAhead, ...]:
        way, network, scene = self._way, self._world.network, self._world.stage.scene
        if way is None or network is None:
            return ()
        road = int(scene.i[self._row, at.ROAD])
        s, front = float(scene.f[self._row, at.S]), float(scene.f[self._row, at.FRONT])
        name = network.road_ids[road] if road >= 0 else ""
        found = way.metres(name, s, near=self._metres)
        self._metres = found if found is not None else self._metres
        return tuple(
            SignalAhead(name, stop.metres - self._metres - front, self._colour(name))
            for stop in way.stops_from(self._metres + front, within=SEEN)
            for name in stop.signals
        )

    def _colour(self, signal: str) -> str:
        return str(colour_of(self._world.light(signal) or ""))


class _Bodies(NamedTuple):
    """Of all rows of a stage, in the scene or not.

    middles: (3, n) of boxes, ahead, to the left and up from the reference points (m). sizes:
    (n, 3) length, width, height. tags: (n,) of `Tag`.
    """

    middles: FloatArray
    sizes: FloatArray
    tags: IntArray

    @classmethod
    def of(cls, stage: Stage) -> _Bodies:
        box = stage.scene.f[:, _BOX]
        low, high = box[:, ::2], box[:, 1::2]
        tags = [CATEGORIES.get(body.category, Tag.STATIC) for body in stage.bodies]
        return cls(((low + high) / 2).T, high - low, np.array(tags, dtype=np.int64))


def _middle(world: World, row: int) -> float:
    """How far the box's middle is ahead of the reference point."""
    back, front = world.stage.scene.f[row, [at.BACK, at.FRONT]].tolist()
    return float(back + front) / 2


def _heads(world: World) -> list[tuple[str, Lamp]]:
    """The map's traffic lights that the scenario switches."""
    network = world.network
    if network is None:
        return []
    switched = set(world.player.board.names())
    return [
        (signal.id, _lamp(network, road, signal))
        for road in network.road_ids
        for signal in network.signals(road)
        if signal.dynamic and not signal.refers and signal.id in switched
    ]


def _lamp(network: RoadNetwork, road: str, signal: Signal) -> Lamp:
    """Where a signal's head is; it shines against the traffic that it holds for."""
    pose = network.road_pose(road, signal.s, signal.t)
    turned = math.pi if signal.orientation >= 0 else 0.0
    height = (signal.z_offset or HEAD) + signal.height / 2
    heading = math.remainder(pose.heading + turned + signal.h_offset, 2 * math.pi)
    return Lamp(pose.x, pose.y, pose.z + height, heading, "")
