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
    count: SmallArray,
    row: SmallArray,
    column: SmallArray,
    quota: FloatArray,
    key: np.uint64,
    other: np.uint64,
    chance: FloatArray,
    named: np.ndarray,
) -> None:
    """Fills (m,) `chance` that each review nominates its entry, and `named`, whether it does.

    `quota[row[length], column[count]]` entries of a list are nominated, the last by a coin where
    that is no whole number; entries alike share what their places are worth.
    """
    for r in range(len(length)):
        for e in range(start[r], start[r + 1]):
            j = entry[e]
            most = quota[row[length[r]], column[count[j]]]
            inside = min(float(above[e] + alike[e]), most) - min(float(above[e]), most)
            chance[e] = inside / alike[e]
            named[e] = chance[e] >= 1.0 or (chance[e] > 0.0 and coin(key, other, r, j) < chance[e])


@kernel
def tally(
    entry: SmallArray,
    chance: FloatArray,
    named: np.ndarray,
    nominations: IntArray,
    sure: IntArray,
    open_to: IntArray,
    expected: FloatArray,
) -> None:
    """(n,) nominations, those sure whatever the coins, those left to coins, and the mean."""
    for e in range(len(entry)):
        j = entry[e]
        expected[j] += chance[e]
        nominations[j] += named[e]
        if chance[e] >= 1.0:
            sure[j] += 1
        elif chance[e] > 0.0:
            open_to[j] += 1


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
    sure: IntArray,
    open_to: IntArray,
    needed: IntArray,
) -> FloatArray:
    """(n,) chance of at least `needed` nominations; 0 where none is needed (no review)."""
    n = len(needed)
    first = np.zeros(n + 1, dtype=np.int64)
    longest = 0
    for j in range(n):
        first[j + 1] = first[j] + open_to[j]
        longest = max(longest, open_to[j])
    fill = first[:-1].copy()
    coins = np.empty(first[n])
    for e in range(len(entry)):
        if 0.0 < chance[e] < 1.0:
            coins[fill[entry[e]]] = chance[e]
            fill[entry[e]] += 1
    heads = np.empty(longest + 1)
    result = np.zeros(n)
    for j in range(n):
        missing = needed[j] - sure[j]
        if needed[j] > 0 and missing <= open_to[j]:
            certain = missing <= 0
            result[j] = 1.0 if certain else at_least(coins[first[j] : fill[j]], heads, missing)
    return result
