"""Prices that prove a flow optimal, and the arcs on which other optima differ from it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

NodeArray = npt.NDArray[np.int32]


def potentials(
    tail: NodeArray,
    head: NodeArray,
    capacity: IntArray,
    cost: IntArray,
    flow: IntArray,
    nodes: int,
) -> IntArray:
    """(nodes,) levels with level[head] <= level[tail] + cost on every residual arc.

    Bellman and Ford's relaxation by sweeps over the arcs, forth and back; of an optimal flow no
    residual cycle is negative, so it ends. Levels are shortest distances from a root joined to all
    nodes, hence one alone. O(arcs * sweeps), in practice a few dozen sweeps.
    """
    level = np.zeros(nodes, dtype=np.int64)
    if not _relax(tail, head, capacity, cost, flow, level, nodes + 2):
        raise AssertionError("a flow that is not optimal has no prices")
    return level


@kernel
def _relax(
    tail: NodeArray,
    head: NodeArray,
    capacity: IntArray,
    cost: IntArray,
    flow: IntArray,
    level: IntArray,
    most: int,
) -> bool:
    arcs = len(tail)
    for sweep in range(most):
        changed = False
        for step in range(arcs):
            a = step if sweep % 2 == 0 else arcs - 1 - step
            i, j = tail[a], head[a]
            if flow[a] < capacity[a] and level[i] + cost[a] < level[j]:
                level[j] = level[i] + cost[a]
                changed = True
            if flow[a] > 0 and level[j] - cost[a] < level[i]:
                level[i] = level[j] - cost[a]
                changed = True
        if not changed:
            return True
    return False


def free_arcs(
    tail: NodeArray,
    head: NodeArray,
    capacity: IntArray,
    cost: IntArray,
    flow: IntArray,
    level: IntArray,
) -> IntArray:
    """Arcs whose flow differs between optimal flows, or might: ascending numbers.

    An arc of reduced cost 0 whose two ends lie in one strongly connected component of the residual
    arcs of reduced cost 0. O(arcs).
    """
    flat = np.flatnonzero(level[tail] + cost == level[head])
    forth = flat[flow[flat] < capacity[flat]]
    back = flat[flow[flat] > 0]
    start = np.concatenate([tail[forth], head[back]])
    end = np.concatenate([head[forth], tail[back]])
    size = len(level)
    graph = sparse.csr_array((np.ones(len(start), dtype=np.int8), (start, end)), (size, size))
    component = connected_components(graph, directed=True, connection="strong")[1]
    return np.asarray(flat[component[tail[flat]] == component[head[flat]]], dtype=np.int64)
