"""When things happen: triggers, groups, conditions by entity and by value."""

from __future__ import annotations

from datetime import datetime

from concours.driving.scenarios.entities import ByType, EntityRef
from concours.driving.scenarios.enums import (
    AngleType,
    ConditionEdge,
    CoordinateSystem,
    DirectionalDimension,
    RelativeDistanceType,
    RoutingAlgorithm,
    Rule,
    StoryboardElementState,
    StoryboardElementType,
    TriggeringEntitiesRule,
)
from concours.driving.scenarios.nodes import (
    Node,
    Unsupported,
    attribute,
    child,
    inline,
    node,
    reference,
)
from concours.driving.scenarios.positions import Position


@node
class EndOfRoadCondition(Node):
    """At the end of a road for so long (s)."""

    duration: float


@node
class OffroadCondition(Node):
    """Off the road for so long (s)."""

    duration: float


@node
class StandStillCondition(Node):
    """Standing still for so long (s)."""

    duration: float


@node
class CollisionCondition(Node):
    """Touching an entity, or any entity of a kind."""

    entity: EntityRef | None = child("EntityRef", default=None)
    by_type: ByType | None = child("ByType", default=None)


@node
class TimeHeadwayCondition(Node):
    """Time to where an entity is now (s)."""

    entity_ref: str = reference("entity", "entityRef")
    rule: Rule
    value: float
    freespace: bool = False
    along_route: bool = False
    coordinate_system: CoordinateSystem | None = None
    relative_distance_type: RelativeDistanceType | None = None
    routing_algorithm: RoutingAlgorithm | None = None


@node
class TimeToCollisionConditionTarget(Node):
    """An entity or a place."""

    entity: EntityRef | None = child("EntityRef", default=None)
    position: Position | None = child("Position", default=None)


@node
class TimeToCollisionCondition(Node):
    """Time until both would meet at their speeds (s)."""

    target: TimeToCollisionConditionTarget = child("TimeToCollisionConditionTarget")
    rule: Rule
    value: float
    freespace: bool = False
    along_route: bool = False
    coordinate_system: CoordinateSystem | None = None
    relative_distance_type: RelativeDistanceType | None = None
    routing_algorithm: RoutingAlgorithm | None = None


@node
class AccelerationCondition(Node):
    """Acceleration (m/s2)."""

    rule: Rule
    value: float
    direction: DirectionalDimension | None = None


@node
class SpeedCondition(Node):
    """Speed (m/s)."""

    rule: Rule
    value: float
    direction: DirectionalDimension | None = None


@node
class RelativeSpeedCondition(Node):
    """Speed less that of an entity (m/s)."""

    entity_ref: str = reference("entity", "entityRef")
    rule: Rule
    value: float
    direction: DirectionalDimension | None = None


@node
class TraveledDistanceCondition(Node):
    """At least so far driven (m)."""

    value: float


@node
class ReachPositionCondition(Node):
    """Within a radius of a place (m; deprecated)."""

    tolerance: float
    position: Position = child("Position")


@node
class DistanceCondition(Node):
    """Distance to a place (m)."""

    position: Position = child("Position")
    rule: Rule
    value: float
    freespace: bool = False
    along_route: bool = False
    coordinate_system: CoordinateSystem | None = None
    relative_distance_type: RelativeDistanceType | None = None
    routing_algorithm: RoutingAlgorithm | None = None


@node
class RelativeDistanceCondition(Node):
    """Distance to an entity (m)."""

    entity_ref: str = reference("entity", "entityRef")
    rule: Rule
    value: float
    freespace: bool = False
    relative_distance_type: RelativeDistanceType = RelativeDistanceType.EUCLIDIAN_DISTANCE
    coordinate_system: CoordinateSystem | None = None
    routing_algorithm: RoutingAlgorithm | None = None


@node
class RelativeLaneRange(Node):
    """Lanes from an entity's own; None has no end on that side."""

    first: int | None = attribute("from", default=None)
    last: int | None = attribute("to", default=None)


@node
class RelativeClearanceCondition(Node):
    """No entity in the lanes beside, so far ahead and behind (m; 1.2)."""

    opposite_lanes: bool = False
    free_space: bool = attribute("freeSpace", "freespace", default=False)
    distance_forward: float = 0.0
    distance_backward: float = 0.0
    lanes: tuple[RelativeLaneRange, ...] = child("RelativeLaneRange", default=())
    entities: tuple[EntityRef, ...] = child("EntityRef", default=())


@node
class AngleCondition(Node):
    """An angle of the entity within a tolerance (rad; 1.3)."""

    angle_type: AngleType
    angle: float
    angle_tolerance: float
    coordinate_system: CoordinateSystem | None = None


@node
class RelativeAngleCondition(Node):
    """An angle between two entities within a tolerance (rad; 1.3)."""

    entity_ref: str = reference("entity", "entityRef")
    angle_type: AngleType
    angle: float
    angle_tolerance: float
    coordinate_system: CoordinateSystem | None = None


EntityCondition = (
    EndOfRoadCondition
    | CollisionCondition
    | OffroadCondition
    | TimeHeadwayCondition
    | TimeToCollisionCondition
    | AccelerationCondition
    | StandStillCondition
    | SpeedCondition
    | RelativeSpeedCondition
    | TraveledDistanceCondition
    | ReachPositionCondition
    | DistanceCondition
    | RelativeDistanceCondition
    | RelativeClearanceCondition
    | AngleCondition
    | RelativeAngleCondition
)


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
