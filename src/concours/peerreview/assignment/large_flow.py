"""Large flows: prices first, then paths for the few units that these leave over.

Prices near the optimum (`even_prices.py`) tell of nearly all arcs whether they are used. What some
nodes then have too much is sent along paths of least cost to those that lack (`augment.py`). The
last prices prove the whole flow optimal over all arcs, so nothing rests on the first ones but time.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.augment import augment
from concours.peerreview.assignment.even_prices import bipartite, even_prices
from concours.peerreview.assignment.network import refuse_large
from concours.peerreview.assignment.rules import Numbers
from concours.peerreview.keyed import IntArray

LOOKS = 100
"""Looks at each arc that paths may take before the solver gets all arcs."""


def large_flow(
    reviewer: IntArray | Numbers,
    entry: IntArray | Numbers,
    worth: IntArray,
    *,
    need: IntArray,
    low: IntArray,
    high: IntArray,
) -> tuple[IntArray, IntArray, int]:
    """(flow (p,), levels (R + n + 1,), state) of an optimum and its proof, if the state is DONE.

    Arcs have capacity 1; levels as of `potentials`, the source's last. States as of `augment`.
    """
    refuse_large(worth, len(low) + len(need) + 1)
    net, order = bipartite(reviewer, entry, worth, need=need, low=low, high=high)
    u, v = even_prices(net)
    level = np.concatenate([u, -v, np.zeros(1, dtype=np.int64)])
    used, extra = np.zeros(len(order), dtype=np.uint8), np.zeros(len(low), dtype=np.int64)
    state = augment(net, level, used, extra, looks=LOOKS * len(used))
    flow = np.empty(len(used), dtype=np.int64)
    flow[order] = used
    return flow, level, state
