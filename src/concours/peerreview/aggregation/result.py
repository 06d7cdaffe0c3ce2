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
        estimate: (n,) quality on the scale of the scores; the mean where there is no review.
        standard_error: (n,) posterior standard deviation.
        n_reviews: (n,) reviews received; 0 flags an entry known by the prior alone.
        order: (n,) entries, best first; ties by a keyed coin of the seed.
        rank: (n,) 1 = best; entries that tie share the better rank.
        rank_low, rank_high: (n,) best and worst rank within the interval (rank_low <= rank_high).
        top, top_probability: m and (n,) the probability of being among the best m; None without m.
        bias, bias_standard_error: (R,) severity of each reviewer, above 0 = generous.
        reviewer_reviews: (R,) reviews given.
        residual_spread: (R,) root mean square of the reviewer's residuals over the noise level;
            near 1 is usual, NaN below two reviews.
        variance: {"quality", "bias", "noise"}; bias is NaN for rankings.
        reliability: 0 .. 1, share of the variance of quality that the estimates explain.
        converged: whether every iteration met its tolerance.
        component: (n,) connected part of the review graph, -1 for no review. Entries of different
            parts share no reviewer even indirectly: their order leans on the prior alone.
        intervals: "draws" (joint posterior draws) or "normal" (approximation for many entries).
    """

    method: str
    level: float
    mean: float
    estimate: FloatArray
    standard_error: FloatArray
    n_reviews: IntArray
    order: IntArray
    rank: IntArray
    rank_low: IntArray
    rank_high: IntArray
    top: int | None
    top_probability: FloatArray | None
    bias: FloatArray
    bias_standard_error: FloatArray
    reviewer_reviews: IntArray
    residual_spread: FloatArray
    variance: dict[str, float]
    reliability: float
    converged: bool
    component: IntArray
    intervals: str

    @property
    def components(self) -> list[IntArray]:
        """Entries of each connected part, the part of entry 0 first."""
        count = int(self.component.max(initial=-1)) + 1
        return [np.flatnonzero(self.component == c) for c in range(count)]


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
