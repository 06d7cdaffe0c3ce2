"""How a value goes from start to target; the formulas of `scenarios.transitions`, compiled."""

from __future__ import annotations

import math

from concours.driving.jit import inner
from concours.driving.world.layout import CUBIC, SINUSOIDAL, STEP


@inner
def value_at(shape: int, start: float, target: float, extent: float, at: float) -> float:
    """The value at `at` of `extent`."""
    if shape == STEP or at >= extent:
        return target
    if at <= 0.0:
        return start
    part = at / extent
    if shape == CUBIC:
        part = part * part * (3.0 - 2.0 * part)
    elif shape == SINUSOIDAL:
        part = 0.5 * (1.0 - math.cos(math.pi * part))
    return start + (target - start) * part


@inner
def rate_at(shape: int, start: float, target: float, extent: float, at: float) -> float:
    """The change a unit of the parameter; 0 outside the course."""
    if shape == STEP or at >= extent or at < 0.0:
        return 0.0
    part = at / extent
    slope = 1.0
    if shape == CUBIC:
        slope = 6.0 * part * (1.0 - part)
    elif shape == SINUSOIDAL:
        slope = 0.5 * math.pi * math.sin(math.pi * part)
    return (target - start) * slope / extent


@inner
def clipped(value: float, low: float, high: float) -> float:
    """The value within low .. high."""
    return min(max(value, low), high)
