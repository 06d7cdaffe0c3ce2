"""Draws of assignments whose pairs have given probabilities, exactly.

Dependent rounding (Gandhi, Khuller, Parthasarathy, Srinivasan, "Dependent rounding and its
applications to approximation algorithms", J. ACM 53, 2006) on a flow network: take a cycle of
fractional arcs, and push along it, one way or the other, until an arc is whole; the coin of the two
ways is such that no arc's expectation moves. Budish, Che, Kojima and Milgrom ("Designing random
allocation mechanisms", American Economic Review 103, 2013) show that limits nested inside an entry
can be kept in every draw too: they are nodes of the network.

All numbers are whole: probabilities are multiples of 1 / scale, coins are exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.flow import Limits
from concours.peerreview.errors import BadInput
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed, WordArray

SPARE_WORDS = 64
"""Words kept for coins thrown again; each coin needs one with a chance below scale / 2**63."""


@dataclass(frozen=True, eq=False)
class FractionalArcs:
    """The arcs of a network that carry no whole number, in units of 1 / scale.

    Attributes:
        tail, head: (f,) nodes.
        part: (f,) 1 .. scale - 1; at each node what comes in less what goes out is whole.
        scale: units to the whole.
        nodes: number of nodes.
    """

    tail: IntArray
    head: IntArray
    part: IntArray
    scale: int
    nodes: int


def draw(
    reviewer: IntArray,
    entry: IntArray,
    units: IntArray,
    *,
    scale: int,
    seed: bytes,
    limits: Limits | None = None,
    n_reviewers: int,
    n_entries: int,
) -> IntArray:
    """(nk, 2) pairs, sorted by reviewer, then entry: pair i is drawn with chance units[i] / scale.

    `units` (p,) lie in 0 .. scale and add up to a multiple of `scale` for each entry. In every draw
    an entry gets as many reviewers as its units say, a reviewer's load and a limit's use are their
    expectations or the next whole number below or above. A function of the arguments alone.
    Raises BadInput. O(f * cycle) for f fractional arcs and cycles of about the root of the number
    of nodes.
    """
    whole, net = _network(
        reviewer,
        entry,
        units,
        scale=scale,
        limits=limits,
        n_reviewers=n_reviewers,
        n_entries=n_entries,
    )
    words = Keyed(seed, "assign/rounding").words(len(net.part) + SPARE_WORDS)
    order = Keyed(seed, "assign/rounding-order").permutation(len(net.part))
    mixed = FractionalArcs(net.tail[order], net.head[order], net.part[order], scale, net.nodes)
    rounded = np.empty_like(net.part)
    rounded[order] = round_arcs(mixed, words)[0]
    taken = whole.copy()
    open_ = np.flatnonzero((units > 0) & (units < scale))
    taken[open_] = rounded[: len(open_)] == scale
    at = np.flatnonzero(taken)
    at = at[np.argsort(reviewer[at] * n_entries + entry[at], kind="stable")]
    return np.stack([reviewer[at], entry[at]], axis=1)


def round_arcs(net: FractionalArcs, words: WordArray) -> tuple[IntArray, IntArray]:
    """(f,) each arc's part turned into 0 or scale, and (coins, 2) the chance each coin had.

    A coin's chance is the fraction first / second of falling on the side that its word took it to
    first: a word below `first` modulo `second`. Uses at most f words and those thrown again.
    """
    part = net.part.copy()
    first = np.zeros(net.nodes + 1, dtype=np.int64)
    np.add.at(first, net.tail + 1, 1)
    np.add.at(first, net.head + 1, 1)
    first = np.cumsum(first)
    chances = np.zeros((len(part), 2), dtype=np.int64)
    coins = _round(net.tail, net.head, part, net.scale, first, words, chances)
    if coins < 0:
        raise BadInput("units: what comes in at a node is not what goes out, modulo the scale")
    return part, chances[:coins]


def _network(
    reviewer: IntArray,
    entry: IntArray,
    units: IntArray,
    *,
    scale: int,
    limits: Limits | None,
    n_reviewers: int,
    n_entries: int,
) -> tuple[IntArray, FractionalArcs]:
    """Which pairs are certain (p,), and the rest: pairs first, then limits, then loads.

    Nodes are reviewers, entries, one source of all loads, then limits.
    """
    _check(entry, units, scale, n_entries)
    source = n_reviewers + n_entries
    open_ = np.flatnonzero((units > 0) & (units < scale))
    head = entry + n_reviewers
    tails, heads = [], []
    flows = [units[open_]]
    extra = 0
    if limits is not None:
        extra = len(limits.parent)
        inside = limits.of_arc >= 0
        head = np.where(inside, source + 1 + limits.of_arc, head)
        above = limits.parent >= 0
        tails.append(source + 1 + np.arange(extra))
        heads.append(
            np.where(above, source + 1 + limits.parent, n_reviewers + limits.entry),
        )
        flows.append(through(limits, units))
    tails.append(np.full(n_reviewers, source))
    heads.append(np.arange(n_reviewers))
    flows.append(np.bincount(reviewer, weights=units, minlength=n_reviewers).astype(np.int64))
    part = np.concatenate(flows) % scale
    keep = part > 0
    tail = np.concatenate([reviewer[open_], *tails])[keep]
    ends = np.concatenate([head[open_], *heads])[keep]
    net = FractionalArcs(tail, ends, part[keep], scale, source + 1 + extra)
    return (units == scale).astype(np.int64), net


def through(limits: Limits, units: IntArray) -> IntArray:
    """(m,) units (p,) that pass each limit; children have smaller numbers than their parents."""
    inside = limits.of_arc >= 0
    through = np.zeros(len(limits.parent), dtype=np.int64)
    np.add.at(through, limits.of_arc[inside], units[inside])
    for child in np.flatnonzero(limits.parent >= 0):
        through[limits.parent[child]] += through[child]
    return through


def _check(entry: IntArray, units: IntArray, scale: int, n_entries: int) -> None:
    out = np.flatnonzero((units < 0) | (units > scale))
    if out.size:
        raise BadInput(f"units[{out[0]}]: {units[out[0]]} is not in 0..{scale}")
    total = np.zeros(n_entries, dtype=np.int64)
    np.add.at(total, entry, units)
    odd = np.flatnonzero(total % scale)
    if odd.size:
        raise BadInput(
            f"units: those of entry {odd[0]} add up to {total[odd[0]]}, no multiple of {scale}"
        )


@kernel
def _round(
    tail: IntArray,
    head: IntArray,
    part: IntArray,
    scale: int,
    first: IntArray,
    words: WordArray,
    chances: IntArray,
) -> int:
    """Round `part` in place; the number of coins, or -1 where an arc has nowhere to go on."""
    nodes = len(first) - 1
    adjacent = np.empty(2 * len(part), dtype=np.int64)
    place = np.empty((len(part), 2), dtype=np.int64)
    count = np.zeros(nodes, dtype=np.int64)
    for a in range(len(part)):
        for side in range(2):
            v = tail[a] if side == 0 else head[a]
            place[a, side] = first[v] + count[v]
            adjacent[place[a, side]] = a
            count[v] += 1
    depth = np.full(nodes, -1, dtype=np.int64)
    path_node = np.empty(nodes + 1, dtype=np.int64)
    path_arc = np.empty(nodes + 1, dtype=np.int64)
    coins = 0
    used = 0
    for start in range(nodes):
        top = 0
        path_node[0] = start
        depth[start] = 0
        while count[start] > 0 or top > 0:
            v = path_node[top]
            last = first[v] + count[v] - 1
            if top > 0 and count[v] > 0 and adjacent[last] == path_arc[top - 1]:
                last -= 1
            if last < first[v]:
                return -1
            a = adjacent[last]
            w = tail[a] + head[a] - v
            path_arc[top] = a
            if depth[w] < 0:
                top += 1
                path_node[top] = w
                depth[w] = top
                continue
            from_ = depth[w]
            up, down = _room(tail, part, scale, path_node, path_arc, from_, top)
            span = np.uint64(up + down)
            word = words[used]
            used += 1
            # 0 - word counts the words from this one to the last: the last block is cut short
            while word - word % span > np.uint64(0) - span:
                word = words[used]
                used += 1
            chances[coins, 0] = down
            chances[coins, 1] = up + down
            coins += 1
            step = up if word % span < np.uint64(down) else -down
            cut = _push(
                tail, head, part, scale, path_node, path_arc, from_, top, step,
                first, count, adjacent, place,
            )  # fmt: skip
            for i in range(cut + 1, top + 1):
                depth[path_node[i]] = -1
            top = cut
        depth[start] = -1
    return coins


@kernel
def _room(
    tail: IntArray,
    part: IntArray,
    scale: int,
    path_node: IntArray,
    path_arc: IntArray,
    from_: int,
    top: int,
) -> tuple[int, int]:
    """How far the cycle can be pushed forth and back."""
    up = scale
    down = scale
    for i in range(from_, top + 1):
        a = path_arc[i]
        more, less = scale - part[a], part[a]
        if tail[a] != path_node[i]:
            more, less = less, more
        up = min(up, more)
        down = min(down, less)
    return up, down


@kernel
def _push(
    tail: IntArray,
    head: IntArray,
    part: IntArray,
    scale: int,
    path_node: IntArray,
    path_arc: IntArray,
    from_: int,
    top: int,
    step: int,
    first: IntArray,
    count: IntArray,
    adjacent: IntArray,
    place: IntArray,
) -> int:
    """Push the cycle by `step`, take whole arcs out, return where the path breaks first."""
    cut = top
    for i in range(top, from_ - 1, -1):
        a = path_arc[i]
        part[a] += step if tail[a] == path_node[i] else -step
        if part[a] != 0 and part[a] != scale:
            continue
        cut = i
        for side in range(2):
            v = tail[a] if side == 0 else head[a]
            count[v] -= 1
            hole = place[a, side]
            moved = adjacent[first[v] + count[v]]
            adjacent[hole] = moved
            place[moved, 0 if tail[moved] == v else 1] = hole
    return cut
