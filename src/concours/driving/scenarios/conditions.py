"""When things happen: triggers, groups, conditions by entity and by value."""

from __future__ import annotations

from concours.driving.scenarios.entities import EntityRef
from concours.driving.scenarios.entity_conditions import (
    AccelerationCondition,
    AngleCondition,
    CollisionCondition,
    DistanceCondition,
    EndOfRoadCondition,
    EntityCondition,
    OffroadCondition,
    ReachPositionCondition,
    RelativeAngleCondition,
    RelativeClearanceCondition,
    RelativeDistanceCondition,
    RelativeLaneRange,
    RelativeSpeedCondition,
    SpeedCondition,
    StandStillCondition,
    TimeHeadwayCondition,
    TimeToCollisionCondition,
    TimeToCollisionConditionTarget,
    TraveledDistanceCondition,
)
from concours.driving.scenarios.enums import (
    ConditionEdge,
    TriggeringEntitiesRule,
)
from concours.driving.scenarios.nodes import (
    Node,
    Unsupported,
    attribute,
    child,
    inline,
    node,
)
from concours.driving.scenarios.value_conditions import (
    ParameterCondition,
    SimulationTimeCondition,
    StoryboardElementStateCondition,
    TimeOfDayCondition,
    TrafficSignalCondition,
    TrafficSignalControllerCondition,
    UserDefinedValueCondition,
    ValueCondition,
    VariableCondition,
)

__all__ = [
    "AccelerationCondition",
    "AngleCondition",
    "ByEntityCondition",
    "CollisionCondition",
    "Condition",
    "ConditionGroup",
    "DistanceCondition",
    "EndOfRoadCondition",
    "EntityCondition",
    "OffroadCondition",
    "ParameterCondition",
    "ReachPositionCondition",
    "RelativeAngleCondition",
    "RelativeClearanceCondition",
    "RelativeDistanceCondition",
    "RelativeLaneRange",
    "RelativeSpeedCondition",
    "SimulationTimeCondition",
    "SpeedCondition",
    "StandStillCondition",
    "StoryboardElementStateCondition",
    "TimeHeadwayCondition",
    "TimeOfDayCondition",
    "TimeToCollisionCondition",
    "TimeToCollisionConditionTarget",
    "TrafficSignalCondition",
    "TrafficSignalControllerCondition",
    "TraveledDistanceCondition",
    "Trigger",
    "TriggeringEntities",
    "UserDefinedValueCondition",
    "ValueCondition",
    "VariableCondition",
]


@node
class TriggeringEntities(Node):
    """Whose motion is asked, and whether any or all of them must do."""

    rule: TriggeringEntitiesRule = attribute(
        "triggeringEntitiesRule", default=TriggeringEntitiesRule.ANY
    )
    refs: tuple[EntityRef, ...] = child("EntityRef", default=())


@node
class ByEntityCondition(Node):
    """A condition on entities."""

    triggering: TriggeringEntities = child("TriggeringEntities")
    condition: EntityCondition | Unsupported = child("EntityCondition")


@node
class Condition(Node):
    """A condition, the edge that is awaited, and a delay (s)."""

    name: str = ""
    edge: ConditionEdge = attribute("conditionEdge", default=ConditionEdge.NONE)
    delay: float = 0.0
    test: ByEntityCondition | ValueCondition | Unsupported = inline()


@node
class ConditionGroup(Node):
    """True while all its conditions are."""

    conditions: tuple[Condition, ...] = child("Condition", default=())


@node
class Trigger(Node):
    """True while any of its groups is; without groups never."""

    groups: tuple[ConditionGroup, ...] = child("ConditionGroup", default=())
