"""Elements of OpenSCENARIO 1.1: positions, actions, conditions, triggers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from concours.driving.challenge.maps.lines import Spot
from concours.driving.challenge.ways import LaneAt, Station
from concours.driving.challenge.xml import Node, attributes_of


def element(tag: str, *children: Node, **attributes: str | float) -> Node:
    """An element with what is in it."""
    node = etree.Element(tag, attributes_of(attributes))
    node.extend(children)
    return node


# Positions


def in_lane(place: LaneAt | Station, *, turned: float = 0.0) -> Node:
    """In the middle of a lane, looking as its traffic does, or turned from that (rad)."""
    road, lane, s = place[:3]
    inner = [element("Orientation", type="relative", h=turned)] if turned else []
    lane_id = str(lane)
    position = element("LanePosition", *inner, roadId=road, laneId=lane_id, s=s, offset=0)
    return element("Position", position)


def in_world(spot: Spot) -> Node:
    """A place with a heading; on the surface that is there, where it has no height."""
    height = {} if spot.z is None else {"z": spot.z}
    place = element("WorldPosition", x=spot.x, y=spot.y, **height, h=spot.heading)
    return element("Position", place)


# Actions


def private(*inner: Node) -> Node:
    """An action of an entity."""
    return element("PrivateAction", *inner)


def teleport(position: Node) -> Node:
    """Be there at once."""
    return private(element("TeleportAction", position))


def speed(target: float, *, rate: float | None = None) -> Node:
    """A speed (m/s), at once or by so many m/s2."""
    dynamics = element(
        "SpeedActionDynamics",
        dynamicsShape="step" if rate is None else "linear",
        dynamicsDimension="time" if rate is None else "rate",
        value=0.0 if rate is None else rate,
    )
    wanted = element("SpeedActionTarget", element("AbsoluteTargetSpeed", value=target))
    return private(element("LongitudinalAction", element("SpeedAction", dynamics, wanted)))


def speed_from(other: str, more: float, *, seconds: float) -> Node:
    """Another's speed and so much more, and on like that."""
    dynamics = element(
        "SpeedActionDynamics", dynamicsShape="linear", dynamicsDimension="time", value=seconds
    )
    target = element(
        "RelativeTargetSpeed", entityRef=other, value=more, speedTargetValueType="delta",
        continuous="true",
    )  # fmt: skip
    wanted = element("SpeedActionTarget", target)
    return private(element("LongitudinalAction", element("SpeedAction", dynamics, wanted)))


def change_lane(lane: int, *, seconds: float) -> Node:
    """Into a lane by its id."""
    dynamics = element(
        "LaneChangeActionDynamics", dynamicsShape="sinusoidal", dynamicsDimension="time",
        value=seconds,
    )  # fmt: skip
    target = element("LaneChangeTarget", element("AbsoluteTargetLane", value=str(lane)))
    return private(element("LateralAction", element("LaneChangeAction", dynamics, target)))


def shift(offset: float, *, most: float) -> Node:
    """Aside in the lane, to the left of s where positive; most: lateral acceleration (m/s2)."""
    dynamics = element(
        "LaneOffsetActionDynamics", maxLateralAcc=most, dynamicsShape="sinusoidal"
    )  # fmt: skip
    target = element("LaneOffsetTarget", element("AbsoluteTargetLaneOffset", value=offset))
    action = element("LaneOffsetAction", dynamics, target, continuous="false")
    return private(element("LateralAction", action))


def route(name: str, places: Iterable[LaneAt | Station]) -> Node:
    """The way to drive."""
    waypoints = [
        element("Waypoint", in_lane(place), routeStrategy="shortest") for place in places
    ]  # fmt: skip
    inner = element("Route", *waypoints, name=name, closed="false")
    return private(element("RoutingAction", element("AssignRouteAction", inner)))


def follow(name: str, spots: Sequence[Spot]) -> Node:
    """Along a line of places, at one's own speed."""
    vertices = [element("Vertex", in_world(spot)) for spot in spots]
    shape = element("Shape", element("Polyline", *vertices))
    trajectory = element("Trajectory", shape, name=name, closed="false")
    action = element(
        "FollowTrajectoryAction",
        element("TimeReference", element("None")),
        element("TrajectoryFollowingMode", followingMode="position"),
        element("TrajectoryRef", trajectory),
    )
    return private(element("RoutingAction", action))


# Conditions


def _by_entity(who: str, test: Node) -> Node:
    asked = element("TriggeringEntities", element("EntityRef", entityRef=who),
                    triggeringEntitiesRule="any")  # fmt: skip
    return element("ByEntityCondition", asked, element("EntityCondition", test))


def condition(name: str, test: Node, *, delay: float = 0.0) -> Node:
    """A condition under a name."""
    return element("Condition", test, name=name, delay=delay, conditionEdge="none")


def near(who: str, position: Node, metres: float) -> Node:
    """An entity is so near to a place."""
    test = element("ReachPositionCondition", position, tolerance=metres)
    return condition(f"{who} near", _by_entity(who, test))


def soon(who: str, position: Node, seconds: float) -> Node:
    """An entity is so many seconds from a place."""
    target = element("TimeToCollisionConditionTarget", position)
    test = element(
        "TimeToCollisionCondition", target, freespace="false", rule="lessThan", value=seconds
    )  # fmt: skip
    return condition(f"{who} soon", _by_entity(who, test))


def apart(who: str, other: str, metres: float, *, less: bool = True) -> Node:
    """Two entities are less (or more) than so far apart."""
    test = element(
        "RelativeDistanceCondition", entityRef=other, freespace="false",
        relativeDistanceType="euclidianDistance", rule="lessThan" if less else "greaterThan",
        value=metres,
    )  # fmt: skip
    return condition(f"{who} and {other}", _by_entity(who, test))


def faster(who: str, value: float) -> Node:
    """An entity drives faster (m/s)."""
    test = element("SpeedCondition", rule="greaterThan", value=value)
    return condition(f"{who} drives", _by_entity(who, test))


def _by_value(test: Node) -> Node:
    return element("ByValueCondition", test)


def time_is(seconds: float) -> Node:
    """So much time has gone."""
    test = element("SimulationTimeCondition", rule="greaterThan", value=seconds)
    return condition("time", _by_value(test))


def done(event: str, *, delay: float = 0.0, state: str = "completeState") -> Node:
    """An event is over (or in another state), and so many seconds gone."""
    test = element(
        "StoryboardElementStateCondition", storyboardElementType="event",
        storyboardElementRef=event, state=state,
    )  # fmt: skip
    return condition(f"{event} {state}", _by_value(test), delay=delay)


def light_is(signal: str, state: str) -> Node:
    """A traffic light shows that."""
    return condition(f"light {signal}", _by_value(element("TrafficSignalCondition", name=signal,
                                                          state=state)))  # fmt: skip


Groups = Sequence[Sequence[Node]]
"""One of the groups, all of its conditions."""


def trigger(kind: str, groups: Groups) -> Node:
    """A start or stop trigger."""
    return element(f"{kind}Trigger", *(element("ConditionGroup", *group) for group in groups))
