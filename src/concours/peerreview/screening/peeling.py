"""Dense groups in the graph "who reviewed whose entry", in machine code.

Neighbours of node v are node[first[v] : first[v + 1]] over edges edge[...]; each edge is listed at
both ends. Weights are whole numbers. Nodes with alive 0 are left out.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.screening.coins import (
    longest_of,
    mixed,
    restore,
    shuffle_head,
    stream,
)


@kernel
def push(v: int, at: int, head: IntArray, after: IntArray, before: IntArray) -> None:
    """Put v at the head of the bucket `at`."""
    after[v] = head[at]
    before[v] = -1
    if head[at] >= 0:
        before[head[at]] = v
    head[at] = v


@kernel
def pull(v: int, at: int, head: IntArray, after: IntArray, before: IntArray) -> None:
    """Take v out of the bucket `at`."""
    if before[v] >= 0:
        after[before[v]] = after[v]
    else:
        head[at] = after[v]
    if after[v] >= 0:
        before[after[v]] = before[v]


@kernel
def degrees(
    first: IntArray, node: IntArray, edge: IntArray, weight: IntArray, alive: IntArray
) -> tuple[IntArray, int, int]:
    """(nodes,) sum of weights at each node, and bounds of it whatever nodes are taken out."""
    degree = np.zeros(len(alive), dtype=np.int64)
    low, high = 0, 0
    for v in range(len(alive)):
        worst = 0
        if alive[v]:
            for s in range(first[v], first[v + 1]):
                if alive[node[s]]:
                    degree[v] += weight[edge[s]]
                    worst += min(weight[edge[s]], 0)
            low = min(low, worst)
            high = max(high, degree[v] - worst)
    return degree, low, high


@kernel
def peel(
    first: IntArray, node: IntArray, edge: IntArray, weight: IntArray, alive: IntArray
) -> tuple[float, IntArray]:
    """Greedy densest part: (density, its nodes), density = weight inside / number of nodes.

    M. Charikar, "Greedy approximation algorithms for finding dense components in a graph", 2000: at
    least half the best density where no weight is negative, a heuristic elsewhere. 0 and
    nobody where no part is denser than 0. Ties go to the node touched last. O(edges + nodes +
    range of degrees).
    """
    count = len(alive)
    degree, least, most = degrees(first, node, edge, weight, alive)
    head = np.full(most - least + 1, -1, dtype=np.int64)
    after, before = np.full(count, -1, dtype=np.int64), np.full(count, -1, dtype=np.int64)
    gone = np.full(count, -1, dtype=np.int64)
    left, total = 0, 0
    for v in range(count - 1, -1, -1):
        if alive[v]:
            push(v, degree[v] - least, head, after, before)
            gone[v] = count
            left += 1
            total += degree[v]
    total //= 2
    nodes, best, best_step, low = left, 0.0, count, 0
    for step in range(nodes):
        if total > best * left:
            best, best_step = total / left, step
        while head[low] < 0:
            low += 1
        v = head[low]
        pull(v, degree[v] - least, head, after, before)
        gone[v] = step
        left -= 1
        total -= degree[v]
        for s in range(first[v], first[v + 1]):
            u = node[s]
            if gone[u] == count:
                pull(u, degree[u] - least, head, after, before)
                degree[u] -= weight[edge[s]]
                push(u, degree[u] - least, head, after, before)
                low = min(low, degree[u] - least)
    return best, np.flatnonzero(gone >= best_step)


@kernel
def core(
    first: IntArray, node: IntArray, edge: IntArray, weight: IntArray, least: float
) -> IntArray:
    """(nodes,) 1 for the nodes of the largest part whose degrees are all at least `least`.

    Only positive weights count. Where it is empty no part is as dense as `least`, for in a densest
    part every degree is at least its density, and negative weights only lower it.
    """
    count = len(first) - 1
    degree = np.zeros(count, dtype=np.int64)
    alive = np.ones(count, dtype=np.int64)
    pending = np.empty(count, dtype=np.int64)
    size = 0
    for v in range(count):
        for s in range(first[v], first[v + 1]):
            degree[v] += max(weight[edge[s]], 0)
        if degree[v] < least:
            alive[v] = 0
            pending[size] = v
            size += 1
    while size > 0:
        size -= 1
        v = pending[size]
        for s in range(first[v], first[v + 1]):
            u = node[s]
            if alive[u]:
                degree[u] -= max(weight[edge[s]], 0)
                if degree[u] < least:
                    alive[u] = 0
                    pending[size] = u
                    size += 1
    return alive


@kernel
def shuffled_weights(start: IntArray, weight: IntArray, key: np.uint64, draw: int) -> IntArray:
    """(m,) weights permuted within each reviewer."""
    longest = longest_of(start, np.arange(len(start) - 1))
    order, swaps = np.arange(longest), np.empty(longest, dtype=np.int64)
    out = np.empty_like(weight)
    for r in range(len(start) - 1):
        first, size = start[r], start[r + 1] - start[r]
        shuffle_head(order, size, size, mixed(stream(key, r, draw)), swaps)
        for i in range(size):
            out[first + i] = weight[first + order[i]]
        restore(order, size, swaps)
    return out


@kernel
def densest_by_chance(
    first: IntArray,
    node: IntArray,
    edge: IntArray,
    start: IntArray,
    weight: IntArray,
    least: float,
    key: np.uint64,
    draw_from: int,
    draw_to: int,
    enough: int,
    top: float,
) -> FloatArray:
    """Greedy density of each draw of permuted weights, 0 where it is below `least`.

    Stops once `enough` draws reach `top`; the result is as long as the draws made.
    """
    out = np.zeros(draw_to - draw_from)
    reached = 0
    for draw in range(draw_from, draw_to):
        made = shuffled_weights(start, weight, key, draw)
        alive = core(first, node, edge, made, least)
        if alive.sum() > 0:
            density = peel(first, node, edge, made, np.ones_like(alive))[0]
            out[draw - draw_from] = density if density >= least else 0.0
        reached += out[draw - draw_from] >= top
        if reached >= enough:
            return out[: draw - draw_from + 1]
    return out
