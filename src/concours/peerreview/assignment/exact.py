"""The exact way: an integer programme, for instances too tight for swaps.

Binary x[r, e] for each pair that may meet; each entry has k reviewers, each reviewer a load within
bounds, and for no r of A, s of B both x[r, B] and x[s, A] (added as found broken). The objective is
a sum of keyed random weights: it spreads the choice, and the optimum is one alone with near
certainty, so that another machine or solver arrives at the same assignment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from concours.peerreview.assignment.eligibility import Eligibility, load_bounds, member
from concours.peerreview.keyed import IntArray, Keyed

MAX_VARIABLES = 120_000
ALL_AT_ONCE = 4_000
NODES = 2_000
INFEASIBLE = 2


@dataclass(frozen=True)
class Programme:
    """The pairs that may meet, and the matrices over them."""

    reviewer: IntArray
    entry: IntArray
    by_entry: sparse.csr_array
    by_reviewer: sparse.csr_array


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


def solve(eligibility: Eligibility, lp: Programme, seed: bytes) -> tuple[IntArray | None, bool]:
    """(pairs (nk, 2) sorted or None, whether their absence is proven).

    Not proven where the search met its limit of nodes, which, unlike one of time, is the same
    on every machine.
    """
    problem = eligibility.problem
    low, high = load_bounds(problem, eligibility.part)
    weight = (Keyed(seed, "assign/weights").words(len(lp.entry)) >> np.uint64(44)).astype(float)
    constraints = [
        LinearConstraint(lp.by_entry, problem.reviews_per_entry, problem.reviews_per_entry),
        LinearConstraint(lp.by_reviewer, low, high),
    ]
    opposite = _opposites(eligibility, lp)
    active = np.ones(len(opposite), dtype=np.bool_)
    if len(opposite) > ALL_AT_ONCE:
        active[:] = False
    while True:
        extra = [LinearConstraint(_rows(opposite[active], len(lp.entry)), -np.inf, 1)]
        done = milp(
            weight,
            integrality=np.ones(len(weight), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=constraints + (extra if active.any() else []),
            options={"node_limit": NODES, "mip_rel_gap": 0.0},
        )
        if done.x is None:
            return None, done.status == INFEASIBLE
        chosen = done.x > 0.5
        broken = chosen[opposite[:, 0]] & chosen[opposite[:, 1]]
        if not broken.any():
            return np.stack([lp.reviewer[chosen], lp.entry[chosen]], axis=1), False
        active |= broken


def loads_that_fit(eligibility: Eligibility, lp: Programme) -> int | None:
    """By how much the load bounds must be widened for an assignment that may be mutual.

    0 if they fit as they are, None if no widening helps. The matrix is totally unimodular, so the
    linear programme decides. Bisection over at most log2(n) programmes.
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
    done = milp(
        np.zeros(len(lp.entry)),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(lp.by_entry, k, k),
            LinearConstraint(lp.by_reviewer, low, high),
        ],
    )
    return bool(done.status != INFEASIBLE)


def _opposites(eligibility: Eligibility, lp: Programme) -> IntArray:
    """(p, 2) columns that would be mutual together, each once."""
    owner = eligibility.owner[lp.reviewer]
    owned = np.flatnonzero(owner >= 0)
    if eligibility.problem.allow_mutual or not owned.size:
        return np.zeros((0, 2), dtype=np.int64)
    n = eligibility.problem.n_entries
    key = owner[owned] * n + lp.entry[owned]
    order = np.argsort(key, kind="stable")
    ranked, column = key[order], owned[order]
    ahead = owned[(owner[owned] < lp.entry[owned])]
    wanted = lp.entry[ahead] * n + owner[ahead]
    wanted, ahead = wanted[member(ranked, wanted)], ahead[member(ranked, wanted)]
    first = np.searchsorted(ranked, wanted, side="left")
    count = np.searchsorted(ranked, wanted, side="right") - first
    left = np.repeat(ahead, count)
    step = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return np.stack([left, column[np.repeat(first, count) + step]], axis=1)


def _rows(columns: IntArray, width: int) -> sparse.csr_array:
    row = np.repeat(np.arange(len(columns)), 2)
    return sparse.csr_array((np.ones(row.size), (row, columns.ravel())), (len(columns), width))
