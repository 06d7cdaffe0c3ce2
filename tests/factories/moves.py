"""Positions and actions of scenario files as text."""

from __future__ import annotations

import math
from collections.abc import Iterable


def attributes(values: dict[str, object]) -> str:
    """Those that are not None, as XML writes them."""
    words = {True: "true", False: "false"}
    return " ".join(
        f'{name}="{words[value] if isinstance(value, bool) else value}"'
        for name, value in values.items()
        if value is not None
    )


def element(tag: str, *inner: str, **values: object) -> str:
    """An element; None leaves an attribute out."""
    return f"<{tag} {attributes(values)}>{''.join(inner)}</{tag}>"


# Positions


def world(x: float, y: float = 0.0, **more: object) -> str:
    return element("WorldPosition", x=x, y=y, **more)


def on_lane(road: str, lane: int | str, s: float, offset: float = 0.0, *inner: str) -> str:
    return element("LanePosition", *inner, roadId=road, laneId=lane, s=s, offset=offset)


def on_road(road: str, s: float, t: float = 0.0) -> str:
    return element("RoadPosition", roadId=road, s=s, t=t)


def turned(h: float, *, relative: bool = True) -> str:
    return element("Orientation", type="relative" if relative else "absolute", h=h)


# Actions


def private(*inner: str) -> str:
    return element("PrivateAction", *inner)


def put(position: str) -> str:
    """A teleport."""
    return private(element("TeleportAction", element("Position", position)))


def dynamics(tag: str, shape: str, dimension: str, value: float) -> str:
    return element(tag, dynamicsShape=shape, dynamicsDimension=dimension, value=value)


def speeding(
    target: str, *, shape: str = "step", dimension: str = "time", value: float = 0.0
) -> str:
    how = dynamics("SpeedActionDynamics", shape, dimension, value)
    action = element("SpeedAction", how, element("SpeedActionTarget", target))
    return private(element("LongitudinalAction", action))


def speed(value: float, shape: str = "step", dimension: str = "time", by: float = 0.0) -> str:
    target = element("AbsoluteTargetSpeed", value=value)
    return speeding(target, shape=shape, dimension=dimension, value=by)


def relative_speed(
    value: float,
    other: str,
    *,
    factor: bool = False,
    continuous: bool = False,
    shape: str = "step",
    by: float = 0.0,
) -> str:
    target = element(
        "RelativeTargetSpeed",
        entityRef=other,
        value=value,
        speedTargetValueType="factor" if factor else "delta",
        continuous=continuous,
    )
    return speeding(target, shape=shape, value=by)


def speed_profile(
    *entries: tuple[float, float | None], other: str | None = None, mode: str = "position",
    **limits: float,
) -> str:  # fmt: skip
    inner = [element("DynamicConstraints", **limits)] if limits else []
    inner += [element("SpeedProfileEntry", speed=v, time=t) for v, t in entries]
    action = element("SpeedProfileAction", *inner, entityRef=other, followingMode=mode)
    return private(element("LongitudinalAction", action))


def keep_distance(other: str, *, limits: dict[str, float] | None = None, **how: object) -> str:
    given: dict[str, object] = {"continuous": False, "freespace": False, **how}
    inner = [element("DynamicConstraints", **limits)] if limits is not None else []
    action = element("LongitudinalDistanceAction", *inner, entityRef=other, **given)
    return private(element("LongitudinalAction", action))


def change_lane(
    target: int,
    other: str | None = None,
    *,
    shape: str = "linear",
    dimension: str = "time",
    value: float = 2.0,
    offset: float | None = None,
) -> str:
    how = dynamics("LaneChangeActionDynamics", shape, dimension, value)
    goal = element("AbsoluteTargetLane", value=target)
    if other is not None:
        goal = element("RelativeTargetLane", entityRef=other, value=target)
    action = element(
        "LaneChangeAction", how, element("LaneChangeTarget", goal), targetLaneOffset=offset
    )
    return private(element("LateralAction", action))


def move_aside(
    value: float,
    other: str | None = None,
    *,
    shape: str = "sinusoidal",
    most: float | None = None,
    continuous: bool = False,
) -> str:
    how = element("LaneOffsetActionDynamics", dynamicsShape=shape, maxLateralAcc=most)
    goal = element("AbsoluteTargetLaneOffset", value=value)
    if other is not None:
        goal = element("RelativeTargetLaneOffset", entityRef=other, value=value)
    action = element(
        "LaneOffsetAction", how, element("LaneOffsetTarget", goal), continuous=continuous
    )
    return private(element("LateralAction", action))


def keep_aside(other: str, *, limits: dict[str, float] | None = None, **how: object) -> str:
    given: dict[str, object] = {"continuous": False, "freespace": False, **how}
    inner = [element("DynamicConstraints", **limits)] if limits is not None else []
    action = element("LateralDistanceAction", *inner, entityRef=other, **given)
    return private(element("LateralAction", action))


def synchronize(
    master: str, target_master: str, target: str, final: str = "", **how: object
) -> str:
    inner = [element("TargetPositionMaster", target_master), element("TargetPosition", target)]
    inner += [element("FinalSpeed", final)] if final else []
    return private(element("SynchronizeAction", *inner, masterEntityRef=master, **how))


def vertex(x: float, y: float, time: float | None = None) -> str:
    return element("Vertex", element("Position", world(x, y)), time=time)


def polyline(*vertices: str) -> str:
    return element("Polyline", *vertices)


def trajectory(shape: str, *, closed: bool = False, name: str = "t") -> str:
    return element("Trajectory", element("Shape", shape), name=name, closed=closed)


def follow(curve: str, *, timing: str | None = None, start: float | None = None) -> str:
    """A FollowTrajectoryAction; timing: an element, by default none."""
    action = element(
        "FollowTrajectoryAction",
        element("TrajectoryRef", curve),
        element("TimeReference", timing or "<None/>"),
        element("TrajectoryFollowingMode", followingMode="position"),
        initialDistanceOffset=start,
    )
    return private(element("RoutingAction", action))


def timing(offset: float = 0.0, scale: float = 1.0, domain: str = "relative") -> str:
    return element("Timing", domainAbsoluteRelative=domain, offset=offset, scale=scale)


def route(*positions: str, closed: bool = False) -> str:
    points = [
        element("Waypoint", element("Position", position), routeStrategy="shortest")
        for position in positions
    ]
    return element("Route", *points, name="r", closed=closed)


def take_route(*positions: str, closed: bool = False) -> str:
    action = element("AssignRouteAction", route(*positions, closed=closed))
    return private(element("RoutingAction", action))


def acquire(position: str) -> str:
    action = element("AcquirePositionAction", element("Position", position))
    return private(element("RoutingAction", action))


def wander() -> str:
    return private(element("RoutingAction", "<RandomRouteAction/>"))


def controller(name: str, **properties: object) -> str:
    inner = [element("Property", name=key, value=value) for key, value in properties.items()]
    return element("Controller", element("Properties", *inner), name=name)


def assign(given: str, *, longitudinal: bool = True, lateral: bool = True) -> str:
    action = element(
        "AssignControllerAction",
        given,
        activateLongitudinal=longitudinal,
        activateLateral=lateral,
    )
    return private(element("ControllerAction", action))


def activate(*, longitudinal: bool, lateral: bool = False) -> str:
    return private(element("ActivateControllerAction", longitudinal=longitudinal, lateral=lateral))


def global_action(*inner: str) -> str:
    return element("GlobalAction", *inner)


def add(name: str, position: str) -> str:
    action = element("AddEntityAction", element("Position", position))
    return global_action(element("EntityAction", action, entityRef=name))


def delete(name: str) -> str:
    action = element("EntityAction", "<DeleteEntityAction/>", entityRef=name)
    return global_action(action)


def set_light(signal: str, state: str) -> str:
    action = element("TrafficSignalStateAction", name=signal, state=state)
    return global_action(element("InfrastructureAction", element("TrafficSignalAction", action)))


def cycle(signal: str, *phases: tuple[str, float]) -> str:
    """A controller of one light: its states and how long each lasts."""
    made = [
        element(
            "Phase", element("TrafficSignalState", trafficSignalId=signal, state=state),
            name=f"{number} {state}", duration=seconds,
        )
        for number, (state, seconds) in enumerate(phases)
    ]  # fmt: skip
    return element("TrafficSignals", element("TrafficSignalController", *made, name=signal))


def traffic(action: str, *, name: str = "flow") -> str:
    return global_action(element("TrafficAction", action, trafficName=name))


def source(x: float, y: float, *, radius: float, rate: float, speed: float) -> str:
    inner = element("Position", world(x, y))
    return element("TrafficSourceAction", inner, radius=radius, rate=rate, velocity=speed)


def sink(x: float, y: float, *, radius: float, rate: float | None = None) -> str:
    return element("TrafficSinkAction", element("Position", world(x, y)), radius=radius, rate=rate)


def swarm(
    center: str, *, axes: tuple[float, float], inner: float, number: int, speed: float
) -> str:
    return element(
        "TrafficSwarmAction",
        element("CentralObject", entityRef=center),
        semiMajorAxis=axes[0],
        semiMinorAxis=axes[1],
        innerRadius=inner,
        offset=0,
        numberOfVehicles=number,
        velocity=speed,
    )


def area(corners: Iterable[tuple[float, float]], *, number: int, continuous: bool) -> str:
    places = [element("Position", world(x, y)) for x, y in corners]
    return element(
        "TrafficAreaAction",
        "<TrafficDistribution/>",
        element("TrafficArea", element("Polygon", *places)),
        continuous=continuous,
        numberOfEntities=number,
    )


def circle(radius: float, *, length: float, x: float = 0.0, y: float = 0.0) -> str:
    """A clothoid that is an arc to the left from (x, y), looking along x."""
    return element(
        "Clothoid",
        element("Position", world(x, y, h=0)),
        curvature=1 / radius,
        curvaturePrime=0,
        length=length,
    )


QUARTER = math.pi / 2
