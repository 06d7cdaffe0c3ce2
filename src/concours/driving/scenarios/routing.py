"""Actions by which an entity is led: routes, trajectories, positions to reach."""

from __future__ import annotations

from concours.driving.scenarios.enums import FollowingMode, ReferenceContext
from concours.driving.scenarios.nodes import Node, attribute, child, inline, node
from concours.driving.scenarios.positions import Position, Route, Trajectory


@node
class AssignRouteAction(Node):
    """From now on the entity follows this route."""

    route: Route = inline()


@node
class AcquirePositionAction(Node):
    """The entity finds its way to a position."""

    position: Position = child("Position")


@node
class RandomRouteAction(Node):
    """The entity drives where it likes (1.3)."""


@node
class Timing(Node):
    """How times of the trajectory become times of the run: time * scale + offset."""

    domain: ReferenceContext = attribute(
        "domainAbsoluteRelative", default=ReferenceContext.RELATIVE
    )
    offset: float = 0.0
    scale: float = 1.0


@node
class NoTiming(Node):
    """Times of the trajectory are ignored."""

    TAGS = ("None",)


@node
class TrajectoryFollowingMode(Node):
    """Whether the entity is put on the curve (position) or steered along it (follow)."""

    mode: FollowingMode = attribute("followingMode", default=FollowingMode.POSITION)


@node
class FollowTrajectoryAction(Node):
    """The entity follows a trajectory."""

    trajectory: Trajectory = inline()
    time_reference: Timing | NoTiming | None = child("TimeReference", default=None)
    following_mode: TrajectoryFollowingMode | None = child(
        "TrajectoryFollowingMode", "FollowingMode", default=None
    )
    initial_distance_offset: float = 0.0
