"""Actions on the motion along the road. Metres, seconds, m/s."""

from __future__ import annotations

from concours.driving.scenarios.dynamics import DynamicConstraints, TransitionDynamics
from concours.driving.scenarios.enums import (
    CoordinateSystem,
    FollowingMode,
    LongitudinalDisplacement,
    SpeedTargetValueType,
)
from concours.driving.scenarios.nodes import (
    Node,
    attribute,
    child,
    inline,
    node,
    reference,
)
from concours.driving.scenarios.positions import Position


@node
class AbsoluteTargetSpeed(Node):
    """A speed."""

    value: float


@node
class RelativeTargetSpeed(Node):
    """A speed from an entity's, by difference or factor; continuous ones never end."""

    entity_ref: str = reference("entity", "entityRef")
    value: float
    value_type: SpeedTargetValueType = attribute(
        "speedTargetValueType", default=SpeedTargetValueType.DELTA
    )
    continuous: bool = False


@node
class SpeedAction(Node):
    """Changes the speed."""

    dynamics: TransitionDynamics = child("SpeedActionDynamics")
    target: AbsoluteTargetSpeed | RelativeTargetSpeed = child("SpeedActionTarget")


@node
class SpeedProfileEntry(Node):
    """A speed, reached `time` seconds after the entry before."""

    speed: float
    time: float | None = None


@node
class SpeedProfileAction(Node):
    """Speeds one after another; with an entity they are differences from its speed."""

    entity_ref: str | None = reference("entity", "entityRef", default=None)
    following_mode: FollowingMode = FollowingMode.POSITION
    constraints: DynamicConstraints | None = child("DynamicConstraints", default=None)
    entries: tuple[SpeedProfileEntry, ...] = child("SpeedProfileEntry", default=())


@node
class LongitudinalDistanceAction(Node):
    """Reaches or keeps a distance or a time gap to an entity ahead or behind."""

    entity_ref: str = reference("entity", "entityRef")
    continuous: bool = False
    freespace: bool = False
    distance: float | None = None
    time_gap: float | None = None
    displacement: LongitudinalDisplacement = LongitudinalDisplacement.TRAILING_REFERENCED_ENTITY
    coordinate_system: CoordinateSystem = CoordinateSystem.ENTITY
    constraints: DynamicConstraints | None = child("DynamicConstraints", default=None)


@node
class TargetDistanceSteadyState(Node):
    """The last so many metres at constant speed."""

    distance: float


@node
class TargetTimeSteadyState(Node):
    """The last so many seconds at constant speed."""

    time: float


SteadyState = TargetDistanceSteadyState | TargetTimeSteadyState


@node
class AbsoluteSpeed(Node):
    """A final speed."""

    value: float
    steady_state: SteadyState | None = inline(default=None)


@node
class RelativeSpeedToMaster(Node):
    """A final speed from the master's."""

    value: float
    value_type: SpeedTargetValueType = attribute(
        "speedTargetValueType", default=SpeedTargetValueType.DELTA
    )
    steady_state: SteadyState | None = inline(default=None)


@node
class SynchronizeAction(Node):
    """Reaches a place when another entity reaches another place."""

    master_ref: str = reference("entity", "masterEntityRef")
    tolerance_master: float = attribute("targetToleranceMaster", default=0.0)
    tolerance: float = attribute("targetTolerance", default=0.0)
    target_master: Position = child("TargetPositionMaster")
    target: Position = child("TargetPosition")
    final_speed: AbsoluteSpeed | RelativeSpeedToMaster | None = child("FinalSpeed", default=None)
