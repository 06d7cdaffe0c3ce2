"""Conditions by value: time, parameters, variables, elements, signals, values from outside."""

from __future__ import annotations

import math

from concours.driving.scenarios import conditions as c
from concours.driving.scenarios.enums import Rule, StoryboardElementState
from concours.driving.scenarios.machine.element import Element
from concours.driving.scenarios.machine.host import Host
from concours.driving.scenarios.machine.signals import SignalBoard
from concours.driving.scenarios.machine.states import Kind, Move, State
from concours.driving.scenarios.machine.triggers import GRACE, Test, Until
from concours.driving.scenarios.machine.values import Table, Values
from concours.driving.scenarios.rules import COMPARISONS, BadComparison, holds

_STATES = {
    StoryboardElementState.STANDBY_STATE: State.STANDBY,
    StoryboardElementState.RUNNING_STATE: State.RUNNING,
    StoryboardElementState.COMPLETE_STATE: State.COMPLETE,
}
_MOVES = {
    StoryboardElementState.START_TRANSITION: Move.START,
    StoryboardElementState.END_TRANSITION: Move.END,
    StoryboardElementState.STOP_TRANSITION: Move.STOP,
    StoryboardElementState.SKIP_TRANSITION: Move.SKIP,
}


def time_test(condition: c.SimulationTimeCondition, host: Host) -> Test:
    """Seconds since the start; equal within rounding."""
    value = condition.value
    match condition.rule:
        case Rule.GREATER_THAN:
            return lambda: host.time > value + GRACE
        case Rule.GREATER_OR_EQUAL:
            return lambda: host.time >= value - GRACE
        case Rule.LESS_THAN:
            return lambda: host.time < value - GRACE
        case Rule.LESS_OR_EQUAL:
            return lambda: host.time <= value + GRACE
        case Rule.NOT_EQUAL_TO:
            return lambda: abs(host.time - value) > GRACE
        case _:
            return lambda: abs(host.time - value) <= GRACE


def time_until(condition: c.SimulationTimeCondition) -> Until:
    """Around its value the test may change."""
    low, high = condition.value - GRACE, condition.value + GRACE

    def until(now: float) -> float:
        if now < low:
            return low
        return high if now <= high else math.inf

    return until


def unknown(now: float) -> float:
    """For what may change at any time."""
    return -math.inf


def table_test(table: Table, name: str, rule: Rule, value: str) -> Test:
    """A named value; compared again only when it has changed."""
    last: str | None = None
    result = False

    def test() -> bool:
        nonlocal last, result
        text = table.texts.get(name)
        if text is None:
            return False
        if text is not last:
            last, result = text, table.holds(name, rule, value)
        return result

    return test


def day_test(condition: c.TimeOfDayCondition, values: Values, host: Host) -> Test:
    """Date and hour in the scene."""
    comparison, wanted = COMPARISONS[condition.rule], condition.date_time

    def test() -> bool:
        now = values.time_of_day(host.time)
        return now is not None and comparison(now, wanted)

    return test


def outside_test(condition: c.UserDefinedValueCondition, host: Host) -> Test:
    """A value from outside."""

    def test() -> bool:
        value = host.user_value(condition.name)
        try:
            return value is not None and holds(value, condition.rule, condition.value)
        except BadComparison:
            return False

    return test


def signal_test(condition: c.TrafficSignalCondition, board: SignalBoard, host: Host) -> Test:
    """A signal's state: the scenario's where it sets one, else the map's."""
    name, wanted = condition.name, condition.state

    def test() -> bool:
        state = board.state(name, host.time)
        return (host.signal_state(name) if state is None else state) == wanted

    return test


def phase_test(
    condition: c.TrafficSignalControllerCondition, board: SignalBoard, host: Host
) -> Test:
    """A controller's phase."""
    return lambda: board.phase(condition.controller_ref, host.time) == condition.phase


class ElementTest:
    """A state or a move of a storyboard element.

    A move counts once: at the first evaluation after it. For one who has not been asking, only what
    happened since the triggers of the last step were done counts.
    """

    __slots__ = ("_element", "_move", "_moves", "_seen", "_state")

    def __init__(self, element: Element, wanted: StoryboardElementState, moves: Moves) -> None:
        self._element = element
        self._state = _STATES.get(wanted)
        self._move = _MOVES.get(wanted)
        self._moves = moves
        self._seen = -1

    def __call__(self) -> bool:
        if self._move is None:
            return self._element.state is self._state
        mark = self._element.marks.get(self._move, 0)
        seen = self._seen if self._seen >= 0 else self._moves.before
        self._seen = self._moves.count
        return mark > seen

    def reset(self) -> None:
        """As if it had never asked."""
        self._seen = -1


class Moves:
    """The count of all moves; `before` is what it was when the last step's triggers were done."""

    def __init__(self) -> None:
        self.count = 0
        self.before = 0


def find(root: Element, kind: Kind, reference: str, near: Element) -> Element | None:
    """The element that "name" or "outer::name" means: of several the one nearest to `near`.

    Nearest is whose common parent with `near` lies deepest; of equals the first.
    """
    wanted = [part.strip() for part in reference.split("::")]
    outward = {id(element): depth for depth, element in enumerate(near.ancestors())}
    best: tuple[int, Element] | None = None
    for element in root.inside():
        if element.kind is not kind or not _is_called(element, wanted):
            continue
        distance = min(outward.get(id(each), 99) for each in element.ancestors())
        if best is None or distance < best[0]:
            best = (distance, element)
    return best[1] if best else None


def _is_called(element: Element, wanted: list[str]) -> bool:
    if element.name == "::".join(wanted):
        return True
    each: Element | None = element
    for name in reversed(wanted):
        if each is None or each.kind is Kind.STORYBOARD or each.name != name:
            return False
        each = each.parent
    return True
