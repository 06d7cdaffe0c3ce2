"""Greatest total worth of a many-to-many matching: an exact minimum-cost flow.

On whole numbers only, so that every machine gets the same flow. Small ones go to the solver as they
are (`network.py`), and prices are read off the flow afterwards (`prices.py`); large ones go by
prices (`large_flow.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.augment import DONE, INFEASIBLE
from concours.peerreview.assignment.exact_sums import exact_dot
from concours.peerreview.assignment.large_flow import large_flow
from concours.peerreview.assignment.network import Network, NodeArray, solve
from concours.peerreview.assignment.prices import free_arcs, potentials
from concours.peerreview.keyed import IntArray

LARGE = 100_000
"""From so many arcs on, prices come first."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Limits:
    """Groups of reviewers of one entry of whom at most so many take part, nested or disjoint.

    Attributes:
        of_arc: (p,) the innermost group of each arc, -1 = none.
        parent: (m,) the group that holds each group, -1 = none; parents have larger numbers.
        entry: (m,) the entry each group is about.
        capacity: (m,) reviews that the group may give that entry.
    """

    of_arc: IntArray
    parent: IntArray
    entry: IntArray
    capacity: IntArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Flow:
    """An optimum.

    Attributes:
        flow: (p,) units on each arc.
        total: sum of worth * flow.
        reviewer_price: (R,) int64, entry_price: (n,) int64, None unless asked for. An arc's profit
            is worth - reviewer_price - entry_price (less its groups' prices, where there are
            limits): at most 0 on an unused arc, at least 0 on a full one. A reviewer's price is
            positive only at the highest load and negative only at the lowest.
        limit_price: (m,) int64 price of each limit and of those around it, together.
    """

    flow: IntArray
    total: int
    reviewer_price: IntArray | None = None
    entry_price: IntArray | None = None
    limit_price: IntArray | None = None


def max_total(
    reviewer: IntArray | NodeArray,
    entry: IntArray | NodeArray,
    worth: IntArray,
    *,
    need: IntArray,
    low: IntArray,
    high: IntArray,
    capacity: IntArray | int = 1,
    limits: Limits | None = None,
    tie: IntArray | None = None,
    prices: bool = False,
) -> Flow | None:
    """Units on p arcs (reviewer, entry) of greatest total worth, or None where none are feasible.

    Entry e gets need[e] units, reviewer r gives low[r] .. high[r], arc i carries 0 .. capacity[i].
    `worth` (p,) is in whole units and may be negative. With `tie` (p,), whole numbers of at most
    2**31, the optimum is the one of greatest total tie: with random ties it is one alone (but for a
    chance below p / 2**31), whatever solver finds it. O(p) memory, about 150 bytes an arc; the time
    grows a little faster than p. Raises BadInput where sums might overflow 64 bits.
    """
    if not _loads_fit(need, low, high):
        return None
    whole = tie is None and limits is None and isinstance(capacity, int) and capacity == 1
    if whole and prices and len(reviewer) >= LARGE:
        units, level, state = large_flow(reviewer, entry, worth, need=need, low=low, high=high)
        if state == INFEASIBLE:
            return None
        if state == DONE:
            return _priced(units, level, worth, len(low), len(need), None)
    net = _network(reviewer, entry, worth, need=need, low=low, high=high, capacity=capacity)
    net = net if limits is None else _with_limits(net, limits, len(low), len(need))
    flow = solve(net)
    if flow is None:
        return None
    count = len(reviewer)
    if tie is None and not prices:
        return Flow(flow=flow[:count], total=_total(flow[:count], worth))
    level = potentials(net.tail, net.head, net.capacity, net.cost, flow, len(net.supply))
    if tie is not None:
        flow = _settle(net, flow, level, tie)
    return _priced(flow[:count], level, worth, len(low), len(need), limits)


def _priced(
    flow: IntArray,
    level: IntArray,
    worth: IntArray,
    reviewers: int,
    entries: int,
    limits: Limits | None,
) -> Flow:
    """With the prices that levels of reviewers, entries and the source stand for."""
    source = reviewers + entries
    return Flow(
        flow=flow,
        total=_total(flow, worth),
        reviewer_price=level[:reviewers] - level[source],
        entry_price=level[source] - level[reviewers:source],
        limit_price=None
        if limits is None
        else level[reviewers + limits.entry] - level[source + 1 :],
    )


def _total(flow: IntArray, worth: IntArray) -> int:
    return exact_dot(flow, worth)


def _loads_fit(need: IntArray, low: IntArray, high: IntArray) -> bool:
    total = int(need.sum())
    return bool(np.all(low <= high)) and int(low.sum()) <= total <= int(high.sum())


def _network(
    reviewer: IntArray | NodeArray,
    entry: IntArray | NodeArray,
    worth: IntArray,
    *,
    need: IntArray,
    low: IntArray,
    high: IntArray,
    capacity: IntArray | int,
) -> Network:
    """Reviewers get their least load at once and the rest from a source, up to the highest."""
    reviewers, entries = len(low), len(need)
    source = reviewers + entries
    spare = np.flatnonzero(high > low)
    zero = np.zeros(len(spare), dtype=np.int64)
    room = np.broadcast_to(np.asarray(capacity, dtype=np.int64), reviewer.shape)
    supply = np.zeros(source + 1, dtype=np.int64)
    supply[:reviewers] = low
    supply[reviewers:source] = -need
    supply[source] = int(need.sum()) - int(low.sum())
    return Network(
        tail=np.concatenate([reviewer, np.full(len(spare), source)]).astype(np.int32),
        head=np.concatenate([entry + reviewers, spare]).astype(np.int32),
        capacity=np.concatenate([room, (high - low)[spare]]),
        cost=np.concatenate([-np.asarray(worth, dtype=np.int64), zero]),
        supply=supply,
    )


def _with_limits(net: Network, limits: Limits, reviewers: int, entries: int) -> Network:
    """The arcs of a group end at its node, from where an arc of the group's capacity leads on."""
    first = len(net.supply)
    inside = np.flatnonzero(limits.of_arc >= 0)
    head = net.head.copy()
    head[inside] = first + limits.of_arc[inside]
    on = np.where(limits.parent >= 0, first + limits.parent, reviewers + limits.entry)
    own = np.arange(first, first + len(limits.parent))
    zero = np.zeros(len(own), dtype=np.int64)
    return Network(
        tail=np.concatenate([net.tail, own]).astype(np.int32),
        head=np.concatenate([head, on]).astype(np.int32),
        capacity=np.concatenate([net.capacity, limits.capacity]),
        cost=np.concatenate([net.cost, zero]),
        supply=np.concatenate([net.supply, zero]),
    )


def _settle(net: Network, flow: IntArray, level: IntArray, tie: IntArray) -> IntArray:
    """Of all optimal flows the one of greatest total tie.

    They differ only on arcs of no reduced cost that lie on cycles of the residual network.
    """
    free = free_arcs(net.tail, net.head, net.capacity, net.cost, flow, level)
    if not free.size:
        return flow
    supply = np.zeros(len(net.supply), dtype=np.int64)
    np.add.at(supply, net.tail[free], flow[free])
    np.subtract.at(supply, net.head[free], flow[free])
    cost = np.zeros(len(net.tail), dtype=np.int64)
    cost[: len(tie)] = -tie
    nodes, flat = np.unique(np.stack([net.tail[free], net.head[free]]), return_inverse=True)
    ends = flat.reshape(2, -1).astype(np.int32)
    again = solve(Network(ends[0], ends[1], net.capacity[free], cost[free], supply[nodes]))
    settled = flow.copy()
    if again is not None:
        settled[free] = again
    return settled
