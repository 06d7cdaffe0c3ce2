"""The algorithm at the wheel: its sensors are read, it is asked, its answer is a control."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from concours.driving.agents import (
    AgentFailed,
    Briefing,
    Control,
    Missed,
    PlanPoint,
    Usage,
)
from concours.driving.agents import DirectControl as DirectAnswer
from concours.driving.closedloop.plan import plan_of
from concours.driving.closedloop.run import FloatArray
from concours.driving.closedloop.sensing import Sensing
from concours.driving.closedloop.task import Task
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios.machine import ESMINI, Conventions
from concours.driving.sensors import GeoReference, SensorSuite, Surroundings, kinds, parse_sensors
from concours.driving.sensors.terrain import flat, terrain_of
from concours.driving.vehicle import DirectControl, VehicleControl, VehicleParameters, preset
from concours.driving.world import World

VEHICLE = "carla-lincoln-mkz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a scenario is driven under; the same setting and algorithm give the same run.

    Attributes:
        vehicle: how the ego answers its control. track: which sensors are allowed.
        seed: of the scenario's chance and the sensors' noise. ego: its name, "" to find it.
    """

    vehicle: VehicleParameters = field(default_factory=lambda: preset(VEHICLE))
    track: str = "carsmos"
    seed: int = 0
    ego: str = ""
    conventions: Conventions = ESMINI


class Algorithm(Protocol):
    """What drives: an agent in its own process, or here."""

    @property
    def usage(self) -> Usage: ...

    @property
    def log(self) -> str: ...

    def start(
        self, briefing: Briefing | None = None, *, check: Callable[[Any], object] | None = None
    ) -> Any: ...

    def step(
        self, *, frame: int, timestamp: float, readings: Any
    ) -> Control | DirectAnswer | Missed: ...

    def stop(self) -> None: ...

    def close(self) -> None: ...


class Fault(Exception):
    """The algorithm can drive no further."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


Ask = Callable[[int], FloatArray]
"""From the number of a frame to the control until the next; raises Fault."""
Text = Callable[[], str]


class Asking:
    """Asks an algorithm: reads its sensors, hands them over, takes the control."""

    def __init__(
        self, world: World, task: Task, algorithm: Algorithm, setting: Setting, text: Text
    ) -> None:
        """Starts the algorithm. Raises AgentFailed."""
        self._world = world
        self._algorithm = algorithm
        network = world.network
        geo = GeoReference.of_map(network.geo_reference if network is not None else "")
        briefing = Briefing(
            plan=briefed(network, task, geo), lat_ref=geo.latitude, lon_ref=geo.longitude
        )
        track = setting.track
        told = algorithm.start(briefing, check=lambda asked: parse_sensors(asked, track=track))
        self.sensors = tuple(dict(sensor) for sensor in told)
        specs = parse_sensors(told, track=track)
        self._sensing = Sensing(world, task, specs)
        ground = network is not None and self._sensing.sees_ground
        terrain = terrain_of(network) if network is not None and ground else flat()
        told_map = any(spec.type == kinds.MAP_TYPE for spec in specs)
        surroundings = Surroundings(terrain=terrain, opendrive=text() if told_map else "", geo=geo)
        self._suite = SensorSuite(specs, surroundings=surroundings, seed=setting.seed)
        self._held = VehicleControl().row()

    def __call__(self, number: int) -> FloatArray:
        readings = self._suite.read(self._sensing.scene(), number)
        try:
            answer = self._algorithm.step(
                frame=number, timestamp=self._world.time, readings=readings
            )
        except AgentFailed as failed:
            raise Fault(str(failed.kind), failed.reason) from None
        match answer:
            case Control():
                pedals = (answer.throttle, answer.steer, answer.brake)
                self._held = VehicleControl(*pedals, answer.hand_brake, answer.reverse).row()
            case DirectAnswer():
                self._held = DirectControl(answer.acceleration, answer.steering_angle).row()
            case Missed():
                pass  # the control before holds on
        return self._held.copy()


def briefed(network: RoadNetwork | None, task: Task, geo: GeoReference) -> tuple[PlanPoint, ...]:
    """The way as an algorithm is told it; only the goal where no lanes lead there."""
    if network is None or task.route is None:
        x, y, z = task.goal
        heading = math.atan2(y - task.start[1], x - task.start[0])
        ways = [(*task.start, "LANEFOLLOW"), (x, y, z, heading, "LANEFOLLOW")]
    else:
        points = plan_of(network, task.route)
        ways = [(p.x, p.y, p.z, p.heading, p.option.name) for p in points]
    return tuple(
        PlanPoint(
            x=x, y=y, z=z, heading=heading, command=command,
            latitude=degrees[0], longitude=degrees[1],
        )
        for x, y, z, heading, command in ways
        for degrees in (geo.degrees(x, y),)
    )  # fmt: skip
