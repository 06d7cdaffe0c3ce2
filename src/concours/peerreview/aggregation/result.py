"""What consensus returns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.keyed import FloatArray, IntArray, Keyed


@dataclass(frozen=True, eq=False, kw_only=True)
class ConsensusResult:
    """Entries' qualities and ranks, reviewers' calibration, and how far to trust them.

    Attributes, n entries, R reviewers:
        method, level: the method's name and the coverage of the intervals.
        mean: general mean of the scores.
        estimate: (n,) quality on the scale of the scores (of the method where it has its own, see
            its docstring); the mean where there is no review.
        standard_error: (n,) posterior standard deviation.
        n_reviews: (n,) reviews received; 0 flags an entry known by the prior alone.
        abstentions, reviewer_abstentions: (n,) and (R,) "cannot judge" received and given.
        order: (n,) entries, best first; ties by a keyed coin of the seed.
        rank: (n,) 1 = best; entries that tie share the better rank.
        rank_low, rank_high: (n,) best and worst rank within the interval (rank_low <= rank_high).
        top, top_probability: m and (n,) the probability of being among the best m; None without m.
        expected_turnover: share of the first m of `order` that another panel, of other reviewers
            and the same size, would leave out, 0 .. 1; None without m.
        expected_recall: expected share of the truly best m among the first m; None without m.
        bias, bias_standard_error: (R,) severity of each reviewer, above 0 = generous; NaN where
            the method or the reviews (rankings) do not tell.
        reviewer_reviews: (R,) reviews given.
        reviewer_scale: (R,) how widely the reviewer uses the scale, 1 = as the others, shrunk
            toward 1; NaN below 8 reviews and where the method does not tell.
        reviewer_noise, reviewer_noise_error: (R,) the reviewer's noise, 1 = usual, below = more
            consistent, shrunk toward 1 as the data warrant, and the standard error of its
            logarithm; NaN where the method does not tell.
        residual_spread: (R,) the same not shrunk: root mean square of the reviewer's residuals over
            the noise level; NaN below two reviews.
        variance: {"quality", "bias", "noise"}; NaN where the method has none (bias of rankings).
        reliability: 0 .. 1, share of the variance of quality that the estimates explain.
        converged: whether every iteration met its tolerance.
        iterations: of the outermost loop of the method.
        component: (n,) connected part of the review graph, -1 for no review. Entries of different
            parts share no reviewer even indirectly: their order leans on the prior alone.
        intervals: "draws" (joint posterior draws), "normal" (approximation for many entries) or
            "none" (nothing to tell: every rank is possible).
    """

    method: str
    level: float
    mean: float
    estimate: FloatArray
    standard_error: FloatArray
    n_reviews: IntArray
    abstentions: IntArray
    order: IntArray
    rank: IntArray
    rank_low: IntArray
    rank_high: IntArray
    top: int | None
    top_probability: FloatArray | None
    expected_turnover: float | None
    expected_recall: float | None
    bias: FloatArray
    bias_standard_error: FloatArray
    reviewer_reviews: IntArray
    reviewer_abstentions: IntArray
    reviewer_scale: FloatArray
    reviewer_noise: FloatArray
    reviewer_noise_error: FloatArray
    residual_spread: FloatArray
    variance: dict[str, float]
    reliability: float
    converged: bool
    iterations: int
    component: IntArray
    intervals: str

    @property
    def components(self) -> list[IntArray]:
        """Entries of each connected part, the part of entry 0 first."""
        order = np.argsort(self.component, kind="stable")
        count = int(self.component.max(initial=-1)) + 1
        ends = np.searchsorted(self.component[order], np.arange(count + 1))
        return [order[ends[c] : ends[c + 1]] for c in range(count)]


def ranking(values: npt.ArrayLike, *, seed: bytes) -> tuple[IntArray, IntArray]:
    """(order, rank) of values, highest first; see ConsensusResult.

    Values are compared after rounding to 1e-9 of their spread, so that the last bits, which differ
    between machines, decide nothing; the order of a tie is a coin of the seed, not of the index.
    """
    array = np.asarray(values, dtype=np.float64)
    if not array.size:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    low, spread = float(array.min()), float(np.ptp(array))
    level = np.rint((array - low) / (spread or 1.0) * 1e9).astype(np.int64)
    coin = Keyed(seed, "ties").words(array.size)
    order = np.lexsort((coin, -level)).astype(np.int64)
    ranked = level[order]
    new = np.r_[True, ranked[1:] != ranked[:-1]]
    rank = np.empty(array.size, dtype=np.int64)
    rank[order] = np.maximum.accumulate(np.where(new, np.arange(1, array.size + 1), 0))
    return order, rank
