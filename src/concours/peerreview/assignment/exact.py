"""The exact way: an integer programme, for instances too tight for swaps.

Binary x[r, e] for each pair that may meet; each entry has k reviewers, each reviewer a load within
bounds, each entry no more of one team or group than its limit, and for no r of A, s of B both
x[r, B] and x[s, A]. Longer cycles and cliques are forbidden as they are found in a solution. The
objective is a sum of keyed random weights: it spreads the choice, and the optimum is one alone with
near certainty, so that another machine or solver arrives at the same assignment.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from concours.peerreview.assignment.broken import Broken, Structures
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds, member
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.keyed import IntArray, Keyed

MAX_VARIABLES = 120_000
ALL_AT_ONCE = 4_000
NODES = 2_000
ROUNDS = 200
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

    Not proven where the search met its limit of nodes or rounds, which, unlike one of time, is the
    same on every machine.
    """
    low, high = load_bounds(eligibility.problem, eligibility.part)
    weight = (Keyed(seed, "assign/weights").words(len(lp.entry)) >> np.uint64(44)).astype(float)
    k = eligibility.problem.reviews_per_entry
    fixed = [
        LinearConstraint(lp.by_entry, k, k),
        LinearConstraint(lp.by_reviewer, low, high),
        *limit_rows(eligibility, lp),
    ]
    opposite = _opposites(eligibility, lp)
    cuts = (
        [Broken(tuple(pair), 1) for pair in opposite.tolist()]
        if len(opposite) <= ALL_AT_ONCE
        else []
    )
    for _ in range(ROUNDS):
        done = milp(
            weight,
            integrality=np.ones(len(weight), dtype=np.int64),
            bounds=Bounds(0, 1),
            constraints=fixed + _rows(cuts, len(weight)),
            options={"node_limit": NODES, "mip_rel_gap": 0.0},
        )
        if done.x is None:
            return None, done.status == INFEASIBLE
        chosen = np.flatnonzero(done.x > 0.5)
        pairs = np.stack([lp.reviewer[chosen], lp.entry[chosen]], axis=1)
        broken = _broken(eligibility.problem, pairs, chosen)
        if not broken:
            return pairs, False
        cuts += broken
    return None, False


def limit_rows(eligibility: Eligibility, lp: Programme) -> list[LinearConstraint]:
    """At most so many reviewers of one team, or of one group, for each entry."""
    problem = eligibility.problem
    found = []
    if problem.max_per_team is not None:
        found += _limit(problem.reviewer_entry[lp.reviewer], lp.entry, problem.max_per_team)
    if problem.max_per_group is not None and problem.reviewer_groups is not None:
        for group in problem.reviewer_groups.T:
            found += _limit(group[lp.reviewer], lp.entry, problem.max_per_group)
    return found


def _limit(label: IntArray, entry: IntArray, most: int) -> list[LinearConstraint]:
    named = np.flatnonzero(label >= 0)
    about = np.stack([label[named], entry[named]])
    row, count = np.unique(about, axis=1, return_inverse=True, return_counts=True)[1:]
    wide = np.flatnonzero(count > most)
    if not wide.size:
        return []
    at = np.full(len(count), -1)
    at[wide] = np.arange(wide.size)
    row = at[row.ravel()]
    column, row = named[row >= 0], row[row >= 0]
    matrix = sparse.csr_array((np.ones(row.size), (row, column)), (wide.size, len(label)))
    return [LinearConstraint(matrix, -np.inf, most)]


def _broken(problem: AssignmentProblem, pairs: IntArray, columns: IntArray) -> list[Broken]:
    """Cycles and cliques in a solution, as columns that must not all be chosen."""
    found = {}
    structures = Structures(problem, pairs)
    for pair in range(len(pairs)):
        for broken in structures.around(pair):
            chosen = tuple(sorted(columns[list(broken.pairs)].tolist()))
            found[chosen] = Broken(chosen, broken.most)
    return list(found.values())


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


def _rows(cuts: list[Broken], width: int) -> list[LinearConstraint]:
    if not cuts:
        return []
    row = np.repeat(np.arange(len(cuts)), [len(cut.pairs) for cut in cuts])
    column = np.concatenate([np.array(cut.pairs) for cut in cuts])
    matrix = sparse.csr_array((np.ones(row.size), (row, column)), (len(cuts), width))
    return [LinearConstraint(matrix, -np.inf, np.array([cut.most for cut in cuts]))]
