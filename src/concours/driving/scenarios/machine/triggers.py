"""Triggers as they are watched: edges, delays, groups.

A condition has a truth at each evaluation. Its edge makes a pulse of a change (at the first
evaluation there is nothing to change from, so that only edge "none" can be true). Its delay d says
that what was the case d seconds ago counts now: at time t the value is that of the last evaluation
at or before t - d, and false where there was none (ASAM OpenSCENARIO XML 1.2, Condition).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence

from concours.driving.scenarios.enums import ConditionEdge

GRACE = 1e-6  # seconds by which times may differ through rounding

Test = Callable[[], bool]
Until = Callable[[float], float]
"""From now (s) to the earliest time at which a test may change while the world's measured truths
and the storyboard's elements stay as they are; -inf where that is not known."""


class Watched:
    """One condition being watched."""

    __slots__ = (
        "_before", "_delay", "_edge", "_history", "_pulsed", "_reset", "_test", "_until",
        "timeless", "update", "who",
    )  # fmt: skip

    def __init__(
        self,
        test: Test,
        *,
        edge: ConditionEdge = ConditionEdge.NONE,
        delay: float = 0.0,
        reset: Callable[[], None] | None = None,
        who: Callable[[], Sequence[str]] | None = None,
        until: Until | None = None,
    ) -> None:
        """test: the truth now. reset: forget what it has counted. who: the entities that met it.

        until: None where time alone changes nothing; then `timeless` says so, but for a condition
        with an edge or a delay.
        """
        self._test = test
        self._edge = edge
        self._delay = max(0.0, delay)
        self._reset = reset
        self.who = who
        self._before: bool | None = None
        self._history: deque[tuple[float, bool]] = deque()
        self._pulsed = False
        self._until = until
        # Evaluates at time `now`, which never goes back; most conditions are plain tests.
        plain = edge is ConditionEdge.NONE and delay <= 0
        self.timeless = plain and until is None
        self.update: Callable[[float], bool] = (lambda _: test()) if plain else self._update

    def until(self, now: float) -> float:
        """When its value may change by time alone, having been evaluated at time `now`; see Until.

        A pulse has to be taken back at the next evaluation, whenever that is.
        """
        if self._edge is not ConditionEdge.NONE and (self._pulsed or self._before is None):
            return -math.inf
        when = math.inf if self._until is None else self._until(now)
        if self._delay > 0 and self._history:
            then = now - self._delay + GRACE
            waiting = [at for at, _ in self._history if at > then]
            if waiting:
                when = min(when, waiting[0] + self._delay - GRACE)
        return when

    def reset(self) -> None:
        """As if it had never been evaluated."""
        self._before = None
        self._history.clear()
        if self._reset is not None:
            self._reset()

    def _update(self, now: float) -> bool:
        value = self._test()
        if self._edge is not ConditionEdge.NONE:
            value, self._before = self._pulse(value), value
            self._pulsed = value
        if self._delay > 0:
            value = self._delayed(value, now)
        return value

    def _pulse(self, value: bool) -> bool:
        before = self._before
        if before is None or before == value:
            return False
        if self._edge is ConditionEdge.RISING:
            return value
        if self._edge is ConditionEdge.FALLING:
            return before
        return True

    def _delayed(self, value: bool, now: float) -> bool:
        history = self._history
        if not history or history[-1][1] != value:
            history.append((now, value))
        then = now - self._delay + GRACE
        while len(history) > 1 and history[1][0] <= then:
            history.popleft()
        when, old = history[0]
        return old and when <= then


class Watch:
    """A trigger being watched: true while all conditions of any group are.

    All conditions are evaluated each time, whatever the others say: edges and delays need it.
    """

    __slots__ = ("_groups", "_only", "_timed", "fired", "groups_fired", "passes")

    def __init__(self, groups: Sequence[Sequence[Watched]], *, empty: bool = False) -> None:
        """empty: what a trigger without groups says."""
        self._groups = [list(group) for group in groups]
        self._timed = [each for group in self._groups for each in group if not each.timeless]
        alone = len(self._groups) == 1 and len(self._groups[0]) == 1
        self._only = self._groups[0][0] if alone else None
        self.passes = empty and not groups
        self.fired = False
        self.groups_fired: list[int] = []

    @property
    def groups(self) -> list[list[Watched]]:
        return self._groups

    @property
    def timeless(self) -> bool:
        """Whether time alone changes nothing."""
        return not self._timed

    def until(self, now: float) -> float:
        """The earliest of its conditions; see Watched.until."""
        return min((each.until(now) for each in self._timed), default=math.inf)

    def reset(self) -> None:
        """As if it had never been evaluated (whether it has ever fired is kept)."""
        for group in self._groups:
            for condition in group:
                condition.reset()

    def update(self, now: float) -> bool:
        """Evaluate at time `now`."""
        if self._only is not None:
            if not self._only.update(now):
                return False
            self.groups_fired, self.fired = [0], True
            return True
        result = self.passes
        if self.groups_fired:
            self.groups_fired = []
        for number, group in enumerate(self._groups):
            holds = bool(group)
            for condition in group:
                holds = condition.update(now) and holds
            if holds:
                self.groups_fired.append(number)
                result = True
        if result:
            self.fired = True
        return result

    def entities(self) -> tuple[str, ...]:
        """The entities that met the conditions by entity of the groups that fired last."""
        found: dict[str, None] = {}
        for number in self.groups_fired:
            for condition in self._groups[number]:
                if condition.who is not None:
                    found.update(dict.fromkeys(condition.who()))
        return tuple(found)
