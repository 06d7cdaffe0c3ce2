"""An optimal flow from one that is nearly so: paths of least cost from what is over to what lacks.

Successive shortest paths (Edmonds and Karp, J. ACM 19, 1972; Tomizawa, Networks 1, 1971). Arcs
whose use the prices contradict are turned over first; Dijkstra's search then visits only nodes
nearer than the first one that is short, and none is farther than undoing what was turned. Every
step keeps the prices a proof of optimality, so the last flow is an optimum.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.even_prices import Bipartite, Flags, Numbers
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

DONE, INFEASIBLE, TIRED = 0, 1, 2
FAR = 1 << 62


def augment(net: Bipartite, level: IntArray, flow: Flags, extra: IntArray, *, looks: int) -> int:
    """DONE with an optimal flow and levels that prove it, both written into the arguments.

    Levels are of reviewers, entries and the source of loads beyond the least: a reviewer's price is
    its level, an entry's the negative of its, both over the source's. `extra` (R,) are the loads
    from the source. INFEASIBLE where no flow meets loads and needs; TIRED after so many `looks`.
    """
    over = np.zeros(len(level), dtype=np.int64)
    _turn_over(*net, level, flow, extra, over)
    return int(_paths(*net, level, flow, extra, over, looks))


@kernel
def _turn_over(
    start: IntArray,
    tail: Numbers,
    head: Numbers,
    worth: IntArray,
    entry_start: IntArray,
    entry_arc: Numbers,
    low: IntArray,
    high: IntArray,
    need: IntArray,
    level: IntArray,
    flow: Flags,
    extra: IntArray,
    over: IntArray,
) -> None:
    """Use what pays and nothing that costs; `over` gets what each node then has too much of."""
    reviewers, source = len(low), len(low) + len(need)
    over[source] = need.sum() - low.sum()
    for e in range(len(need)):
        over[reviewers + e] = -need[e]
    for r in range(reviewers):
        if level[r] != level[source]:
            extra[r] = high[r] - low[r] if level[r] > level[source] else 0
        over[r] = low[r] + extra[r]
        over[source] -= extra[r]
    for a in range(len(worth)):
        profit = worth[a] - level[tail[a]] + level[reviewers + head[a]]
        if profit != 0:
            flow[a] = profit > 0
        over[tail[a]] -= flow[a]
        over[reviewers + head[a]] += flow[a]


@kernel
def _paths(
    start: IntArray,
    tail: Numbers,
    head: Numbers,
    worth: IntArray,
    entry_start: IntArray,
    entry_arc: Numbers,
    low: IntArray,
    high: IntArray,
    need: IntArray,
    level: IntArray,
    flow: Flags,
    extra: IntArray,
    over: IntArray,
    looks: int,
) -> int:
    """Send what is over to the nearest node that is short, node by node."""
    nodes = len(level)
    distance = np.full(nodes, FAR, dtype=np.int64)
    closed = np.zeros(nodes, dtype=np.uint8)
    parent = np.full(nodes, -1, dtype=np.int64)
    touched = np.empty(nodes, dtype=np.int32)
    for origin in range(nodes):
        while over[origin] > 0:
            goal, count, looked = _nearest_short(
                start, tail, head, worth, entry_start, entry_arc, low, high, need, level,
                flow, extra,
                over, distance, closed, parent, touched, origin, looks,
            )  # fmt: skip
            looks -= looked
            if looks < 0:
                return TIRED
            if goal < 0:
                return INFEASIBLE
            over[goal] += 1
            over[origin] -= 1
            _send(tail, head, flow, extra, parent, nodes, origin, goal)
            for x in range(count):
                i = touched[x]
                level[i] += closed[i] * (distance[i] - distance[goal])
            for x in range(count):
                closed[touched[x]] = 0
                distance[touched[x]] = FAR
    return DONE


@kernel
def _nearest_short(
    start: IntArray,
    tail: Numbers,
    head: Numbers,
    worth: IntArray,
    entry_start: IntArray,
    entry_arc: Numbers,
    low: IntArray,
    high: IntArray,
    need: IntArray,
    level: IntArray,
    flow: Flags,
    extra: IntArray,
    over: IntArray,
    distance: IntArray,
    closed: Flags,
    parent: IntArray,
    touched: Numbers,
    origin: int,
    looks: int,
) -> tuple[int, int, int]:
    """(the nearest node that is short or -1, nodes touched, looks at arcs) from `origin`."""
    key, item = np.empty(256, dtype=np.int64), np.empty(256, dtype=np.int32)
    key[0], item[0] = 0, origin
    distance[origin], touched[0] = 0, origin
    size, count, looked, nearest = 1, 1, 0, FAR
    while size > 0 and looked <= looks:
        d, i = key[0], item[0]
        size = _pop(key, item, size)
        if closed[i] or d > distance[i]:
            continue
        closed[i] = 1
        if over[i] < 0:
            return i, count, looked
        begin, end = _arcs_of(start, entry_start, i, len(level))
        looked += end - begin
        for x in range(begin, end):
            j, by, length = _ahead(
                start, tail, head, worth, entry_start, entry_arc, low, high, need, level,
                flow, extra,
                i, x, end,
            )  # fmt: skip
            far = d + length
            if j < 0 or closed[j] or far >= distance[j] or far >= nearest:
                continue
            if distance[j] == FAR:
                touched[count] = j
                count += 1
            if over[j] < 0:
                nearest = far
            distance[j], parent[j] = far, by
            if size == len(key):
                key, item = _longer(key, item)
            size = _push(key, item, size, far, j)
    return -1, count, looked


@kernel
def _arcs_of(start: IntArray, entry_start: IntArray, i: int, nodes: int) -> tuple[int, int]:
    """Numbers of the looks from a node; a reviewer's last is at the source."""
    reviewers = len(start) - 1
    if i < reviewers:
        return start[i], start[i + 1] + 1
    if i < nodes - 1:
        return entry_start[i - reviewers], entry_start[i - reviewers + 1]
    return 0, reviewers


@kernel
def _ahead(
    start: IntArray,
    tail: Numbers,
    head: Numbers,
    worth: IntArray,
    entry_start: IntArray,
    entry_arc: Numbers,
    low: IntArray,
    high: IntArray,
    need: IntArray,
    level: IntArray,
    flow: Flags,
    extra: IntArray,
    i: int,
    x: int,
    end: int,
) -> tuple[int, int, int]:
    """(node, arc, cost) of a look from node i; node -1 where nothing more can be sent.

    The arcs from the source are numbered after the others, by reviewer.
    """
    reviewers, source = len(low), len(level) - 1
    if i < reviewers and x < end - 1:
        j = reviewers + head[x]
        return (-1 if flow[x] else j), x, level[i] - level[j] - worth[x]
    if i < reviewers:
        return (source if extra[i] > 0 else -1), len(worth) + i, level[i] - level[source]
    if i < source:
        a = entry_arc[x]
        j = tail[a]
        return (j if flow[a] else -1), a, level[i] - level[j] + worth[a]
    return (x if extra[x] < high[x] - low[x] else -1), len(worth) + x, level[i] - level[x]


@kernel
def _send(
    tail: Numbers,
    head: Numbers,
    flow: Flags,
    extra: IntArray,
    parent: IntArray,
    nodes: int,
    origin: int,
    goal: int,
) -> None:
    """One unit along the parents from `origin` to `goal`."""
    reviewers = len(extra)
    at = goal
    while at != origin:
        a = parent[at]
        if a >= len(tail):
            r = a - len(tail)
            extra[r] += 1 if at == r else -1
            at = nodes - 1 if at == r else r
        elif at >= reviewers:
            flow[a] = 1
            at = tail[a]
        else:
            flow[a] = 0
            at = reviewers + head[a]


@kernel
def _longer(key: IntArray, item: Numbers) -> tuple[IntArray, Numbers]:
    """Twice the room."""
    keys, items = np.empty(2 * len(key), dtype=np.int64), np.empty(2 * len(key), dtype=np.int32)
    keys[: len(key)] = key
    items[: len(key)] = item
    return keys, items


@kernel
def _push(key: IntArray, item: Numbers, size: int, k: int, i: int) -> int:
    at = size
    while at > 0:
        up = (at - 1) // 2
        if key[up] <= k:
            break
        key[at], item[at] = key[up], item[up]
        at = up
    key[at], item[at] = k, i
    return size + 1


@kernel
def _pop(key: IntArray, item: Numbers, size: int) -> int:
    """Drop the least."""
    size -= 1
    k, i = key[size], item[size]
    at = 0
    while 2 * at + 1 < size:
        down = 2 * at + 1
        if down + 1 < size and key[down + 1] < key[down]:
            down += 1
        if key[down] >= k:
            break
        key[at], item[at] = key[down], item[down]
        at = down
    key[at], item[at] = k, i
    return size
