"""The loops that lower the bound of `bounds.py`: a deflected subgradient method."""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray

DEFLECTION = 0.75


@kernel
def descend(
    start: IntArray,
    side: IntArray,
    reviewer: IntArray,
    entry: IntArray,
    worth: IntArray,
    need: IntArray,
    low: IntArray,
    high: IntArray,
    u: FloatArray,
    v: FloatArray,
    best: FloatArray,
    uses: IntArray,
    step: float,
    falls: FloatArray,
    zero_elsewhere: bool,
) -> float:
    """Lower the bound from u, v; `best` (R + n,) gets the best prices. Returns their bound.

    `uses` (p,) counts how often each arc was among those that the bound counts, in the last two
    fifths of the steps.

    Step i goes against the deflected subgradient d by step * falls[i] / |d|**2.
    """
    reviewers = len(u)
    gu, gv = np.zeros(reviewers), np.zeros(len(v))
    du, dv = np.zeros(reviewers), np.zeros(len(v))
    least = np.inf
    for turn in range(len(falls)):
        if zero_elsewhere:
            _raise_to_zero(u, v)
        count = turn >= len(falls) * 3 // 5
        value = subgradient(
            start, side, reviewer, entry, worth, need, low, high, u, v, gu, gv, uses, count
        )
        if value < least:
            least = value
            best[:reviewers] = u
            best[reviewers:] = v
        if not _move(u, v, du, dv, gu, gv, low, high, step * falls[turn]):
            break
    return least


@kernel
def _raise_to_zero(u: FloatArray, v: FloatArray) -> None:
    """Raise the lowest prices until none of u and none of v sum to less than 0."""
    short = -(u.min() + v.min()) / 2
    if short > 0.0:
        u[:] = np.maximum(u, u.min() + short)
        v[:] = np.maximum(v, v.min() + short)


@kernel
def _move(
    u: FloatArray,
    v: FloatArray,
    du: FloatArray,
    dv: FloatArray,
    gu: FloatArray,
    gv: FloatArray,
    low: IntArray,
    high: IntArray,
    length: float,
) -> bool:
    """One step against the deflected subgradient du, dv; False where that is 0."""
    norm = 0.0
    for r in range(len(u)):
        du[r] = gu[r] + DEFLECTION * du[r]
        norm += du[r] * du[r]
    for e in range(len(v)):
        dv[e] = gv[e] + DEFLECTION * dv[e]
        norm += dv[e] * dv[e]
    if norm == 0.0:
        return False
    rate = length / norm
    for r in range(len(u)):
        moved = u[r] - rate * du[r]
        u[r] = 0.0 if low[r] < high[r] and u[r] * moved < 0.0 else moved
    for e in range(len(v)):
        v[e] -= rate * dv[e]
    return True


@kernel
def subgradient(
    start: IntArray,
    side: IntArray,
    reviewer: IntArray,
    entry: IntArray,
    worth: IntArray,
    need: IntArray,
    low: IntArray,
    high: IntArray,
    u: FloatArray,
    v: FloatArray,
    gu: FloatArray,
    gv: FloatArray,
    uses: IntArray,
    count: bool,
) -> float:
    """The bound at u, v; gu, gv get a subgradient; the arcs it counts get a use if `count`."""
    value = _prices_alone(need, low, high, u, v, gu, gv)
    for q in range(len(start) - 1):
        first, second = _gains(start[q], start[q + 1], side, reviewer, entry, worth, u, v)
        if first <= 0.0 and second <= 0.0:
            continue
        chosen = 0 if first >= second else 1
        value += max(first, second)
        for a in range(start[q], start[q + 1]):
            if side[a] == chosen and worth[a] > u[reviewer[a]] + v[entry[a]]:
                gu[reviewer[a]] -= 1.0
                gv[entry[a]] -= 1.0
                uses[a] += count
    for r in range(len(u)):
        if u[r] == 0.0 and gu[r] < 0.0:  # every load between low and high is a subgradient
            gu[r] = min(gu[r] + high[r] - low[r], 0.0)
    return value


@kernel
def _gains(
    first_arc: int,
    end: int,
    side: IntArray,
    reviewer: IntArray,
    entry: IntArray,
    worth: IntArray,
    u: FloatArray,
    v: FloatArray,
) -> tuple[float, float]:
    """The positive profits on either side of one pair."""
    gain = other = 0.0
    for a in range(first_arc, end):
        profit = worth[a] - u[reviewer[a]] - v[entry[a]]
        if profit > 0.0:
            if side[a] == 0:
                gain += profit
            else:
                other += profit
    return gain, other


@kernel
def _prices_alone(
    need: IntArray,
    low: IntArray,
    high: IntArray,
    u: FloatArray,
    v: FloatArray,
    gu: FloatArray,
    gv: FloatArray,
) -> float:
    value = 0.0
    for r in range(len(u)):
        gu[r] = high[r] if u[r] > 0.0 else low[r]
        value += gu[r] * u[r]
    for e in range(len(v)):
        gv[e] = need[e]
        value += gv[e] * v[e]
    return value
