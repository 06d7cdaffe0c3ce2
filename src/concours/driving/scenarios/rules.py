"""How two values compare under a Rule, by their declared type."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from concours.driving.scenarios.enums import ParameterType, Rule
from concours.driving.scenarios.values import BadValue, guessed, moment, number, truth

COMPARISONS: dict[Rule, Callable[[Any, Any], bool]] = {
    Rule.EQUAL_TO: operator.eq,
    Rule.NOT_EQUAL_TO: operator.ne,
    Rule.GREATER_THAN: operator.gt,
    Rule.GREATER_OR_EQUAL: operator.ge,
    Rule.LESS_THAN: operator.lt,
    Rule.LESS_OR_EQUAL: operator.le,
}
EQUALITIES = {Rule.EQUAL_TO, Rule.NOT_EQUAL_TO}


class BadComparison(ValueError):
    """The two values cannot be compared by the rule."""


def holds(left: str, rule: Rule, right: str, kind: ParameterType | None = None) -> bool:
    """Whether `left rule right`, both read as the type says (guessed where there is none).

    Texts and booleans know equality only; raises BadComparison for anything else.
    """
    try:
        if kind is None or kind is ParameterType.STRING:
            first, second = _alike(guessed(left), guessed(right), left, right)
        elif kind is ParameterType.DATE_TIME:
            first, second = moment(left), moment(right)
        elif kind is ParameterType.BOOLEAN:
            first, second = truth(left), truth(right)
        else:
            first, second = number(left), number(right)
    except BadValue as error:
        raise BadComparison(str(error)) from error
    if rule not in EQUALITIES and isinstance(first, bool | str):
        raise BadComparison(f"{left!r} {rule} {right!r}: only numbers and dates have an order")
    return COMPARISONS[rule](first, second)


def _alike(first: Any, second: Any, left: str, right: str) -> tuple[Any, Any]:
    return (first, second) if type(first) is type(second) else (left, right)
