"""One scenario driven by actions, from its start to a reason to end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy.typing as npt

from concours.driving.closedloop import task_of
from concours.driving.gym.acting import Acting
from concours.driving.gym.kernels.meeting import met
from concours.driving.gym.line import Beside, Line
from concours.driving.gym.observing import Observation, observe
from concours.driving.gym.rewarding import Moment, Weights, reward
from concours.driving.gym.scenes import Scene
from concours.driving.roads import tables as t
from concours.driving.roads.kinds import DRIVABLE, mask
from concours.driving.scenarios.lights import Colour, colour_of
from concours.driving.vehicle import VehicleParameters, preset
from concours.driving.world import CONTROL, STEP, World
from concours.driving.world import layout as at

VEHICLE = "carla-lincoln-mkz"
LONGEST = 3600.0
"""Seconds after which an episode ends whatever the task allows."""
FASTEST, SLACK = 60.0, 30.0
"""m/s, and metres besides, that the ego can get on along its way in a step."""
_DRIVABLE = mask(DRIVABLE)


class End(StrEnum):
    """Why an episode ended."""

    ARRIVED = "arrived"
    COLLISION = "collision"
    OFF_ROAD = "off the road"
    LATE = "time limit"
    STORYBOARD = "storyboard"

    @property
    def terminal(self) -> bool:
        """Whether the ego itself brought it about; else the episode was cut short."""
        return self in (End.ARRIVED, End.COLLISION, End.OFF_ROAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Under which terms all episodes of an environment are driven.

    Attributes:
        seconds: of one action; whole multiples of CONTROL, 0.05 s. step: seconds of one step of the
            world inside; CONTROL must hold a whole number of them.
        others: how many others are shown.
    """

    acting: Acting = field(default_factory=Acting)
    weights: Weights = field(default_factory=Weights)
    vehicle: VehicleParameters = field(default_factory=lambda: preset(VEHICLE))
    seconds: float = 0.1
    step: float = STEP
    others: int = 8

    def __post_init__(self) -> None:
        """Raises ValueError for numbers out of range."""
        for whole, part, name in ((self.seconds, CONTROL, "seconds"), (CONTROL, self.step, "step")):
            times = whole / part if part > 0 else 0.0
            if not 1 <= round(times) <= 10**6 or abs(times - round(times)) > 1e-6:
                raise ValueError(f"{name}: {whole:g} s are no whole number of times {part:g} s")
        if not 0 <= self.others <= 1000:
            raise ValueError("others: 0 to 1000")


class Episode:
    """The world, the ego in it and its way. The same scene, terms, seed and actions: the same bits.

    Collisions, roads and lights are looked at every CONTROL seconds.

    Attributes:
        world, task, line. end: None while it goes on. reds: stop lines passed at red so far.
    """

    def __init__(self, scene: Scene, terms: Terms, *, seed: int) -> None:
        """At the moment 0. Raises NoTask for a scenario that asks nothing of its ego."""
        self._terms = terms
        self.world = World(
            scene.scenario, seed=seed, network=scene.network, step=terms.step, control=CONTROL,
            end=LONGEST, record=False,
        )  # fmt: skip
        self.world.skip(0)
        self.task = task_of(self.world)
        self.world.hand_over(self.task.ego, terms.vehicle)
        self._row = self.world.stage.row(self.task.ego)
        self._looks = round(terms.seconds / CONTROL)
        self._steps = round(CONTROL / terms.step)
        self.line = Line(self.task, scene.network, reach=FASTEST * terms.seconds + SLACK)
        self._beside = self._place()
        self.end: End | None = None
        self.reds = 0

    def step(self, action: npt.ArrayLike) -> float:
        """Drive on under an action (2,); the reward. Raises ValueError for no such action."""
        world = self.world
        world.control(self.task.ego, self._terms.acting.row(action))
        time, metres, reds = world.time, self._beside.metres, self.reds
        for _ in range(self._looks):
            world.skip(self._steps)
            if self.line.stops:
                self._pass_lights()
            self.end = self._ended()
            if self.end is not None:
                break
        self._beside = self._place()
        moment = Moment(
            seconds=world.time - time,
            metres=self._beside.metres - metres,
            aside=abs(self._beside.offset),
            speed=abs(float(world.stage.scene.f[self._row, at.SPEED])),
            limit=self.task.speed_limit,
            reds=self.reds - reds,
            collided=self.end is End.COLLISION,
            left_road=self.end is End.OFF_ROAD,
            arrived=self.end is End.ARRIVED,
        )
        return reward(moment, self._terms.weights)

    def observe(self, out: Observation) -> None:
        """Write what is seen now to out; see `observing`."""
        observe(
            out, scene=self.world.stage.scene, row=self._row, line=self.line, beside=self._beside,
            limit=self.task.speed_limit, colour=self._colour,
        )  # fmt: skip

    def info(self) -> dict[str, Any]:
        """Seconds, metres of the way, stop lines passed at red, why it ended ("" while it goes)."""
        return {
            "scenario": self.world.scenario.path.stem,
            "seconds": self.world.time,
            "metres": self._beside.metres,
            "reds": self.reds,
            "end": "" if self.end is None else str(self.end),
        }

    def _place(self) -> Beside:
        f = self.world.stage.scene.f[self._row]
        return self.line.beside(float(f[at.X]), float(f[at.Y]))

    def _pass_lights(self) -> None:
        """Count the stop lines passed at red since the last look."""
        front = float(self.world.stage.scene.f[self._row, at.FRONT])
        before = self._beside.metres + front
        self._beside = self._place()
        for stop in self.line.stops:
            passed = before < stop.metres <= self._beside.metres + front
            if passed and self._colour(stop.signals) is Colour.RED:
                self.reds += 1

    def _colour(self, signals: Sequence[str]) -> Colour:
        """Of the lights of a stop line: the first that is lit."""
        colours = (colour_of(self.world.light(signal) or "") for signal in signals)
        return next((colour for colour in colours if colour is not Colour.DARK), Colour.DARK)

    def _ended(self) -> End | None:
        world, scene = self.world, self.world.stage.scene
        if met(scene, self._row) >= 0:
            return End.COLLISION
        f, goal = scene.f[self._row], self.task.goal
        if math.hypot(f[at.X] - goal[0], f[at.Y] - goal[1]) <= self.task.radius:
            return End.ARRIVED
        if world.network is not None and self._off_road():
            return End.OFF_ROAD
        if world.time > self.task.time_limit - 1e-9:
            return End.LATE
        gone = world.ended or not world.is_in_scene(self.task.ego)
        return End.STORYBOARD if gone else None

    def _off_road(self) -> bool:
        """Whether the middle of the rear axle is on no lane that is driven on."""
        stage = self.world.stage
        lane = int(stage.scene.i[self._row, at.LANE])
        if lane < 0 or stage.scene.f[self._row, at.OUTSIDE_LANE] > 0.0:
            return True
        return not _DRIVABLE >> int(stage.tables.lanes[lane, t.LANE_TYPE]) & 1
