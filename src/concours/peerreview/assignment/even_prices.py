"""Prices near an optimal flow's, by turns: each node takes the price that evens its own account.

Coordinate descent on the dual of the transportation problem (Bertsekas, "Linear Network
Optimization", 1991, ch. 3): given the prices of the other side, an entry's best price lies between
its k-th and its next best offer, a reviewer's likewise between offers at the load; the middle is
taken. After few rounds the dual's value is within some millionths of the optimum. All in whole
numbers and in one order.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.rules import order_by
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

Numbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.uint8]
WIDE_ROUNDS = 3
ROUNDS = 24
"""Further rounds, over the arcs nearest to no profit."""
NEAR_SHARE = 0.3


class Bipartite(NamedTuple):
    """Arcs of capacity 1 sorted by reviewer, and what a look at them from the entry needs.

    Attributes:
        start: (R + 1,) first arc of each reviewer.
        tail, head: (p,) reviewer and entry of each arc.
        worth: (p,) units.
        entry_start: (n + 1,) first of each entry's arcs in the two that follow.
        entry_tail, entry_worth: (p,) reviewer and worth, sorted by entry.
        low, high: (R,) loads; need: (n,) reviews.
    """

    start: IntArray
    tail: Numbers
    head: Numbers
    worth: IntArray
    entry_start: IntArray
    entry_tail: Numbers
    entry_worth: IntArray
    low: IntArray
    high: IntArray
    need: IntArray

    @classmethod
    def of_sorted(
        cls,
        tail: Numbers,
        head: Numbers,
        worth: IntArray,
        *,
        need: IntArray,
        low: IntArray,
        high: IntArray,
    ) -> Bipartite:
        """Of arcs sorted by reviewer; O(p + R + n)."""
        by_entry = order_by(head, len(need))
        return cls(
            start=_starts(tail, len(low)),
            tail=tail,
            head=head,
            worth=worth,
            entry_start=_starts(head, len(need)),
            entry_tail=tail[by_entry],
            entry_worth=worth[by_entry],
            low=low,
            high=high,
            need=need,
        )


def bipartite(
    reviewer: IntArray | Numbers,
    entry: IntArray | Numbers,
    worth: IntArray,
    *,
    need: IntArray,
    low: IntArray,
    high: IntArray,
) -> tuple[Bipartite, IntArray]:
    """The arcs sorted, and where each of them stood before; O(p + R + n)."""
    order = order_by(reviewer, len(low))
    tail, head = reviewer[order].astype(np.int32), entry[order].astype(np.int32)
    sorted_worth = np.asarray(worth, dtype=np.int64)[order]
    net = Bipartite.of_sorted(tail, head, sorted_worth, need=need, low=low, high=high)
    return net, order


def even_prices(net: Bipartite) -> tuple[IntArray, IntArray]:
    """(R,) and (n,) prices; O(p) a round."""
    u, v = np.zeros(len(net.low), dtype=np.int64), np.zeros(len(net.need), dtype=np.int64)
    _take_turns(net, u, v, WIDE_ROUNDS)
    _take_turns(_nearest(net, u, v), u, v, ROUNDS)
    return u, v


def _take_turns(net: Bipartite, u: IntArray, v: IntArray, rounds: int) -> None:
    """Rounds: all entries, then all reviewers; who has no arcs or nothing to do keeps its price."""
    widest = max(int(np.diff(s).max(initial=1)) for s in (net.start, net.entry_start))
    offers = np.empty(widest, dtype=np.int64)
    entries = _Side(net.entry_start, net.entry_tail, net.entry_worth, net.need, net.need)
    reviewers = _Side(net.start, net.head, net.worth, net.low, net.high)
    for _ in range(rounds):
        _even_all(entries, u, v, offers)
        _even_all(reviewers, v, u, offers)


class _Side(NamedTuple):
    """The arcs of entries or of reviewers, and how many of them are to be used."""

    start: IntArray
    other: Numbers
    worth: IntArray
    low: IntArray
    high: IntArray


def profits(net: Bipartite, u: IntArray, v: IntArray) -> IntArray:
    """(p,) worth less both prices."""
    return net.worth - u[net.tail] - v[net.head]


def _nearest(net: Bipartite, u: IntArray, v: IntArray) -> Bipartite:
    """The arcs nearest to no profit, and what is left to do where the others stay as they are."""
    profit = profits(net, u, v)
    rank = int(len(profit) * NEAR_SHARE)
    width = int(np.partition(np.abs(profit), rank)[rank]) if len(profit) else 0
    taken, kept = np.flatnonzero(profit > width), np.flatnonzero(np.abs(profit) <= width)
    gives = np.bincount(net.tail[taken], minlength=len(u))
    gets = np.bincount(net.head[taken], minlength=len(v))
    tail, head = net.tail[kept], net.head[kept]
    return Bipartite.of_sorted(
        tail,
        head,
        net.worth[kept],
        need=np.maximum(net.need - gets, 0),
        low=np.maximum(net.low - gives, 0),
        high=np.maximum(net.high - gives, 0),
    )


def _starts(ends: Numbers, count: int) -> IntArray:
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(ends, minlength=count), out=start[1:])
    return start


@kernel
def _select(offers: IntArray, count: int, rank: int) -> int:
    """The value at `rank` (0 = greatest) of the first `count` offers, which are rearranged.

    Those before the rank are at least as great, those behind at most. Hoare's quickselect.
    """
    left, right = 0, count - 1
    while left < right:
        pivot = offers[(left + right) // 2]
        i, j = left, right
        while i <= j:
            while offers[i] > pivot:
                i += 1
            while offers[j] < pivot:
                j -= 1
            if i <= j:
                offers[i], offers[j] = offers[j], offers[i]
                i += 1
                j -= 1
        if rank <= j:
            right = j
        elif rank >= i:
            left = i
        else:
            break
    return int(offers[rank])


@kernel
def _middle(offers: IntArray, count: int, wanted: int) -> int:
    """A price that leaves `wanted` > 0 offers above it; the least offer if all are wanted."""
    least = _select(offers, count, min(wanted, count) - 1)
    if count <= wanted:
        return least
    following = int(offers[wanted])
    for i in range(wanted + 1, count):
        following = max(following, offers[i])
    return least - (least - following) // 2


@kernel
def _even(offers: IntArray, count: int, low: int, high: int) -> int:
    """The price at which between low and high > 0 offers pay; 0 where that serves."""
    if count > high or low == high:
        above = _middle(offers, count, high)
        if above > 0 or low == high:
            return above
    return min(_middle(offers, count, low), 0) if low > 0 else 0


@kernel
def _even_all(side: _Side, theirs: IntArray, price: IntArray, offers: IntArray) -> None:
    """Prices of one side by those of the other; `offers` is room for the most arcs of one node."""
    start, other, worth = side.start, side.other, side.worth
    for i in range(len(price)):
        first, count = start[i], start[i + 1] - start[i]
        if count > 0 and side.high[i] > 0:
            for x in range(count):
                offers[x] = worth[first + x] - theirs[other[first + x]]
            price[i] = _even(offers, count, side.low[i], side.high[i])
