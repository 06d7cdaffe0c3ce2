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

    Bellman and Ford's relaxation with a queue of nodes; of an optimal flow no residual cycle is
    negative, so it ends. Levels are shortest distances from a root joined to all nodes, hence one
    alone, whichever optimal flow is given. O(nodes * arcs), in practice 10 to 50 looks at each arc.
    """
    level = np.zeros(nodes, dtype=np.int64)
    start = np.zeros(nodes + 1, dtype=np.int64)
    residual = np.empty(int((flow < capacity).sum() + (flow > 0).sum()), dtype=np.int32)
    _residual_lists(tail, head, capacity, flow, start, residual)
    _relax(tail, head, cost, start, residual, level)
    return level


@kernel
def _residual_lists(
    tail: NodeArray,
    head: NodeArray,
    capacity: IntArray,
    flow: IntArray,
    start: IntArray,
    residual: NodeArray,
) -> None:
    """For each node the residual arcs out of it: a forth, ~a back; `start` begins as zeros."""
    nodes = len(start) - 1
    for a in range(len(tail)):
        start[tail[a] + 1] += flow[a] < capacity[a]
        start[head[a] + 1] += flow[a] > 0
    for i in range(nodes):
        start[i + 1] += start[i]
    at = start[:nodes].copy()
    for a in range(len(tail)):
        if flow[a] < capacity[a]:
            residual[at[tail[a]]] = a
            at[tail[a]] += 1
        if flow[a] > 0:
            residual[at[head[a]]] = ~a
            at[head[a]] += 1


@kernel
def _relax(
    tail: NodeArray,
    head: NodeArray,
    cost: IntArray,
    start: IntArray,
    residual: NodeArray,
    level: IntArray,
) -> None:
    """Lower levels until no residual arc calls for it; the queue is a ring of nodes."""
    nodes = len(level)
    queue = np.arange(nodes).astype(np.int32)
    waits = np.ones(nodes, dtype=np.bool_)
    first, count = 0, nodes
    while count > 0:
        i = queue[first]
        first = (first + 1) % nodes
        count -= 1
        waits[i] = False
        for x in range(start[i], start[i + 1]):
            a = residual[x]
            j = head[a] if a >= 0 else tail[~a]
            lowered = level[i] + (cost[a] if a >= 0 else -cost[~a])
            if lowered < level[j]:
                level[j] = lowered
                if not waits[j]:
                    waits[j] = True
                    queue[(first + count) % nodes] = j
                    count += 1


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
