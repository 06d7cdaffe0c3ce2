"""Columns of numbers as short text: whole steps, differences, bytes, base64.

Smooth motion has small second differences, most of which fit into one byte, and what stands still
has none: a run of zeros is one number. unpack.js reads it.
"""

from __future__ import annotations

import base64

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FARTHEST = 2.0**40
"""Whole steps from zero, at most; what lies beyond is drawn there."""


def packed(values: npt.ArrayLike, *, per_unit: float = 1.0, order: int = 2) -> str:
    """Text for (n,) numbers, rounded to 1 / per_unit; NaN becomes 0.

    order: how many times differences are taken. Complexity: linear; 1 to 1.4 characters a number
    where the motion is smooth, at most 14.
    """
    numbers = np.nan_to_num(np.asarray(values, dtype=np.float64) * per_unit, posinf=FARTHEST)
    steps = np.rint(np.clip(numbers, -FARTHEST, FARTHEST)).astype(np.int64)
    for _ in range(order):
        steps = np.diff(steps, prepend=0)
    return base64.b64encode(_bytes(_tokens(steps))).decode("ascii")


def _tokens(steps: IntArray) -> IntArray:
    """Even: a number, folded to 0, -1, 1, -2 ... ; odd: so many zeros."""
    folded = np.where(steps < 0, -2 * steps - 1, 2 * steps)
    zero = steps == 0
    starts = zero & ~np.concatenate([[False], zero[:-1]])
    kept = ~zero | starts
    run = np.cumsum(starts)[zero]
    lengths = np.bincount(run, minlength=int(starts.sum()) + 1)[1:]
    tokens = folded * 2
    tokens[starts] = lengths * 2 + 1
    out: IntArray = tokens[kept]
    return out


def _bytes(tokens: IntArray) -> bytes:
    """Seven bits a byte, the lowest first; the eighth says that more follow."""
    size = np.ones(len(tokens), dtype=np.int64)
    for more in range(1, 9):
        size += tokens >= 1 << 7 * more
    first = np.cumsum(size) - size
    out = np.zeros(int(size.sum()), dtype=np.uint8)
    for more in range(9):
        chosen = size > more
        part = tokens[chosen] >> 7 * more & 0x7F
        out[first[chosen] + more] = part | np.where(size[chosen] > more + 1, 0x80, 0)
    return out.tobytes()
