"""An optimal flow from one that is nearly so: paths of least cost from what is over to what lacks.

Successive shortest paths (Edmonds and Karp, J. ACM 19, 1972; Tomizawa, Networks 1, 1971), many at
a time (`forest.py`). Arcs whose use the prices contradict are turned over first. Only the arcs of
least profit or loss are looked at, while levels have moved by less than the others are worth: no
path within that distance could use them. Every step keeps the prices a proof of optimality, so the
last flow is an optimum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concours.peerreview.assignment.even_prices import Bipartite, Flags, Numbers
from concours.peerreview.assignment.forest import FAR, LEVEL, forest, harvest
from concours.peerreview.assignment.residual import Residual, residual
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

DONE, INFEASIBLE, TIRED = 0, 1, 2
OPEN_SHARE = 0.1
"""Share of the arcs, those nearest to no profit, that are looked at."""
SAMPLE = 100_000
"""Arcs that tell which are nearest."""


def augment(net: Bipartite, level: IntArray, flow: Flags, extra: IntArray, *, looks: int) -> int:
    """DONE with an optimal flow and levels that prove it, both written into the arguments.

    Levels are of reviewers, entries and the source of loads beyond the least: a reviewer's price is
    its level, an entry's the negative of its, both over the source's. `extra` (R,) are the loads
    from the source. INFEASIBLE where no flow meets loads and needs; TIRED after so many `looks`.
    """
    over = _turn_over(net, level, flow, extra)
    share, looked = OPEN_SHARE, 0
    while bool(over.any()):
        core = _core(net, level, flow, extra, share)
        found, more = _harvests(core, level, over, looks - looked)
        looked += more
        units = core.open.flow()
        flow[core.arcs] = units[: len(core.arcs)]
        extra[core.spare] = units[len(core.arcs) :]
        if looked > looks:
            return TIRED
        if not found and core.bound == FAR:
            return INFEASIBLE
        share = share if found else 2 * share
    return DONE


class _Core(NamedTuple):
    """Arcs (q,) of the network and reviewers (s,) of loads beyond the least, left open.

    The other arcs gain or lose more than `bound`.
    """

    arcs: IntArray
    spare: IntArray
    open: Residual
    bound: int


def _profits(net: Bipartite, level: IntArray) -> IntArray:
    return net.worth - level[net.tail] + level[len(net.low) :][net.head]


def _turn_over(net: Bipartite, level: IntArray, flow: Flags, extra: IntArray) -> IntArray:
    """Use what pays and nothing that costs; what each node (m,) then has too much of."""
    reviewers, source = len(net.low), len(level) - 1
    profit = _profits(net, level)
    flow[profit > 0] = 1
    flow[profit < 0] = 0
    gives = np.bincount(net.tail[flow > 0], minlength=reviewers)
    gets = np.bincount(net.head[flow > 0], minlength=len(net.need))
    most = net.high - net.low
    lead = level[:reviewers] - level[source]
    extra[:] = np.where(lead > 0, most, np.where(lead < 0, 0, np.clip(gives - net.low, 0, most)))
    left = int(net.need.sum()) - int(net.low.sum()) - int(extra.sum())
    over = np.concatenate([net.low + extra - gives, gets - net.need, [left]])
    even = np.flatnonzero((profit == 0) & (flow == 0))
    _use_even(even, net.tail, net.head, over[:reviewers], over[reviewers:source], flow)
    return over


@kernel
def _use_even(
    arcs: IntArray, tail: Numbers, head: Numbers, over: IntArray, got: IntArray, flow: Flags
) -> None:
    """Use arcs that neither gain nor lose where both ends want them."""
    for a in arcs:
        r, e = tail[a], head[a]
        if over[r] > 0 and got[e] < 0:
            flow[a] = 1
            over[r] -= 1
            got[e] += 1


def _core(net: Bipartite, level: IntArray, flow: Flags, extra: IntArray, share: float) -> _Core:
    reviewers, source = len(net.low), len(level) - 1
    slack = np.abs(_profits(net, level))
    sample = slack[:: len(slack) // SAMPLE + 1]
    rank, bound = int(len(sample) * share), FAR
    if rank < len(sample):
        bound = int(np.partition(sample, rank)[rank])
    arcs, spare = np.flatnonzero(slack <= bound), np.flatnonzero(net.high > net.low)
    most = (net.high - net.low)[spare]
    nodes: Numbers = spare.astype(np.int32)
    opened = residual(
        np.concatenate([net.tail[arcs], np.full(len(spare), source, dtype=np.int32)]),
        np.concatenate([net.head[arcs] + np.int32(reviewers), nodes]),
        np.concatenate([-net.worth[arcs], np.zeros(len(spare), dtype=np.int64)]),
        np.concatenate([np.ones(len(arcs), dtype=np.int64), most]),
        np.concatenate([flow[arcs], extra[spare]]),
        len(level),
    )
    return _Core(arcs, spare, opened, bound)


def _harvests(core: _Core, level: IntArray, over: IntArray, looks: int) -> tuple[bool, int]:
    """Send what the bound allows, and move the levels: whether anything was, and looks taken."""
    trees = forest(level, over, len(core.open.twin))
    moved, looked, any_found = 0, 0, False
    while looked <= looks:
        found, farthest, more = harvest(core.open, trees, core.bound - moved)
        looked += more
        if not found:
            break
        any_found = True
        moved += farthest
    level[:] = trees.node[:, LEVEL]
    return any_found, looked
