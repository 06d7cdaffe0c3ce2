"""What happens: the actions on motion, and the unions of all actions. Metres, seconds, m/s."""

from __future__ import annotations

from concours.driving.scenarios.appearance import (
    AnimationAction,
    LightStateAction,
    VisibilityAction,
)
from concours.driving.scenarios.controllers import ActivateControllerAction, ControllerAction
from concours.driving.scenarios.dynamics import DynamicConstraints, TransitionDynamics
from concours.driving.scenarios.environment import EnvironmentAction
from concours.driving.scenarios.nodes import (
    Node,
    Unsupported,
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
from concours.driving.scenarios.side_actions import (
    AbsoluteTargetLane,
    AbsoluteTargetLaneOffset,
    LaneChangeAction,
    LaneOffsetAction,
    LaneOffsetActionDynamics,
    LateralDistanceAction,
    RelativeTargetLane,
    RelativeTargetLaneOffset,
)
from concours.driving.scenarios.signals import (
    TrafficSignalControllerAction,
    TrafficSignalStateAction,
)
from concours.driving.scenarios.speed_actions import (
    AbsoluteSpeed,
    AbsoluteTargetSpeed,
    LongitudinalDistanceAction,
    RelativeSpeedToMaster,
    RelativeTargetSpeed,
    SpeedAction,
    SpeedProfileAction,
    SpeedProfileEntry,
    SteadyState,
    SynchronizeAction,
    TargetDistanceSteadyState,
    TargetTimeSteadyState,
)
from concours.driving.scenarios.traffic import TrafficAction

__all__ = [
    "AbsoluteSpeed",
    "AbsoluteTargetLane",
    "AbsoluteTargetLaneOffset",
    "AbsoluteTargetSpeed",
    "Action",
    "AddEntityAction",
    "AnyAction",
    "ConnectTrailerAction",
    "CustomCommandAction",
    "DeleteEntityAction",
    "DisconnectTrailerAction",
    "DynamicConstraints",
    "EntityAction",
    "GlobalAction",
    "LaneChangeAction",
    "LaneOffsetAction",
    "LaneOffsetActionDynamics",
    "LateralDistanceAction",
    "LongitudinalDistanceAction",
    "PrivateAction",
    "RelativeSpeedToMaster",
    "RelativeTargetLane",
    "RelativeTargetLaneOffset",
    "RelativeTargetSpeed",
    "SetMonitorAction",
    "SpeedAction",
    "SpeedProfileAction",
    "SpeedProfileEntry",
    "SteadyState",
    "SynchronizeAction",
    "TargetDistanceSteadyState",
    "TargetTimeSteadyState",
    "TeleportAction",
    "TransitionDynamics",
    "UserDefinedAction",
]


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
