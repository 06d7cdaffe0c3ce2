"""A small world for tests: points that move on straight lines along x, 100 steps a second."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from concours.driving.scenarios import actions as a
from concours.driving.scenarios import conditions as c
from concours.driving.scenarios.machine import (
    DEFAULT,
    Conventions,
    HostAction,
    Measure,
    Player,
    Record,
    Running,
)
from concours.driving.scenarios.positions import RelativeObjectPosition, WorldPosition
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.transitions import Transition, transition

STEP = 0.01


@dataclass
class Body:
    """One entity."""

    x: float = 0.0
    y: float = 0.0
    speed: float = 0.0
    acceleration: float = 0.0
    travelled: float = 0.0


@dataclass
class Course:
    """A speed that changes; done when the target is reached."""

    body: Body
    change: Transition
    since: float = 0.0
    stopped: bool = False

    def advance(self, step: float) -> None:
        self.since += step
        before = self.body.speed
        self.body.speed = self.change.value(self.since + 1e-9)
        self.body.acceleration = (self.body.speed - before) / step if step else 0.0

    def done(self) -> bool:
        return self.change.done(self.since + 1e-9)

    def stop(self) -> None:
        self.stopped = True


@dataclass
class Shift:
    """A change of lane: three metres to the side in as many seconds as the action says."""

    body: Body
    seconds: float
    since: float = 0.0
    stopped: bool = False

    def advance(self, step: float) -> None:
        self.since += step
        self.body.y += 3.0 * step / self.seconds

    def done(self) -> bool:
        return self.since >= self.seconds - 1e-9

    def stop(self) -> None:
        self.stopped = True


@dataclass
class StraightWorld:
    """Implements `machine.Host`: speeds, teleports, lane changes; the rest is done at once."""

    scenario: Scenario
    conventions: Conventions = DEFAULT
    now: float = 0.0
    user: dict[str, str] = field(default_factory=dict)
    signals: dict[str, str] = field(default_factory=dict)
    seen: list[tuple[float, str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bodies = {name: Body() for name in self.scenario.entities}
        self.courses: list[Course | Shift] = []
        self.count = 0
        self.player = Player(self.scenario, self, conventions=self.conventions)

    @property
    def time(self) -> float:
        return self.now

    def run(self, seconds: float) -> list[Record]:
        """Play for so long, or until the storyboard is complete."""
        for _ in range(round(seconds / STEP) + (self.count == 0)):
            self.step()
            if self.player.finished:
                break
        return self.player.record

    def step(self) -> None:
        step = STEP if self.count else 0.0
        self.now = self.count * STEP
        if self.count == 0:
            self.player.begin()
        self.player.evaluate()
        self.courses = [each for each in self.courses if not (each.stopped or each.done())]
        for course in self.courses:
            course.advance(step)
        for body in self.bodies.values():
            body.x += body.speed * step
            body.travelled += abs(body.speed) * step
        self.player.settle()
        self.count += 1

    def start(self, action: HostAction, actor: str | None) -> Running | None:
        self.seen.append((self.now, type(action).__name__, actor))
        if actor is None:
            return None
        body = self.bodies[actor]
        match action:
            case a.TeleportAction(position=WorldPosition(x=x, y=y)):
                body.x, body.y = x, y
            case a.TeleportAction(position=RelativeObjectPosition(entity_ref=other, dx=dx, dy=dy)):
                body.x, body.y = self.bodies[other].x + dx, self.bodies[other].y + dy
            case a.SpeedAction():
                return self._course(body, action)
            case a.LaneChangeAction():
                shift = Shift(body, action.dynamics.value)
                self.courses.append(shift)
                return shift
        return None

    def _course(self, body: Body, action: a.SpeedAction) -> Course:
        target = action.target.value
        if isinstance(action.target, a.RelativeTargetSpeed):
            target += self.bodies[action.target.entity_ref].speed
        dynamics = action.dynamics
        change = transition(
            start=body.speed,
            target=target,
            shape=dynamics.shape,
            dimension=dynamics.dimension,
            value=dynamics.value,
        )
        course = Course(body, change)
        if course.done():
            body.speed = target
        self.courses.append(course)
        return course

    def measure(self, condition: c.EntityCondition, entity: str) -> Measure:
        body = self.bodies[entity]
        match condition:
            case c.SpeedCondition() | c.StandStillCondition():
                return lambda: body.speed
            case c.AccelerationCondition():
                return lambda: body.acceleration
            case c.TraveledDistanceCondition():
                return lambda: body.travelled
            case c.RelativeSpeedCondition(entity_ref=name):
                return lambda: body.speed - self.bodies[name].speed
            case c.RelativeDistanceCondition(entity_ref=name):
                return lambda: self._between(body, self.bodies[name])
            case c.TimeHeadwayCondition(entity_ref=name):
                return lambda: self._headway(body, self.bodies[name])
            case _:
                return self._placed(condition, body)

    def _placed(self, condition: c.EntityCondition, body: Body) -> Measure:
        match condition:
            case c.ReachPositionCondition(position=WorldPosition(x=x, y=y)):
                return lambda: math.hypot(body.x - x, body.y - y)
            case c.DistanceCondition(position=WorldPosition(x=x, y=y)):
                return lambda: math.hypot(body.x - x, body.y - y)
            case c.CollisionCondition(entity=ref) if ref is not None:
                return lambda: float(self._between(body, self.bodies[ref.entity_ref]) < 1)
            case c.OffroadCondition():
                return lambda: float(abs(body.y) > 5)
            case c.AngleCondition():
                return lambda: math.copysign(math.pi, body.speed)
            case _:
                return lambda: None

    def _between(self, body: Body, other: Body) -> float:
        return math.hypot(body.x - other.x, body.y - other.y)

    def _headway(self, body: Body, other: Body) -> float | None:
        gap = other.x - body.x
        return gap / body.speed if gap > 0 and body.speed > 0 else None

    def signal_state(self, name: str) -> str | None:
        return self.signals.get(name)

    def user_value(self, name: str) -> str | None:
        return self.user.get(name)
