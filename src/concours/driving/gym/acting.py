"""From an action to a control."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from concours.driving.vehicle import DirectControl, VehicleControl
from concours.driving.vehicle.layout import FloatArray

SIZE = 2
"""Numbers of an action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """What the two numbers of an action mean; each is from -1 to 1, left is positive.

    Attributes:
        by: "direct": an acceleration and an angle of the road wheels, within the vehicle's limits
            and lags. "pedals": throttle above 0, brake below, and the wheel.
        acceleration: m/s2 at 1, and with the other sign at -1. steering: rad at 1. For "direct".
    """

    by: Literal["direct", "pedals"] = "direct"
    acceleration: float = 5.0
    steering: float = 0.5

    def row(self, action: npt.ArrayLike) -> FloatArray:
        """(vehicle.layout.CONTROL,) for an action (2,), cut to -1 .. 1.

        Raises ValueError for another shape and for NaN.
        """
        given = np.asarray(action, dtype=np.float64)
        if given.shape != (SIZE,) or np.isnan(given).any():
            raise ValueError(f"an action is {SIZE} numbers, not {action!r}")
        along, left = np.clip(given, -1.0, 1.0).tolist()
        if self.by == "direct":
            return DirectControl(along * self.acceleration, left * self.steering).row()
        return VehicleControl(max(along, 0.0), -left, max(-along, 0.0)).row()
