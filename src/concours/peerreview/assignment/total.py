"""Greatest total similarity, without review cycles: flows over good candidates, with a bound.

Without a ban the result is an exact optimum. With the ban of mutual pairs: prices that lower the
bound (`bounds.py`), ways between entries by these prices (`ways.py`), an exact flow along
these ways, repeated while it gains.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment import explain
from concours.peerreview.assignment.balanced import Balanced
from concours.peerreview.assignment.bounds import Demand, PairedArcs, Prices, bound, lower
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds, member
from concours.peerreview.assignment.flow import Flow, max_total
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.assignment.limits import LimitLevels
from concours.peerreview.assignment.pools import Arcs, GivenPool, Pool, make_pool
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.similarity import UNIT
from concours.peerreview.assignment.ways import Ways
from concours.peerreview.errors import BadInput, InfeasibleAssignment
from concours.peerreview.keyed import IntArray

NEAR = 5
"""Arcs a review that the search among ways keeps, those of the greatest profit."""
PHASES = 3
ITERATIONS = 300
ASCENTS = 4
GOOD = 0.0005
"""A gap at which the search ends."""


class Total:
    """Greatest total similarity under all constraints.

    facts: "total"; "bound", which no assignment exceeds; "gap", (bound - total) / |bound|;
    "unconstrained", the optimum with cycles and cliques allowed; "rounds", flows solved.
    """

    name = "total"

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """Pairs and the route they were found by.

        Raises InfeasibleAssignment, and BadInput for a cap on probabilities or for limits inside
        entries that are not nested.
        """
        if problem.max_probability < 1:
            raise BadInput('max_probability: method "total" draws nothing; use "randomised"')
        eligibility = Eligibility(problem, part)
        explain.refuse_the_impossible(eligibility)
        if problem.similarity is None:
            return Balanced().pairs(problem, part=part, seed=seed)
        pool = make_pool(eligibility, seed)
        if pool is None:
            raise BadInput("similarity: vectors of more than 25,000,000 pairs")
        return Search(eligibility, pool, seed).run()


def solve_on_arcs(
    problem: AssignmentProblem,
    eligibility: Eligibility,
    reviewer: IntArray,
    entry: IntArray,
    worth: IntArray,
    *,
    seed: bytes,
) -> Outcome:
    """As method "total", over candidates (p,) only, all of which may meet.

    `worth` is in units of 1e-6. The facts speak of the candidates.
    """
    arcs = Arcs(*(np.asarray(a, dtype=np.int64) for a in (reviewer, entry, worth)))
    return Search(eligibility, GivenPool(arcs), seed).run()


class Search:
    """One search: what is fixed, and how many flows were solved."""

    def __init__(self, eligibility: Eligibility, pool: Pool, seed: bytes) -> None:
        problem = eligibility.problem
        self.eligibility = eligibility
        self.problem = problem
        self.pool = pool
        self.seed = seed
        self.n = problem.n_entries
        low, high = load_bounds(problem, eligibility.part)
        need = np.full(self.n, problem.reviews_per_entry, dtype=np.int64)
        self.demand = Demand(need, low, high)
        self.limits = LimitLevels(problem)
        self.rounds = 0

    def run(self) -> Outcome:
        """The best assignment found, and its bound."""
        arcs, flow = self._relaxed()
        if self.problem.longest_banned_cycle < 2 and not self.problem.cliques_of:
            return self._outcome(arcs.take(flow.flow > 0), flow.total, flow.total, "flow")
        chosen, limit = OneWay(self, arcs, flow).run()
        return self._outcome(chosen, limit, flow.total, "flow+ways")

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

    def _relaxed(self) -> tuple[Arcs, Flow]:
        """The optimum with cycles allowed, over all pairs of the pool."""
        settle = self.problem.longest_banned_cycle < 2 and not self.problem.cliques_of
        arcs, widened = self.pool.first(), False
        while True:
            flow = self.flow(arcs, settle=settle)
            if flow is None:
                if widened:
                    raise self._infeasible()
                arcs, widened = self._widened(arcs), True
                continue
            more = self.pool.profitable(*_prices(flow))
            wider = arcs.plus(more, self.n)
            if len(wider) == len(arcs):
                return arcs, flow
            arcs = wider

    def _widened(self, arcs: Arcs) -> Arcs:
        """With all pairs, or with those of some assignment."""
        everything = self.pool.everything()
        return self.with_balanced(arcs) if everything is None else everything

    def with_balanced(self, arcs: Arcs) -> Arcs:
        """With the pairs of a balanced assignment, which meets every constraint."""
        return arcs.plus(self.balanced(), self.n)

    def balanced(self) -> Arcs:
        """A balanced assignment. Raises InfeasibleAssignment."""
        part = self.eligibility.part
        pairs = Balanced().pairs(self.problem, part=part, seed=self.seed).pairs
        similarity = self.problem.similarity
        reviewer, entry = pairs[:, 0].copy(), pairs[:, 1].copy()
        worth = np.zeros(len(pairs), dtype=np.int64)
        if similarity is not None:
            worth = similarity.units(reviewer, entry)
        return Arcs(reviewer, entry, worth)

    def _infeasible(self) -> InfeasibleAssignment:
        self.balanced()  # raises with the reason, as a rule
        return InfeasibleAssignment("not-found", "no assignment was found among the candidates")

    def _outcome(self, chosen: Arcs, limit: int, unconstrained: int, route: str) -> Outcome:
        order = np.argsort(chosen.keys(self.n), kind="stable")
        pairs = np.stack([chosen.reviewer[order], chosen.entry[order]], axis=1)
        total = int(chosen.worth.sum())
        facts = {
            "total": total * UNIT,
            "bound": limit * UNIT,
            "gap": gap(total, limit),
            "unconstrained": unconstrained * UNIT,
            "rounds": float(self.rounds),
        }
        return Outcome(pairs=pairs, route=route, facts=facts)


def gap(total: int, limit: int) -> float:
    """(bound - total) / |bound|, 0 where they are equal."""
    return (limit - total) / max(abs(limit), 1) if limit > total else 0.0


def _prices(flow: Flow) -> tuple[IntArray, IntArray]:
    if flow.reviewer_price is None or flow.entry_price is None:
        raise AssertionError("the flow was solved without prices")
    return flow.reviewer_price, flow.entry_price


class OneWay:
    """The search among ways between entries."""

    def __init__(self, search: Search, arcs: Arcs, relaxed: Flow) -> None:
        self.search = search
        self.demand = search.demand
        self.owner = search.problem.reviewer_entry
        self.prices = Prices(*_prices(relaxed))
        self.limit = relaxed.total
        self.arcs = _nearest(arcs, self.prices, NEAR * search.problem.n_pairs, relaxed.flow)
        self.best: tuple[int, Arcs] | None = None

    def run(self) -> tuple[Arcs, int]:
        """(pairs without mutual ones, a bound that no such pairs exceed)."""
        step = max(self.limit, 1) // 50
        for _ in range(PHASES):
            self._lower(step)
            self._rise()
            if self.best is None:
                self._hold_balanced()
            total = self.best[0] if self.best else 0
            if gap(total, self.limit) <= GOOD:
                break
            step = max((self.limit - total) // 2, 1)
        if self.best is None:
            raise AssertionError("a held assignment is found again")
        return self.best[1], self.limit

    def _paired(self, arcs: Arcs) -> PairedArcs:
        return PairedArcs.of(arcs, self.owner, self.search.n)

    def _lower(self, step: int) -> None:
        """Lower the bound over the arcs kept, then add those that its prices call for."""
        pool = self.search.pool
        while True:
            self.prices = lower(
                self._paired(self.arcs),
                self.demand,
                self.prices,
                step=step,
                iterations=ITERATIONS,
                zero_elsewhere=pool.zero_elsewhere,
            )
            more = pool.profitable(self.prices.reviewer, self.prices.entry)
            self.limit = min(self.limit, bound(self._paired(more), self.demand, self.prices))
            wider = self.arcs.plus(more, self.search.n)
            if len(wider) <= len(self.arcs) + len(self.arcs) // 1_000:
                self.arcs = wider
                return
            self.arcs, step = wider, max(step // 4, 1)

    def _rise(self, held: Arcs | None = None) -> None:
        """Flows along ways, while they gain; `held` are pairs whose ways are open at first."""
        paired = self._paired(self.arcs)
        ways = Ways(paired, self.owner, self.demand, self.search.seed)
        opened = ways.first(self.prices)
        if held is not None:
            n = self.search.n
            used = member(np.sort(held.keys(n)), paired.arcs.keys(n))
            opened = ways.again(used, self.prices)
        for _ in range(ASCENTS):
            flow = self.search.flow(paired.arcs.take(opened))
            if flow is None:
                return
            whole = np.zeros(len(paired.arcs), dtype=np.int64)
            whole[opened] = flow.flow
            if self.best is not None and flow.total <= self.best[0]:
                return
            self.best = flow.total, paired.arcs.take(whole > 0)
            if gap(flow.total, self.limit) <= GOOD:
                return
            opened = ways.again(whole > 0, Prices(*_prices(flow)))

    def _hold_balanced(self) -> None:
        held = self.search.balanced()
        self.arcs = self.arcs.plus(held, self.search.n)
        self._rise(held)


def _nearest(arcs: Arcs, prices: Prices, count: int, flow: IntArray) -> Arcs:
    """The arcs in use and those of the greatest profit, about `count` in all."""
    if len(arcs) <= 2 * count:
        return arcs
    profit = arcs.profit(prices.reviewer, prices.entry)
    least = np.partition(profit, len(arcs) - count)[len(arcs) - count]
    return arcs.take((profit >= least) | (flow > 0))


__all__ = ["Search", "Total", "gap", "solve_on_arcs"]
