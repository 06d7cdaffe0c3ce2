"""Loops of PeerNomination, compiled: nominations by keyed coins and the chance of enough."""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.selection.coins import coin
from concours.peerreview.selection.task import SmallArray


@kernel
def nominate(
    start: IntArray,
    entry: SmallArray,
    above: SmallArray,
    alike: SmallArray,
    length: SmallArray,
    row: SmallArray,
    column: SmallArray,
    quota: FloatArray,
    key: np.uint64,
    other: np.uint64,
    chance: FloatArray,
    sums: FloatArray,
) -> None:
    """Fills (m,) `chance` that each review nominates its entry and adds to (n, 4) `sums`.

    `quota[row[length], column[entry]]` entries of a list are nominated, the last by a coin where
    that is no whole number; entries alike share what their places are worth. Sums: nominations,
    those sure whatever the coins, those left to coins, and the mean over the coins; one row an
    entry, so that a review looks into memory once.
    """
    for r in range(len(length)):
        for e in range(start[r], start[r + 1]):
            j = entry[e]
            most = quota[row[length[r]], column[j]]
            inside = min(float(above[e] + alike[e]), most) - min(float(above[e]), most)
            share = inside / alike[e]
            chance[e] = share
            sums[j, 3] += share
            if share >= 1.0:
                sums[j, 0] += 1.0
                sums[j, 1] += 1.0
            elif share > 0.0:
                sums[j, 0] += coin(key, other, r, j) < share
                sums[j, 2] += 1.0


@kernel
def at_least(coins: FloatArray, heads: FloatArray, missing: int) -> float:
    """The chance that at least `missing` of the coins fall well (Poisson binomial).

    O(coins squared); `heads` is scratch, one longer than `coins`.
    """
    heads[0] = 1.0
    for i in range(len(coins)):
        heads[i + 1] = 0.0
        for h in range(i + 1, 0, -1):
            heads[h] = heads[h] * (1.0 - coins[i]) + heads[h - 1] * coins[i]
        heads[0] *= 1.0 - coins[i]
    found = 0.0
    for h in range(missing, len(coins) + 1):
        found += heads[h]
    return min(found, 1.0)


@kernel
def enough(
    entry: SmallArray,
    chance: FloatArray,
    sums: FloatArray,
    needed: IntArray,
) -> FloatArray:
    """(n,) chance of at least `needed` nominations; 0 where none is needed (no review).

    `chance` and `sums` as of `nominate`.
    """
    n = len(needed)
    first = np.zeros(n + 1, dtype=np.int64)
    longest = 0
    for j in range(n):
        first[j + 1] = first[j] + np.int64(sums[j, 2])
        longest = max(longest, first[j + 1] - first[j])
    fill = first[:-1].copy()
    coins = np.empty(first[n])
    for e in range(len(entry)):
        if 0.0 < chance[e] < 1.0:
            coins[fill[entry[e]]] = chance[e]
            fill[entry[e]] += 1
    heads = np.empty(longest + 1)
    result = np.zeros(n)
    for j in range(n):
        missing = needed[j] - np.int64(sums[j, 1])
        if needed[j] > 0 and missing <= fill[j] - first[j]:
            certain = missing <= 0
            result[j] = 1.0 if certain else at_least(coins[first[j] : fill[j]], heads, missing)
    return result
