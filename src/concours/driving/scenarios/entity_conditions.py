"""Conditions on the motion of entities: places, distances, speeds, times."""

from __future__ import annotations

from concours.driving.scenarios.entities import ByType, EntityRef
from concours.driving.scenarios.enums import (
    AngleType,
    CoordinateSystem,
    DirectionalDimension,
    RelativeDistanceType,
    RoutingAlgorithm,
    Rule,
)
from concours.driving.scenarios.nodes import (
    Node,
    attribute,
    child,
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
