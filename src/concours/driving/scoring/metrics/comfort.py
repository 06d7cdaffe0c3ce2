"""Accelerations and jerks."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from concours.driving.scoring.metrics.bands import Margin, band, excess, ramp
from concours.driving.scoring.metrics.reasons import at_row, greatest
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Measure, Reason

FloatArray = npt.NDArray[np.float64]
Quantity = Literal["longitudinal", "lateral", "longitudinal_jerk", "lateral_jerk"]
Taken = Literal["maximum", "rms", "filtered"]
"""What x is: the greatest raw value, the root of the mean raw square, the greatest filtered."""


class Bounds(NamedTuple):
    """nuPlan's bounds of comfort: m/s2, m/s3, rad/s, rad/s2."""

    forward: float = 2.40
    braking: float = 4.05
    lateral: float = 4.89
    longitudinal_jerk: float = 4.13
    jerk: float = 8.37
    yaw_rate: float = 0.95
    yaw_acceleration: float = 1.93


NUPLAN = Bounds()


def against_limit(
    seen: Observations,
    quantity: Quantity,
    *,
    limit: float,
    taken: Taken = "filtered",
    margin: Margin = "below",
) -> Measure:
    """The CARSMOS table: the band up to the limit, the falling line of 59 points over it."""
    motion = seen.filtered if taken == "filtered" else seen.raw
    values: FloatArray = np.abs(getattr(motion, quantity))
    row, x = greatest(values)
    if taken == "rms":
        x = float(np.sqrt(np.mean(values**2)))
    value = excess(x, limit) if x > limit else band(x, limit, margin=margin)
    unit = "m/s3" if quantity.endswith("jerk") else "m/s2"
    words = f"{quantity.replace('_', ' ')} {x:.1f} {unit}, the limit is {limit:.1f} {unit}"
    reasons = (at_row(seen, row, words),) if value < 1.0 else ()
    return Measure(value=value, measured=x, unit=unit, reasons=reasons)


def within(seen: Observations, bounds: Bounds = NUPLAN) -> Measure:
    """nuPlan's: 1 where every filtered quantity keeps its bound in every frame, else 0."""
    broken = tuple(reason for share, reason in _shares(seen, bounds) if share > 1.0)
    return _told(seen, bounds, 0.0 if broken else 1.0, broken)


def smoothness(seen: Observations, bounds: Bounds = NUPLAN) -> Measure:
    """The mean over the quantities: 1 within the bound, falling to 0 at twice the bound."""
    found = _shares(seen, bounds)
    values = [ramp(share, 2.0, 1.0) for share, _ in found]
    broken = tuple(reason for share, reason in found if share > 1.0)
    return _told(seen, bounds, float(np.mean(values)), broken)


def _told(seen: Observations, bounds: Bounds, value: float, broken: tuple[Reason, ...]) -> Measure:
    worst = max(share for share, _ in _shares(seen, bounds))
    return Measure(value=value, measured=worst, unit="of the bound", reasons=tuple(sorted(broken)))


def _shares(seen: Observations, bounds: Bounds) -> list[tuple[float, Reason]]:
    """Each quantity's greatest value in shares of its bound, and where that was."""
    motion = seen.filtered
    told = (
        ("acceleration", motion.longitudinal, bounds.forward),
        ("braking", -motion.longitudinal, bounds.braking),
        ("lateral acceleration", np.abs(motion.lateral), bounds.lateral),
        ("longitudinal jerk", np.abs(motion.longitudinal_jerk), bounds.longitudinal_jerk),
        ("jerk", np.abs(motion.jerk), bounds.jerk),
        ("yaw rate", np.abs(motion.yaw_rate), bounds.yaw_rate),
        ("yaw acceleration", np.abs(motion.yaw_acceleration), bounds.yaw_acceleration),
    )
    out = []
    for name, values, bound in told:
        row, highest = greatest(values)
        words = f"{name} {highest:.2f}, the bound is {bound:.2f}"
        out.append((highest / bound, at_row(seen, row, words)))
    return out
