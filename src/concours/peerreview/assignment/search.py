"""What every search for the greatest total shares: the demand, the pool, and its exact flows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.arcs import Arcs, Demand, PairedArcs, Prices
from concours.peerreview.assignment.balanced import Balanced
from concours.peerreview.assignment.bounds import bound
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.flow import Flow, max_total
from concours.peerreview.assignment.heaps import best_of_each, members
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.assignment.limits import LimitLevels
from concours.peerreview.assignment.pools import Pool
from concours.peerreview.errors import InfeasibleAssignment
from concours.peerreview.keyed import IntArray

MANY = 100_000
"""From so many arcs on, rough prices choose the arcs of the first flow: so many a review."""
FEW = 3
COLUMN_ROUNDS = 30


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The optimum with cycles allowed: arcs, flow (p,) on them, prices; no total exceeds `limit`.

    `limit` is `total` but where pairs of worth 0 that a large sparse similarity does not state
    could still raise it.
    """

    arcs: Arcs
    flow: IntArray
    total: int
    prices: Prices
    limit: int

    def chosen(self) -> Arcs:
        """The arcs in use."""
        return self.arcs.take(self.flow > 0)


class Search:
    """One search: what is fixed, and how many flows were solved."""

    def __init__(self, eligibility: Eligibility, pool: Pool, seed: bytes) -> None:
        problem = eligibility.problem
        self.eligibility = eligibility
        self.problem = problem
        self.pool = pool
        self.seed = seed
        self.n = problem.n_entries
        self.owner = problem.reviewer_entry
        low, high = load_bounds(problem, eligibility.part)
        need = np.full(self.n, problem.reviews_per_entry, dtype=np.int64)
        self.demand = Demand(need, low, high)
        self.limits = LimitLevels(problem)
        banned = problem.longest_banned_cycle > 1 or problem.cliques_of > 0
        self.bans = banned and bool((self.owner >= 0).any())
        self.rounds = 0

    def flow(self, arcs: Arcs, *, settle: bool = True) -> Flow | None:
        """The greatest total over `arcs`; with `settle` the ties go by coin."""
        self.rounds += 1
        tie = pair_ties(self.seed, "assign/ties", arcs.reviewer, arcs.entry) if settle else None
        return max_total(
            arcs.reviewer,
            arcs.entry,
            arcs.worth,
            need=self.demand.need,
            low=self.demand.low,
            high=self.demand.high,
            limits=self.limits.over(arcs.reviewer, arcs.entry, self.n),
            tie=tie,
            prices=True,
        )

    def relaxed(self) -> Relaxed:
        """The optimum over all pairs of the pool, by column generation.

        Raises InfeasibleAssignment.
        """
        first = self.pool.first()
        rough, each = self._rough(first), FEW
        arcs = self.nearest(first, rough, each)
        for _ in range(COLUMN_ROUNDS):
            flow = self.flow(arcs, settle=not self.bans)
            if flow is None:
                each *= 2
                wider = self.nearest(first, rough, each)
                arcs = self._wider(arcs) if len(wider) == len(arcs) else wider
                continue
            prices = prices_of(flow)
            more = self.pool.profitable(prices.reviewer, prices.entry)
            wider = arcs.plus(more, self.n)
            if len(wider) == len(arcs):
                break
            arcs = wider
        if flow is None:
            raise InfeasibleAssignment("not-found", "no assignment was found among the candidates")
        return Relaxed(arcs, flow.flow, flow.total, prices, self._limit(arcs, flow.total, prices))

    def balanced(self) -> Arcs:
        """A balanced assignment, which meets every constraint. Raises InfeasibleAssignment."""
        part = self.eligibility.part
        pairs = Balanced().pairs(self.problem, part=part, seed=self.seed).pairs
        similarity = self.problem.similarity
        reviewer, entry = pairs[:, 0].copy(), pairs[:, 1].copy()
        worth = np.zeros(len(pairs), dtype=np.int64)
        if similarity is not None:
            worth = similarity.units(reviewer, entry)
        return Arcs(reviewer, entry, worth)

    def _rough(self, arcs: Arcs) -> Prices:
        """An entry's price is the worth of its k-th best reviewer, a reviewer's what its best
        entries bring beyond their prices.
        """
        load = -(-self.problem.n_pairs // len(self.owner))
        k = self.problem.reviews_per_entry
        entry = best_of_each(arcs.entry, arcs.worth, self.n, k).last()
        left = arcs.worth - entry[arcs.entry]
        reviewer = best_of_each(arcs.reviewer, left, len(self.owner), load).last()
        free = self.demand.low < self.demand.high
        return Prices(np.where(free, np.maximum(reviewer, 0), reviewer), entry)

    def nearest(self, arcs: Arcs, prices: Prices, each: int, keep: IntArray | None = None) -> Arcs:
        """About `each` arcs a review: those of the greatest profit, and some of every node.

        Those of `keep` (p,) above 0 stay too; of fewer than 100,000 arcs, all.
        """
        count = each * self.problem.n_pairs
        if len(arcs) <= max(count, MANY):
            return arcs
        profit = arcs.profit(prices)
        near = profit >= np.partition(profit, len(arcs) - count)[len(arcs) - count]
        share = 3 if self.bans else 1
        k = self.problem.reviews_per_entry * share + 2
        load = -(-self.problem.n_pairs // len(self.owner)) * share + 2
        near |= members(best_of_each(arcs.entry, profit, self.n, k), len(arcs))
        near |= members(best_of_each(arcs.reviewer, profit, len(self.owner), load), len(arcs))
        return arcs.take(near if keep is None else near | (keep > 0))

    def _wider(self, arcs: Arcs) -> Arcs:
        """More arcs where no flow was found: all, then those of an assignment."""
        everything = self.pool.everything()
        if everything is not None and len(wider := arcs.plus(everything, self.n)) > len(arcs):
            return wider
        wider = arcs.plus(self.balanced(), self.n)
        if len(wider) == len(arcs):
            raise InfeasibleAssignment("not-found", "no assignment was found among the candidates")
        return wider

    def _limit(self, arcs: Arcs, total: int, prices: Prices) -> int:
        if not self.pool.zero_elsewhere or not prices.below_zero():
            return total
        raised = prices.raised()
        return bound(
            PairedArcs.unpaired(self.pool.profitable(raised.reviewer, raised.entry)),
            self.demand,
            raised,
        )


def prices_of(flow: Flow) -> Prices:
    """The prices of a flow that was solved with them."""
    if flow.reviewer_price is None or flow.entry_price is None:
        raise AssertionError("the flow was solved without prices")
    return Prices(flow.reviewer_price, flow.entry_price)


def gap(total: int, limit: int) -> float:
    """(limit - total) / |limit|, 0 where they are equal."""
    return (limit - total) / max(abs(limit), 1) if limit > total else 0.0
