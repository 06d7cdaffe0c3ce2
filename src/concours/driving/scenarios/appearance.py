"""Actions that are seen and do not move: lights, animations, visibility."""

from __future__ import annotations

from concours.driving.scenarios.entities import File
from concours.driving.scenarios.enums import (
    ColorType,
    LightMode,
    PedestrianGestureType,
    PedestrianMotionType,
    VehicleComponentType,
    VehicleLightType,
)
from concours.driving.scenarios.nodes import Node, attribute, child, inline, node


@node
class VehicleLight(Node):
    """A light of a vehicle."""

    light: VehicleLightType = attribute("vehicleLightType")


@node
class UserDefinedLight(Node):
    """A light by a name of the tool's."""

    light: str = attribute("userDefinedLightType")


@node
class ColorRgb(Node):
    """Each 0 .. 1."""

    red: float
    green: float
    blue: float


@node
class ColorCmyk(Node):
    """Each 0 .. 1."""

    cyan: float
    magenta: float
    yellow: float
    key: float


@node
class Color(Node):
    """A colour by name, and perhaps exactly."""

    color_type: ColorType = ColorType.OTHER
    exact: ColorRgb | ColorCmyk | None = inline(default=None)


@node
class LightState(Node):
    """On, off or flashing (s, cd)."""

    mode: LightMode
    luminous_intensity: float | None = None
    flashing_on_duration: float | None = None
    flashing_off_duration: float | None = None
    color: Color | None = None


@node
class LightStateAction(Node):
    """Switches a light."""

    MOVES_NOTHING = True

    light_type: VehicleLight | UserDefinedLight = child("LightType")
    light_state: LightState = child("LightState")
    transition_time: float = 0.0


@node
class VehicleComponent(Node):
    """A part of a vehicle."""

    component: VehicleComponentType = attribute("vehicleComponentType")


@node
class UserDefinedComponent(Node):
    """A part by a name of the tool's."""

    component: str = attribute("userDefinedComponentType")


@node
class ComponentAnimation(Node):
    """A part that moves."""

    component: VehicleComponent | UserDefinedComponent = inline()


@node
class PedestrianGesture(Node):
    """A gesture."""

    gesture: PedestrianGestureType


@node
class PedestrianAnimation(Node):
    """What a person does."""

    motion: PedestrianMotionType | None = None
    user_defined: str | None = attribute("userDefinedPedestrianAnimation", default=None)
    gestures: tuple[PedestrianGesture, ...] = child("PedestrianGesture", default=())


@node
class AnimationFile(Node):
    """An animation from a file."""

    file: File
    time_offset: float = 0.0


@node
class UserDefinedAnimation(Node):
    """An animation by a name of the tool's."""

    animation: str = attribute("userDefinedAnimationType")


@node
class AnimationState(Node):
    """How far it has come, 0 .. 1."""

    state: float


@node
class AnimationAction(Node):
    """Plays an animation."""

    MOVES_NOTHING = True

    animation: ComponentAnimation | PedestrianAnimation | AnimationFile | UserDefinedAnimation = (
        child("AnimationType")
    )
    state: AnimationState | None = child("AnimationState", default=None)
    loop: bool = False
    duration: float | None = attribute("animationDuration", default=None)


@node
class SensorReference(Node):
    """A sensor by its name."""

    name: str


@node
class SensorReferenceSet(Node):
    """Sensors."""

    sensors: tuple[SensorReference, ...] = child("SensorReference", default=())


@node
class VisibilityAction(Node):
    """Who sees the entity: the picture, the other traffic, the sensors."""

    MOVES_NOTHING = True

    graphics: bool = True
    traffic: bool = True
    sensors: bool = True
    sensor_set: SensorReferenceSet | None = child("SensorReferenceSet", default=None)
