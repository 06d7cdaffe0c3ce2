"""The greatest total where of every two entries only one reviews the other."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.arcs import Arcs, PairedArcs
from concours.peerreview.assignment.bounds import bound, lower
from concours.peerreview.assignment.eligibility import BoolArray, member
from concours.peerreview.assignment.search import Relaxed, Search, gap, prices_of
from concours.peerreview.assignment.ways import Ways
from concours.peerreview.errors import InfeasibleAssignment

NEAR = 4
"""Arcs a review that the search among ways keeps, those of the greatest profit."""
PHASES = 3
ITERATIONS = 300
ASCENTS = 4
FORCED = 8
GOOD = 0.0005
"""A gap at which the search ends."""


class OneWay:
    """The search among ways between entries, from the optimum with cycles allowed."""

    def __init__(self, search: Search, relaxed: Relaxed) -> None:
        self.search = search
        self.prices = relaxed.prices
        self.limit = relaxed.limit
        self.arcs = search.nearest(relaxed.arcs, self.prices, NEAR, relaxed.flow)
        self._spare = relaxed.arcs
        self.best: tuple[int, Arcs] | None = None

    def run(self) -> tuple[Arcs, int]:
        """(pairs without mutual ones, a bound that no such pairs exceed)."""
        step = self._first_step()
        for _ in range(PHASES):
            self._lower(step)
            self._rise()
            if self.best is None:
                raise AssertionError("a search that finds nothing is refused")
            total, chosen = self.best
            if gap(total, self.limit) <= GOOD:
                break
            step = max((self.limit - total) // 2, 1)
        return chosen, self.limit

    def _paired(self, arcs: Arcs) -> PairedArcs:
        return PairedArcs.of(arcs, self.search.owner, self.search.n)

    def _first_step(self) -> int:
        """About what the ban costs: half of what the relaxed prices alone give up."""
        more = self.search.pool.profitable(self.prices.reviewer, self.prices.entry)
        least = bound(self._paired(more), self.search.demand, self.prices)
        return max((self.limit - least) // 2, 1)

    def _lower(self, step: int) -> None:
        """Lower the bound over the arcs kept, then add those that its prices call for."""
        pool, demand = self.search.pool, self.search.demand
        while True:
            self.prices = lower(
                self._paired(self.arcs),
                demand,
                self.prices,
                step=step,
                iterations=ITERATIONS,
                zero_elsewhere=pool.zero_elsewhere,
            )
            more = pool.profitable(self.prices.reviewer, self.prices.entry)
            self.limit = min(self.limit, bound(self._paired(more), demand, self.prices))
            wider = self.arcs.plus(self.search.nearest(more, self.prices, 1), self.search.n)
            few = len(wider) <= len(self.arcs) + len(self.arcs) // 1_000
            self.arcs, step = wider, max(step // 4, 1)
            if few:
                return

    def _rise(self) -> None:
        """Flows along ways while they gain."""
        paired = self._paired(self.arcs)
        ways = self._ways(paired)
        if not self._climb(paired, ways, ways.first(self.prices)) and self.best is None:
            try:
                self._hold()
            except InfeasibleAssignment as refusal:
                self.arcs = self.arcs.plus(self._spare, self.search.n)
                if refusal.code != "not-found" or not self._force():
                    raise

    def _ways(self, paired: PairedArcs) -> Ways:
        return Ways(paired, self.search.owner, self.search.demand, self.search.seed)

    def _climb(self, paired: PairedArcs, ways: Ways, opened: BoolArray) -> bool:
        """Whether there is a flow along the ways; then on along better ones."""
        for turn in range(ASCENTS):
            flow = self.search.flow(paired.arcs.take(opened))
            if flow is None:
                return turn > 0
            used = np.zeros(len(paired.arcs), dtype=np.bool_)
            used[opened] = flow.flow > 0
            if self.best is not None and flow.total <= self.best[0]:
                return True
            self.best = flow.total, paired.arcs.take(used)
            if gap(flow.total, self.limit) <= GOOD:
                return True
            opened = ways.again(used, prices_of(flow))
        return True

    def _hold(self) -> None:
        """Where the ways leave no flow: the ways of a balanced assignment are opened too.

        Raises InfeasibleAssignment.
        """
        held, n = self.search.balanced(), self.search.n
        self.arcs = self.arcs.plus(held, n)
        paired = self._paired(self.arcs)
        ways = self._ways(paired)
        used = member(np.sort(held.keys(n)), paired.arcs.keys(n))
        self.best = int(held.worth.sum()), held
        self._climb(paired, ways, ways.first(self.prices, held=used))

    def _force(self) -> bool:
        """Whether closed arcs at a great loss show which ways must turn for a flow."""
        paired = self._paired(self.arcs)
        ways = self._ways(paired)
        opened = ways.first(self.prices)
        arcs = paired.arcs
        loss = 2 * int(np.abs(arcs.worth).max(initial=0)) + 1
        for _ in range(FORCED):
            worth = np.where(opened, arcs.worth, arcs.worth - loss)
            flow = self.search.flow(Arcs(arcs.reviewer, arcs.entry, worth))
            if flow is None:
                return False
            used = flow.flow > 0
            opened = ways.again(used, self.prices, rather=used & ~opened)
            if not (used & ~opened).any():
                return self._climb(paired, ways, opened)
        return False
