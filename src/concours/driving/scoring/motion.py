"""How the ego was moved: accelerations and jerks, by raw differences and by a declared filter."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

ORDER = 2
"""Order of the filter's polynomials."""
ACCELERATION_WINDOW = 0.8
"""Seconds of the filter's window for accelerations and yaw rate, as wide as nuPlan's."""
JERK_WINDOW = 1.5
"""Seconds of its window for jerks and yaw acceleration, as wide as nuPlan's."""


class Motion(NamedTuple):
    """Per frame, each (T,): m/s2, m/s3, rad/s and rad/s2; left is positive.

    jerk: of the acceleration's size, as nuPlan takes it.
    """

    longitudinal: FloatArray
    lateral: FloatArray
    longitudinal_jerk: FloatArray
    lateral_jerk: FloatArray
    jerk: FloatArray
    yaw_rate: FloatArray
    yaw_acceleration: FloatArray


def raw(speed: FloatArray, heading: FloatArray, step: float) -> Motion:
    """Differences to the frame before; before the first frame nothing moved or turned faster."""
    turned = np.unwrap(heading)

    def rate(values: FloatArray) -> FloatArray:
        return np.diff(values, prepend=values[:1]) / step

    longitudinal, yaw_rate = rate(speed), rate(turned)
    return _motion(longitudinal, speed * yaw_rate, yaw_rate, rate)


def filtered(speed: FloatArray, heading: FloatArray, step: float) -> Motion:
    """The slopes of quadratics fitted to each window (Savitzky and Golay, 1964).

    Accelerations are slopes of speed over 0.8 s, jerks slopes of those over 1.5 s; at 20 Hz 17
    and 31 frames. The first and last half window are read from the outermost fit, so that no
    step up from rest is made up. A run shorter than a window takes the widest that fits.
    """
    turned = np.unwrap(heading)
    longitudinal = slope(speed, step, ACCELERATION_WINDOW)
    yaw_rate = slope(turned, step, ACCELERATION_WINDOW)

    def rate(values: FloatArray) -> FloatArray:
        return slope(values, step, JERK_WINDOW)

    return _motion(longitudinal, speed * yaw_rate, yaw_rate, rate)


def _motion(
    longitudinal: FloatArray,
    lateral: FloatArray,
    yaw_rate: FloatArray,
    rate: Callable[[FloatArray], FloatArray],
) -> Motion:
    return Motion(
        longitudinal=longitudinal,
        lateral=lateral,
        longitudinal_jerk=rate(longitudinal),
        lateral_jerk=rate(lateral),
        jerk=rate(np.hypot(longitudinal, lateral)),
        yaw_rate=yaw_rate,
        yaw_acceleration=rate(yaw_rate),
    )


def slope(values: FloatArray, step: float, window: float) -> FloatArray:
    """Per second; window in seconds, taken to the next odd number of frames."""
    count = 2 * round(window / step / 2.0) + 1
    count = min(count, len(values) - 1 + len(values) % 2)
    if count <= ORDER:
        return np.gradient(values, step) if len(values) > 1 else np.zeros_like(values)
    from scipy.signal import savgol_filter  # late: it takes more than a second

    return np.asarray(savgol_filter(values, count, ORDER, deriv=1, delta=step), dtype=np.float64)
