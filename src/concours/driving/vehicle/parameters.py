"""What makes one vehicle drive as it does."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from concours.driving.vehicle import layout as at
from concours.driving.vehicle.layout import FloatArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleParameters:
    """A vehicle, as its equations read it.

    Attributes:
        mass: kg. yaw_inertia: about the vertical axis through the centre of mass (kg m2).
        front_axle, rear_axle: distances from the centre of mass to the axles (m, both positive).
        height: of the centre of mass (m); part of the description, loads do not shift by it.
        track: between the wheels of the front axle (m), for Ackermann's geometry.
        stiffness_front, stiffness_rear: cornering force per load and slip angle (1/rad).
        friction: of tyres on a dry road, force per load; the road's factor multiplies it.
        wheel_angle: of the inner front wheel at full lock, standing (rad).
        steering_gain: share of that angle by which the vehicle really turns (0..1].
        steering_lag: time constant (s). steering_rate: greatest, at the road wheels (rad/s).
        wheel_radius: m. engine_inertia: kg m2.
        drag_open, drag_shut: engine torque lost per speed at full and no throttle (N m s).
        clutch: torque per difference of speeds (N m s).
        shift_up, shift_down: engine speeds at which the gear changes (rad/s).
        first_gear_at: engine speed at which the first gear is engaged from standstill (rad/s).
        engage_time, shift_time: seconds without drive for that, and between gears.
        shift_pause: least seconds between two changes.
        dead_band: throttle below which the drive opens at standstill (0..1).
        brake_force: of the full brake (N). hand_brake_force: of the hand brake, rear axle (N).
        brake_lag: time constant (s). air_drag: N s2/m2. rolling: resistance per weight.
        top_gain, top_loss: limits of direct acceleration and deceleration (m/s2, both positive).
        push_lag: time constant of direct acceleration (s).
        blend_from, blend_to: speeds between which kinematics give way to dynamics (m/s).
        reverse_ratio: engine turns per wheel turn backwards (positive).
        ratios: engine turns per wheel turn, first gear first, at most 8.
        torque: engine speed (rad/s) and torque at full throttle (N m), at most 6 points; the last
            one's speed is the engine's greatest.
        steering_curve: speed (m/s) and share of the angle, at most 6 points.
    """

    mass: float
    yaw_inertia: float
    front_axle: float
    rear_axle: float
    height: float
    track: float
    stiffness_front: float
    stiffness_rear: float
    friction: float
    wheel_angle: float
    steering_gain: float
    steering_lag: float
    steering_rate: float
    wheel_radius: float
    engine_inertia: float
    drag_open: float
    drag_shut: float
    clutch: float
    shift_up: float
    shift_down: float
    first_gear_at: float
    engage_time: float
    shift_time: float
    shift_pause: float
    dead_band: float
    brake_force: float
    hand_brake_force: float
    brake_lag: float
    air_drag: float
    rolling: float
    top_gain: float
    top_loss: float
    push_lag: float
    blend_from: float
    blend_to: float
    reverse_ratio: float
    ratios: tuple[float, ...]
    torque: Curve
    steering_curve: Curve

    def __post_init__(self) -> None:
        """Refuse what no vehicle has. Raises ValueError that names the attribute."""
        for name in _SCALARS:
            value = getattr(self, name)
            if not math.isfinite(value) or value < 0 or (value == 0 and name in _POSITIVE):
                raise ValueError(f"{name}: {value!r} is not a number this vehicle can have")
        if not 0 < self.blend_from < self.blend_to:
            raise ValueError("blend_from and blend_to must be positive and ascend")
        if not 1 <= len(self.ratios) <= at.GEARS or not all(r > 0 for r in self.ratios):
            raise ValueError(f"ratios: 1 to {at.GEARS} positive numbers")
        _check_curve("torque", self.torque)
        _check_curve("steering_curve", self.steering_curve)
        if not self.shift_down < self.shift_up <= self.torque[-1][0]:
            raise ValueError("shift_down, shift_up and the engine's greatest speed must ascend")

    @property
    def wheelbase(self) -> float:
        """Between the axles (m)."""
        return self.front_axle + self.rear_axle

    def digest(self) -> str:
        """SHA-256 (hex) of the parameters as canonical JSON; equal for equal parameters only."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def array(self) -> FloatArray:
        """(layout.PARAMETERS,) as the kernels read it."""
        out = np.zeros(at.PARAMETERS)
        out[: at.SCALARS] = [getattr(self, name) for name in _SCALARS[: at.SCALARS]]
        out[at.REVERSE_RATIO], out[at.GEAR_COUNT] = self.reverse_ratio, len(self.ratios)
        out[at.RATIOS : at.RATIOS + len(self.ratios)] = self.ratios
        _lay(out, at.TORQUE_AT, at.TORQUE, self.torque)
        _lay(out, at.STEERING_AT, at.STEERING_SHARE, self.steering_curve)
        return out


_SCALARS = [f.name for f in fields(VehicleParameters) if f.type == "float"]
_POSITIVE = {
    *("mass", "yaw_inertia", "front_axle", "rear_axle", "stiffness_front", "stiffness_rear"),
    *("friction", "steering_lag", "steering_rate", "wheel_radius", "engine_inertia", "clutch"),
    *("brake_lag", "push_lag", "shift_down", "reverse_ratio", "steering_gain", "wheel_angle"),
}


def _check_curve(name: str, curve: Curve) -> None:
    xs = [x for x, _ in curve]
    if not 1 <= len(curve) <= at.KNOTS or sorted(set(xs)) != xs:
        raise ValueError(f"{name}: 1 to {at.KNOTS} points with ascending abscissae")
    if not all(math.isfinite(number) and number >= 0 for point in curve for number in point):
        raise ValueError(f"{name}: numbers must be finite and not negative")


def _lay(out: FloatArray, first: int, second: int, curve: Sequence[tuple[float, float]]) -> None:
    """A curve, its last point repeated until all places are taken."""
    padded = [*curve, *[curve[-1]] * (at.KNOTS - len(curve))]
    out[first : first + at.KNOTS] = [x for x, _ in padded]
    out[second : second + at.KNOTS] = [y for _, y in padded]
