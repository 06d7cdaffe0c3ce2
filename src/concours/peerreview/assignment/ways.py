"""Which way two entries review: the choice behind the ban of mutual pairs.

Where of every two entries only one may review the other, the greatest total is a flow. So the
search is for the ways: first from prices that nearly reach the bound, then by opening, for two
entries that do not meet, the way that pays more, and solving again, which never lowers the total.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.arcs import Demand, PairedArcs, Prices
from concours.peerreview.assignment.eligibility import BoolArray
from concours.peerreview.assignment.flow import max_total
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.keyed import IntArray

CLOSED = -(1 << 62)
COIN_SHARE = 1_000


class Ways:
    """Ways between entries over one set of paired arcs.

    Two ways that differ by less than a thousandth of the mean worth are chosen by a secret coin.
    """

    def __init__(self, paired: PairedArcs, owner: IntArray, demand: Demand, seed: bytes) -> None:
        self.paired = paired
        self.owner = owner
        self.demand = demand
        self.seed = seed
        self._pair = paired.pair_of_arc()
        arcs = paired.arcs
        self.exists = np.zeros((len(paired.start) - 1, 2), dtype=np.bool_)
        self.exists[self._pair, paired.side] = True
        first = paired.start[:-1]
        self._ends = np.stack([owner[arcs.reviewer[first]], arcs.entry[first]], axis=1)
        self._ends.sort(axis=1)
        self._near = int(np.abs(arcs.worth).sum()) // max(len(arcs), 1) // COIN_SHARE + 1
        word = pair_ties(seed, "assign/ways", self._ends[:, 0], self._ends[:, 1])
        self._coin = word / 2.0**30 - 1.0

    def first(self, prices: Prices, uses: IntArray, *, held: BoolArray | None = None) -> BoolArray:
        """(p,) arcs open at the start: of pairs mostly in use evenly spread ways, else by profit.

        `uses` (p,) tells how often each arc was in use while the prices fell. Arcs of `held` (p,)
        are open in any case.
        """
        profit = self.paired.arcs.profit(prices)
        way = self._better(profit)
        often = np.zeros(len(self.exists), dtype=np.int64)
        np.add.at(often, self._pair, uses)
        sure = np.flatnonzero(2 * often > often.max(initial=0))
        spread = self._spread(sure, self._best(profit)[sure], "assign/heads")
        way[sure] = way[sure] if spread is None else spread
        if held is not None:
            way[self._pair[held]] = self.paired.side[held]
        return self._open(way)

    def again(
        self, used: BoolArray, prices: Prices, *, rather: BoolArray | None = None
    ) -> BoolArray:
        """(p,) arcs open next: ways in use (p,) stay, the others go by profit.

        Where both ways are in use, that of `rather` (p,) stays.
        """
        way = self._better(self.paired.arcs.profit(prices))
        for kept in (used,) if rather is None else (used, rather):
            way[self._pair[kept]] = self.paired.side[kept]
        return self._open(way)

    def turned(self, used: BoolArray, turn: int) -> BoolArray:
        """(p,) arcs of the pairs in use, turned so that their worth is greatest; ties by coin."""
        pairs = np.unique(self._pair[used])
        worth = np.zeros(self.exists.shape, dtype=np.int64)
        worth[self._pair, self.paired.side] = self.paired.arcs.worth
        spread = self._spread(pairs, worth[pairs], f"assign/turns/{turn}")
        if spread is None:
            return used
        way = np.full(len(self.exists), -1, dtype=np.int64)
        way[pairs] = spread
        return self._open(way)

    def _open(self, way: IntArray) -> BoolArray:
        return np.asarray(self.paired.side == way[self._pair], dtype=np.bool_)

    def _better(self, profit: IntArray) -> IntArray:
        """(q,) the side of the greater profit, near ties by coin.

        The less either side pays, the more a difference is left to the coin, so that entries that
        nobody calls for keep ways open in both directions.
        """
        best = self._best(profit)
        lost = np.maximum(-best.max(axis=1, initial=CLOSED), 0)
        coin = np.rint(self._coin * (lost + self._near)).astype(np.int64)
        both = self.exists.all(axis=1)
        return np.where(both, best[:, 1] + coin > best[:, 0], self.exists[:, 1]).astype(np.int64)

    def _best(self, profit: IntArray) -> IntArray:
        """(q, 2) the greatest profit of each side."""
        best = np.full(self.exists.shape, CLOSED, dtype=np.int64)
        np.maximum.at(best, (self._pair, self.paired.side), profit)
        return best

    def _spread(self, pairs: IntArray, gain: IntArray, purpose: str) -> IntArray | None:
        """Sides of pairs that meet, so that no entry gets too many reviews nor gives too many.

        Each pair gives its review to one of its two ends, that of greater gain (m, 2) if it may: a
        flow from ends to pairs. None where there is none.
        """
        sides = [np.flatnonzero(self.exists[pairs, side]) for side in (0, 1)]
        head = np.concatenate([self._ends[pairs[p], 1 - s] for s, p in enumerate(sides)])
        pair = np.concatenate(sides)
        coin = np.rint(self._coin[pairs] * self._near).astype(np.int64)
        worth = [gain[p, s] + s * coin[p] for s, p in enumerate(sides)]
        high = self.demand.need
        found = max_total(
            head,
            pair,
            np.concatenate(worth),
            need=np.ones(len(pairs), dtype=np.int64),
            low=np.minimum(self._reviews_to_get(pairs), high),
            high=high,
            tie=pair_ties(self.seed, purpose, head, pairs[pair]),
        )
        if found is None:
            return None
        way = np.zeros(len(pairs), dtype=np.int64)
        way[sides[1]] = found.flow[len(sides[0]) :]
        return way

    def _reviews_to_get(self, sure: IntArray) -> IntArray:
        """(n,) how many of its sure pairs an entry must be the head of, given its own loads."""
        n = len(self.demand.need)
        ends = self._ends[sure]
        degree = np.bincount(ends[:, 1], minlength=n)
        degree += np.bincount(ends[ends[:, 0] >= 0, 0], minlength=n)
        room = np.zeros(n, dtype=np.int64)
        mine = self.owner >= 0
        np.add.at(room, self.owner[mine], self.demand.high[mine])
        return np.asarray(np.maximum(degree - room, 0), dtype=np.int64)
