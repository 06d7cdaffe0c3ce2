"""A flow of nearly the greatest total, soon: prices, a greedy choice, then paths for what is left.

Near prices (`even_prices.py`) tell what each arc would gain; the arcs are taken by falling gain
while loads and needs have room. What is then missing is found along shortest alternating paths, all
of a length at once (Hopcroft and Karp, SIAM Journal on Computing 2, 1973; Dinitz, Soviet
Mathematics 11, 1970), best arcs first. All in whole numbers and one order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.even_prices import (
    Bipartite,
    Flags,
    bipartite,
    even_prices,
    profits,
)
from concours.peerreview.assignment.rules import Numbers, order_by
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

Levels = npt.NDArray[np.int32]
NOWHERE = -1


class Quick(NamedTuple):
    """flow (p,) of 0 and 1; reviewer_price (R,) and entry_price (n,), near those of an optimum."""

    flow: IntArray
    reviewer_price: IntArray
    entry_price: IntArray


class _Net(NamedTuple):
    """Arcs by reviewer, arcs of each entry by falling gain, and the state of the search."""

    start: IntArray
    tail: Numbers
    head: Numbers
    entry_start: IntArray
    entry_arc: Numbers
    need: IntArray
    used: Flags
    load: IntArray
    got: IntArray


def quick_flow(
    reviewer: IntArray | Numbers,
    entry: IntArray | Numbers,
    worth: IntArray,
    *,
    need: IntArray,
    low: IntArray,
    high: IntArray,
) -> Quick | None:
    """Arcs that meet need (n,) and loads between low and high (R,); None where none do.

    O(p log p), and few rounds of O(p) more.
    """
    given, order = bipartite(reviewer, entry, worth, need=need, low=low, high=high)
    u, v = even_prices(given)
    used = by_prices(given, u, v)
    if used is None:
        return None
    flow = np.empty(len(order), dtype=np.int64)
    flow[order] = used
    return Quick(flow, u, v)


def by_prices(given: Bipartite, u: IntArray, v: IntArray) -> Flags | None:
    """(p,) which arcs are used, in the order of `given`; None where no flow exists."""
    need, low, high = given.need, given.low, given.high
    best = np.argsort(-profits(given, u, v), kind="stable").astype(np.int32)
    net = _Net(
        start=given.start,
        tail=given.tail,
        head=given.head,
        entry_start=given.entry_start,
        entry_arc=best[order_by(given.head[best], len(need))].astype(np.int32),
        need=need,
        used=np.zeros(len(best), dtype=np.uint8),
        load=np.zeros(len(low), dtype=np.int64),
        got=np.zeros(len(need), dtype=np.int64),
    )
    for most in (low, high) if bool((low < high).any()) else (high,):
        _greedy(net, best, most)
        _fill(net, most)
        if bool((net.load < np.minimum(low, most)).any()):
            return None
    return None if bool((net.got < need).any()) else net.used


def _fill(net: _Net, most: IntArray) -> None:
    """Paths until no load can grow, or nothing is missing."""
    while True:
        entry_level = np.full(len(net.need), NOWHERE, dtype=np.int32)
        reviewer_level = np.full(len(most), NOWHERE, dtype=np.int32)
        if not _layers(net, most, entry_level, reviewer_level):
            return
        if not _paths(net, most, entry_level, reviewer_level):
            return


@kernel
def _greedy(net: _Net, best: Numbers, most: IntArray) -> None:
    """Take arcs, the best first, while there is room."""
    for a in best:
        r, e = net.tail[a], net.head[a]
        if net.used[a] == 0 and net.load[r] < most[r] and net.got[e] < net.need[e]:
            net.used[a] = 1
            net.load[r] += 1
            net.got[e] += 1


@kernel
def _layers(net: _Net, most: IntArray, entry_level: Levels, reviewer_level: Levels) -> bool:
    """Steps from entries that lack reviews; whether a reviewer with room is reached.

    The layer in which the first is reached is the last.
    """
    queue = np.empty(len(net.need), dtype=np.int32)
    size, read, last = 0, 0, np.int32(1 << 30)
    for e in range(len(net.need)):
        if net.got[e] < net.need[e]:
            entry_level[e] = 0
            queue[size] = e
            size += 1
    while read < size:
        e = queue[read]
        read += 1
        level = entry_level[e]
        if level >= last:
            break
        for x in range(net.entry_start[e], net.entry_start[e + 1]):
            a = net.entry_arc[x]
            r = net.tail[a]
            if net.used[a] or reviewer_level[r] != NOWHERE:
                continue
            reviewer_level[r] = level + 1
            if net.load[r] < most[r]:
                last = min(last, level + 1)
                continue
            for b in range(net.start[r], net.start[r + 1]):
                f = net.head[b]
                if net.used[b] and entry_level[f] == NOWHERE:
                    entry_level[f] = level + 2
                    queue[size] = f
                    size += 1
    return bool(last < 1 << 30)


@kernel
def _paths(net: _Net, most: IntArray, entry_level: Levels, reviewer_level: Levels) -> int:
    """Turn over disjoint paths along the layers, depth first; how many."""
    entry_at = net.entry_start[:-1].copy()
    reviewer_at = net.start[:-1].copy()
    depth_most = int(entry_level.max()) // 2 + 2
    into = np.empty(depth_most, dtype=np.int64)
    out = np.empty(depth_most, dtype=np.int64)
    found = 0
    for root in range(len(net.need)):
        while net.got[root] < net.need[root] and entry_level[root] == 0:
            depth = 0
            e = root
            done = False
            while not done:
                a = _next_reviewer(net, entry_at, entry_level, reviewer_level, e)
                if a < 0:
                    entry_level[e] = NOWHERE
                    if depth == 0:
                        break
                    depth -= 1
                    a = into[depth]
                    e = root if depth == 0 else net.head[out[depth - 1]]
                r = net.tail[a]
                into[depth] = a
                if net.load[r] < most[r]:
                    net.load[r] += 1
                    net.got[root] += 1
                    net.used[a] = 1
                    for d in range(depth):
                        net.used[into[d]] = 1
                        net.used[out[d]] = 0
                    found += 1
                    done = True
                    continue
                b = _next_entry(net, reviewer_at, entry_level, reviewer_level, r)
                if b < 0:
                    reviewer_level[r] = NOWHERE
                    continue
                out[depth] = b
                depth += 1
                e = net.head[b]
            if not done:
                break
    return found


@kernel
def _next_reviewer(
    net: _Net, entry_at: IntArray, entry_level: Levels, reviewer_level: Levels, e: int
) -> int:
    """The next arc of e to a reviewer one layer on, or -1; it is looked at again."""
    while entry_at[e] < net.entry_start[e + 1]:
        a = net.entry_arc[entry_at[e]]
        if not net.used[a] and reviewer_level[net.tail[a]] == entry_level[e] + 1:
            return int(a)
        entry_at[e] += 1
    return -1


@kernel
def _next_entry(
    net: _Net, reviewer_at: IntArray, entry_level: Levels, reviewer_level: Levels, r: int
) -> int:
    """The next arc in use of r to an entry one layer on, or -1."""
    while reviewer_at[r] < net.start[r + 1]:
        b = reviewer_at[r]
        if net.used[b] and entry_level[net.head[b]] == reviewer_level[r] + 1:
            return int(b)
        reviewer_at[r] += 1
    return -1
