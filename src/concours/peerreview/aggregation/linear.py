"""Large sparse systems: conjugate gradients, and the diagonal of an inverse."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from concours.peerreview.keyed import FloatArray, Keyed

Multiply = Callable[[FloatArray], FloatArray]

PROBE_TOLERANCE = 1e-3
PROBED = 200_000  # entries looked at by the probes of a trace
MOST_PROBES = 64


def conjugate_gradients(
    multiply: Multiply, diagonal: FloatArray, right: FloatArray, *, tolerance: float, steps: int
) -> tuple[FloatArray, bool, int]:
    """(x, converged, steps) of A x = right, A symmetric and positive with this diagonal.

    `tolerance` is relative, on the residual in the norm of the inverse diagonal.
    """
    from concours.peerreview.aggregation.linear_kernels import advance, dot, turn

    x, ahead = np.zeros((2, len(right)))
    residual = right.copy()
    now = advance(0.0, ahead, ahead, diagonal, x, residual)
    goal, last = tolerance**2 * max(now, 1e-300), np.inf
    for step in range(steps):
        if now <= goal:
            return x, True, step
        turn(now / last, residual, diagonal, ahead)
        moved = multiply(ahead)
        length = now / dot(ahead, moved)
        last, now = now, advance(length, ahead, moved, diagonal, x, residual)
    return x, False, steps


def stretched(variance: FloatArray, diagonal: FloatArray, multiply: Multiply) -> FloatArray:
    """`variance` (n,), known to fall short of diag(A^-1), with its excess over 1 / diagonal
    stretched so that the sum is the trace of A^-1.

    The trace is by probes (Hutchinson, "A stochastic estimator of the trace of the influence
    matrix", 1990), the same signs for every input of this size.
    """
    least = 1 / diagonal
    low, loose = float(least.sum()), float(variance.sum())
    if loose <= low * (1 + 1e-9):
        return variance
    trace = probed_trace(multiply, diagonal, lambda coin: coin, len(variance))
    return least + max((trace - low) / (loose - low), 1.0) * (variance - least)


def probed_trace(multiply: Multiply, diagonal: FloatArray, into: Multiply, count: int) -> float:
    """Trace of B' A^-1 B from signs z (count,), B z = into(z)."""
    from concours.peerreview.aggregation.linear_kernels import dot, signs

    total, probes = 0.0, min(max(PROBED // count, 1), MOST_PROBES)
    coins = Keyed(b"", "consensus/probes")
    for probe in range(probes):
        right = into(signs(coins.words(count, start=probe * count)))
        solved = conjugate_gradients(
            multiply, diagonal, right, tolerance=PROBE_TOLERANCE, steps=1_000
        )[0]
        total += dot(right, solved)
    return total / probes
