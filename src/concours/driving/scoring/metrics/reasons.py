"""Reasons at a frame or a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Reason

SAME = 1e-6
"""Values this near the greatest count as it, so that last digits do not move a reason."""


def greatest(values: npt.NDArray[np.float64]) -> tuple[int, float]:
    """The first row of the greatest value, and that value."""
    highest = float(np.max(values))
    there = values >= highest - SAME if np.isfinite(highest) else values == highest
    return int(np.argmax(there)), highest


def at_row(seen: Observations, row: int, words: str) -> Reason:
    """A reason where the ego was in a frame."""
    return Reason(float(seen.times[row]), float(seen.x[row]), float(seen.y[row]), words)


def at_time(seen: Observations, time: float, words: str) -> Reason:
    """A reason where the ego was at a time, or in the last frame."""
    row = min(int(np.searchsorted(seen.times, time - 1e-9)), len(seen.times) - 1)
    return at_row(seen, row, words)
