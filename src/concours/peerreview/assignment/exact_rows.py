"""Variables of the exact searches, and rows over them: limits, mutual pairs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from concours.peerreview.assignment.eligibility import Eligibility, member
from concours.peerreview.keyed import IntArray

Row = tuple[sparse.csr_array, int]
"""A matrix and the greatest of its products."""


@dataclass(frozen=True)
class Programme:
    """The pairs that may meet, and the matrices over them."""

    reviewer: IntArray
    entry: IntArray
    by_entry: sparse.csr_array
    by_reviewer: sparse.csr_array


def limit_rows(eligibility: Eligibility, lp: Programme) -> list[Row]:
    """At most so many reviewers of one team, or of one group, for each entry."""
    problem = eligibility.problem
    found: list[Row] = []
    if problem.max_per_team is not None:
        found += _limit(problem.reviewer_entry[lp.reviewer], lp.entry, problem.max_per_team)
    if problem.max_per_group is not None and problem.reviewer_groups is not None:
        for group in problem.reviewer_groups.T:
            found += _limit(group[lp.reviewer], lp.entry, problem.max_per_group)
    return found


def _limit(label: IntArray, entry: IntArray, most: int) -> list[Row]:
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
    return [(matrix, most)]


def opposites(eligibility: Eligibility, lp: Programme) -> IntArray:
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


def pair_rows(columns: IntArray, width: int) -> sparse.csr_array:
    """A row for each of (p, 2) columns."""
    row = np.repeat(np.arange(len(columns)), 2)
    return sparse.csr_array((np.ones(row.size), (row, columns.ravel())), (len(columns), width))
