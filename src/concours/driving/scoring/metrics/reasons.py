"""Reasons at a frame or a time."""

from __future__ import annotations

import numpy as np

from concours.driving.scoring.observations import Observations
from concours.driving.scoring.records import Reason


def at_row(seen: Observations, row: int, words: str) -> Reason:
    """A reason where the ego was in a frame."""
    return Reason(float(seen.times[row]), float(seen.x[row]), float(seen.y[row]), words)


def at_time(seen: Observations, time: float, words: str) -> Reason:
    """A reason where the ego was at a time, or in the last frame."""
    row = min(int(np.searchsorted(seen.times, time - 1e-9)), len(seen.times) - 1)
    return at_row(seen, row, words)
