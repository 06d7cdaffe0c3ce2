"""Small geometry that agents borrow from CARLA's own."""

from concours.driving.agents.carla_like.measuring import (
    compute_distance,
    compute_magnitude_angle,
    distance_vehicle,
    get_speed,
    is_within_distance,
    positive,
    vector,
)

__all__ = [
    "compute_distance",
    "compute_magnitude_angle",
    "distance_vehicle",
    "get_speed",
    "is_within_distance",
    "positive",
    "vector",
]
