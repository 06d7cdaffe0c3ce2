"""Conditions by entity: what the host measures, compared here; durations are counted here."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from concours.driving.scenarios import conditions as c
from concours.driving.scenarios.enums import Rule, TriggeringEntitiesRule
from concours.driving.scenarios.machine.host import Host, Measure
from concours.driving.scenarios.machine.triggers import GRACE, Test, Until

SAME = 1e-6  # two measured numbers are equal within this
STILL = 1e-4  # an entity slower than this (m/s) stands

_COMPARED = (
    c.SpeedCondition,
    c.AccelerationCondition,
    c.RelativeSpeedCondition,
    c.TimeHeadwayCondition,
    c.TimeToCollisionCondition,
    c.DistanceCondition,
    c.RelativeDistanceCondition,
)
_LASTING = (c.StandStillCondition, c.EndOfRoadCondition, c.OffroadCondition)


def compare(rule: Rule, value: float) -> Callable[[float], bool]:
    """A comparison with a number; equality within SAME."""
    match rule:
        case Rule.GREATER_THAN:
            return lambda measured: measured > value
        case Rule.GREATER_OR_EQUAL:
            return lambda measured: measured >= value
        case Rule.LESS_THAN:
            return lambda measured: measured < value
        case Rule.LESS_OR_EQUAL:
            return lambda measured: measured <= value
        case Rule.NOT_EQUAL_TO:
            return lambda measured: abs(measured - value) > SAME
        case _:
            return lambda measured: abs(measured - value) <= SAME


class EntityTest:
    """A condition on several entities: true for any or for all of them."""

    def __init__(
        self, condition: c.ByEntityCondition, members: Callable[[str], Sequence[str]], host: Host
    ) -> None:
        names = dict.fromkeys(
            name for ref in condition.triggering.refs for name in members(ref.entity_ref)
        )
        self.names = tuple(names)
        self._lasting: list[_Lasting] = []
        self._tests = [self._test(condition.condition, name, host) for name in self.names]
        self._all = condition.triggering.rule is TriggeringEntitiesRule.ALL
        self._alone = self._tests[0] if len(self._tests) == 1 else None
        self._met: Sequence[bool] = ()

    def _test(self, condition: object, name: str, host: Host) -> Test:
        measure = host.measure(condition, name)  # type: ignore[arg-type]
        if isinstance(condition, _LASTING):
            still = isinstance(condition, c.StandStillCondition)
            lasting = _Lasting(measure, condition.duration, host, still=still)
            self._lasting.append(lasting)
            return lasting
        return _tested(measure, _judge(condition))

    def __call__(self) -> bool:
        if self._alone is not None:
            met = self._alone()
            self._met = (met,)
            return met
        self._met = [test() for test in self._tests]  # all of them: durations are counted on
        return bool(self._met) and (all(self._met) if self._all else any(self._met))

    @property
    def until(self) -> Until | None:
        """When a state that lasts will have lasted long enough; None where time alone does nothing.

        See triggers.Until.
        """
        return self._until if self._lasting else None

    def _until(self, now: float) -> float:
        return min(lasting.until(now) for lasting in self._lasting)

    @property
    def counts(self) -> bool:
        """Whether it must be told of each moment: a state lasts also while nobody asks for it."""
        return any(lasting.counts for lasting in self._lasting)

    def count(self) -> None:
        """Note since when states last."""
        for lasting in self._lasting:
            lasting()

    def met(self) -> list[str]:
        """The entities that met the condition at the last evaluation."""
        return [name for name, met in zip(self.names, self._met, strict=False) if met]

    def reset(self) -> None:
        """Forget who met it; a state goes on lasting."""
        self._met = ()


def _judge(condition: object) -> Callable[[float], bool]:
    match condition:
        case c.TraveledDistanceCondition(value=value):
            return compare(Rule.GREATER_OR_EQUAL, value)
        case c.ReachPositionCondition(tolerance=tolerance):
            return compare(Rule.LESS_OR_EQUAL, tolerance)
        case c.AngleCondition() | c.RelativeAngleCondition():
            angle, tolerance = condition.angle, condition.angle_tolerance
            return lambda measured: abs(_turned(measured - angle)) <= tolerance
        case _ if isinstance(condition, _COMPARED):
            return compare(condition.rule, condition.value)
        case _:
            return lambda measured: measured != 0


def _turned(angle: float) -> float:
    """The angle within -pi .. pi."""
    return math.remainder(angle, 2 * math.pi)


def _tested(measure: Measure, judge: Callable[[float], bool]) -> Test:
    def test() -> bool:
        measured = measure()
        return measured is not None and judge(measured)

    return test


class _Lasting:
    """True once a state has lasted for a duration (s), from when it began, asked for or not."""

    def __init__(self, measure: Measure, duration: float, host: Host, *, still: bool) -> None:
        self._measure = measure
        self._duration = duration
        self._host = host
        self._still = still
        self.since: float | None = None
        self.counts = duration > GRACE

    def __call__(self) -> bool:
        measured = self._measure()
        now = self._host.time
        if measured is None or (abs(measured) > STILL if self._still else measured == 0):
            self.since = None
            return False
        if self.since is None:
            self.since = now
        return now - self.since >= self._duration - GRACE

    def until(self, now: float) -> float:
        """When the duration will be over; never if it is, or has not begun."""
        if self.since is None or now - self.since >= self._duration - GRACE:
            return math.inf
        return self.since + self._duration - GRACE
