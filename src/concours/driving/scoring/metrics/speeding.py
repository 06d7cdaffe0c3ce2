"""Speed: over the limit, and too slow among others."""

from __future__ import annotations

import numpy as np

from concours.driving.scoring.metrics.bands import Margin, band
from concours.driving.scoring.metrics.reasons import at_row, greatest
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Measure

TOLERANCE = 1e-6
"""m/s by which a number may be over a limit because of its last digits."""
QUARTERS = 4
"""Parts of the way in which CARLA compares speeds."""


def highest(seen: Observations, *, margin: Margin = "below") -> Measure:
    """The highest speed against the task's limit by the CARSMOS table: over it 0."""
    row, x = greatest(np.abs(seen.speed))
    limit = seen.task.speed_limit
    value = band(min(x, limit), limit, margin=margin) if x <= limit + TOLERANCE else 0.0
    words = f"{x:.1f} m/s, the limit is {limit:.1f} m/s"
    reasons = (at_row(seen, row, words),) if value < 1.0 else ()
    return Measure(value=value, measured=x, unit="m/s", reasons=reasons)


def never_over(seen: Observations) -> Measure:
    """1 where the limits of the lanes were kept in every frame, else 0."""
    over = np.maximum(np.abs(seen.speed) - seen.limit, 0.0)
    row, worst = greatest(over)
    if worst <= TOLERANCE:
        return Measure(value=1.0, measured=0.0, unit="m/s over")
    reason = at_row(seen, row, f"{worst:.1f} m/s over the limit of {seen.limit[row]:.1f} m/s")
    return Measure(value=0.0, measured=worst, unit="m/s over", reasons=(reason,))


def mean_excess(seen: Observations, *, none: float = 2.23) -> Measure:
    """nuPlan's: 1 less the mean of what was driven over the limit, in shares of `none` m/s."""
    over = np.maximum(np.abs(seen.speed) - seen.limit, 0.0)
    mean = float(over.mean())
    row, worst = greatest(over)
    value = max(1.0 - mean / none, 0.0)
    words = f"up to {worst:.1f} m/s over the limit of {seen.limit[row]:.1f} m/s"
    reasons = (at_row(seen, row, words),) if value < 1.0 else ()
    return Measure(value=value, measured=mean, unit="m/s over", reasons=reasons)


def with_traffic(seen: Observations) -> Measure:
    """The ego's mean speed in shares of the vehicles' around it, at most 1.

    The mean over the quarters of the way in which there were any; 1 where there were none.
    """
    quarter = np.minimum((seen.progress * QUARTERS).astype(np.int64), QUARTERS - 1)
    known = np.isfinite(seen.traffic)
    found: list[tuple[float, int]] = []
    for number in range(QUARTERS):
        rows = np.flatnonzero(known & (quarter == number))
        if len(rows):
            theirs = float(seen.traffic[rows].mean())
            mine = float(np.abs(seen.speed[rows]).mean())
            found.append((min(mine / theirs, 1.0) if theirs > 0.0 else 1.0, int(rows[-1])))
    share = float(np.mean([one for one, _ in found])) if found else 1.0
    reasons = tuple(
        at_row(seen, row, f"slower than the traffic: {one:.0%} of its speed")
        for one, row in found
        if one < 1.0
    )
    return Measure(value=share, measured=share, unit="of the traffic's speed", reasons=reasons)
