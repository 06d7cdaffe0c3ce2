"""Parameters, variables and monitors while the scenario runs."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from concours.driving.scenarios.actions import SetMonitorAction
from concours.driving.scenarios.enums import ParameterType, Rule
from concours.driving.scenarios.expressions import as_text
from concours.driving.scenarios.parameters import (
    AddValue,
    ModifyAction,
    ParameterAction,
    SetAction,
    VariableAction,
)
from concours.driving.scenarios.rules import BadComparison, holds
from concours.driving.scenarios.scenario import Scenario
from concours.driving.scenarios.values import INTEGERS, BadValue, number, typed


class Table:
    """Named values of declared types, as text."""

    def __init__(self) -> None:
        self.kinds: dict[str, ParameterType] = {}
        self.texts: dict[str, str] = {}

    def declare(self, name: str, kind: ParameterType, text: str) -> None:
        self.kinds[name] = kind
        self.texts[name] = text

    def change(self, name: str, change: SetAction | ModifyAction) -> bool:
        """Set or modify a value; False (and no change) where the type does not allow it."""
        if name not in self.texts:
            return False
        try:
            text = self._changed(name, change)
            typed(text, self.kinds[name])
        except BadValue:
            return False
        self.texts[name] = text
        return True

    def _changed(self, name: str, change: SetAction | ModifyAction) -> str:
        if isinstance(change, SetAction):
            return change.value
        old, rule = number(self.texts[name]), change.rule
        new = old + rule.value if isinstance(rule, AddValue) else old * rule.value
        if not math.isfinite(new):
            raise BadValue("the result is not finite")
        return str(round(new)) if self.kinds[name] in INTEGERS else as_text(new)

    def holds(self, name: str, rule: Rule, value: str) -> bool:
        """Whether the value stands in the relation; False where there is none to compare."""
        if name not in self.texts:
            return False
        try:
            return holds(self.texts[name], rule, value, self.kinds[name])
        except BadComparison:
            return False


class Values:
    """All that actions change and conditions ask without an entity.

    monitors: truths that the scenario tells (1.3). moment: date and hour as last set, with the time
    at which it was set and whether it goes on.
    """

    def __init__(self, scenario: Scenario) -> None:
        document = scenario.document
        self.parameters = Table()
        if document.parameter_declarations is not None:
            for parameter in document.parameter_declarations.declarations:
                text = scenario.parameters.get(parameter.name, parameter.value)
                self.parameters.declare(parameter.name, parameter.kind, text)
        self.variables = Table()
        if document.variable_declarations is not None:
            for variable in document.variable_declarations.declarations:
                self.variables.declare(variable.name, variable.kind, variable.value)
        monitors = document.monitor_declarations
        self.monitors = (
            {each.name: each.value for each in monitors.declarations} if monitors else {}
        )
        self.moment: tuple[datetime, float, bool] | None = None

    def act(self, action: ParameterAction | VariableAction | SetMonitorAction) -> bool:
        """Do the action; False where it cannot be done."""
        if isinstance(action, SetMonitorAction):
            self.monitors[action.monitor_ref] = action.value
            return True
        if isinstance(action, ParameterAction):
            return self.parameters.change(action.parameter_ref, action.change)
        return self.variables.change(action.variable_ref, action.change)

    def time_of_day(self, now: float) -> datetime | None:
        """The date and hour in the scene; None before any was set."""
        if self.moment is None:
            return None
        then, since, goes_on = self.moment
        return then + timedelta(seconds=now - since) if goes_on else then
