"""Ranks that nobody's own reviews move."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.assignment.problem import integers
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray, Keyed
from concours.peerreview.reviews import ReviewSet

ALONE = 64  # entries up to which every entry has a fit of its own
FOLDS = 20


@dataclass(frozen=True, eq=False, kw_only=True)
class ImpartialRanks:
    """Each entry as a fit without the reviews by its own reviewers sees it.

    Attributes, n entries:
        fold: (n,) 0 .. folds - 1, which fit an entry's values are from.
        folds: number of fits.
        rank, rank_low, rank_high, estimate, standard_error: (n,) from that fit. Ranks are among
            all n entries of the fit; as each entry is in another one's, they may tie or skip.
        converged: whether every fit did.
    """

    fold: IntArray
    folds: int
    rank: IntArray
    rank_low: IntArray
    rank_high: IntArray
    estimate: FloatArray
    standard_error: FloatArray
    converged: bool


def impartial(
    fit: Callable[[ReviewSet], ConsensusResult],
    reviews: ReviewSet,
    *,
    reviewer_entry: npt.ArrayLike,
    seed: bytes,
    folds: int | None,
) -> ImpartialRanks:
    """Deal the entries to folds and fit once for each; see aggregation.impartial_ranks."""
    n = reviews.n_entries
    owner = integers(reviewer_entry, "reviewer_entry")
    if owner.shape != (reviews.n_reviewers,):
        raise BadInput(f"reviewer_entry: {reviews.n_reviewers} values expected, got {owner.shape}")
    out = np.flatnonzero((owner < -1) | (owner >= n))
    if out.size:
        raise BadInput(f"reviewer_entry[{out[0]}]: {owner[out[0]]} is not in -1 .. {n - 1}")
    if folds is None:
        folds = n if n <= ALONE else FOLDS
    if not 2 <= folds <= n:
        raise BadInput(f"folds: 2 to {n} expected, got {folds}")
    fold = np.empty(n, dtype=np.int64)
    fold[Keyed(seed, "consensus/folds").permutation(n)] = np.arange(n) % folds
    rank, low, high = np.empty((3, n), dtype=np.int64)
    estimate, error = np.empty((2, n))
    converged = True
    own_fold = np.where(owner >= 0, fold[owner], -1)
    for g in range(folds):
        found = fit(reviews.without(own_fold == g))
        mine = fold == g
        rank[mine], low[mine] = found.rank[mine], found.rank_low[mine]
        high[mine], estimate[mine] = found.rank_high[mine], found.estimate[mine]
        error[mine] = found.standard_error[mine]
        converged &= found.converged
    return ImpartialRanks(
        fold=fold, folds=folds, rank=rank, rank_low=low, rank_high=high, estimate=estimate,
        standard_error=error, converged=converged,
    )  # fmt: skip
