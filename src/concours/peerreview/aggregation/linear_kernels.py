"""Steps of conjugate gradients whose sums run in the order written on every machine."""

from __future__ import annotations

from typing import Any

import numpy as np

from concours.peerreview.jit import kernel

Array = Any  # numba specialises by dtype


@kernel
def advance(
    length: float, ahead: Array, moved: Array, diagonal: Array, x: Array, residual: Array
) -> float:
    """One step of conjugate gradients along `ahead`; the preconditioned square of the residual."""
    now = 0.0
    for i in range(len(x)):
        x[i] += length * ahead[i]
        residual[i] -= length * moved[i]
        now += residual[i] * residual[i] / diagonal[i]
    return now


@kernel
def turn(ratio: float, residual: Array, diagonal: Array, ahead: Array) -> None:
    """The next direction of conjugate gradients in `ahead`."""
    for i in range(len(ahead)):
        ahead[i] = residual[i] / diagonal[i] + ratio * ahead[i]


@kernel
def dot(a: Array, b: Array) -> float:
    """Sum of a * b in the order written, which no linear algebra library promises."""
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


def signs(words: Array) -> Array:
    """+1 or -1 by the top bit of each word."""
    return np.where(words >> np.uint64(63) == 0, 1.0, -1.0)
