"""The best few of each row, kept in heaps of fixed size."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.eligibility import BoolArray
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, WordArray


class Heaps:
    """Heaps of the best few: worth, coin and index of each, and how many; the least on top."""

    def __init__(self, heaps: int, size: int) -> None:
        self.worth = np.zeros((heaps, size), dtype=np.int64)
        self.coin = np.zeros((heaps, size), dtype=np.uint64)
        self.index = np.zeros((heaps, size), dtype=np.int64)
        self.filled = np.zeros(heaps, dtype=np.int64)

    def arrays(self) -> tuple[IntArray, WordArray, IntArray, IntArray]:
        """The four arrays."""
        return self.worth, self.coin, self.index, self.filled

    def last(self) -> IntArray:
        """The least kept in each heap; 0 for an empty one."""
        return self.worth[:, 0].copy()


def best_of_each(group: IntArray, value: IntArray, groups: int, count: int) -> Heaps:
    """The `count` greatest values (p,) of each group (p,) 0 .. groups - 1, ties by index.

    O(p log count) time, O(groups * count) memory.
    """
    heaps = Heaps(groups, max(count, 1))
    _fill(group, value, *heaps.arrays())
    return heaps


def members(heaps: Heaps, count: int) -> BoolArray:
    """(count,) whether each index is kept in some heap."""
    mark = np.zeros(count, dtype=np.bool_)
    full = np.arange(heaps.index.shape[1])[None, :] < heaps.filled[:, None]
    mark[heaps.index[full]] = True
    return mark


@kernel
def _fill(
    group: IntArray,
    value: IntArray,
    worth: IntArray,
    coin: WordArray,
    index: IntArray,
    filled: IntArray,
) -> None:
    for a in range(len(group)):
        g = group[a]
        offer(worth[g], coin[g], index[g], filled, g, value[a], np.uint64(0), a)


@kernel
def offer(
    worth: IntArray,
    coin: WordArray,
    index: IntArray,
    filled: IntArray,
    heap: int,
    w: int,
    c: np.uint64,
    i: int,
) -> None:
    """Put (w, c, i) into a heap, unless it is full of better ones."""
    size, at = len(worth), filled[heap]
    if at < size:
        filled[heap] += 1
        at = _up(worth, coin, index, at, w, c)
    elif worth[0] > w or (worth[0] == w and coin[0] >= c):
        return
    else:
        at = _down(worth, coin, index, w, c)
    worth[at], coin[at], index[at] = w, c, i


@kernel
def _up(worth: IntArray, coin: WordArray, index: IntArray, at: int, w: int, c: np.uint64) -> int:
    """Make room for (w, c) between the free place `at` and the top; where that is."""
    while at > 0:
        up = (at - 1) // 2
        if worth[up] < w or (worth[up] == w and coin[up] <= c):
            break
        worth[at], coin[at], index[at] = worth[up], coin[up], index[up]
        at = up
    return at


@kernel
def _down(worth: IntArray, coin: WordArray, index: IntArray, w: int, c: np.uint64) -> int:
    """Drop the top of a full heap and make room for (w, c); where that is."""
    size, at = len(worth), 0
    while 2 * at + 1 < size:
        down = 2 * at + 1
        other = down + 1
        if other < size and (
            worth[other] < worth[down] or (worth[other] == worth[down] and coin[other] < coin[down])
        ):
            down = other
        if worth[down] > w or (worth[down] == w and coin[down] >= c):
            break
        worth[at], coin[at], index[at] = worth[down], coin[down], index[down]
        at = down
    return at
