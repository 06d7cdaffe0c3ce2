"""The two-way model with reviewers' biases integrated out.

score = mean + quality[entry] + bias[reviewer] + noise, all three random and normal. With noise of
variance 1, q = variance of quality and b = variance of bias in that unit, the precision of quality
is S = D - C W C' + I / q, where C (n, R) marks who reviewed what, D counts reviews and
W = b / (1 + b * load), 1 / load for rankings, whose bias is free (b infinite).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet, weighted_count


@dataclass(frozen=True, eq=False)
class Design:
    """The sums that every step of the fit needs."""

    met: sparse.csr_array
    met_back: sparse.csr_array
    received: FloatArray
    given: FloatArray
    entry_sum: FloatArray
    reviewer_sum: FloatArray
    square_sum: float
    score_sum: float
    free_bias: bool

    @property
    def m(self) -> int:
        """Number of reviews."""
        return int(self.given.sum())

    def weight(self, b: float) -> FloatArray:
        """(R,) W for a variance of bias b."""
        if self.free_bias:
            return np.where(self.given > 0, 1 / np.maximum(self.given, 1), 0.0)
        return np.asarray(b / (1 + b * self.given))

    def dense(self, q: float, weight: FloatArray) -> FloatArray:
        """(n, n) S."""
        spread = self.met.multiply(weight[None, :]).tocsr()
        out = -np.asarray((spread @ self.met_back).toarray(), dtype=np.float64)
        out[np.diag_indices_from(out)] += self.received + 1 / q
        return out

    def right(self, weight: FloatArray) -> FloatArray:
        """(n,) Z' M y: entries' sums less what the reviewers' biases take up."""
        return np.asarray(self.entry_sum - self.met @ (weight * self.reviewer_sum))

    def ones(self, weight: FloatArray) -> FloatArray:
        """(n,) Z' M 1; 0 for rankings."""
        return np.asarray(self.received - self.met @ (weight * self.given))


def design(reviews: ReviewSet, score: FloatArray) -> Design:
    """The sums for `score` (m,), which replaces the reviews' own. O(m)."""
    n, count = reviews.n_entries, reviews.n_reviewers
    ones = np.ones(len(reviews))
    met = sparse.csr_array((ones, (reviews.entry, reviews.reviewer)), shape=(n, count))
    return Design(
        met=met,
        met_back=met.T.tocsr(),
        received=np.bincount(reviews.entry, minlength=n).astype(np.float64),
        given=np.bincount(reviews.reviewer, minlength=count).astype(np.float64),
        entry_sum=weighted_count(reviews.entry, score, n),
        reviewer_sum=weighted_count(reviews.reviewer, score, count),
        square_sum=float(np.sum(score * score)),
        score_sum=float(np.sum(score)),
        free_bias=reviews.ranked,
    )
