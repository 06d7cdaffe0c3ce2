"""Large flows: prices first, then a solver on the arcs they leave open, then what is left over.

Prices near the optimum (`even_prices.py`) settle nearly all arcs: those of clear profit are used,
those of clear loss are not, where a quick flow by these prices (`quick_flow.py`) agrees. OR-tools
solves for the few between; where the prices of that flow
contradict an arc that was settled, paths of least cost set it right (`augment.py`). The last prices
prove the whole flow optimal over all arcs, so nothing rests on the first ones but time.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.augment import DONE, augment
from concours.peerreview.assignment.even_prices import (
    Bipartite,
    Flags,
    bipartite,
    even_prices,
    profits,
)
from concours.peerreview.assignment.network import Network, solve
from concours.peerreview.assignment.prices import potentials
from concours.peerreview.assignment.quick_flow import by_prices
from concours.peerreview.assignment.rules import Numbers
from concours.peerreview.keyed import IntArray

OPEN_SHARE = 0.15
"""Share of the arcs that the first prices leave open."""
LOOKS = 60
"""Looks at each arc that paths may take before the solver gets all arcs."""


def large_flow(
    reviewer: IntArray | Numbers,
    entry: IntArray | Numbers,
    worth: IntArray,
    *,
    need: IntArray,
    low: IntArray,
    high: IntArray,
) -> tuple[IntArray, IntArray] | None:
    """(flow (p,), levels (R + n + 1,) of an optimum that prove it), or None if it takes all arcs.

    Arcs have capacity 1; levels as of `potentials`, the source's last.
    """
    net, order = bipartite(reviewer, entry, worth, need=need, low=low, high=high)
    u, v = even_prices(net)
    level = np.concatenate([u, -v, np.zeros(1, dtype=np.int64)])
    profit = profits(net, u, v)
    start = by_prices(net, u, v)
    if start is None:
        return None
    rank = int(len(profit) * OPEN_SHARE)
    width = int(np.partition(np.abs(profit), rank)[rank])
    found = _core(net, profit, level, width, start)
    if found is None:
        return None
    used, extra, level = found
    state = augment(net, level, used, extra, looks=LOOKS * len(used))
    if state != DONE:
        return None
    flow = np.empty(len(used), dtype=np.int64)
    flow[order] = used
    return flow, level


def _core(
    net: Bipartite, profit: IntArray, level: IntArray, width: int, start: Flags
) -> tuple[Flags, IntArray, IntArray] | None:
    """Flow (p,), loads beyond the least (R,) and levels, with arcs beyond `width` settled.

    Those that the flow `start` (p,) uses otherwise are left open too, so that there is one.
    """
    reviewers, source = len(net.low), len(level) - 1
    used = (profit > width).astype(np.uint8)
    open_ = (np.abs(profit) <= width) | (used != start)
    used[open_] = 0
    taken, kept = np.flatnonzero(used), np.flatnonzero(open_)
    spare = np.flatnonzero(net.high > net.low)
    supply = np.concatenate([net.low, -net.need, [int(net.need.sum()) - int(net.low.sum())]])
    supply[:reviewers] -= np.bincount(net.tail[taken], minlength=reviewers)
    supply[reviewers:source] += np.bincount(net.head[taken], minlength=len(net.need))
    core = Network(
        tail=np.concatenate([net.tail[kept], np.full(len(spare), source)]).astype(np.int32),
        head=np.concatenate([net.head[kept] + reviewers, spare]).astype(np.int32),
        capacity=np.concatenate([np.ones(len(kept), dtype=np.int64), (net.high - net.low)[spare]]),
        cost=np.concatenate([-profit[kept], -level[spare]]),
        supply=supply,
    )
    flow = solve(core)
    if flow is None:
        return None
    used[kept] = flow[: len(kept)]
    extra = np.zeros(reviewers, dtype=np.int64)
    extra[spare] = flow[len(kept) :]
    moved = potentials(core.tail, core.head, core.capacity, core.cost, flow, len(supply))
    return used, extra, level + moved
