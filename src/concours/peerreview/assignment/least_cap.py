"""The least cap on probabilities that a problem can keep, as an exact fraction."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from ortools.graph.python import max_flow

from concours.peerreview.assignment.flow import Limits
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray


@dataclass(frozen=True, eq=False, kw_only=True)
class Spreading:
    """Who may meet whom, and how much: the part of a problem that decides which caps are kept.

    Attributes:
        reviewer, entry: (p,) pairs.
        need: (n,) reviews of each entry; low, high: (R,) loads.
        limits: limits over the pairs.
    """

    reviewer: IntArray
    entry: IntArray
    need: IntArray
    low: IntArray
    high: IntArray
    limits: Limits | None


def least_cap(given: Spreading) -> Fraction | None:
    """The least Q for which probabilities of at most Q exist; None where no Q up to 1 is enough.

    A cap fails by a cut: sum of its other capacities + Q * (pairs it cuts) < what must pass. Each
    cut found gives the next Q, which is never too great (Newton's method on cuts, Radzik,
    "Fractional combinatorial optimization", 1998); it ends after few flows of O(p) arcs.
    """
    cap = _by_counting(given)
    while cap <= 1:
        deficit = _deficit(given, cap)
        if deficit is None:
            return cap
        missing, cut = deficit
        if cut == 0:
            return None
        cap = Fraction(missing, cut)
    return None


def _by_counting(given: Spreading) -> Fraction:
    """A lower bound: each entry's need over its reviewers, each least load over its entries."""
    found = Fraction(0)
    sides = ((given.entry, given.need), (given.reviewer, given.low))
    for ends, owed in sides:
        count = np.bincount(ends, minlength=len(owed))
        some = np.flatnonzero((owed > 0) & (count > 0))
        if some.size:
            worst = some[np.argmax(owed[some] / count[some])]
            found = max(found, Fraction(int(owed[worst]), int(count[worst])))
    return found


def _deficit(given: Spreading, cap: Fraction) -> tuple[int, int] | None:
    """(what must cross a cut beyond its fixed capacities, pairs cut), or None if Q is kept."""
    scale = cap.denominator
    source, sink, tail, head, fixed = _fixed_arcs(given)
    pairs = len(given.reviewer)
    first, second = _pair_arcs(given, len(given.low))
    solver = max_flow.SimpleMaxFlow()
    solver.add_arcs_with_capacity(
        np.concatenate([first, tail]).astype(np.int32),
        np.concatenate([second, head]).astype(np.int32),
        np.concatenate([np.full(pairs, cap.numerator), fixed * scale]),
    )
    if solver.solve(source, sink) != solver.OPTIMAL:
        raise BadInput("the solver refuses these numbers; fewer pairs or smaller loads are needed")
    owed = int(fixed[tail == source].sum())
    if solver.optimal_flow() == owed * scale:
        return None
    inside = np.zeros(int(max(head.max(), tail.max())) + 1, dtype=np.bool_)
    inside[np.asarray(solver.get_source_side_min_cut())] = True
    crossing = int(fixed[inside[tail] & ~inside[head]].sum())
    return owed - crossing, int(np.sum(inside[first] & ~inside[second]))


def _pair_arcs(given: Spreading, reviewers: int) -> tuple[IntArray, IntArray]:
    head = given.entry + reviewers
    if given.limits is not None:
        node = reviewers + len(given.need) + 3 + given.limits.of_arc
        head = np.where(given.limits.of_arc >= 0, node, head)
    return given.reviewer, head


def _fixed_arcs(given: Spreading) -> tuple[int, int, IntArray, IntArray, IntArray]:
    """(source, sink, tails, heads, capacities): what does not depend on Q.

    The source gives each reviewer the least load, and a hub the rest.
    """
    reviewers, entries = len(given.low), len(given.need)
    hub = reviewers + entries
    source, sink = hub + 1, hub + 2
    staff, wants = np.arange(reviewers), reviewers + np.arange(entries)
    rest = int(given.need.sum()) - int(given.low.sum())
    parts = [
        (np.full(reviewers, source), staff, given.low),
        (np.array([source]), np.array([hub]), np.array([rest])),
        (np.full(reviewers, hub), staff, given.high - given.low),
        (wants, np.full(entries, sink), given.need),
    ]
    if given.limits is not None:
        limits = given.limits
        own = sink + 1 + np.arange(len(limits.parent))
        on = np.where(limits.parent >= 0, sink + 1 + limits.parent, reviewers + limits.entry)
        parts.append((own, on, limits.capacity))
    tail, head, fixed = (np.concatenate(column) for column in zip(*parts, strict=True))
    return source, sink, tail, head, fixed
