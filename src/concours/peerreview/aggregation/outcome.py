"""From what a method found to the result: order, ranks, intervals, and how much is luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.aggregation import ranks
from concours.peerreview.aggregation.calibration import Calibration
from concours.peerreview.aggregation.result import ConsensusResult, ranking
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet, components, weighted_count


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the caller of `consensus` asks for besides the method."""

    level: float = 0.95
    seed: bytes = b""
    draws: int = 1_000
    top: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Finding:
    """What a method found. quality, error, prior_sd and covariance as in ranks.Beliefs; the
    estimate and its error on the scale of the scores; `listed` (n,) orders the entries."""

    method: str
    mean: float
    estimate: FloatArray
    standard_error: FloatArray
    quality: FloatArray
    error: FloatArray
    prior_sd: float
    covariance: FloatArray | None
    listed: FloatArray
    calibration: Calibration
    variance: dict[str, float]
    converged: bool
    iterations: int


def conclude(reviews: ReviewSet, found: Finding, asked: Question) -> ConsensusResult:
    """Order, intervals and chances of the top. See ranks.spread for the cost."""
    order, rank = ranking(found.listed, seed=asked.seed)
    beliefs = ranks.Beliefs(
        quality=found.quality,
        error=found.error,
        prior_sd=found.prior_sd,
        covariance=found.covariance,
        order=order,
    )
    spread = ranks.spread(
        beliefs, level=asked.level, draws=asked.draws, top=asked.top, seed=asked.seed
    )
    received, known = n_reviews(reviews), found.calibration
    seen = received > 0
    unexplained = float(np.mean(found.error[seen] ** 2)) / found.prior_sd**2
    return ConsensusResult(
        method=found.method,
        level=asked.level,
        mean=found.mean,
        estimate=found.estimate,
        standard_error=found.standard_error,
        order=order,
        rank=rank,
        rank_low=np.minimum(spread.low, rank),
        rank_high=np.maximum(spread.high, rank),
        top=asked.top,
        top_probability=spread.top_probability,
        expected_turnover=spread.turnover,
        expected_recall=spread.recall,
        variance=found.variance,
        reliability=1 - unexplained,
        converged=found.converged,
        iterations=found.iterations,
        component=components(reviews),
        intervals="normal" if found.covariance is None else "draws",
        n_reviews=received,
        abstentions=_abstained(reviews, 1, reviews.n_entries),
        reviewer_abstentions=_abstained(reviews, 0, reviews.n_reviewers),
        reviewer_reviews=_given(reviews),
        bias=known.bias,
        bias_standard_error=known.bias_error,
        reviewer_scale=known.scale,
        reviewer_noise=known.noise,
        reviewer_noise_error=known.noise_error,
        residual_spread=known.residual_spread,
    )


def nothing_to_tell(method: str, reviews: ReviewSet, asked: Question) -> ConsensusResult:
    """All scores alike, or no review: everybody ties and every rank is possible."""
    n, count = reviews.n_entries, reviews.n_reviewers
    mean = float(np.mean(reviews.score)) if len(reviews) and not reviews.ranked else 0.0
    order, rank = ranking(np.zeros(n), seed=asked.seed)
    chance = None if asked.top is None else np.full(n, asked.top / n)
    nothing = np.full(count, np.nan)
    return ConsensusResult(
        method=method,
        level=asked.level,
        mean=mean,
        estimate=np.full(n, mean),
        standard_error=np.zeros(n),
        order=order,
        rank=rank,
        rank_low=np.ones(n, dtype=np.int64),
        rank_high=np.full(n, n),
        top=asked.top,
        top_probability=chance,
        expected_turnover=None if asked.top is None else 1 - asked.top / n,
        expected_recall=None if asked.top is None else asked.top / n,
        variance={"quality": 0.0, "bias": 0.0, "noise": 0.0},
        reliability=0.0,
        converged=True,
        iterations=0,
        component=components(reviews),
        intervals="none",
        n_reviews=n_reviews(reviews),
        abstentions=_abstained(reviews, 1, n),
        reviewer_abstentions=_abstained(reviews, 0, count),
        reviewer_reviews=_given(reviews),
        bias=np.zeros(count),
        bias_standard_error=np.zeros(count),
        reviewer_scale=nothing,
        reviewer_noise=nothing,
        reviewer_noise_error=nothing,
        residual_spread=nothing,
    )


def n_reviews(reviews: ReviewSet) -> IntArray:
    """(n,) reviews received."""
    return np.bincount(reviews.member, minlength=reviews.n_entries)


def _given(reviews: ReviewSet) -> IntArray:
    lengths = reviews.list_length.astype(np.float64)
    return weighted_count(reviews.list_reviewer, lengths, reviews.n_reviewers).astype(np.int64)


def _abstained(reviews: ReviewSet, column: int, count: int) -> IntArray:
    return np.bincount(reviews.abstentions[:, column], minlength=count)
