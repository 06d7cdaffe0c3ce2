"""What sensors of light and waves share: the boxes around them, and how weather dims them."""

from __future__ import annotations

import numpy as np

from concours.driving.sensors.frames import FloatArray
from concours.driving.sensors.kernels.boxes import BOX_COLUMNS, place_boxes
from concours.driving.sensors.mounting import Viewpoint
from concours.driving.sensors.scene import Others, Weather


def boxes_around(others: Others, view: Viewpoint) -> FloatArray:
    """(n, 19) for kernels, row by row those of `others`."""
    out = np.empty((len(others.poses), BOX_COLUMNS))
    place_boxes(others.poses, others.sizes, view.place, view.turn, out)
    return out


def dimness(weather: Weather) -> float:
    """0 by day in dry air, to 1: half by darkness, half by rain of 20 mm/h and more."""
    return 0.5 * (1.0 - weather.light) + 0.5 * min(weather.rain / 20.0, 1.0)
