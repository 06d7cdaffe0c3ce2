"""The two-way model with reviewers' biases integrated out.

score = mean + quality[entry] + bias[reviewer] + noise, all three random and normal. With noise of
variance 1 over a review's weight w (1 unless a method weighs reviews), and q = variance of quality
and b = variance of bias in that unit, the precision of quality is S = D - C W C' + I / q, where
C (n, L) holds the weight of each list on each entry, D sums weights by entry and
W = b / (1 + b * load), 1 / load for rankings, whose bias is free (b infinite).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from concours.peerreview.aggregation.tour import Tour, toured
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import Int32Array, ReviewSet

UNWEIGHTED = np.zeros(0)


@dataclass(frozen=True, eq=False, kw_only=True)
class Design:
    """The lists and the sums that every step of the fit needs.

    `score` is meant less `centre`, over `scale`; received, received_squares and entry_sum are sums
    of weights, their squares and weighted scores by entry, given, given_squares and list_sum the
    same by list, square_sum and score_sum those of weighted squares and scores in all. `by` (m,)
    is the list of each review of the tour.
    """

    start: IntArray
    member: Int32Array
    tour: Tour
    by: Int32Array
    omega: FloatArray
    score: FloatArray
    centre: float
    scale: float
    received: FloatArray
    given: FloatArray
    received_squares: FloatArray
    given_squares: FloatArray
    entry_sum: FloatArray
    list_sum: FloatArray
    square_sum: float
    score_sum: float
    free_bias: bool

    @property
    def m(self) -> int:
        """Number of reviews."""
        return len(self.member)

    @property
    def n(self) -> int:
        """Number of entries."""
        return len(self.received)

    @property
    def met_in_tour(self) -> tuple[Int32Array, Int32Array, Int32Array, FloatArray]:
        """What each loop of effects_kernels begins with."""
        return self.by, self.tour.entry, self.tour.place, self.omega

    def weight(self, b: float) -> FloatArray:
        """(L,) W for a variance of bias b."""
        if self.free_bias:
            return np.where(self.given > 0, 1 / np.where(self.given > 0, self.given, 1), 0.0)
        return np.asarray(b / (1 + b * self.given))

    @cached_property
    def met(self) -> sparse.csr_array:
        """(L, n) weights; for few entries only."""
        data = self.omega if len(self.omega) else np.ones(self.m)
        return sparse.csr_array((data, self.member, self.start), shape=(len(self.given), self.n))

    @cached_property
    def met_back(self) -> sparse.csr_array:
        """(n, L) the same, by entry."""
        return self.met.T.tocsr()

    def dense(self, q: float, weight: FloatArray) -> FloatArray:
        """(n, n) S."""
        spread = self.met_back.multiply(weight[None, :]).tocsr()
        out = -np.asarray((spread @ self.met).toarray(), dtype=np.float64)
        out[np.diag_indices_from(out)] += self.received + 1 / q
        return out

    def by_list(self, x: FloatArray) -> FloatArray:
        """(L,) C' x."""
        from concours.peerreview.aggregation.effects_kernels import list_sums

        out = np.zeros(len(self.given))
        list_sums(*self.met_in_tour, x, out)
        return out

    def by_entry(self, x: FloatArray) -> FloatArray:
        """(n,) C x."""
        from concours.peerreview.aggregation.effects_kernels import entry_sums

        out = np.zeros(self.n)
        entry_sums(*self.met_in_tour, x, out)
        return out

    def right(self, weight: FloatArray) -> FloatArray:
        """(n,) Z' M y: entries' sums less what the reviewers' biases take up."""
        return self.entry_sum - self.by_entry(weight * self.list_sum)

    def ones(self, weight: FloatArray) -> FloatArray:
        """(n,) Z' M 1; 0 for rankings."""
        return self.received - self.by_entry(weight * self.given)

    def squares(self, quality: FloatArray, bias: FloatArray) -> FloatArray:
        """(L,) weighted sums of squared residuals; `bias` (L,) includes the mean."""
        from concours.peerreview.aggregation.effects_kernels import squares

        out = np.zeros(len(self.given))
        squares(*self.met_in_tour, self.score, self.centre, self.scale, quality, bias, out)
        return out


def design(
    reviews: ReviewSet,
    score: FloatArray | None = None,
    *,
    centre: float = 0.0,
    scale: float = 1.0,
    omega: FloatArray = UNWEIGHTED,
) -> Design:
    """The sums for (score - centre) / scale, the reviews' own unless given. O(m)."""
    from concours.peerreview.aggregation.effects_kernels import sums

    values = reviews.score if score is None else score
    tour = toured(reviews.member, reviews.n_entries)
    by = np.repeat(np.arange(reviews.n_lists, dtype=np.int32), reviews.list_length)[tour.place]
    by_entry, by_list = np.zeros((reviews.n_entries, 3)), np.zeros((reviews.n_lists, 3))
    total, square = sums(
        by, tour.entry, tour.place, omega, values, centre, scale, by_entry, by_list
    )
    return Design(
        start=reviews.start,
        member=reviews.member,
        tour=tour,
        by=by,
        omega=omega,
        score=values,
        centre=centre,
        scale=scale,
        received=by_entry[:, 0].copy(),
        given=by_list[:, 0].copy(),
        received_squares=by_entry[:, 2].copy(),
        given_squares=by_list[:, 2].copy(),
        entry_sum=by_entry[:, 1].copy(),
        list_sum=by_list[:, 1].copy(),
        square_sum=square,
        score_sum=total,
        free_bias=reviews.ranked,
    )
