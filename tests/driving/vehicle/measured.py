"""Speeds of a real simulator's car, where the checkout has them."""

from __future__ import annotations

import numpy as np
import pytest

from concours.driving.vehicle.fitting import SpeedTrace
from tests.driving.scenarios.shared import FOLDER

THROTTLES = (0.4, 0.6, 0.8, 1.0)
STEP = 0.05
SETTLED = 10
"""Samples at the start in which the car still falls onto its wheels."""

needed = pytest.mark.skipif(
    not (FOLDER / "vehicle").is_dir(), reason="shared/data/driving/vehicle is not there"
)


def measured(throttle: float) -> SpeedTrace:
    """One file as a trace: constant throttle, then the full brake."""
    path = FOLDER / "vehicle" / f"throttle_{throttle}.csv"
    table = np.genfromtxt(path, delimiter=",", names=True)
    return SpeedTrace.throttle_then_brake(
        table["speed_kmh"] / 3.6, throttle=throttle, step=STEP, settled=SETTLED
    )
