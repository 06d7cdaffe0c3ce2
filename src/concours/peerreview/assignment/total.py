"""Greatest total similarity, without review cycles: flows over good candidates, with a bound.

Without a ban the result is an exact optimum. With the ban of mutual pairs: prices that lower the
bound (`bounds.py`), ways between entries by these prices (`ways.py`), an exact flow along these
ways, repeated while it gains (`one_way.py`). Longer cycles and cliques: `cycles.py`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from concours.peerreview.assignment import explain
from concours.peerreview.assignment.arcs import Arcs
from concours.peerreview.assignment.balanced import Balanced
from concours.peerreview.assignment.candidates import candidates
from concours.peerreview.assignment.cycles import unbroken
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.one_way import OneWay
from concours.peerreview.assignment.pools import GivenPool, make_pool
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.scale import solve_at_scale
from concours.peerreview.assignment.search import Search, gap
from concours.peerreview.assignment.similarity import UNIT
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

__all__ = ["Total", "solve_on_arcs"]

WIDE = 20_000
"""Beyond so many entries or reviewers ways are settled by coin before the candidates are sought."""
WIDE_EACH = 64
"""Candidates of each entry and of each reviewer, where vectors are too many to multiply out."""


class Total:
    """Greatest total similarity under all constraints.

    Vectors of more than 25,000,000 pairs go by candidates (`candidates.py`): the facts speak of
    them, and "recall" tells how many of the nearest they hold; beyond 20,000 entries see
    `solve_at_scale`.

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
        if pool is not None:
            return _outcome(Search(eligibility, pool, seed))
        if max(problem.n_reviewers, problem.n_entries) > WIDE:
            return solve_at_scale(eligibility, seed)
        found = candidates(eligibility, per_entry=WIDE_EACH, per_reviewer=WIDE_EACH, seed=seed)
        pairs = found.reviewer.astype(np.int64), found.entry.astype(np.int64), found.units
        outcome = solve_on_arcs(problem, eligibility, *pairs, seed=seed)
        return replace(
            outcome, facts=outcome.facts | {"recall": found.recall, "closeness": found.closeness}
        )


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
    return _outcome(Search(eligibility, GivenPool(arcs), seed))


def _outcome(search: Search) -> Outcome:
    relaxed = search.relaxed()
    route, chosen, limit = "flow", relaxed.chosen(), relaxed.limit
    if search.bans:
        opened = relaxed.arcs
        if search.problem.longest_banned_cycle > 1:
            one_way = OneWay(search, relaxed)
            chosen, limit = one_way.run()
            opened = one_way.opened(chosen)
        chosen, route = unbroken(search, opened, chosen)
    order = np.argsort(chosen.keys(search.n), kind="stable")
    pairs = np.stack([chosen.reviewer[order], chosen.entry[order]], axis=1)
    total = int(chosen.worth.sum())
    facts = {
        "total": total * UNIT,
        "bound": limit * UNIT,
        "gap": gap(total, limit),
        "unconstrained": relaxed.total * UNIT,
        "rounds": float(search.rounds),
    }
    return Outcome(pairs=pairs, route=route, facts=facts)
