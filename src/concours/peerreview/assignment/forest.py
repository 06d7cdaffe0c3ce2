"""Trees of least cost from all nodes that have too much, grown at once until some reach a lack.

Dijkstra's search from many roots (E. Dijkstra, Numerische Mathematik 1, 1959) over costs less the
differences of levels, which are never negative. A node belongs to the tree that reaches it first,
so that the paths of different trees share nothing and all can be sent along in one go; levels then
move by the distances up to the farthest of these goals, and prove the flow as before (Ahuja,
Magnanti, Orlin, "Network Flows", 1993, ch. 9.7).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concours.peerreview.assignment.residual import Residual, send_along
from concours.peerreview.assignment.rules import Numbers
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

FAR = 1 << 62
LEVEL, DISTANCE, ROOT, WAY = range(4)
STEP = 1 << 32
ONE_IN = 5
"""A harvest comes when trees for one in so many units have reached a goal: the rest come cheaper
later, when prices have moved."""


class Forest(NamedTuple):
    """The state of the search over m nodes, and room for it.

    Attributes:
        node: (m, 4) level; distance (FAR = not reached, ~distance = final); root; the way by which
            it was reached.
        over: (m,) units that a node has too much, negative where it lacks some.
        planned: (m,) goals that each root has reached.
        touched: (m,) nodes reached.
        goals: (m,) nodes that lack and were reached, nearest first.
        heap: (m + ways, 2) distance, and steps from the root times STEP plus the node: of equal
            distances the fewest steps come first, or one tree would take all that is free.
    """

    node: IntArray
    over: IntArray
    planned: IntArray
    touched: Numbers
    goals: Numbers
    heap: IntArray


def forest(level: IntArray, over: IntArray, ways: int) -> Forest:
    """Nothing reached yet; `over` is taken as it is, `level` copied."""
    nodes = len(level)
    node = np.full((nodes, 4), -1, dtype=np.int64)
    node[:, LEVEL] = level
    node[:, DISTANCE] = FAR
    return Forest(
        node=node,
        over=over,
        planned=np.zeros(nodes, dtype=np.int64),
        touched=np.empty(nodes, dtype=np.int32),
        goals=np.empty(nodes, dtype=np.int32),
        heap=np.empty((nodes + ways, 2), dtype=np.int64),
    )


@kernel
def harvest(net: Residual, trees: Forest, bound: int) -> tuple[int, int, int]:
    """Grow, send and move the levels once: (goals reached, their farthest distance, looks at ways).

    No node farther than `bound` is looked at. O(w log w), w being the ways looked at.
    """
    found, reached, farthest, looks = _grow(net, trees, bound)
    for g in range(found):
        goal = trees.goals[g]
        trees.planned[trees.node[goal, ROOT]] = 0
        if _is_open(net, trees, goal):
            _send(net, trees, goal)
    node = trees.node
    for x in range(reached):
        i = trees.touched[x]
        distance = node[i, DISTANCE]
        if distance < 0:
            node[i, LEVEL] += min(~distance - farthest, 0)
        node[i, DISTANCE] = FAR
    return found, farthest, looks


@kernel
def _grow(net: Residual, trees: Forest, bound: int) -> tuple[int, int, int, int]:
    """(goals reached, nodes reached, the farthest goal's distance, looks at ways)."""
    start, way = net.start, net.way
    node, over, planned, touched, heap = (
        trees.node, trees.over, trees.planned, trees.touched, trees.heap,
    )  # fmt: skip
    size, units = _plant(trees)
    wanted = max(units // ONE_IN, 1)
    found, reached, farthest, looks = 0, size, 0, 0
    while size > 0 and found < wanted:
        d, steps = heap[0, 0], heap[0, 1] // STEP + 1
        i = heap[0, 1] % STEP
        size = _pop(heap, size)
        if d != node[i, DISTANCE]:
            continue
        root = node[i, ROOT]
        if over[i] < 0 and planned[root] < over[root]:
            planned[root] += 1
            trees.goals[found] = i
            found, farthest = found + 1, d
        node[i, DISTANCE] = ~d
        here = d + node[i, LEVEL]
        looks += start[i + 1] - start[i]
        for x in range(start[i], start[i + 1]):
            j = way[x, 0]
            if j < 0:
                continue
            far = here + way[x, 1] - node[j, LEVEL]
            if far >= node[j, DISTANCE] or far > bound:
                continue
            if node[j, DISTANCE] == FAR:
                touched[reached] = j
                reached += 1
            node[j, DISTANCE], node[j, ROOT], node[j, WAY] = far, root, x
            size = _push(heap, size, far, steps * STEP + j)
    return found, reached, farthest, looks


@kernel
def _plant(trees: Forest) -> tuple[int, int]:
    """Roots into the heap, which they fill in any order, being all at distance 0; and all units."""
    size, units = 0, 0
    for i in range(len(trees.over)):
        if trees.over[i] > 0:
            units += trees.over[i]
            trees.touched[size] = i
            trees.heap[size, 0], trees.heap[size, 1] = 0, i
            trees.node[i, DISTANCE], trees.node[i, ROOT] = 0, i
            size += 1
    return size, units


@kernel
def _is_open(net: Residual, trees: Forest, goal: int) -> bool:
    """Whether no path of the same tree has filled a way to the goal."""
    at, root = goal, trees.node[goal, ROOT]
    while at != root:
        x = trees.node[at, WAY]
        if net.room[x] == 0:
            return False
        at = _behind(net, x)
    return True


@kernel
def _send(net: Residual, trees: Forest, goal: int) -> None:
    """One unit from the root to the goal."""
    at, root = goal, trees.node[goal, ROOT]
    while at != root:
        x = trees.node[at, WAY]
        at = _behind(net, x)
        send_along(net, x)
    trees.over[root] -= 1
    trees.over[goal] += 1


@kernel
def _behind(net: Residual, way: int) -> int:
    """The node that a way leaves."""
    j = int(net.way[net.twin[way], 0])
    return j if j >= 0 else ~j


@kernel
def _before(heap: IntArray, at: int, distance: int, rank: int) -> bool:
    """Whether what stands at a place comes no later than (distance, rank)."""
    return bool(heap[at, 0] < distance or (heap[at, 0] == distance and heap[at, 1] <= rank))


@kernel
def _push(heap: IntArray, size: int, distance: int, rank: int) -> int:
    at = size
    while at > 0:
        up = (at - 1) // 2
        if _before(heap, up, distance, rank):
            break
        heap[at, 0], heap[at, 1] = heap[up, 0], heap[up, 1]
        at = up
    heap[at, 0], heap[at, 1] = distance, rank
    return size + 1


@kernel
def _pop(heap: IntArray, size: int) -> int:
    """Drop the least."""
    size -= 1
    distance, rank = heap[size, 0], heap[size, 1]
    at = 0
    while 2 * at + 1 < size:
        down = 2 * at + 1
        if down + 1 < size and _before(heap, down + 1, heap[down, 0], heap[down, 1]):
            down += 1
        if not _before(heap, down, distance, rank):
            break
        heap[at, 0], heap[at, 1] = heap[down, 0], heap[down, 1]
        at = down
    heap[at, 0], heap[at, 1] = distance, rank
    return size
