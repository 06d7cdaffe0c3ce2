"""Triggers that can never be true, as far as that can be proven from the file alone."""

from __future__ import annotations

import math

from concours.driving.scenarios import conditions as c
from concours.driving.scenarios.enums import (
    ConditionEdge,
    RelativeDistanceType,
    Rule,
    StoryboardElementState,
    StoryboardElementType,
)
from concours.driving.scenarios.errors import Place
from concours.driving.scenarios.findings import Findings, Severity
from concours.driving.scenarios.machine.by_value import find
from concours.driving.scenarios.machine.element import Element, grow
from concours.driving.scenarios.machine.states import Kind
from concours.driving.scenarios.nodes import Unsupported
from concours.driving.scenarios.parameters import ParameterAction
from concours.driving.scenarios.rules import BadComparison, holds
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.walking import walk

_LESS = {Rule.LESS_THAN, Rule.LESS_OR_EQUAL}
_MORE = {Rule.GREATER_THAN, Rule.GREATER_OR_EQUAL}
_NOT_AT = {Rule.GREATER_THAN, Rule.NOT_EQUAL_TO}
_SAID = "noted with the references"
_STRAIGHT = {RelativeDistanceType.EUCLIDIAN_DISTANCE, RelativeDistanceType.CARTESIAN_DISTANCE}


def check_triggers(scenario: Scenario, findings: Findings) -> None:
    """Note each condition that is never true, and each trigger for which that follows.

    Linear in the conditions, times the elements for conditions on states of elements.
    """
    prover = _Prover(scenario)
    root, triggers = grow(scenario.storyboard)
    for element, start, stop in triggers:
        for trigger, which in ((start, "StartTrigger"), (stop, "StopTrigger")):
            if trigger is not None and trigger.groups:
                prover.check(trigger, which, root, element, findings)


class _Prover:
    def __init__(self, scenario: Scenario) -> None:
        declarations = scenario.document.parameter_declarations
        variables = scenario.document.variable_declarations
        self._parameters = set(scenario.parameters)
        self._variables = {each.name for each in variables.declarations} if variables else set()
        changed = {
            node.parameter_ref
            for node in walk(scenario.document)
            if isinstance(node, ParameterAction)
        }
        self._constant = {
            each.name: (scenario.parameters.get(each.name, each.value), each.kind)
            for each in (declarations.declarations if declarations else ())
            if each.name not in changed
        }

    def check(
        self, trigger: c.Trigger, which: str, root: Element, owner: Element, findings: Findings
    ) -> None:
        dead = 0
        for group in trigger.groups:
            why = False
            for condition in group.conditions:
                reason = self._condition(condition, root, owner)
                why = why or bool(reason)
                if reason and reason != _SAID:
                    _note(findings, f"{reason}: never true", condition.place, "Condition")
            if not why:
                reason = _together(group)
                why = bool(reason)
                if reason:
                    _note(findings, f"{reason}: never true", group.place, "ConditionGroup")
            dead += why
        if dead == len(trigger.groups):
            message = f"the {which.lower().replace('trigger', ' trigger')} never fires"
            _note(findings, message, trigger.place, which)

    def _condition(self, condition: c.Condition, root: Element, owner: Element) -> str:
        test = condition.test
        match test:
            case Unsupported():
                return f"{test.tag} is not known"
            case c.ByEntityCondition():
                return _entity(test)
            case c.SimulationTimeCondition():
                return _time(test, condition.edge)
            case c.ParameterCondition():
                return self._parameter(test, condition.edge)
            case c.VariableCondition():
                return "" if test.variable_ref in self._variables else _SAID
            case c.StoryboardElementStateCondition():
                return _state(test, root, owner)
            case _:
                return ""

    def _parameter(self, test: c.ParameterCondition, edge: ConditionEdge) -> str:
        if test.parameter_ref not in self._parameters:
            return _SAID
        known = self._constant.get(test.parameter_ref)
        if known is None:
            return ""  # changed while it runs
        if edge is not ConditionEdge.NONE:
            return f"nothing changes the parameter {test.parameter_ref}, and an edge is awaited"
        try:
            met = holds(known[0], test.rule, test.value, known[1])
        except BadComparison as error:
            return str(error)
        return "" if met else f"nothing changes the parameter {test.parameter_ref} = {known[0]!r}"


def _time(test: c.SimulationTimeCondition, edge: ConditionEdge) -> str:
    low, high = _span(test)
    if high < 0 or (high == 0 and test.rule is Rule.LESS_THAN):
        return "time is never below zero"
    begins = test.value < 0 or (test.value == 0 and test.rule not in _NOT_AT)
    if edge is ConditionEdge.RISING and (test.rule in _LESS or begins):
        return "this is true at the start, and does not rise"
    if edge is ConditionEdge.FALLING and test.rule in _MORE:
        return "time does not fall again"
    return "time never gets there" if low == math.inf else ""


def _span(test: c.SimulationTimeCondition) -> tuple[float, float]:
    """The times at which the condition holds lie between these."""
    if test.rule in _LESS:
        return -math.inf, test.value
    if test.rule in _MORE:
        return test.value, math.inf
    if test.rule is Rule.EQUAL_TO:
        return test.value, test.value
    return -math.inf, math.inf


def _entity(test: c.ByEntityCondition) -> str:
    if not test.triggering.refs:
        return "no triggering entities"
    condition = test.condition
    match condition:
        case Unsupported():
            return f"{condition.tag} is not known"
        case c.TimeHeadwayCondition() | c.TimeToCollisionCondition():
            below = condition.rule in _LESS and condition.value < 0
            return "a time to something is never below zero" if below else ""
        case c.RelativeDistanceCondition(rule=rule, value=value):
            straight = condition.relative_distance_type in _STRAIGHT
            below = straight and rule in _LESS and value < 0
            return "a distance is never below zero" if below else ""
        case c.CollisionCondition(entity=None, by_type=None):
            return "a collision with nothing"
        case _:
            return ""


def _state(test: c.StoryboardElementStateCondition, root: Element, owner: Element) -> str:
    if find(root, Kind(test.element_type.value), test.element_ref, owner) is None:
        return f"there is no {test.element_type} {test.element_ref!r}"
    skips = test.state is StoryboardElementState.SKIP_TRANSITION
    if skips and test.element_type is not StoryboardElementType.EVENT:
        return "only events are skipped"
    return ""


def _together(group: c.ConditionGroup) -> str:
    """Why the conditions of a group cannot hold at one time."""
    if not group.conditions:
        return "a group without conditions"
    low, high, moments = -math.inf, math.inf, set()
    for condition in group.conditions:
        test = condition.test
        if not isinstance(test, c.SimulationTimeCondition):
            continue
        if condition.edge is ConditionEdge.NONE and condition.delay <= 0:
            first, last = _span(test)
            low, high = max(low, first), min(high, last)
        elif condition.edge is not ConditionEdge.NONE and test.rule in _LESS | _MORE:
            moments.add(test.value + max(0.0, condition.delay))
    if low > high:
        return f"time is never above {low:g} and below {high:g}"
    # An edge is seen in one step; two further apart than any step do not meet.
    if moments and max(moments) - min(moments) > 1:
        return f"edges at {min(moments):g} s and {max(moments):g} s do not meet"
    return ""


def _note(findings: Findings, message: str, place: Place, element: str) -> None:
    findings.add("never-true", message, place=place, element=element, severity=Severity.WARNING)
