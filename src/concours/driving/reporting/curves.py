"""What a run was like over time, as columns that curves.js draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.driving.scoring import Observations
from concours.driving.viewing.packing import packed
from concours.driving.world import Trace

FRAMES = 300_000
"""Frames of all runs together for which there are points in the curves."""
PER_UNIT = 100.0
"""Steps in a unit: cm/s, cm/s2, cm/s3, cm, hundredths of a second."""
TICKS = 1e4
"""Time is kept to a tenth of a millisecond, as in the replay."""
NONE = -1.0
"""Stands for no limit, nobody near and no collision ahead, which are 0 or more."""
FARTHEST = {"limit": 1000.0, "nearest": 100.0, "collision_in": 30.0}
"""From here on there is none: m/s, m, s."""


def every(traces: Sequence[Trace]) -> int:
    """Which frames have a point: every one, every second, ..."""
    return max(1, math.ceil(sum(len(trace.times) for trace in traces) / FRAMES))


def curves(seen: Observations, thinned: int) -> dict[str, Any]:
    """Columns over the time; accelerations and jerks are the filtered ones that scores read."""
    rows = np.unique(np.append(np.arange(0, len(seen.times), thinned), len(seen.times) - 1))
    columns = {
        "speed": seen.speed,
        "limit": _to_none(seen.limit, "limit"),
        "longitudinal": seen.filtered.longitudinal,
        "lateral": seen.filtered.lateral,
        "longitudinal_jerk": seen.filtered.longitudinal_jerk,
        "lateral_jerk": seen.filtered.lateral_jerk,
        "nearest": _to_none(seen.nearest, "nearest"),
        "collision_in": _to_none(seen.collision_in, "collision_in"),
    }
    return {
        "times": packed(seen.times[rows], per_unit=TICKS),
        "ticks": TICKS,
        "perUnit": PER_UNIT,
        "thinned": thinned,
        "columns": {
            name: packed(values[rows], per_unit=PER_UNIT, order=1)
            for name, values in columns.items()
        },
    }


def _to_none(values: npt.NDArray[np.float64], name: str) -> npt.NDArray[np.float64]:
    return np.where(values < FARTHEST[name], values, NONE)
