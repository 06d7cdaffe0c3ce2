"""Between the engine's right-handed frames and the left-handed one that agents see.

Inside: x forward, y left, z up; heading to the left, pitch nose down, roll left side up, radians,
applied as Rz(heading) Ry(pitch) Rx(roll). Agents: x forward, y right, z up; yaw to the right,
pitch nose up, roll left side up (leaning right), degrees. Only what is here turns one into the
other. Products are summed in one order, not by a library that asks what machine it is on.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
_PLACE_SIGNS, _RATE_SIGNS = np.array([1.0, -1.0, 1.0]), np.array([-1.0, 1.0, -1.0])


def rotation(heading: float, pitch: float = 0.0, roll: float = 0.0) -> FloatArray:
    """(3, 3): columns are the turned frame's axes in the outer frame."""
    ch, sh = math.cos(heading), math.sin(heading)
    cp, sp = math.cos(pitch), math.sin(pitch)
    cr, sr = math.cos(roll), math.sin(roll)
    return np.array(
        [
            [ch * cp, ch * sp * sr - sh * cr, ch * sp * cr + sh * sr],
            [sh * cp, sh * sp * sr + ch * cr, sh * sp * cr - ch * sr],
            [-sp, cp * sr, cp * cr],
        ]
    )


def times(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    """(3,) matrix (3, 3) by vector (3,)."""
    x, y, z = vector.tolist()
    (a, b, c), (d, e, f), (g, h, i) = matrix.tolist()
    return np.array([a * x + b * y + c * z, d * x + e * y + f * z, g * x + h * y + i * z])


def product(first: FloatArray, second: FloatArray) -> FloatArray:
    """(3, 3) of two (3, 3)."""
    (a, b, c), (d, e, f), (g, h, i) = second.tolist()
    return np.array(
        [
            [x * a + y * d + z * g, x * b + y * e + z * h, x * c + y * f + z * i]
            for x, y, z in first.tolist()
        ]
    )


def cross(first: FloatArray, second: FloatArray) -> FloatArray:
    """(3,) of two (3,); a tenth of the time that NumPy's takes."""
    a, b, c = first.tolist()
    x, y, z = second.tolist()
    return np.array([b * z - c * y, c * x - a * z, a * y - b * x])


def circle(angles: FloatArray) -> FloatArray:
    """(n, 2) cosines and sines, by the same library on all machines, unlike NumPy's."""
    return np.array([(math.cos(angle), math.sin(angle)) for angle in angles.tolist()])


def mount_rotation(*, roll: float, pitch: float, yaw: float) -> FloatArray:
    """The frame of a sensor in that of its vehicle, from an agent's degrees."""
    return rotation(math.radians(-yaw), math.radians(-pitch), math.radians(roll))


def mount_place(x: float, y: float, z: float) -> FloatArray:
    """(3,) the place of a sensor in its vehicle's frame, from an agent's metres."""
    return np.array([x, -y, z])


def place_for_agents(vector: FloatArray) -> FloatArray:
    """(3,) a place, velocity or acceleration, as agents see it."""
    mirrored: FloatArray = vector * _PLACE_SIGNS
    return mirrored


def rates_for_agents(rates: FloatArray) -> FloatArray:
    """(3,) turning rates about x, y, z, as agents see them: an axial vector turns the other way.

    The left-handed reading of a left-handed turn: about x and z signs change, about y none does.
    """
    mirrored: FloatArray = rates * _RATE_SIGNS
    return mirrored


def points_for_agents(points: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(n, >= 2) points x, y ..., turned in place."""
    points[:, 1] *= np.float32(-1.0)  # np.negative in place is wrong on strides (NumPy 2.4.6)
    return points
