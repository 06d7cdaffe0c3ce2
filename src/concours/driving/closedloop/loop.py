"""The loop: the world shows, the algorithm answers, the vehicle moves; frame by frame, in step."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from concours.driving.agents import (
    AgentFailed,
    Usage,
)
from concours.driving.closedloop.answering import Algorithm, Ask, Asking, Fault, Setting
from concours.driving.closedloop.asking import task_of
from concours.driving.closedloop.run import CONTROL_FIELDS, FloatArray, Run
from concours.driving.closedloop.task import Task
from concours.driving.roads import RoadNetwork
from concours.driving.scenarios import Scenario, find_map
from concours.driving.world import CONTROL, STEP, World

__all__ = [
    "LONGEST",
    "Algorithm",
    "Drive",
    "End",
    "Setting",
    "Watch",
    "drive",
    "replay",
    "replay_to_end",
]

LONGEST = 3600.0
"""Seconds after which a run ends whatever the task allows."""


class End(StrEnum):
    """Why a run ended."""

    ARRIVED = "arrived"
    LATE = "time limit"
    STORYBOARD = "storyboard"
    FAULT = "fault"


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
        asking = Asking(world, task, algorithm, setting, lambda: opendrive or _text(scenario, maps))
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
    return replay_to_end(
        scenario, controls, setting=setting, network=network, maps=maps, fault=fault
    )[0]


def replay_to_end(
    scenario: Scenario,
    controls: FloatArray,
    *,
    setting: Setting | None = None,
    network: RoadNetwork | None = None,
    maps: Sequence[Path] = (),
    fault: str = "",
) -> tuple[Run, End]:
    """As `replay`, and why it ended; FAULT where the log ended before there was a reason to."""
    if controls.ndim != 2 or controls.shape[1] != len(CONTROL_FIELDS):
        raise ValueError(f"a control log is (n, {len(CONTROL_FIELDS)}), not {controls.shape}")
    world, frames, task = _begun(scenario, network, maps, setting or Setting())

    def ask(number: int) -> FloatArray:
        if number >= len(controls):
            raise Fault("log", "the control log ends here")
        row: FloatArray = controls[number]
        return row

    used: list[FloatArray] = []
    end, _ = _run(world, frames, task, ask, used, None)
    return _made(world, task, used, fault), end


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
