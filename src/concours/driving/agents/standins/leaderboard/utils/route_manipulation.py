"""Ways in degrees, and thinned out."""

from concours.driving.agents.carla_like.ways import (
    _get_latlon_ref,
    _location_to_gps,
    downsample_route,
    interpolate_trajectory,
    location_route_to_gps,
)

__all__ = [
    "_get_latlon_ref",
    "_location_to_gps",
    "downsample_route",
    "interpolate_trajectory",
    "location_route_to_gps",
]
