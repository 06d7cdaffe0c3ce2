"""Kernels on the lists of a large ReviewSet; reviews.py has the NumPy equivalents."""

from __future__ import annotations

from typing import Any

import numpy as np

from concours.peerreview.jit import kernel

Array = Any  # numba specialises by dtype
SHORT = 48


@kernel
def sort_lists(
    owner: Array, entry: Array, score: Array, start: Array, member: Array, value: Array
) -> int:
    """Deal reviews to their owners' lists (start, member, value), each list by entry.

    Returns the place of a repeated entry, -1 where there is none. O(m) for short lists.
    """
    count = len(start) - 1
    start[:] = 0
    for k in range(len(owner)):
        start[owner[k] + 1] += 1
    for r in range(count):
        start[r + 1] += start[r]
    free = start[:-1].copy()
    for k in range(len(owner)):
        at = free[owner[k]]
        free[owner[k]] = at + 1
        member[at] = entry[k]
        value[at] = score[k]
    for r in range(count):
        low, high = start[r], start[r + 1]
        if high - low > SHORT:
            order = np.argsort(member[low:high])
            member[low:high] = member[low:high][order]
            value[low:high] = value[low:high][order]
        else:
            for i in range(low + 1, high):
                what, how = member[i], value[i]
                j = i
                while j > low and member[j - 1] > what:
                    member[j] = member[j - 1]
                    value[j] = value[j - 1]
                    j -= 1
                member[j] = what
                value[j] = how
        for i in range(low + 1, high):
            if member[i] == member[i - 1]:
                return i
    return -1


@kernel
def shares(start: Array, value: Array, out: Array) -> None:
    """out[k]: share of its list that review k puts below its entry, ties half."""
    for r in range(len(start) - 1):
        low, high = start[r], start[r + 1]
        length = high - low
        if length > SHORT:
            _share_of_long(value[low:high], out[low:high])
            continue
        for i in range(low, high):
            twice = 0
            for j in range(low, high):
                twice += (value[j] < value[i]) + (value[j] <= value[i])
            out[i] = twice / (2.0 * length)


@kernel
def _share_of_long(value: Array, out: Array) -> None:
    order = np.argsort(value)
    length = len(value)
    low = 0
    while low < length:
        high = low
        while high < length and value[order[high]] == value[order[low]]:
            high += 1
        for i in range(low, high):
            out[order[i]] = (low + high) / (2.0 * length)
        low = high


@kernel
def _find(root: Array, i: int) -> int:
    while root[i] != i:
        root[i] = root[root[i]]
        i = root[i]
    return i


@kernel
def parts(start: Array, member: Array, n: int) -> Array:
    """(n,) connected part of each entry by its first entry, -1 for one in no list. About O(m)."""
    root = np.full(n, -1, dtype=np.int32)
    for k in range(len(member)):
        root[member[k]] = member[k]
    for r in range(len(start) - 1):
        for k in range(start[r] + 1, start[r + 1]):
            a, b = _find(root, member[start[r]]), _find(root, member[k])
            root[max(a, b)] = min(a, b)  # the root is the first entry of its part
    out = np.full(n, -1, dtype=np.int64)
    count = 0
    for i in range(n):
        if root[i] == i:
            out[i] = count
            count += 1
        elif root[i] >= 0:
            out[i] = out[_find(root, i)]
    return out
