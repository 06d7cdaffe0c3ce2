"""What a flow leaves open: for each node the ways on which a unit more can be sent."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.rules import Numbers
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray


class Residual(NamedTuple):
    """Two ways for each of q arcs, one forth and one back, by the node they leave; m nodes.

    Attributes:
        start: (m + 1,) first way of each node.
        way: (2 q, 2) the node it leads to, ~node where nothing more can be sent; its cost. Both in
            one array, so that a look takes one line of the cache.
        twin: (2 q,) the way back.
        room: (2 q,) units that can be sent.
        forth: (q,) the way forth of each arc.
    """

    start: IntArray
    way: IntArray
    twin: Numbers
    room: IntArray
    forth: Numbers

    def flow(self) -> IntArray:
        """(q,) units on each arc."""
        return self.room[self.twin[self.forth]]


def residual(
    tail: Numbers,
    head: Numbers,
    cost: IntArray,
    capacity: IntArray,
    flow: npt.NDArray[np.integer],
    nodes: int,
) -> Residual:
    """Of arcs (q,) with a flow; O(q + nodes)."""
    start = np.zeros(nodes + 1, dtype=np.int64)
    ends = np.bincount(tail, minlength=nodes) + np.bincount(head, minlength=nodes)
    np.cumsum(ends, out=start[1:])
    ways = 2 * len(tail)
    net = Residual(
        start=start,
        way=np.empty((ways, 2), dtype=np.int64),
        twin=np.empty(ways, dtype=np.int32),
        room=np.empty(ways, dtype=np.int64),
        forth=np.empty(len(tail), dtype=np.int32),
    )
    _fill(net, tail, head, cost, capacity, flow.astype(np.int64))
    return net


@kernel
def _fill(
    net: Residual,
    tail: Numbers,
    head: Numbers,
    cost: IntArray,
    capacity: IntArray,
    flow: IntArray,
) -> None:
    at = net.start[:-1].copy()
    for a in range(len(tail)):
        x, y = at[tail[a]], at[head[a]]
        at[tail[a]] += 1
        at[head[a]] += 1
        net.forth[a] = x
        net.twin[x], net.twin[y] = y, x
        net.room[x], net.room[y] = capacity[a] - flow[a], flow[a]
        net.way[x, 0] = head[a] if net.room[x] > 0 else ~head[a]
        net.way[y, 0] = tail[a] if net.room[y] > 0 else ~tail[a]
        net.way[x, 1], net.way[y, 1] = cost[a], -cost[a]


@kernel
def send_along(net: Residual, way: int) -> None:
    """One unit more."""
    back = net.twin[way]
    net.room[way] -= 1
    net.room[back] += 1
    if net.room[way] == 0:
        net.way[way, 0] = ~net.way[way, 0]
    if net.room[back] == 1:
        net.way[back, 0] = ~net.way[back, 0]
