"""Permutation tests in machine code.

Draws stop early once enough of them are as extreme as the data: p = h / draws then, else
(1 + b) / (1 + B); both are exact under the null (J. Besag, P. Clifford, "Sequential Monte Carlo
p-values", Biometrika 1991).
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.screening.coins import (
    below,
    borrowed,
    longest_of,
    mixed,
    restore,
    shuffle_head,
    stream,
)

ENOUGH = 10
"""Draws as extreme as the data after which a test stops."""
SLACK = 1e-9
"""Sums that differ by rounding only count as equal."""


@kernel
def lower_tail(
    start: IntArray,
    chosen: IntArray,
    weight: FloatArray,
    value: FloatArray,
    key: np.uint64,
    draws: int,
    enough: int,
) -> FloatArray:
    """p-value of each chosen reviewer that sum(weight * value) is so low.

    Null: values permuted within the reviewer. start (R + 1,) as in Residuals; O(draws * reviews).
    """
    longest = longest_of(start, chosen)
    order, swaps = np.arange(longest), np.empty(longest, dtype=np.int64)
    out = np.empty(len(chosen))
    for place in range(len(chosen)):
        r = chosen[place]
        first, size = start[r], start[r + 1] - start[r]
        seen = 0.0
        reach = 0.0
        for i in range(size):
            seen += weight[first + i] * value[first + i]
            reach += abs(weight[first + i] * value[first + i])
        limit = seen + SLACK * reach
        hits, done = 0, 0
        while done < draws and hits < enough:
            shuffle_head(order, size, size, stream(key, r, done), swaps)
            total = 0.0
            for i in range(size):
                total += weight[first + i] * value[first + order[i]]
            restore(order, size, swaps)
            hits += total <= limit
            done += 1
        out[place] = hits / done if hits >= enough else (1 + hits) / (1 + draws)
    return out


@kernel
def agreement(view: FloatArray, score: FloatArray, prior_df: float, prior_variance: float) -> float:
    """Moderated t of the slope of `score` on `view` (mean 0): below 0 = against the view."""
    size = len(view)
    mean, xx, xy, yy = 0.0, 0.0, 0.0, 0.0
    for i in range(size):
        mean += score[i]
    mean /= size
    for i in range(size):
        y = score[i] - mean
        xx += view[i] * view[i]
        xy += view[i] * y
        yy += y * y
    left = max(yy - xy * xy / xx, 0.0)
    variance = (prior_df * prior_variance + left) / (prior_df + size - 2)
    return xy / np.sqrt(xx * variance) if variance > 0 else 0.0


@kernel
def agreements(
    start: IntArray,
    chosen: IntArray,
    view: FloatArray,
    score: FloatArray,
    prior_df: float,
    prior_variance: float,
) -> FloatArray:
    """`agreement` of each chosen reviewer."""
    out = np.empty(len(chosen))
    for place in range(len(chosen)):
        mine = slice(start[chosen[place]], start[chosen[place] + 1])
        out[place] = agreement(view[mine], score[mine], prior_df, prior_variance)
    return out


@kernel
def agreement_tail(
    start: IntArray,
    chosen: IntArray,
    donors: IntArray,
    low: IntArray,
    width: int,
    view: FloatArray,
    rest: FloatArray,
    honest: float,
    seen: FloatArray,
    prior_df: float,
    prior_variance: float,
    key: np.uint64,
    draws: int,
    enough: int,
) -> FloatArray:
    """p-value of each chosen reviewer that an honest one's `agreement` is as low as `seen`.

    Null: an honest reviewer of the same entries gives `honest` times the view and the residuals of
    a donor, permuted: one of donors[low : low + width]. `low` and `seen` are aligned with
    `chosen`.
    """
    longest, widest = longest_of(start, chosen), longest_of(start, donors)
    order, swaps = np.arange(widest), np.empty(widest, dtype=np.int64)
    buffer = np.empty(longest)
    out = np.empty(len(chosen))
    for place in range(len(chosen)):
        r = chosen[place]
        own = view[start[r] : start[r + 1]]
        made = buffer[: len(own)]
        hits, done = 0, 0
        while done < draws and hits < enough:
            coins = stream(key, r, done)
            donor = donors[low[place] + below(coins, 0, width)]
            borrowed(rest, start, donor, mixed(coins), order, swaps, made)
            for i in range(len(own)):
                made[i] += honest * own[i]
            hits += agreement(own, made, prior_df, prior_variance) <= seen[place] + SLACK
            done += 1
        out[place] = hits / done if hits >= enough else (1 + hits) / (1 + draws)
    return out
