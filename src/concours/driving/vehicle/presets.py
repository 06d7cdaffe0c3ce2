"""Vehicles by name."""

from __future__ import annotations

import math
from dataclasses import replace

from concours.driving.vehicle.parameters import VehicleParameters

_KMH = 1 / 3.6

PLAIN = VehicleParameters(
    mass=1900.0,
    yaw_inertia=3400.0,
    front_axle=1.44,
    rear_axle=1.42,
    height=0.5,
    track=1.6,
    stiffness_front=20.0,
    stiffness_rear=20.0,
    friction=1.05,
    wheel_angle=math.radians(70.0),
    steering_gain=0.75,
    steering_lag=0.1,
    steering_rate=8.0,
    wheel_radius=0.355,
    engine_inertia=0.95,
    drag_open=0.2,
    drag_shut=1.7,
    clutch=5.2,
    shift_up=302.0,
    shift_down=160.0,
    first_gear_at=84.0,
    engage_time=0.27,
    shift_time=0.09,
    shift_pause=0.68,
    dead_band=0.3,
    brake_force=10900.0,
    hand_brake_force=6000.0,
    brake_lag=0.11,
    air_drag=0.4,
    rolling=0.012,
    top_gain=5.0,
    top_loss=8.5,
    push_lag=0.1,
    blend_from=3.0,
    blend_to=7.0,
    reverse_ratio=13.5,
    ratios=(19.9, 13.5, 9.0, 5.6, 3.9, 2.9),
    torque=((0.0, 330.0), (100.0, 380.0), (200.0, 450.0), (300.0, 550.0), (600.0, 700.0)),
    steering_curve=((0.0, 1.0), (20 * _KMH, 0.9), (60 * _KMH, 0.8), (120 * _KMH, 0.7)),
)
"""A saloon in round numbers, for fits to start from."""

LINCOLN_MKZ = replace(
    PLAIN,
    friction=1.15,
    engine_inertia=0.92,
    drag_open=0.2506,
    drag_shut=1.41,
    clutch=3.781,
    shift_up=361.3,
    shift_down=111.3,
    first_gear_at=48.7,
    engage_time=0.345,
    shift_time=0.0743,
    shift_pause=0.46,
    brake_force=13450.0,
    brake_lag=0.1,
    air_drag=0.1724,
    ratios=(27.0, 16.04, 7.949, 4.367, 2.974, 2.37),
    torque=((0.0, 221.7), (100.0, 306.8), (200.0, 419.0), (300.0, 598.6), (600.0, 822.2)),
)
"""CARLA's car of that name: the drive fitted to its measured speeds (`fitting`)."""

PRESETS: dict[str, VehicleParameters] = {"carla-lincoln-mkz": LINCOLN_MKZ}


def preset(name: str) -> VehicleParameters:
    """A vehicle by name. Raises KeyError that lists the names."""
    try:
        return PRESETS[name]
    except KeyError:
        raise KeyError(f"no vehicle {name!r}; there are {', '.join(sorted(PRESETS))}") from None
