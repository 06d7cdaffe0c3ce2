"""Proven bounds of the total where two entries review one way only.

For any prices u of reviewers and v of entries, no assignment without mutual pairs exceeds

    sum of need * v + sum of max(low * u, high * u)
    + sum over two entries A, B of max(gain of A's reviewers on B, gain of B's reviewers on A)

where the gain is the sum of the positive worth - u - v. It is the Lagrangian dual of the problem
(Geoffrion, Mathematical Programming Study 2, 1974) and is lowered by a deflected subgradient method
with a level for a target (Camerini, Fratta, Maffioli, Mathematical Programming Study 3, 1975;
Goffin and Kiwiel, Mathematical Programming 85, 1999).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.pools import Arcs
from concours.peerreview.assignment.subgradient import descend
from concours.peerreview.keyed import IntArray


@dataclass(frozen=True, eq=False)
class Demand:
    """need (n,) reviews of each entry, low (R,) and high (R,) loads of each reviewer."""

    need: IntArray
    low: IntArray
    high: IntArray


@dataclass(frozen=True, eq=False)
class Prices:
    """reviewer (R,) and entry (n,), in units of 1e-6."""

    reviewer: IntArray
    entry: IntArray


@dataclass(frozen=True, eq=False)
class PairedArcs:
    """Arcs sorted by the two entries they join.

    Attributes:
        arcs: sorted by pair; an independent reviewer's arc is a pair of its own.
        start: (q + 1,) first arc of each pair.
        side: (p,) 1 where the reviewer's entry has the greater number, else 0.
        order: (p,) where each arc stood before.
    """

    arcs: Arcs
    start: IntArray
    side: IntArray
    order: IntArray

    @classmethod
    def of(cls, arcs: Arcs, owner: IntArray, n: int) -> PairedArcs:
        """Pair up arcs by the owners (R,) of the reviewers; O(p log p)."""
        mine = owner[arcs.reviewer]
        key = np.minimum(mine, arcs.entry) * n + np.maximum(mine, arcs.entry)
        alone = mine < 0
        key[alone] = -1 - np.arange(int(alone.sum()))
        order = np.argsort(key, kind="stable")
        key = key[order]
        new = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
        side = (mine > arcs.entry).astype(np.int64)[order]
        start = np.append(new, len(key)) if len(key) else np.zeros(1, dtype=np.int64)
        return cls(arcs.take(order), start.astype(np.int64), side, order)

    def pair_of_arc(self) -> IntArray:
        """(p,) number of each arc's pair."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def gains(self, profit: IntArray) -> IntArray:
        """(q, 2) sum of the positive profits on either side."""
        gain = np.zeros((len(self.start) - 1, 2), dtype=np.int64)
        np.add.at(gain, (self.pair_of_arc(), self.side), np.maximum(profit, 0))
        return gain


def bound(profitable: PairedArcs, demand: Demand, prices: Prices) -> int:
    """The bound above in whole units; `profitable` holds every pair of positive profit."""
    u, v = prices.reviewer, prices.entry
    gains = profitable.gains(profitable.arcs.profit(u, v)).max(axis=1, initial=0)
    return int(gains.sum()) + base_value(demand, prices)


def base_value(demand: Demand, prices: Prices) -> int:
    """The part of the bound that the prices alone make."""
    loads = np.maximum(demand.low * prices.reviewer, demand.high * prices.reviewer)
    return int(demand.need @ prices.entry) + int(loads.sum())


def lower(
    paired: PairedArcs,
    demand: Demand,
    prices: Prices,
    *,
    step: int,
    iterations: int,
    zero_elsewhere: bool,
) -> Prices:
    """Prices of a lower bound over the arcs given; the same or better.

    `step` is by how much the first target lies below the bound, in units. With `zero_elsewhere`
    the prices of no two sum to less than 0, so that pairs worth 0 outside the arcs bring no gain.
    O(iterations * p).
    """
    u, v = prices.reviewer.astype(np.float64), prices.entry.astype(np.float64)
    best = np.concatenate([u, v])
    arcs = paired.arcs
    descend(
        paired.start,
        paired.side,
        arcs.reviewer,
        arcs.entry,
        arcs.worth,
        demand.need,
        demand.low,
        demand.high,
        u,
        v,
        best,
        float(max(step, 1)),
        iterations,
        zero_elsewhere,
    )
    whole = np.rint(best).astype(np.int64)
    found = Prices(whole[: len(u)], whole[len(u) :])
    if zero_elsewhere:
        short = -(int(found.reviewer.min()) + int(found.entry.min()))
        found = Prices(found.reviewer, found.entry + max(short, 0))
    return found
