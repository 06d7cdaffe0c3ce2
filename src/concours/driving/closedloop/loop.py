"""The loop: the world shows, the algorithm answers, the vehicle moves; frame by frame, in step."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from concours.driving.agents import (
    AgentFailed,
    Briefing,
    Control,
    Missed,
    PlanPoint,
    Usage,
)
from concours.driving.agents import DirectControl as DirectAnswer
from concours.driving.closedloop.asking import task_of
from concours.driving.closedloop.plan import plan_of
from concours.driving.closedloop.run import CONTROL_FIELDS, FloatArray, Run
from concours.driving.closedloop.sensing import Sensing
from concours.driving.closedloop.task import Task
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import Scenario, find_map
from concours.driving.scenarios.machine import ESMINI, Conventions
from concours.driving.sensors import GeoReference, SensorSuite, Surroundings, kinds, parse_sensors
from concours.driving.sensors.terrain import flat, terrain_of
from concours.driving.vehicle import DirectControl, VehicleControl, VehicleParameters, preset
from concours.driving.world import CONTROL, STEP, World

VEHICLE = "carla-lincoln-mkz"
LONGEST = 3600.0
"""Seconds after which a run ends whatever the task allows."""


class End(StrEnum):
    """Why a run ended."""

    ARRIVED = "arrived"
    LATE = "time limit"
    STORYBOARD = "storyboard"
    FAULT = "fault"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Drive:
    """One scenario driven.

    Attributes:
        run: what scores read. end: why it ended. kind: of the fault, "" without one.
        sensors: what the algorithm asked for. log: what it printed, its head and tail.
        usage: what it used; apart from any score.
    """

    run: Run
    end: End
    kind: str = ""
    sensors: tuple[Mapping[str, Any], ...] = ()
    log: str = ""
    usage: Usage = field(default_factory=Usage)

    @property
    def notes(self) -> tuple[str, ...]:
        """What of the scenario could not be played."""
        return self.run.trace.notes


class Fault(Exception):
    """The algorithm can drive no further."""

    def __init__(self, kind: str, words: str) -> None:
        super().__init__(words)
        self.kind = kind


Ask = Callable[[int], FloatArray]
"""From the number of a frame to the control until the next; raises Fault."""
Text = Callable[[], str]
Watch = Callable[[float, Task], object]
"""Told of the time that has come (s), once a frame."""


def drive(
    scenario: Scenario,
    algorithm: Algorithm,
    *,
    setting: Setting | None = None,
    network: RoadNetwork | None = None,
    maps: Sequence[Path] = (),
    opendrive: str = "",
    watch: Watch | None = None,
) -> Drive:
    """Let an algorithm drive the ego of a scenario to its goal, or as far as it gets.

    The run ends at the goal, after the limit of time, when the storyboard ends, or at a fault of
    the algorithm, which is told and raises nothing. network, opendrive: the map and its text; found
    by the scenario where not given. Raises NoTask, BadScenario, BadMap.
    """
    setting = setting or Setting()
    world, frames, task = _begun(scenario, network, maps, setting)
    controls: list[FloatArray] = []
    fault: Fault | None
    sensors: tuple[Mapping[str, Any], ...] = ()
    try:
        asking = _Asking(
            world, task, algorithm, setting, lambda: opendrive or _text(scenario, maps)
        )
    except AgentFailed as failed:
        end, fault = End.FAULT, Fault(str(failed.kind), failed.reason)
    else:
        sensors = asking.sensors
        end, fault = _run(world, frames, task, asking, controls, watch)
        if fault is None:
            _tidy(algorithm)
    finally:
        algorithm.close()
    return Drive(
        run=_made(world, task, controls, str(fault) if fault else ""),
        end=End.FAULT if fault else end,
        kind=fault.kind if fault else "",
        sensors=sensors,
        log=algorithm.log,
        usage=algorithm.usage,
    )


def replay(
    scenario: Scenario,
    controls: FloatArray,
    *,
    setting: Setting | None = None,
    network: RoadNetwork | None = None,
    maps: Sequence[Path] = (),
    fault: str = "",
) -> Run:
    """Drive by a control log, (T - 1, 6) by CONTROL_FIELDS: no algorithm, the same run.

    fault: why the algorithm was stopped at the end of the log, as it was recorded.
    Raises as `drive` does, ValueError for a log of another shape.
    """
    if controls.ndim != 2 or controls.shape[1] != len(CONTROL_FIELDS):
        raise ValueError(f"a control log is (n, {len(CONTROL_FIELDS)}), not {controls.shape}")
    world, frames, task = _begun(scenario, network, maps, setting or Setting())

    def ask(number: int) -> FloatArray:
        if number >= len(controls):
            raise Fault("log", "the control log ends here")
        row: FloatArray = controls[number]
        return row

    used: list[FloatArray] = []
    _run(world, frames, task, ask, used, None)
    return _made(world, task, used, fault)


def _begun(
    scenario: Scenario, network: RoadNetwork | None, maps: Sequence[Path], setting: Setting
) -> tuple[World, Iterator[object], Task]:
    """A world at its first frame, the frames to come, and the task of the ego, handed over."""
    world = World(
        scenario, seed=setting.seed, network=network, maps=maps, conventions=setting.conventions,
        step=STEP, control=CONTROL, end=LONGEST,
    )  # fmt: skip
    frames = world.run()
    next(frames)
    task = task_of(world, ego=setting.ego or None)
    world.hand_over(task.ego, setting.vehicle)
    return world, frames, task


def _run(
    world: World,
    frames: Iterator[object],
    task: Task,
    ask: Ask,
    controls: list[FloatArray],
    watch: Watch | None,
) -> tuple[End, Fault | None]:
    """Frame after frame until there is a reason to end."""
    number = 0
    while True:
        end = _end(world, task)
        if end is not None:
            return end, None
        try:
            control = ask(number)
        except Fault as fault:
            return End.FAULT, fault
        world.control(task.ego, control)
        controls.append(control)
        if next(frames, None) is None:
            return End.STORYBOARD, None
        number += 1
        if watch is not None:
            watch(world.time, task)


def _end(world: World, task: Task) -> End | None:
    if not world.is_in_scene(task.ego):
        return End.STORYBOARD
    x, y = world.stage.scene.f[world.stage.row(task.ego), :2].tolist()
    if math.hypot(x - task.goal[0], y - task.goal[1]) <= task.radius:
        return End.ARRIVED
    if world.time > task.time_limit + 1e-9:
        return End.LATE
    return End.STORYBOARD if world.ended else None


class _Asking:
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
            plan=_briefed(network, task, geo), lat_ref=geo.latitude, lon_ref=geo.longitude
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


def _briefed(network: RoadNetwork | None, task: Task, geo: GeoReference) -> tuple[PlanPoint, ...]:
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


def _tidy(algorithm: Algorithm) -> None:
    """Let the algorithm clean up. What goes wrong in that changes nothing of what it has driven."""
    with contextlib.suppress(AgentFailed):
        algorithm.stop()


def _text(scenario: Scenario, maps: Sequence[Path]) -> str:
    """The map as its file has it."""
    found = find_map(scenario.path.parent, scenario.map_name, maps)
    return found.read_text("utf-8", "replace") if found is not None else ""


def _made(world: World, task: Task, controls: list[FloatArray], fault: str) -> Run:
    trace = world.trace
    if trace is None:
        raise RuntimeError("the world keeps no trace")
    rows = np.array(controls).reshape(-1, len(CONTROL_FIELDS))
    return Run(
        task=task, trace=trace, network=world.network, fault=fault,
        controls=rows[: max(len(trace.times) - 1, 0)],
    )  # fmt: skip
