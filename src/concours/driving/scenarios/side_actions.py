"""Actions on the motion across the road. Metres, seconds, m/s."""

from __future__ import annotations

from concours.driving.scenarios.dynamics import DynamicConstraints, TransitionDynamics
from concours.driving.scenarios.enums import (
    CoordinateSystem,
    DynamicsShape,
    LateralDisplacement,
)
from concours.driving.scenarios.nodes import (
    Node,
    attribute,
    child,
    node,
    reference,
)


@node
class LateralDistanceAction(Node):
    """Reaches or keeps a lateral distance to an entity."""

    entity_ref: str = reference("entity", "entityRef")
    continuous: bool = False
    freespace: bool = False
    distance: float | None = None
    displacement: LateralDisplacement = LateralDisplacement.ANY
    coordinate_system: CoordinateSystem = CoordinateSystem.ENTITY
    constraints: DynamicConstraints | None = child("DynamicConstraints", default=None)


@node
class AbsoluteTargetLane(Node):
    """A lane by its id."""

    value: str


@node
class RelativeTargetLane(Node):
    """So many lanes from an entity's, to its left where positive."""

    entity_ref: str = reference("entity", "entityRef")
    value: int


@node
class LaneChangeAction(Node):
    """Changes to a lane."""

    dynamics: TransitionDynamics = child("LaneChangeActionDynamics")
    target: AbsoluteTargetLane | RelativeTargetLane = child("LaneChangeTarget")
    target_lane_offset: float = 0.0


@node
class LaneOffsetActionDynamics(Node):
    """How the offset is reached."""

    shape: DynamicsShape = attribute("dynamicsShape", default=DynamicsShape.STEP)
    max_lateral_acc: float | None = None


@node
class AbsoluteTargetLaneOffset(Node):
    """An offset from the lane's centre."""

    value: float


@node
class RelativeTargetLaneOffset(Node):
    """An offset from an entity's."""

    entity_ref: str = reference("entity", "entityRef")
    value: float


@node
class LaneOffsetAction(Node):
    """Moves aside within the lane; continuous ones keep the offset."""

    continuous: bool = False
    dynamics: LaneOffsetActionDynamics = child("LaneOffsetActionDynamics")
    target: AbsoluteTargetLaneOffset | RelativeTargetLaneOffset = child("LaneOffsetTarget")
