"""The greatest total where of every two entries only one reviews the other."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.arcs import Arcs, PairedArcs
from concours.peerreview.assignment.bounds import bound, lower
from concours.peerreview.assignment.eligibility import BoolArray, member
from concours.peerreview.assignment.search import Relaxed, Search, gap, prices_of
from concours.peerreview.assignment.ways import Ways
from concours.peerreview.keyed import IntArray

NEAR = 4
"""Arcs a review that the search among ways keeps, those of the greatest profit."""
PHASES = 3
ITERATIONS = 250
STEP = 25
"""The first step aims at a bound lower by one such part of the total."""
WORK = 25_000_000
"""Looks at arcs, all iterations together, after which no further phase begins."""
ASCENTS = 10
LITTLE = 2e-4
FORCED = 6
GOOD = 0.0005
"""A gap at which a climb ends."""
FAIR = 0.001
"""A gap at which the search ends."""


class OneWay:
    """The search among ways between entries, from the optimum with cycles allowed."""

    def __init__(self, search: Search, relaxed: Relaxed) -> None:
        self.search = search
        self.prices = relaxed.prices
        self.limit = relaxed.limit
        self.arcs = search.nearest(relaxed.arcs, self.prices, NEAR, relaxed.flow)
        self.uses = relaxed.flow
        self._looked = 0
        self._first_step = int(np.abs(relaxed.chosen().worth).sum()) // STEP + 1
        self.best: tuple[int, Arcs] | None = None

    def run(self) -> tuple[Arcs, int]:
        """(pairs without mutual ones, a bound that no such pairs exceed)."""
        step = self._first_step
        for _ in range(PHASES):
            self._lower(step)
            self._rise()
            if self.best is None:
                raise AssertionError("a search that finds nothing is refused")
            total, chosen = self.best
            if gap(total, self.limit) <= FAIR or self._looked > WORK:
                break
            step = max(self.limit - total, 1)
        return chosen, self.limit

    def opened(self, chosen: Arcs) -> Arcs:
        """The arcs kept, one way between any two entries: that of `chosen`, else the better."""
        n = self.search.n
        wider = self.arcs.plus(chosen, n)
        paired = self._paired(wider)
        used = member(np.sort(chosen.keys(n)), paired.arcs.keys(n))
        ways = self._ways(paired)
        return paired.arcs.take(ways.first(self.prices, self._uses_of(paired), held=used))

    def _paired(self, arcs: Arcs) -> PairedArcs:
        return PairedArcs.of(arcs, self.search.owner, self.search.n)

    def _lower(self, step: int) -> None:
        """Lower the bound over the arcs kept, then add those that its prices call for."""
        pool, demand, iterations = self.search.pool, self.search.demand, ITERATIONS
        while True:
            self._looked += iterations * len(self.arcs)
            paired = self._paired(self.arcs)
            self.prices, uses = lower(
                paired,
                demand,
                self.prices,
                step=step,
                iterations=iterations,
                zero_elsewhere=pool.zero_elsewhere,
            )
            more = pool.profitable(self.prices.reviewer, self.prices.entry)
            self.limit = min(self.limit, bound(self._paired(more), demand, self.prices))
            wider = self.arcs.plus(self.search.nearest(more, self.prices, 1), self.search.n)
            few = len(wider) <= len(self.arcs) + len(self.arcs) // 1_000
            self.uses = np.zeros(len(wider), dtype=np.int64)
            self.uses[paired.order] = uses
            self.arcs = wider
            if few:
                return
            step, iterations = max(step // 4, 1), iterations // 2

    def _rise(self) -> None:
        """Flows along ways while they gain."""
        paired = self._paired(self.arcs)
        ways = self._ways(paired)
        opened = ways.first(self.prices, self._uses_of(paired))
        if self.best is not None:
            opened = self._penalised(paired, ways)
        if not self._climb(paired, ways, opened) and self.best is None:
            held = self.search.balanced()
            self.arcs = self.arcs.plus(held, self.search.n)
            if not self._force():
                self._hold(held)

    def _penalised(self, paired: PairedArcs, ways: Ways) -> BoolArray:
        """Ways that a flow takes where each pair pays what its better side gains."""
        arcs = paired.arcs
        paid = paired.gains(arcs.profit(self.prices)).max(axis=1)[paired.pair_of_arc()]
        flow = self.search.flow(Arcs(arcs.reviewer, arcs.entry, arcs.worth - paid))
        if flow is None:
            return ways.first(self.prices, self._uses_of(paired))
        return ways.again(flow.flow > 0, self.prices)

    def _uses_of(self, paired: PairedArcs) -> IntArray:
        uses = np.zeros(len(paired.arcs), dtype=np.int64)
        uses[: len(self.uses)] = self.uses
        return uses[paired.order]

    def _ways(self, paired: PairedArcs) -> Ways:
        return Ways(paired, self.search.owner, self.search.demand, self.search.seed)

    def _climb(self, paired: PairedArcs, ways: Ways, opened: BoolArray) -> bool:
        """Whether there is a flow along the ways; then on along better ones while they gain.

        When that gains little, pairs in use are turned round by coin, all as even as before.
        """
        gained = self.limit
        for turn in range(ASCENTS):
            flow = self.search.flow(paired.arcs.take(opened))
            if flow is None:
                return turn > 0
            before = self.best[0] if self.best else 0
            if self.best is not None and flow.total <= before:
                return True
            used = np.zeros(len(paired.arcs), dtype=np.bool_)
            used[opened] = flow.flow > 0
            self.best = flow.total, paired.arcs.take(used)
            if gap(flow.total, self.limit) <= GOOD:
                return True
            gained = flow.total - before if turn else gained
            if gained < LITTLE * abs(self.limit):
                used = ways.turned(used, turn)
            opened = ways.again(used, prices_of(flow))
        return True

    def _force(self) -> bool:
        """Whether closed arcs at a great loss show which ways must turn for a flow."""
        paired = self._paired(self.arcs)
        ways = self._ways(paired)
        opened = ways.first(self.prices, self._uses_of(paired))
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

    def _hold(self, held: Arcs) -> None:
        """Flows along ways that leave an assignment as it is; at least that is then found."""
        paired = self._paired(self.arcs)
        ways = self._ways(paired)
        n = self.search.n
        used = member(np.sort(held.keys(n)), paired.arcs.keys(n))
        self.best = int(held.worth.sum()), held
        self._climb(paired, ways, ways.first(self.prices, self._uses_of(paired), held=used))
