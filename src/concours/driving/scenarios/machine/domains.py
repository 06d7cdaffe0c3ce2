"""What an action takes hold of: two actions of one actor on one domain cannot both go on."""

from __future__ import annotations

from concours.driving.scenarios import actions as a
from concours.driving.scenarios import appearance, environment, routing, signals
from concours.driving.scenarios.nodes import Node
from concours.driving.scenarios.parameters import ParameterAction, VariableAction
from concours.driving.scenarios.traffic import TrafficAction

LONGITUDINAL = "longitudinal"
LATERAL = "lateral"

_DOMAINS: dict[type[Node], frozenset[str]] = {
    a.SpeedAction: frozenset({LONGITUDINAL}),
    a.SpeedProfileAction: frozenset({LONGITUDINAL}),
    a.LongitudinalDistanceAction: frozenset({LONGITUDINAL}),
    a.SynchronizeAction: frozenset({LONGITUDINAL}),
    a.LaneChangeAction: frozenset({LATERAL}),
    a.LaneOffsetAction: frozenset({LATERAL}),
    a.LateralDistanceAction: frozenset({LATERAL}),
}
_FAMILIES: dict[type[Node], str] = {
    a.SpeedAction: "LongitudinalAction",
    a.SpeedProfileAction: "LongitudinalAction",
    a.LongitudinalDistanceAction: "LongitudinalAction",
    a.LaneChangeAction: "LateralAction",
    a.LaneOffsetAction: "LateralAction",
    a.LateralDistanceAction: "LateralAction",
    routing.AssignRouteAction: "RoutingAction",
    routing.FollowTrajectoryAction: "RoutingAction",
    routing.AcquirePositionAction: "RoutingAction",
    routing.RandomRouteAction: "RoutingAction",
    appearance.LightStateAction: "AppearanceAction",
    appearance.AnimationAction: "AppearanceAction",
    a.ConnectTrailerAction: "TrailerAction",
    a.DisconnectTrailerAction: "TrailerAction",
    signals.TrafficSignalControllerAction: "InfrastructureAction",
    signals.TrafficSignalStateAction: "InfrastructureAction",
}
_GLOBAL = (
    environment.EnvironmentAction,
    a.EntityAction,
    ParameterAction,
    VariableAction,
    signals.TrafficSignalControllerAction,
    signals.TrafficSignalStateAction,
    TrafficAction,
    a.SetMonitorAction,
)


def domains(action: Node) -> frozenset[str]:
    """The domains of an action; none for what is done at once or does not move anything.

    A trajectory takes the lateral domain, and the longitudinal one where it has times to keep.
    Each light is a domain of its own.
    """
    if isinstance(action, routing.FollowTrajectoryAction):
        timed = isinstance(action.time_reference, routing.Timing)
        return frozenset({LATERAL, LONGITUDINAL} if timed else {LATERAL})
    if isinstance(action, appearance.LightStateAction):
        return frozenset({f"light {action.light_type.light}"})
    return _DOMAINS.get(type(action), frozenset())


def family(action: Node) -> str:
    """The element that groups actions of this kind: how an action without a name is called."""
    return _FAMILIES.get(type(action), type(action).__name__)


def needs_actor(action: Node) -> bool:
    """Whether somebody must do it."""
    return not isinstance(action, (*_GLOBAL, a.UserDefinedAction))
