"""How a value goes from a start to a target: linear, cubic, sinusoidal, or at once.

The course is a function of a parameter (seconds, or metres travelled) from 0 to `extent`. With
p = parameter / extent the value is start + (target - start) * f(p), where f(p) is p, 3 p^2 - 2 p^3,
or (1 - cos(pi p)) / 2 (ASAM OpenSCENARIO XML 1.2, DynamicsShape). A bound on the rate is a bound on
its peak: 1, 3/2 or pi/2 times the mean.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from concours.driving.scenarios.enums import DynamicsDimension, DynamicsShape

_PEAKS = {
    DynamicsShape.LINEAR: 1.0,
    DynamicsShape.CUBIC: 1.5,
    DynamicsShape.SINUSOIDAL: math.pi / 2,
    DynamicsShape.STEP: 0.0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """A course from start to target over `extent` (>= 0) of the parameter."""

    start: float
    target: float
    extent: float
    shape: DynamicsShape

    def value(self, parameter: float) -> float:
        """The value; the start before 0, the target from the extent on."""
        if parameter >= self.extent or self.shape is DynamicsShape.STEP:
            return self.target
        if parameter <= 0:
            return self.start
        return self.start + (self.target - self.start) * _share(self.shape, parameter / self.extent)

    def rate(self, parameter: float) -> float:
        """The change a unit of the parameter; 0 outside the course."""
        if not 0 <= parameter < self.extent or self.shape is DynamicsShape.STEP:
            return 0.0
        slope = _slope(self.shape, parameter / self.extent)
        return (self.target - self.start) * slope / self.extent

    def done(self, parameter: float) -> bool:
        """Whether the target has been reached."""
        return self.shape is DynamicsShape.STEP or parameter >= self.extent


def transition(
    *,
    start: float,
    target: float,
    shape: DynamicsShape,
    dimension: DynamicsDimension,
    value: float,
) -> Transition:
    """The course that a TransitionDynamics asks for.

    value: the extent itself (time in s, distance in m), or the peak rate. A rate of 0 never gets
    there (extent infinite) unless start and target are equal; a negative value counts as positive.
    """
    if shape is DynamicsShape.STEP:
        return Transition(start=start, target=target, extent=0.0, shape=shape)
    extent = abs(value)
    if dimension is DynamicsDimension.RATE:
        extent = extent_at_rate(start=start, target=target, shape=shape, rate=value)
    return Transition(start=start, target=target, extent=extent, shape=shape)


def extent_at_rate(*, start: float, target: float, shape: DynamicsShape, rate: float) -> float:
    """The shortest extent whose rate never exceeds `rate` in size."""
    way = abs(target - start)
    if way == 0:
        return 0.0
    return _PEAKS[shape] * way / abs(rate) if rate else math.inf


def _share(shape: DynamicsShape, part: float) -> float:
    if shape is DynamicsShape.CUBIC:
        return part * part * (3 - 2 * part)
    if shape is DynamicsShape.SINUSOIDAL:
        return (1 - math.cos(math.pi * part)) / 2
    return part


def _slope(shape: DynamicsShape, part: float) -> float:
    if shape is DynamicsShape.CUBIC:
        return 6 * part * (1 - part)
    if shape is DynamicsShape.SINUSOIDAL:
        return math.pi / 2 * math.sin(math.pi * part)
    return 1.0
