"""Close calls: time to collision and the gap to others."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.driving.scoring.metrics.bands import ease
from concours.driving.scoring.metrics.reasons import at_row, greatest
from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Measure


def in_bound(seen: Observations, *, least: float = 0.95) -> Measure:
    """nuPlan's: 1 where the time to collision is never under `least` s, else 0."""
    row, worst = _least(seen.collision_in)
    if worst >= least:
        return Measure(value=1.0, measured=worst, unit="s")
    reason = at_row(seen, row, f"{worst:.2f} s to a collision")
    return Measure(value=0.0, measured=worst, unit="s", reasons=(reason,))


def time_left(seen: Observations, *, none: float = 0.5, full: float = 2.5) -> Measure:
    """By the least time to collision: 0 at `none` s, rising smoothly to 1 at `full` s."""
    row, worst = _least(seen.collision_in)
    value = ease(worst, none, full)
    reasons = (at_row(seen, row, f"{worst:.2f} s to a collision"),) if value < 1.0 else ()
    return Measure(value=value, measured=worst, unit="s", reasons=reasons)


def room_left(
    seen: Observations, *, none: float = 0.2, full: float = 1.0, moving: float = 0.5
) -> Measure:
    """By the least gap to others while the ego moves faster than `moving` m/s.

    0 at `none` m, rising smoothly to 1 at `full` m. Standing close behind others costs nothing.
    """
    gaps = np.where(np.abs(seen.speed) > moving, seen.nearest, np.inf)
    row, worst = _least(gaps)
    value = ease(worst, none, full)
    reasons = (at_row(seen, row, f"{worst:.2f} m to the next one"),) if value < 1.0 else ()
    return Measure(value=value, measured=worst, unit="m", reasons=reasons)


def _least(values: npt.NDArray[np.float64]) -> tuple[int, float]:
    row, highest = greatest(-values)
    return row, -highest
