"""Between the engine's right-handed axes and CARLA's. Here, and only here, y changes its sign."""

from __future__ import annotations

import math

from concours.driving.agents.carla_like.geometry import Location, Rotation, Transform


def transform_of(
    x: float,
    y: float,
    z: float,
    heading: float,
    pitch: float = 0.0,
    roll: float = 0.0,
    *,
    turned: bool = False,
) -> Transform:
    """A pose of the engine (m, rad, pitch nose down), in CARLA's axes; yaw in [-180, 180).

    `turned` looks the other way.
    """
    sign = -1.0 if turned else 1.0
    yaw = (180.0 if turned else 0.0) - math.degrees(heading)
    return Transform(
        Location(x, -y, z),
        Rotation(
            pitch=-sign * math.degrees(pitch),
            yaw=(yaw + 180.0) % 360.0 - 180.0,
            roll=sign * math.degrees(roll),
        ),
    )


def place_of(location: Location) -> tuple[float, float, float]:
    """x, y, z of the engine, of a place in CARLA's axes."""
    return location.x, -location.y, location.z
