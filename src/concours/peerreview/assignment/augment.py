"""An optimal flow from one that is nearly so: paths of least cost from what is over to what is short.

Successive shortest paths (Edmonds and Karp, J. ACM 19, 1972; Tomizawa, Networks 1, 1971). Arcs whose
use the prices contradict are turned over first; Dijkstra's search then visits only nodes nearer than
the first one that is short, and none is farther than undoing what was turned. Every step keeps the
prices a proof of optimality, so the last flow is an optimum.
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
    reviewers, nodes = len(low), len(level)
    distance = np.full(nodes, FAR, dtype=np.int64)
    closed = np.zeros(nodes, dtype=np.uint8)
    parent = np.full(nodes, -1, dtype=np.int64)
    touched = np.empty(nodes, dtype=np.int32)
    key = np.empty(1024, dtype=np.int64)
    item = np.empty(1024, dtype=np.int32)
    for origin in range(nodes):
        while over[origin] > 0:
            size = count = 0
            goal = -1
            nearest = FAR
            distance[origin] = 0
            touched[count] = origin
            count += 1
            key[0], item[0] = 0, origin
            size = 1
            while size > 0:
                d, i = key[0], item[0]
                size = _pop(key, item, size)
                if closed[i] or d > distance[i]:
                    continue
                closed[i] = 1
                if over[i] < 0:
                    goal = i
                    break
                if i < reviewers:
                    begin, end, kind = start[i], start[i + 1], 0
                elif i < nodes - 1:
                    begin, end, kind = entry_start[i - reviewers], entry_start[i - reviewers + 1], 1
                else:
                    begin, end, kind = 0, reviewers, 2
                looks -= end - begin
                if kind == 0:
                    end += 1  # the last look is at the source
                for x in range(begin, end):
                    if kind == 0 and x < end - 1:
                        if flow[x]:
                            continue
                        j, by = reviewers + head[x], x
                        length = level[i] - level[j] - worth[x]
                    elif kind == 0:
                        if extra[i] == 0:
                            continue
                        j, by = nodes - 1, len(worth) + i
                        length = level[i] - level[j]
                    elif kind == 1:
                        by = entry_arc[x]
                        if not flow[by]:
                            continue
                        j = tail[by]
                        length = level[i] - level[j] + worth[by]
                    else:
                        if extra[x] == high[x] - low[x]:
                            continue
                        j, by = x, len(worth) + x
                        length = level[i] - level[j]
                    far = d + length
                    if closed[j] or far >= distance[j] or far >= nearest:
                        continue
                    if distance[j] == FAR:
                        touched[count] = j
                        count += 1
                    if over[j] < 0:
                        nearest = far
                    distance[j] = far
                    parent[j] = by
                    if size == len(key):
                        key, item = _longer(key, item)
                    size = _push(key, item, size, far, j)
                if looks < 0:
                    return TIRED
            if goal < 0:
                return INFEASIBLE
            over[goal] += 1
            over[origin] -= 1
            at = goal
            while at != origin:
                by = parent[at]
                if by >= len(worth):
                    r = by - len(worth)
                    extra[r] += 1 if at == r else -1
                    at = nodes - 1 if at == r else r
                elif at >= reviewers:
                    flow[by] = 1
                    at = tail[by]
                else:
                    flow[by] = 0
                    at = reviewers + head[by]
            for x in range(count):
                i = touched[x]
                if closed[i]:
                    level[i] += distance[i] - distance[goal]
            for x in range(count):
                i = touched[x]
                closed[i] = 0
                distance[i] = FAR
    return DONE


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
