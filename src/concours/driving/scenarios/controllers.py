"""Actions on whoever drives an entity: assign, activate, override."""

from __future__ import annotations

from concours.driving.scenarios.entities import Controller, ObjectController
from concours.driving.scenarios.enums import AutomaticGearType
from concours.driving.scenarios.nodes import Node, child, inline, node, reference


@node
class AssignControllerAction(Node):
    """Gives an entity a controller; None leaves a domain as it is."""

    controller: Controller | ObjectController | None = inline(default=None)
    activate_lateral: bool | None = None
    activate_longitudinal: bool | None = None
    activate_animation: bool | None = None
    activate_lighting: bool | None = None


@node
class ActivateControllerAction(Node):
    """Switches an entity's controller on or off by domain; None leaves a domain as it is."""

    controller_ref: str | None = reference(
        "controller", "objectControllerRef", "controllerRef", default=None
    )
    lateral: bool | None = None
    longitudinal: bool | None = None
    animation: bool | None = None
    lighting: bool | None = None


@node
class Brake(Node):
    """A brake's strength, in percent (0 .. 1) or as a force (N)."""

    value: float
    max_rate: float | None = None


@node
class OverridePedal(Node):
    """Throttle or clutch (0 .. 1)."""

    active: bool
    value: float = 0.0
    max_rate: float | None = None


@node
class OverrideBrake(Node):
    """Brake or parking brake."""

    active: bool
    value: float | None = None
    percent: Brake | None = child("BrakePercent", default=None)
    force: Brake | None = child("BrakeForce", default=None)


@node
class OverrideSteeringWheel(Node):
    """The steering wheel (rad)."""

    active: bool
    value: float = 0.0
    max_rate: float | None = None
    max_torque: float | None = None


@node
class ManualGear(Node):
    """A gear; 0 is neutral, negative ones go back."""

    number: int


@node
class AutomaticGear(Node):
    """Park, reverse, neutral, drive."""

    gear: AutomaticGearType


@node
class OverrideGear(Node):
    """The gear."""

    active: bool
    number: float | None = None
    manual: ManualGear | None = child("ManualGear", default=None)
    automatic: AutomaticGear | None = child("AutomaticGear", default=None)


@node
class OverrideControllerValueAction(Node):
    """Takes pedals and wheel out of the controller's hands."""

    throttle: OverridePedal | None = child("Throttle", default=None)
    brake: OverrideBrake | None = child("Brake", default=None)
    clutch: OverridePedal | None = child("Clutch", default=None)
    parking_brake: OverrideBrake | None = child("ParkingBrake", default=None)
    steering_wheel: OverrideSteeringWheel | None = child("SteeringWheel", default=None)
    gear: OverrideGear | None = child("Gear", default=None)


@node
class ControllerAction(Node):
    """One or several of the three at once."""

    assign: AssignControllerAction | None = child("AssignControllerAction", default=None)
    override: OverrideControllerValueAction | None = child(
        "OverrideControllerValueAction", default=None
    )
    activate: ActivateControllerAction | None = child("ActivateControllerAction", default=None)
