"""Stands in where CARLA's own package is absent: values, geometry and maps, no simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from concours.driving.agents.carla_like.absent import SIMULATOR, absent
from concours.driving.agents.carla_like.geometry import (
    BoundingBox,
    GeoLocation,
    Location,
    Rotation,
    Transform,
    Vector2D,
    Vector3D,
)
from concours.driving.agents.carla_like.values import (
    Color,
    LaneChange,
    LaneMarking,
    LaneMarkingColor,
    LaneMarkingType,
    LaneType,
    TrafficLightState,
    VehicleControl,
    WeatherParameters,
)

if TYPE_CHECKING:
    from concours.driving.agents.carla_like.maps import Map
    from concours.driving.agents.carla_like.waypoints import Waypoint

__all__ = [
    "BoundingBox",
    "Color",
    "GeoLocation",
    "LaneChange",
    "LaneMarking",
    "LaneMarkingColor",
    "LaneMarkingType",
    "LaneType",
    "Location",
    "Map",
    "Rotation",
    "TrafficLightState",
    "Transform",
    "Vector2D",
    "Vector3D",
    "VehicleControl",
    "Waypoint",
    "WeatherParameters",
]


def __getattr__(name: str) -> Any:
    """Maps are imported when they are asked for: they bring seconds of machinery along.

    What only a simulator has can be named, not made.
    """
    if name in SIMULATOR:
        return globals().setdefault(name, absent(name))
    if name == "Map":
        from concours.driving.agents.carla_like.maps import Map

        return Map
    if name == "Waypoint":
        from concours.driving.agents.carla_like.waypoints import Waypoint

        return Waypoint
    raise AttributeError(f"this stand-in of carla has no {name!r}")
