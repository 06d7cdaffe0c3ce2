"""Spread of the scores of honest reviewers, in machine code."""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.screening.chance import SLACK
from concours.peerreview.screening.coins import below, borrowed, longest_of, mixed, stream

TRIALS = 8
HALVINGS = 14


@kernel
def honest_square(
    view: FloatArray, made: FloatArray, mean: float, habit: float, steps: FloatArray
) -> float:
    """Sum of squares about their mean of mean + habit * (view + made), snapped to `steps`."""
    square, middle = 0.0, 0.0
    for i in range(len(view)):
        made[i] = snapped(mean + habit * (view[i] + made[i]), steps)
        middle += made[i]
    middle /= len(view)
    for i in range(len(view)):
        square += (made[i] - middle) ** 2
    return square


@kernel
def honest_squares(
    start: IntArray,
    chosen: IntArray,
    donors: IntArray,
    low: IntArray,
    width: int,
    view: FloatArray,
    rest: FloatArray,
    mean: FloatArray,
    steps: FloatArray,
    key: np.uint64,
    draws: int,
) -> FloatArray:
    """(chosen, draws) sums of squares of honest reviewers of the usual habit; see `spread_tail`."""
    longest, widest = longest_of(start, chosen), longest_of(start, donors)
    order, swaps = np.arange(widest), np.empty(widest, dtype=np.int64)
    buffer = np.empty(longest)
    out = np.empty((len(chosen), draws))
    for place in range(len(chosen)):
        r = chosen[place]
        own = view[start[r] : start[r + 1]]
        made = buffer[: len(own)]
        for draw in range(draws):
            coins = stream(key, r, draw)
            donor = donors[low[place] + below(coins, 0, width)]
            borrowed(rest, start, donor, mixed(coins), order, swaps, made)
            out[place, draw] = honest_square(own, made, mean[place], 1.0, steps)
    return out


@kernel
def spread_tail(
    start: IntArray,
    chosen: IntArray,
    donors: IntArray,
    low: IntArray,
    width: int,
    view: FloatArray,
    rest: FloatArray,
    mean: FloatArray,
    seen: FloatArray,
    steps: FloatArray,
    habits: FloatArray,
    key: np.uint64,
    draws: int,
    enough: int,
) -> FloatArray:
    """p-value of each chosen reviewer that an honest one's scores spread so little.

    `mean` and `seen` (sum of squares about it) are aligned with `chosen`. Null as in
    `agreement_tail`, about the middle `mean`, times one of `habits`, and snapped to the nearest of
    `steps` (ascending, may be empty) where scores are coarse.
    """
    longest, widest = longest_of(start, chosen), longest_of(start, donors)
    order, swaps = np.arange(widest), np.empty(widest, dtype=np.int64)
    buffer = np.empty(longest)
    out = np.empty(len(chosen))
    for place in range(len(chosen)):
        r = chosen[place]
        own = view[start[r] : start[r + 1]]
        made = buffer[: len(own)]
        limit = seen[place] * (1 + SLACK) + 1e-12
        hits, done = 0, 0
        while done < draws and hits < enough:
            coins = stream(key, r, done)
            donor = donors[low[place] + below(coins, 0, width)]
            borrowed(rest, start, donor, mixed(coins), order, swaps, made)
            habit = habits[below(coins, 1, len(habits))]
            hits += honest_square(own, made, mean[place], habit, steps) <= limit
            done += 1
        out[place] = hits / done if hits >= enough else (1 + hits) / (1 + draws)
    return out


@kernel
def snapped(value: float, steps: FloatArray) -> float:
    """The nearest of `steps`, the lower of two; `value` itself where there are none."""
    if len(steps) == 0:
        return value
    high = 0
    while high < len(steps) - 1 and steps[high] < value:
        high += 1
    low = max(high - 1, 0)
    nearest = low if value - steps[low] <= steps[high] - value else high
    return float(steps[nearest])


@kernel
def middles(
    start: IntArray,
    chosen: IntArray,
    donors: IntArray,
    low: IntArray,
    width: int,
    view: FloatArray,
    rest: FloatArray,
    mean: FloatArray,
    steps: FloatArray,
    least: float,
    most: float,
    key: np.uint64,
) -> FloatArray:
    """The middle, within least .. most, about which honest reviewers have the observed mean.

    On a scale that ends, what exceeds it is cut off: the mean of the scores is then no middle.
    """
    longest, widest = longest_of(start, chosen), longest_of(start, donors)
    order, swaps = np.arange(widest), np.empty(widest, dtype=np.int64)
    gaps = np.empty((TRIALS, longest))
    out = np.empty(len(chosen))
    for place in range(len(chosen)):
        r = chosen[place]
        size = start[r + 1] - start[r]
        for trial in range(TRIALS):
            coins = stream(key, r, trial)
            donor = donors[low[place] + below(coins, 0, width)]
            borrowed(rest, start, donor, mixed(coins), order, swaps, gaps[trial, :size])
            for i in range(size):
                gaps[trial, i] += view[start[r] + i]
        under, over = least, most
        for _ in range(HALVINGS):
            middle = (under + over) / 2
            total = 0.0
            for trial in range(TRIALS):
                for i in range(size):
                    total += snapped(middle + gaps[trial, i], steps)
            if total < mean[place] * TRIALS * size:
                under = middle
            else:
                over = middle
        out[place] = (under + over) / 2
    return out
