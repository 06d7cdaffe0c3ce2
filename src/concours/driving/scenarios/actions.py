"""What happens: the actions on motion, and the unions of all actions. Metres, seconds, m/s."""

from __future__ import annotations

from concours.driving.scenarios.appearance import (
    AnimationAction,
    LightStateAction,
    VisibilityAction,
)
from concours.driving.scenarios.controllers import ActivateControllerAction, ControllerAction
from concours.driving.scenarios.enums import (
    CoordinateSystem,
    DynamicsDimension,
    DynamicsShape,
    FollowingMode,
    LateralDisplacement,
    LongitudinalDisplacement,
    SpeedTargetValueType,
)
from concours.driving.scenarios.environment import EnvironmentAction
from concours.driving.scenarios.nodes import (
    Node,
    Unsupported,
    attribute,
    child,
    inline,
    literal,
    node,
    reference,
    text,
)
from concours.driving.scenarios.parameters import ParameterAction, VariableAction
from concours.driving.scenarios.positions import Position
from concours.driving.scenarios.routing import (
    AcquirePositionAction,
    AssignRouteAction,
    FollowTrajectoryAction,
    RandomRouteAction,
)
from concours.driving.scenarios.signals import (
    TrafficSignalControllerAction,
    TrafficSignalStateAction,
)
from concours.driving.scenarios.traffic import TrafficAction


@node
class TransitionDynamics(Node):
    """How a value gets to its target: shape, and a rate, time or distance that bounds it."""

    shape: DynamicsShape = attribute("dynamicsShape", default=DynamicsShape.STEP)
    dimension: DynamicsDimension = attribute("dynamicsDimension", default=DynamicsDimension.TIME)
    value: float = 0.0
    following_mode: FollowingMode = FollowingMode.POSITION


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
class DynamicConstraints(Node):
    """Limits of a motion; None is no limit."""

    max_acceleration: float | None = None
    max_acceleration_rate: float | None = None
    max_deceleration: float | None = None
    max_deceleration_rate: float | None = None
    max_speed: float | None = None


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


@node
class TeleportAction(Node):
    """Puts the entity somewhere at once."""

    position: Position = child("Position")


@node
class ConnectTrailerAction(Node):
    """Hangs a trailer on (1.3)."""

    trailer_ref: str = reference("entity", "trailerRef")


@node
class DisconnectTrailerAction(Node):
    """Lets the trailer go (1.3)."""


@node
class AddEntityAction(Node):
    """Brings an entity into the scene."""

    position: Position = child("Position")


@node
class DeleteEntityAction(Node):
    """Takes an entity out of the scene."""


@node
class EntityAction(Node):
    """Adds or deletes an entity."""

    entity_ref: str = reference("entity", "entityRef")
    action: AddEntityAction | DeleteEntityAction = inline()


@node
class SetMonitorAction(Node):
    """Sets a monitor (1.3)."""

    monitor_ref: str = reference("monitor", "monitorRef")
    value: bool


@node
class CustomCommandAction(Node):
    """A command for a tool."""

    type: str = ""
    content: str = text()


@node
class UserDefinedAction(Node):
    """An action that only a tool knows."""

    command: CustomCommandAction | None = child("CustomCommandAction", default=None)


PrivateAction = (
    SpeedAction
    | SpeedProfileAction
    | LongitudinalDistanceAction
    | LaneChangeAction
    | LaneOffsetAction
    | LateralDistanceAction
    | VisibilityAction
    | SynchronizeAction
    | ActivateControllerAction
    | ControllerAction
    | TeleportAction
    | AssignRouteAction
    | FollowTrajectoryAction
    | AcquirePositionAction
    | RandomRouteAction
    | LightStateAction
    | AnimationAction
    | ConnectTrailerAction
    | DisconnectTrailerAction
)
GlobalAction = (
    EnvironmentAction
    | EntityAction
    | ParameterAction
    | VariableAction
    | TrafficSignalControllerAction
    | TrafficSignalStateAction
    | TrafficAction
    | SetMonitorAction
)
AnyAction = PrivateAction | GlobalAction | UserDefinedAction | Unsupported


@node
class Action(Node):
    """An action under its name; some files leave it empty."""

    name: str = literal("name", default="")
    action: AnyAction | None = inline(default=None)
