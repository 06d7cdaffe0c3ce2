"""Who takes part, as the files describe them. Reference point: the middle of the rear axle."""

from __future__ import annotations

from dataclasses import dataclass

from concours.driving.challenge.xml import Node
from concours.driving.challenge.xosc import element


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A kind of participant: box (m), how far its middle is ahead of the reference point.

    kind: "vehicle", "pedestrian" or "thing"; category: the standard's word.
    """

    name: str
    kind: str
    category: str
    length: float
    width: float
    height: float
    ahead: float = 0.0
    mass: float = 1500.0


EGO = Body(
    name="vehicle.lincoln.mkz_2017", kind="vehicle", category="car", length=4.9, width=2.1,
    height=1.5, ahead=1.4, mass=2404.0,
)  # fmt: skip
CAR = Body(
    name="car", kind="vehicle", category="car", length=4.6, width=1.85, height=1.45, ahead=1.35
)  # fmt: skip
VAN = Body(
    name="van", kind="vehicle", category="van", length=5.4, width=2.0, height=2.3, ahead=1.6,
    mass=2500.0,
)  # fmt: skip
BICYCLE = Body(
    name="bicycle", kind="vehicle", category="bicycle", length=1.8, width=0.6, height=1.7,
    ahead=0.5, mass=90.0,
)  # fmt: skip
PEDESTRIAN = Body(
    name="pedestrian", kind="pedestrian", category="pedestrian", length=0.5, width=0.6,
    height=1.75, mass=75.0,
)  # fmt: skip
CONE = Body(
    name="cone", kind="thing", category="obstacle", length=0.4, width=0.4, height=0.75, mass=5.0
)  # fmt: skip


def scenario_object(name: str, body: Body) -> Node:
    """The entity of a name."""
    box = element(
        "BoundingBox",
        element("Center", x=body.ahead, y=0, z=body.height / 2),
        element("Dimensions", length=body.length, width=body.width, height=body.height),
    )
    properties = element("Properties")
    common = {"name": body.name}
    if body.kind == "pedestrian":
        inner = element(
            "Pedestrian", box, properties, mass=body.mass, model=body.name,
            pedestrianCategory=body.category, **common,
        )  # fmt: skip
    elif body.kind == "thing":
        inner = element(
            "MiscObject", box, properties, mass=body.mass, miscObjectCategory=body.category,
            **common,
        )  # fmt: skip
    else:
        performance = element("Performance", maxSpeed=50, maxAcceleration=6, maxDeceleration=9)
        inner = element(
            "Vehicle", box, performance, _axles(body), properties,
            vehicleCategory=body.category, **common,
        )  # fmt: skip
    return element("ScenarioObject", inner, name=name)


def _axles(body: Body) -> Node:
    """The front axle as far ahead of the box's middle as the rear one is behind it."""
    wheel, track = (0.65, 0.1) if body.category == "bicycle" else (0.7, body.width - 0.3)
    common = {"wheelDiameter": wheel, "trackWidth": track, "positionZ": wheel / 2}
    return element(
        "Axles",
        element("FrontAxle", maxSteering=0.6, positionX=2 * body.ahead, **common),
        element("RearAxle", maxSteering=0, positionX=0, **common),
    )
