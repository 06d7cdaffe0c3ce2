"""Distances and angles in CARLA's axes; degrees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from concours.driving.agents.carla_like.geometry import Location, Transform

TINY = 2.0**-52


def get_speed(vehicle: Any) -> float:
    """km/h of whatever has get_velocity()."""
    return 3.6 * math.hypot(*vehicle.get_velocity())


def compute_distance(location_1: Location, location_2: Location) -> float:
    """Metres."""
    return math.dist(tuple(location_1), tuple(location_2)) + TINY


def distance_vehicle(waypoint: Any, vehicle_transform: Transform) -> float:
    """Metres on the ground from a waypoint."""
    place, own = waypoint.transform.location, vehicle_transform.location
    return math.hypot(place.x - own.x, place.y - own.y)


def vector(location_1: Location, location_2: Location) -> list[float]:
    """The direction from one place to another, of length 1."""
    apart = [b - a for a, b in zip(location_1, location_2, strict=True)]
    length = math.hypot(*apart) + TINY
    return [one / length for one in apart]


def positive(num: float) -> float:
    """The number, 0 where it is less."""
    return num if num > 0.0 else 0.0


def compute_magnitude_angle(
    target_location: Location, current_location: Location, orientation: float
) -> tuple[float, float]:
    """Metres on the ground to a place, and degrees (0 to 180) off an orientation in degrees."""
    x, y = target_location.x - current_location.x, target_location.y - current_location.y
    length = math.hypot(x, y)
    ahead = math.radians(orientation)
    cos = (x * math.cos(ahead) + y * math.sin(ahead)) / (length + TINY)
    return length, math.degrees(math.acos(min(1.0, max(-1.0, cos))))


def is_within_distance(
    target_transform: Transform,
    reference_transform: Transform,
    max_distance: float,
    angle_interval: Sequence[float] | None = None,
) -> bool:
    """Whether one is near another, and between these degrees off its nose where they are given."""
    length, angle = compute_magnitude_angle(
        target_transform.location,
        reference_transform.location,
        reference_transform.rotation.yaw,
    )
    if length < 0.001:  # one place has no direction
        return True
    if length > max_distance:
        return False
    return angle_interval is None or angle_interval[0] < angle < angle_interval[1]
