"""Which elements are played, and by whom: the table that `check` shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, get_args

from concours.driving.scenarios import actions as a
from concours.driving.scenarios import conditions as c
from concours.driving.scenarios import distributions as d
from concours.driving.scenarios.appearance import (
    AnimationAction,
    LightStateAction,
    VisibilityAction,
)
from concours.driving.scenarios.controllers import OverrideControllerValueAction
from concours.driving.scenarios.environment import EnvironmentAction
from concours.driving.scenarios.nodes import Node, Unsupported
from concours.driving.scenarios.parameters import ParameterAction, VariableAction
from concours.driving.scenarios.positions import Position, Shape
from concours.driving.scenarios.signals import (
    TrafficSignalControllerAction,
    TrafficSignalStateAction,
)
from concours.driving.scenarios.walking import element_name, walk


class By(StrEnum):
    """Who makes something of an element."""

    STORYBOARD = "played by the storyboard"
    WORLD = "handed to the world"
    KEPT = "kept, moves nothing"
    NOBODY = "not supported"


@dataclass(frozen=True, slots=True)
class Use:
    """An element that a file uses: how often, and who makes something of it."""

    group: str  # "action", "condition", "position", "shape" or "distribution"
    element: str
    count: int
    by: By


_STORYBOARD = (
    ParameterAction,
    VariableAction,
    a.SetMonitorAction,
    TrafficSignalControllerAction,
    TrafficSignalStateAction,
)
_KEPT = (
    AnimationAction,
    LightStateAction,
    VisibilityAction,
    EnvironmentAction,
    OverrideControllerValueAction,
)
_NOBODY = (Unsupported, a.UserDefinedAction, d.UserDefinedDistribution)
_DISTRIBUTIONS = (
    d.DistributionSet,
    d.DistributionRange,
    d.ValueSetDistribution,
    *get_args(d.AnyStochastic),
)


def _classes(union: Any) -> tuple[type[Node], ...]:
    return tuple(each for each in get_args(union) if each is not Unsupported)


_GROUPS: dict[type[Node], str] = {
    **dict.fromkeys(_classes(a.AnyAction), "action"),
    OverrideControllerValueAction: "action",  # one of a ControllerAction's parts
    **dict.fromkeys(_classes(c.EntityCondition), "condition"),
    **dict.fromkeys(_classes(c.ValueCondition), "condition"),
    **dict.fromkeys(_classes(Position), "position"),
    **dict.fromkeys(_classes(Shape), "shape"),
    **dict.fromkeys(_DISTRIBUTIONS, "distribution"),
    Unsupported: "unknown",
}


def by_whom(cls: type[Node]) -> By:
    """Who makes something of elements of this class."""
    if issubclass(cls, _NOBODY):
        return By.NOBODY
    if issubclass(cls, (*_STORYBOARD, *_classes(c.ValueCondition), *_DISTRIBUTIONS)):
        return By.STORYBOARD
    if issubclass(cls, _KEPT):
        return By.KEPT
    return By.WORLD


def table() -> list[tuple[str, str, By]]:
    """(group, element, who) of every element there is a choice of."""
    return [
        (group, cls.__name__, by_whom(cls))
        for cls, group in _GROUPS.items()
        if cls is not Unsupported
    ]


def uses(root: Node) -> list[Use]:
    """The elements that a document uses, in the order of the table, then of the file."""
    counts: Counter[tuple[str, str, By]] = Counter()
    for node in walk(root):
        group = _GROUPS.get(type(node))
        if group is not None:
            name = node.tag if isinstance(node, Unsupported) else element_name(node)
            counts[(group, name, by_whom(type(node)))] += 1
    order = list(dict.fromkeys(_GROUPS.values()))
    return sorted(
        (Use(group, name, count, by) for (group, name, by), count in counts.items()),
        key=lambda use: (order.index(use.group), -use.count, use.element),
    )
