"""A vehicle's drive fitted to speeds that were measured under known pedals on a level road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy

from concours.driving.vehicle import layout as at
from concours.driving.vehicle.drivetrain import STANDING
from concours.driving.vehicle.kernels import drive
from concours.driving.vehicle.layout import FloatArray
from concours.driving.vehicle.model import STEP
from concours.driving.vehicle.parameters import VehicleParameters

FREE = (
    *("drag_open", "drag_shut", "clutch", "shift_up", "shift_down", "first_gear_at"),
    *("engage_time", "shift_time", "shift_pause", "brake_force", "brake_lag", "air_drag"),
    "engine_inertia",
)
"""Scalars that are fitted, besides the gears' ratios and the torques of the curve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedTrace:
    """Speeds of a vehicle that starts from standstill.

    Attributes:
        step: seconds between samples, a multiple of `model.STEP`.
        throttle, brake: (T,) pedals held from each sample to the next, 0..1.
        speed: (T,) m/s at the end of each of those steps.
        settled: samples at the start that are not compared.
    """

    step: float
    throttle: FloatArray
    brake: FloatArray
    speed: FloatArray
    settled: int = 0

    @classmethod
    def throttle_then_brake(
        cls, speed: FloatArray, *, throttle: float, step: float, settled: int = 0
    ) -> SpeedTrace:
        """A constant throttle up to the greatest speed, then the full brake.

        speed: (T + 1,) m/s, the first one at the start.
        """
        count = len(speed) - 1
        pressed = np.arange(count) < int(np.argmax(speed))
        return cls(
            step=step,
            throttle=np.where(pressed, throttle, 0.0),
            brake=np.where(pressed, 0.0, 1.0),
            speed=np.asarray(speed[1:], float),
            settled=settled,
        )


def predict(parameters: VehicleParameters, trace: SpeedTrace) -> FloatArray:
    """(T, layout.STATE) states under a trace's pedals, on a level dry road."""
    controls = np.zeros((len(trace.speed), at.CONTROL))
    controls[:, at.THROTTLE], controls[:, at.BRAKE] = trace.throttle, trace.brake
    out = np.empty((len(controls), at.STATE))
    every = round(trace.step / STEP)
    drive(parameters.array(), np.zeros(at.STATE), controls, 0.0, 1.0, every, STEP, out)
    return out


def rmse(parameters: VehicleParameters, trace: SpeedTrace) -> float:
    """Root mean square of the errors of speed (m/s)."""
    return float(np.sqrt(np.mean(_errors(parameters, trace) ** 2)))


def _errors(parameters: VehicleParameters, trace: SpeedTrace) -> FloatArray:
    errors: FloatArray = predict(parameters, trace)[:, at.SPEED] - trace.speed
    return errors[trace.settled :]


def _vector(parameters: VehicleParameters) -> FloatArray:
    scalars = [getattr(parameters, name) for name in FREE]
    return np.array([*scalars, *parameters.ratios, *(y for _, y in parameters.torque)])


def _rebuilt(parameters: VehicleParameters, vector: FloatArray) -> VehicleParameters:
    numbers = [float(number) for number in vector]
    gears = len(FREE) + len(parameters.ratios)
    torque = zip((x for x, _ in parameters.torque), numbers[gears:], strict=True)
    scalars = dict(zip(FREE, numbers, strict=False))
    ratios = tuple(numbers[len(FREE) : gears])
    return replace(parameters, **scalars, ratios=ratios, torque=tuple(torque))  # type: ignore[arg-type]


def _residuals(
    vector: FloatArray, start: VehicleParameters, traces: Sequence[SpeedTrace]
) -> FloatArray:
    """Errors of speed (km/h), each trace counted once, and how far the vehicle is from plain.

    Counted besides: when it sets off (tenths of a second) and the speed at the end, where a brake
    shows. Plain: ratios and torques that change evenly (second differences of logarithms), and
    little change from the start.
    """
    gears = len(FREE) + len(start.ratios)
    logs = np.log(vector)
    bends = [3.0 * np.diff(logs[len(FREE) : gears], 2), 3.0 * np.diff(logs[gears:], 2)]
    moved = 0.3 * (logs - np.log(_vector(start)))
    try:
        parameters = _rebuilt(start, vector)
    except ValueError:  # no vehicle has such numbers
        misses = [np.full(len(t.speed) - t.settled + 2, 50.0) for t in traces]
    else:
        misses = [_misses(parameters, trace) for trace in traces]
    return np.concatenate([*misses, *bends, moved])


def _misses(parameters: VehicleParameters, trace: SpeedTrace) -> FloatArray:
    errors = _errors(parameters, trace)
    speed = trace.speed[trace.settled :]
    late = float(np.argmax(speed + errors > STANDING) - np.argmax(speed > STANDING)) * trace.step
    return 3.6 * np.concatenate([errors / np.sqrt(len(errors)), [late / 0.36, 0.15 * errors[-1]]])


def fit(
    traces: Sequence[SpeedTrace],
    *,
    start: VehicleParameters,
    seed: int,
    generations: int = 200,
    spread: float = 1.6,
) -> VehicleParameters:
    """The vehicle whose speeds come nearest to the traces, searched about `start`.

    Differential evolution (Storn and Price 1997) within a factor of `spread` of each number, then
    least squares. Equal arguments give equal results. Complexity: about 72 `predict` of every
    trace a generation.
    """
    middle = _vector(start)
    bounds = scipy.optimize.Bounds(middle / spread, middle * spread)

    def cost(vector: FloatArray) -> float:
        return float(np.sum(_residuals(vector, start, traces) ** 2))

    found = scipy.optimize.differential_evolution(
        cost,
        bounds,
        x0=middle,
        popsize=3,
        mutation=(0.4, 0.9),
        recombination=0.8,
        maxiter=generations,
        tol=0.0,
        polish=False,
        seed=seed,
    )
    polished = scipy.optimize.least_squares(
        _residuals,
        found.x,
        bounds=(0.5 * found.x, 2.0 * found.x),
        x_scale=found.x,
        diff_step=np.full(len(middle), 3e-4),
        max_nfev=40,
        args=(start, traces),
    )
    best = polished.x if 2.0 * polished.cost < found.fun else found.x
    return _rebuilt(start, best)
