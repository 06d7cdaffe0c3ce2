"""How a motion gets to its target, and within which limits. Metres, seconds, m/s."""

from __future__ import annotations

from concours.driving.scenarios.enums import (
    DynamicsDimension,
    DynamicsShape,
    FollowingMode,
)
from concours.driving.scenarios.nodes import (
    Node,
    attribute,
    node,
)


@node
class TransitionDynamics(Node):
    """How a value gets to its target: shape, and a rate, time or distance that bounds it."""

    shape: DynamicsShape = attribute("dynamicsShape", default=DynamicsShape.STEP)
    dimension: DynamicsDimension = attribute("dynamicsDimension", default=DynamicsDimension.TIME)
    value: float = 0.0
    following_mode: FollowingMode = FollowingMode.POSITION


@node
class DynamicConstraints(Node):
    """Limits of a motion; None is no limit."""

    max_acceleration: float | None = None
    max_acceleration_rate: float | None = None
    max_deceleration: float | None = None
    max_deceleration_rate: float | None = None
    max_speed: float | None = None
