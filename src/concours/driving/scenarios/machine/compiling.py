"""From the triggers of the file to triggers that are watched."""

from __future__ import annotations

from concours.driving.scenarios import conditions as c
from concours.driving.scenarios.machine import by_value
from concours.driving.scenarios.machine.by_entity import EntityTest
from concours.driving.scenarios.machine.element import Element
from concours.driving.scenarios.machine.host import Host
from concours.driving.scenarios.machine.signals import SignalBoard
from concours.driving.scenarios.machine.states import Kind
from concours.driving.scenarios.machine.triggers import Test, Until, Watch, Watched
from concours.driving.scenarios.machine.values import Values
from concours.driving.scenarios.nodes import Unsupported
from concours.driving.scenarios.scenario import Scenario


def never() -> bool:
    """What refers to nothing, or is not known, is never true."""
    return False


class Compiler:
    """Makes the triggers of one storyboard.

    Attributes:
        counting: the conditions made so far that must be told of each moment.
    """

    def __init__(
        self,
        scenario: Scenario,
        host: Host,
        *,
        root: Element,
        values: Values,
        board: SignalBoard,
        moves: by_value.Moves,
    ) -> None:
        self._scenario = scenario
        self._host = host
        self._root = root
        self._values = values
        self._board = board
        self._moves = moves
        self.counting: list[EntityTest] = []

    def watch(self, trigger: c.Trigger, owner: Element, *, empty: bool = False) -> Watch:
        """The trigger of an element. empty: what one without groups says."""
        groups = [
            [self._watched(condition, owner) for condition in group.conditions]
            for group in trigger.groups
        ]
        return Watch(groups, empty=empty)

    def _watched(self, condition: c.Condition, owner: Element) -> Watched:
        if isinstance(condition.test, c.ByEntityCondition):
            if isinstance(condition.test.condition, Unsupported):
                return Watched(never)
            test = EntityTest(condition.test, self._scenario.members, self._host)
            if test.counts:
                self.counting.append(test)
            return Watched(
                test,
                edge=condition.edge,
                delay=condition.delay,
                reset=test.reset,
                who=test.met,
                until=test.until,
            )
        by_value_test = self._by_value(condition.test, owner)
        return Watched(
            by_value_test,
            edge=condition.edge,
            delay=condition.delay,
            reset=getattr(by_value_test, "reset", None),
            until=self._until(condition.test),
        )

    def _until(self, test: c.ValueCondition | Unsupported) -> Until | None:
        match test:
            case c.SimulationTimeCondition():
                return by_value.time_until(test)
            case c.TrafficSignalCondition() | c.TrafficSignalControllerCondition():
                return self._board.until
            case c.TimeOfDayCondition() | c.UserDefinedValueCondition():
                return by_value.unknown
            case _:
                return None

    def _by_value(self, test: c.ValueCondition | Unsupported, owner: Element) -> Test:
        host, values, board = self._host, self._values, self._board
        match test:
            case c.SimulationTimeCondition():
                return by_value.time_test(test, host)
            case c.ParameterCondition(parameter_ref=name, rule=rule, value=value):
                return by_value.table_test(values.parameters, name, rule, value)
            case c.VariableCondition(variable_ref=name, rule=rule, value=value):
                return by_value.table_test(values.variables, name, rule, value)
            case c.TimeOfDayCondition():
                return by_value.day_test(test, values, host)
            case c.UserDefinedValueCondition():
                return by_value.outside_test(test, host)
            case c.TrafficSignalCondition():
                return by_value.signal_test(test, board, host)
            case c.TrafficSignalControllerCondition():
                return by_value.phase_test(test, board, host)
            case c.StoryboardElementStateCondition():
                kind = Kind(test.element_type.value)
                element = by_value.find(self._root, kind, test.element_ref, owner)
                if element is None:
                    return never
                return by_value.ElementTest(element, test.state, self._moves)
            case _:
                return never
