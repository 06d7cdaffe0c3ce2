"""Pools of pairs that may be assigned: a few good ones first, the others by their prices.

Column generation (Gilmore and Gomory, Operations Research 9, 1961): a flow over a part of the pairs
gives prices; a pair left out can raise the total only if its worth exceeds its two prices.
"""

from __future__ import annotations

from functools import cached_property
from typing import Protocol

import numpy as np

from concours.peerreview.assignment.arcs import Arcs, Prices
from concours.peerreview.assignment.eligibility import BoolArray, Eligibility, member
from concours.peerreview.assignment.heaps import Heaps, offer
from concours.peerreview.assignment.keyed_pairs import pair_word
from concours.peerreview.assignment.similarity import Similarity, dot_units
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed, WordArray

__all__ = ["Arcs", "DensePool", "GivenPool", "Pool", "StatedPool", "closed_cells", "make_pool"]

DENSE_CELLS = 25_000_000
"""Vectors of so many pairs at most are multiplied out."""
WHOLE_CELLS = 4_000_000
"""A matrix of so many cells at most may go into one flow as a whole."""
EXACT_DOUBLES = 2.0**53
UNSTATED = 1_000_000


class Pool(Protocol):
    """All pairs that may meet, however they are held."""

    zero_elsewhere: bool
    """Whether pairs outside `profitable` may be assigned too, at worth 0."""

    def first(self) -> Arcs:
        """Good pairs to start from."""

    def profitable(self, reviewer_price: IntArray, entry_price: IntArray) -> Arcs:
        """All pairs whose worth exceeds both prices."""

    def everything(self) -> Arcs | None:
        """All pairs, or None where they are too many for one flow."""


def make_pool(eligibility: Eligibility, seed: bytes) -> Pool | None:
    """The pool of a problem; None for vectors of more than 25,000,000 pairs."""
    problem = eligibility.problem
    similarity = problem.similarity
    if similarity is None:
        return None
    size = problem.n_reviewers * problem.n_entries
    if similarity.kind == "sparse" and size > WHOLE_CELLS:
        return StatedPool(eligibility, similarity, seed)
    if similarity.kind == "vectors" and size > DENSE_CELLS:
        return None
    return DensePool(eligibility, dense_units(similarity), seed)


def dense_units(similarity: Similarity) -> IntArray:
    """(R, n) units of all pairs, exact."""
    if similarity.cells is not None:
        return similarity.cells
    if similarity.rows is not None:
        return np.asarray(similarity.rows.toarray(), dtype=np.int64)
    mine, theirs = similarity.reviewer_vectors, similarity.entry_vectors
    if mine is None or theirs is None:
        raise AssertionError("a similarity holds cells, rows or vectors")
    largest = np.abs(mine).max(initial=0) * float(np.abs(theirs).max(initial=0)) * mine.shape[1]
    if largest < EXACT_DOUBLES:  # then the sums are exact in whatever order they run
        return dot_units((mine.astype(np.float64) @ theirs.astype(np.float64).T).astype(np.int64))
    return similarity.units(np.arange(len(mine))[:, None], np.arange(len(theirs))[None, :])


def closed_cells(eligibility: Eligibility) -> BoolArray:
    """(R, n) whether reviewer and entry must not meet."""
    problem = eligibility.problem
    owner, part = eligibility.owner, eligibility.part
    closed = np.zeros((problem.n_reviewers, problem.n_entries), dtype=np.bool_)
    if problem.parts > 1:
        closed |= eligibility.reviewer_part[:, None] == part[None, :]
    if problem.reviewer_groups is not None and problem.entry_groups is not None:
        for mine, theirs in zip(problem.reviewer_groups.T, problem.entry_groups.T, strict=True):
            closed |= (mine[:, None] == theirs[None, :]) & (theirs >= 0)
    owned = np.flatnonzero(owner >= 0)
    closed[owned, owner[owned]] = True
    closed[problem.conflicts[:, 0], problem.conflicts[:, 1]] = True
    return closed


class DensePool:
    """A matrix: first the best few of each row and column, ties by a secret coin."""

    zero_elsewhere = False

    def __init__(self, eligibility: Eligibility, cells: IntArray, seed: bytes) -> None:
        self.cells = np.ascontiguousarray(cells)
        self.closed = closed_cells(eligibility)
        self.k = eligibility.problem.reviews_per_entry
        self._key = Keyed(seed, "assign/candidates").words(2)

    def first(self) -> Arcs:
        """The best 4k + 8 of each row and of each column; O(R n)."""
        return self.best(4 * self.k + 8)

    def best(self, count: int) -> Arcs:
        """The best `count` of each row and of each column."""
        rows, columns = self.cells.shape
        chosen = np.zeros(self.cells.shape, dtype=np.bool_)
        for_row = Heaps(1, min(count, columns))
        for_column = Heaps(columns, min(count, rows))
        _mark_best(
            self.cells,
            self.closed,
            self._key,
            chosen,
            *for_row.arrays(),
            *for_column.arrays(),
        )
        return self._arcs(*np.nonzero(chosen))

    def profitable(self, reviewer_price: IntArray, entry_price: IntArray) -> Arcs:
        """All open cells above their two prices; O(R n)."""
        place = (self.cells, self.closed, reviewer_price, entry_price)
        count = _count_profitable(*place)
        reviewer, entry = np.empty((2, count), dtype=np.int64)
        _list_profitable(*place, reviewer, entry)
        return self._arcs(reviewer, entry)

    def everything(self) -> Arcs | None:
        """All open cells of a matrix of at most 4,000,000 cells."""
        return None if self.cells.size > WHOLE_CELLS else self._arcs(*np.nonzero(~self.closed))

    def _arcs(self, reviewer: IntArray, entry: IntArray) -> Arcs:
        return Arcs(reviewer, entry, self.cells[reviewer, entry])


class StatedPool:
    """The stated cells of a large sparse similarity, and a few random ones of worth 0.

    Pairs not stated are worth 0; k + 8 of them for each entry, dealt at random, let the loads be
    met where too few are stated.
    """

    zero_elsewhere = True

    def __init__(self, eligibility: Eligibility, similarity: Similarity, seed: bytes) -> None:
        if similarity.rows is None:
            raise AssertionError("sparse similarity holds rows")
        self.eligibility = eligibility
        rows, self.n = similarity.rows, eligibility.problem.n_entries
        reviewer = np.repeat(np.arange(rows.shape[0], dtype=np.int64), np.diff(rows.indptr))
        stated = Arcs(reviewer, rows.indices.astype(np.int64), rows.data.astype(np.int64))
        self._stated = stated
        may = stated.take(eligibility.allowed(stated.reviewer, stated.entry))
        self.arcs = may.plus(random_arcs(eligibility, similarity, seed), self.n)

    def first(self) -> Arcs:
        """All of them."""
        return self.arcs

    def profitable(self, reviewer_price: IntArray, entry_price: IntArray) -> Arcs:
        """All above their two prices; of pairs not stated 1,000,000 at most, the lowest priced."""
        prices = Prices(reviewer_price, entry_price)
        found = self.arcs.take(self.arcs.profit(prices) > 0)
        return found.plus(self._unstated(prices), self.n) if prices.below_zero() else found

    def everything(self) -> Arcs | None:
        """None: there are too many."""
        return None

    @cached_property
    def _stated_keys(self) -> IntArray:
        return np.sort(self._stated.keys(self.n))

    def _unstated(self, prices: Prices) -> Arcs:
        """Pairs of worth 0 whose two prices sum to less."""
        order = np.argsort(prices.entry, kind="stable")
        count = np.searchsorted(prices.entry[order], -prices.reviewer, side="left")
        cheap = int((count > 0).sum())
        count = np.minimum(count, max(UNSTATED // max(cheap, 1), 1))
        reviewer = np.repeat(np.arange(len(count)), count)
        place = np.arange(len(reviewer)) - np.repeat(np.cumsum(count) - count, count)
        entry = order[place]
        new = self.eligibility.allowed(reviewer, entry)
        new &= ~member(self._stated_keys, reviewer * self.n + entry)
        return Arcs(reviewer[new], entry[new], np.zeros(int(new.sum()), dtype=np.int64))


class GivenPool:
    """Candidates and no others."""

    zero_elsewhere = False

    def __init__(self, arcs: Arcs) -> None:
        self.arcs = arcs

    def first(self) -> Arcs:
        """The candidates."""
        return self.arcs

    def profitable(self, reviewer_price: IntArray, entry_price: IntArray) -> Arcs:
        """Candidates above their two prices."""
        prices = Prices(reviewer_price, entry_price)
        return self.arcs.take(self.arcs.profit(prices) > 0)

    def everything(self) -> Arcs | None:
        """The candidates."""
        return self.arcs


def random_arcs(eligibility: Eligibility, similarity: Similarity, seed: bytes) -> Arcs:
    """About k + 8 pairs that may meet for each entry, evenly over the reviewers."""
    problem = eligibility.problem
    n, reviewers = problem.n_entries, problem.n_reviewers
    count = min(problem.reviews_per_entry + 8, reviewers)
    places = Keyed(seed, "assign/zero-entries").permutation(n)
    staff = Keyed(seed, "assign/zero-reviewers").permutation(reviewers)
    offsets = Keyed(seed, "assign/zero-offsets").permutation(reviewers)[:count]
    at = (np.arange(n) * reviewers // n)[:, None] + offsets[None, :]
    reviewer, entry = staff[at % reviewers].ravel(), np.repeat(places, count)
    may = eligibility.allowed(reviewer, entry)
    reviewer, entry = reviewer[may], entry[may]
    return Arcs(reviewer, entry, similarity.units(reviewer, entry))


@kernel
def _mark_best(
    cells: IntArray,
    closed: BoolArray,
    key: WordArray,
    chosen: BoolArray,
    row_worth: IntArray,
    row_coin: WordArray,
    row_index: IntArray,
    row_filled: IntArray,
    column_worth: IntArray,
    column_coin: WordArray,
    column_index: IntArray,
    column_filled: IntArray,
) -> None:
    rows, columns = cells.shape
    for i in range(rows):
        row_filled[0] = 0
        for j in range(columns):
            if closed[i, j]:
                continue
            w = cells[i, j]
            coin = pair_word(key[0], key[1], i, j)
            offer(row_worth[0], row_coin[0], row_index[0], row_filled, 0, w, coin, j)
            offer(column_worth[j], column_coin[j], column_index[j], column_filled, j, w, coin, i)
        for x in range(row_filled[0]):
            chosen[i, row_index[0, x]] = True
    for j in range(columns):
        for x in range(column_filled[j]):
            chosen[column_index[j, x], j] = True


@kernel
def _count_profitable(
    cells: IntArray, closed: BoolArray, reviewer_price: IntArray, entry_price: IntArray
) -> int:
    count = 0
    for i in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            if cells[i, j] > reviewer_price[i] + entry_price[j] and not closed[i, j]:
                count += 1
    return count


@kernel
def _list_profitable(
    cells: IntArray,
    closed: BoolArray,
    reviewer_price: IntArray,
    entry_price: IntArray,
    reviewer: IntArray,
    entry: IntArray,
) -> None:
    at = 0
    for i in range(cells.shape[0]):
        for j in range(cells.shape[1]):
            if cells[i, j] > reviewer_price[i] + entry_price[j] and not closed[i, j]:
                reviewer[at] = i
                entry[at] = j
                at += 1
