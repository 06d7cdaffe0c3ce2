"""Conditions on time, states, values and traffic signals."""

from __future__ import annotations

from datetime import datetime

from concours.driving.scenarios.enums import (
    Rule,
    StoryboardElementState,
    StoryboardElementType,
)
from concours.driving.scenarios.nodes import (
    Node,
    attribute,
    node,
    reference,
)


@node
class ParameterCondition(Node):
    """A parameter's value."""

    parameter_ref: str = reference("parameter", "parameterRef")
    rule: Rule
    value: str


@node
class VariableCondition(Node):
    """A variable's value."""

    variable_ref: str = reference("variable", "variableRef")
    rule: Rule
    value: str


@node
class SimulationTimeCondition(Node):
    """Seconds since the start."""

    rule: Rule
    value: float


@node
class TimeOfDayCondition(Node):
    """The date and hour in the scene."""

    rule: Rule
    date_time: datetime


@node
class StoryboardElementStateCondition(Node):
    """A state or transition of an element: "name" or "outer::name"."""

    element_type: StoryboardElementType = attribute("storyboardElementType")
    element_ref: str = attribute("storyboardElementRef")
    state: StoryboardElementState


@node
class UserDefinedValueCondition(Node):
    """A value that comes from outside."""

    name: str
    rule: Rule
    value: str


@node
class TrafficSignalCondition(Node):
    """The state of a signal of the map."""

    name: str
    state: str


@node
class TrafficSignalControllerCondition(Node):
    """The phase of a controller."""

    controller_ref: str = reference("signal-controller", "trafficSignalControllerRef")
    phase: str


ValueCondition = (
    ParameterCondition
    | VariableCondition
    | SimulationTimeCondition
    | TimeOfDayCondition
    | StoryboardElementStateCondition
    | UserDefinedValueCondition
    | TrafficSignalCondition
    | TrafficSignalControllerCondition
)
