"""The world as the ego's sensors meet it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from concours.driving.closedloop.lights import colour_of
from concours.driving.closedloop.task import Task
from concours.driving.closedloop.way import Way
from concours.driving.closedloop.weather import weather_of
from concours.driving.roads import RoadNetwork, Signal
from concours.driving.sensors import (
    CATEGORIES,
    Ego,
    Lamp,
    Others,
    SensedScene,
    SensorSpec,
    SignalAhead,
    Tag,
    kinds,
    no_others,
)
from concours.driving.vehicle import layout as own
from concours.driving.world import World
from concours.driving.world import layout as at

BLIND = {kinds.GNSS_TYPE, kinds.IMU_TYPE, kinds.SPEED_TYPE, kinds.MAP_TYPE}
"""Types that sense nothing but the ego itself."""
CAMERAS = {kinds.CAMERA_RGB, kinds.CAMERA_DEPTH, kinds.CAMERA_SEMANTIC}
SEEN = 100.0
"""Metres ahead in which traffic lights of the way are told."""
HEAD = 2.5
"""Metres of a signal's head above the road where the map gives no height."""
_POSE = [at.X, at.Y, at.Z, at.HEADING, at.PITCH, at.ROLL]
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

    @property
    def sees_ground(self) -> bool:
        """Whether a sensor meets more than the ego itself."""
        return self._sees_others

    def scene(self) -> SensedScene:
        """The scene now."""
        return SensedScene(
            ego=self._carrier(),
            others=self._others() if self._sees_others else _NOBODY,
            weather=weather_of(self._world.environment),
            signals=self._signals() if self._way is not None else (),
            lamps=tuple(lamp._replace(state=self._colour(name)) for name, lamp in self._lamps),
        )

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
        rows = np.flatnonzero(i[:, at.IN_SCENE])
        rows = rows[rows != self._row]
        pose, box = f[rows][:, _POSE], f[rows][:, _BOX]
        cos, sin = np.cos(pose[:, 3]), np.sin(pose[:, 3])
        ahead, left = box[:, :2].mean(axis=1), box[:, 2:4].mean(axis=1)
        pose[:, 0] += ahead * cos - left * sin
        pose[:, 1] += ahead * sin + left * cos
        pose[:, 2] += box[:, 4:].mean(axis=1)
        speed = f[rows, at.SPEED]
        velocities = np.stack([speed * cos, speed * sin, -speed * np.tan(pose[:, 4])], axis=1)
        tags = [CATEGORIES.get(stage.bodies[row].category, Tag.STATIC) for row in rows.tolist()]
        return Others(
            ids=rows.astype(np.int64),
            kinds=np.array(tags, dtype=np.int64),
            poses=pose,
            sizes=box[:, 1::2] - box[:, ::2],
            velocities=velocities,
        )

    def _signals(self) -> tuple[SignalAhead, ...]:
        way, state = self._way, self._world.state(self._ego)
        if way is None:
            return ()
        front = float(self._world.stage.scene.f[self._row, at.FRONT])
        found = way.metres(state.road, state.s, near=self._metres)
        self._metres = found if found is not None else self._metres
        return tuple(
            SignalAhead(name, stop.metres - self._metres - front, self._colour(name))
            for stop in way.stops_from(self._metres + front, within=SEEN)
            for name in stop.signals
        )

    def _colour(self, signal: str) -> str:
        return str(colour_of(self._world.light(signal) or ""))


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
