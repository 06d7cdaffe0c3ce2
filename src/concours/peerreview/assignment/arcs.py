"""Pairs that may be assigned, what is asked of them, and prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.eligibility import member
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

    def below_zero(self) -> int:
        """By how much the lowest two sum to less than 0."""
        return max(-(int(self.reviewer.min()) + int(self.entry.min())), 0)

    def raised(self) -> Prices:
        """The lowest prices raised until no two sum to less than 0."""
        short = self.below_zero()
        half = short // 2
        return Prices(
            np.maximum(self.reviewer, int(self.reviewer.min()) + half),
            np.maximum(self.entry, int(self.entry.min()) + short - half),
        )


@dataclass(frozen=True, eq=False)
class Arcs:
    """Pairs that may be assigned: reviewer (p,), entry (p,), worth (p,) in units of 1e-6."""

    reviewer: IntArray
    entry: IntArray
    worth: IntArray

    def __len__(self) -> int:
        return len(self.reviewer)

    def profit(self, prices: Prices) -> IntArray:
        """(p,) worth less both prices."""
        return self.worth - prices.reviewer[self.reviewer] - prices.entry[self.entry]

    def keys(self, n: int) -> IntArray:
        """(p,) one number for each pair."""
        return self.reviewer * n + self.entry

    def take(self, which: npt.NDArray[np.generic]) -> Arcs:
        """The arcs of an index or a mask."""
        return Arcs(self.reviewer[which], self.entry[which], self.worth[which])

    def plus(self, more: Arcs, n: int) -> Arcs:
        """These and those of `more` that are not among them."""
        new = more.take(~member(np.sort(self.keys(n)), more.keys(n)))
        return Arcs(
            np.concatenate([self.reviewer, new.reviewer]),
            np.concatenate([self.entry, new.entry]),
            np.concatenate([self.worth, new.worth]),
        )


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

    @classmethod
    def unpaired(cls, arcs: Arcs) -> PairedArcs:
        """Each arc a pair of its own, as where cycles are allowed."""
        count = np.arange(len(arcs) + 1)
        return cls(arcs, count, np.zeros(len(arcs), dtype=np.int64), count[:-1])

    def pair_of_arc(self) -> IntArray:
        """(p,) number of each arc's pair."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def gains(self, profit: IntArray) -> IntArray:
        """(q, 2) sum of the positive profits on either side."""
        gain = np.zeros((len(self.start) - 1, 2), dtype=np.int64)
        np.add.at(gain, (self.pair_of_arc(), self.side), np.maximum(profit, 0))
        return gain
