"""The exact way: an integer programme, for instances too tight for swaps.

Binary x[r, e] for each pair that may meet; each entry has k reviewers, each reviewer a load within
bounds, each entry no more of one team or group than its limit, and for no r of A, s of B both
x[r, B] and x[s, A] (added as found broken). The objective is a sum of keyed random weights: it
spreads the choice, and the optimum is one alone with near certainty, so that another machine or
solver arrives at the same assignment. Longer cycles and cliques, which a programme bounds badly,
are left to a search on clauses (`exact_clauses.py`).
"""

from __future__ import annotations

import numpy as np
import scipy
from scipy import sparse

from concours.peerreview.assignment import exact_clauses
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.exact_rows import Programme, limit_rows, opposites, pair_rows
from concours.peerreview.keyed import IntArray, Keyed

MAX_VARIABLES = 120_000
ALL_AT_ONCE = 4_000
NODES = 2_000
"""Nodes of the search tree that all rounds may look at."""
EFFORT = 20.0
"""Deterministic time for the search on clauses."""
INFEASIBLE = 2


def programme(eligibility: Eligibility) -> Programme | None:
    """The programme of a problem, or None where it is too large."""
    problem = eligibility.problem
    if problem.n_reviewers * problem.n_entries > MAX_VARIABLES:
        return None
    r = np.repeat(np.arange(problem.n_reviewers), problem.n_entries)
    e = np.tile(np.arange(problem.n_entries), problem.n_reviewers)
    ok = eligibility.allowed(r, e)
    r, e = r[ok], e[ok]
    ones, column = np.ones(len(r)), np.arange(len(r))
    return Programme(
        reviewer=r,
        entry=e,
        by_entry=sparse.csr_array((ones, (e, column)), shape=(problem.n_entries, len(r))),
        by_reviewer=sparse.csr_array((ones, (r, column)), shape=(problem.n_reviewers, len(r))),
    )


def solve(
    eligibility: Eligibility, lp: Programme, seed: bytes, *, nodes: int = NODES
) -> tuple[IntArray | None, bool]:
    """(pairs (nk, 2) sorted or None, whether their absence is proven).

    Not proven where the search met its limit, of nodes here and of deterministic time in
    `exact_clauses.py`: unlike one of time they are the same on every machine.
    """
    pairs, proven = _by_programme(eligibility, lp, seed, nodes=nodes)
    problem = eligibility.problem
    if proven or (problem.longest_banned_cycle <= 2 and not problem.cliques_of):
        return pairs, proven
    return exact_clauses.solve(eligibility, lp, seed, effort=EFFORT * nodes / NODES)


def _by_programme(
    eligibility: Eligibility, lp: Programme, seed: bytes, *, nodes: int
) -> tuple[IntArray | None, bool]:
    """As `solve`, but for longer cycles and cliques."""
    problem = eligibility.problem
    low, high = load_bounds(problem, eligibility.part)
    weight = (Keyed(seed, "assign/weights").words(len(lp.entry)) >> np.uint64(44)).astype(float)
    k = problem.reviews_per_entry
    fixed = [
        scipy.optimize.LinearConstraint(lp.by_entry, k, k),
        scipy.optimize.LinearConstraint(lp.by_reviewer, low, high),
        *(
            scipy.optimize.LinearConstraint(matrix, -np.inf, most)
            for matrix, most in limit_rows(eligibility, lp)
        ),
    ]
    opposite = opposites(eligibility, lp)
    active = np.full(len(opposite), len(opposite) <= ALL_AT_ONCE)
    while nodes > 0:
        extra = [
            scipy.optimize.LinearConstraint(pair_rows(opposite[active], len(weight)), -np.inf, 1)
        ]
        done = scipy.optimize.milp(
            weight,
            integrality=np.ones(len(weight), dtype=np.int64),
            bounds=scipy.optimize.Bounds(0, 1),
            constraints=fixed + (extra if active.any() else []),
            options={"node_limit": nodes, "mip_rel_gap": 0.0},
        )
        if done.x is None:
            return None, done.status == INFEASIBLE
        chosen = done.x > 0.5
        broken = chosen[opposite[:, 0]] & chosen[opposite[:, 1]]
        if not broken.any():
            return np.stack([lp.reviewer[chosen], lp.entry[chosen]], axis=1), False
        active |= broken
        nodes -= int(done.mip_node_count or 0)
    return None, False


def loads_that_fit(eligibility: Eligibility, lp: Programme) -> int | None:
    """By how much the load bounds must be widened for an assignment free of other constraints.

    Cycles, cliques and limits do not count. 0 if the loads fit as they are, None if no widening
    helps. The matrix is totally unimodular, so the linear programme decides.
    Bisection over at most log2(n) programmes.
    """
    low, high = load_bounds(eligibility.problem, eligibility.part)
    widest = eligibility.problem.n_entries

    def fits(by: int) -> bool:
        return _relaxed(eligibility, lp, np.maximum(low - by, 0), high + by)

    if fits(0):
        return 0
    if not fits(widest):
        return None
    below, above = 0, widest
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if fits(middle) else (middle, above)
    return above


def _relaxed(eligibility: Eligibility, lp: Programme, low: IntArray, high: IntArray) -> bool:
    k = eligibility.problem.reviews_per_entry
    done = scipy.optimize.milp(
        np.zeros(len(lp.entry)),
        bounds=scipy.optimize.Bounds(0, 1),
        constraints=[
            scipy.optimize.LinearConstraint(lp.by_entry, k, k),
            scipy.optimize.LinearConstraint(lp.by_reviewer, low, high),
        ],
    )
    return bool(done.status != INFEASIBLE)
