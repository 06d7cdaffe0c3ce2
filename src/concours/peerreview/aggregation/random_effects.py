"""Two-way random effects: entry quality, reviewer bias and noise, shrunk as the data warrant.

C. R. Henderson, "Best linear unbiased estimation and prediction under a selection model",
Biometrics 1975; as a peer-grading model Piech et al., "Tuned models of peer assessment in MOOCs"
(PG1), EDM 2013. Rankings enter as normal scores with every reviewer's mean left free.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.aggregation import posterior, ranks, variance
from concours.peerreview.aggregation.model import Design, design
from concours.peerreview.aggregation.result import ConsensusResult, ranking
from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet, components

ALIKE = 1e-12


class RandomEffects:
    """The workhorse: exact up to variance.DENSE entries, sparse and iterative above."""

    name = "random-effects"

    def consensus(
        self, reviews: ReviewSet, *, level: float, seed: bytes, draws: int, top: int | None
    ) -> ConsensusResult:
        """Fit and rank. O(n**3 + draws * n**2) up to 500 entries, about O(m k) above."""
        centre = float(np.mean(reviews.score)) if len(reviews) and not reviews.ranked else 0.0
        score = reviews.score - centre
        scale = float(np.sqrt(np.mean(score**2))) if len(reviews) else 0.0
        if scale <= ALIKE * float(np.max(np.abs(reviews.score), initial=0.0)):
            return _nothing_to_tell(self.name, reviews, level=level, top=top, seed=seed)
        data = design(reviews, score / scale)
        found = variance.estimate(data)
        fit = posterior.solve(data, found)
        error = np.sqrt(fit.quality_variance)
        if fit.covariance is not None:
            spread = ranks.from_draws(
                fit.quality, fit.covariance, level=level, draws=draws, top=top, seed=seed
            )
        else:
            spread = ranks.from_normal(fit.quality, error, level=level, top=top)
        order, rank = ranking(fit.quality, seed=seed)
        seen = data.received > 0
        quality_variance = found.noise * found.q
        return ConsensusResult(
            method=self.name,
            level=level,
            mean=centre + scale * fit.mean,
            estimate=centre + scale * (fit.mean + fit.quality),
            standard_error=scale * error,
            n_reviews=data.received.astype(np.int64),
            order=order,
            rank=rank,
            rank_low=np.minimum(spread.low, rank),
            rank_high=np.maximum(spread.high, rank),
            top=top,
            top_probability=spread.top_probability,
            bias=scale * fit.bias,
            bias_standard_error=scale * np.sqrt(fit.bias_variance),
            reviewer_reviews=data.given.astype(np.int64),
            residual_spread=_residual_spread(reviews, score / scale, data, found, fit),
            variance={
                "quality": scale**2 * quality_variance,
                "bias": float("nan") if reviews.ranked else scale**2 * found.noise * found.b,
                "noise": scale**2 * found.noise,
            },
            reliability=float(1 - np.mean(fit.quality_variance[seen]) / quality_variance),
            converged=found.converged and fit.converged,
            component=components(reviews),
            intervals="draws" if fit.covariance is not None else "normal",
        )


def _residual_spread(
    reviews: ReviewSet,
    score: FloatArray,
    data: Design,
    found: variance.Variances,
    fit: posterior.Posterior,
) -> FloatArray:
    residual = score - fit.mean - fit.quality[reviews.entry] - fit.bias[reviews.reviewer]
    square = np.bincount(reviews.reviewer, weights=residual**2, minlength=reviews.n_reviewers)
    # The fit takes up part of the noise: the expected square is that much below one a review.
    taken = np.sum(residual**2) / (data.m * found.noise)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(square / (data.given * found.noise * taken))
    return np.where(data.given >= 2, spread, np.nan)


def _nothing_to_tell(
    name: str, reviews: ReviewSet, *, level: float, top: int | None, seed: bytes
) -> ConsensusResult:
    """All scores alike, or no review: everybody ties and every rank is possible."""
    n, count = reviews.n_entries, reviews.n_reviewers
    mean = float(np.mean(reviews.score)) if len(reviews) else 0.0
    order, rank = ranking(np.zeros(n), seed=seed)
    given = np.bincount(reviews.reviewer, minlength=count)
    chance = None if top is None else np.full(n, min(top / n, 1.0))
    return ConsensusResult(
        method=name,
        level=level,
        mean=mean,
        estimate=np.full(n, mean),
        standard_error=np.zeros(n),
        n_reviews=np.bincount(reviews.entry, minlength=n),
        order=order,
        rank=rank,
        rank_low=np.ones(n, dtype=np.int64),
        rank_high=np.full(n, n),
        top=top,
        top_probability=chance,
        bias=np.zeros(count),
        bias_standard_error=np.zeros(count),
        reviewer_reviews=given,
        residual_spread=np.full(count, np.nan),
        variance={"quality": 0.0, "bias": 0.0, "noise": 0.0},
        reliability=0.0,
        converged=True,
        component=components(reviews),
        intervals="none",
    )
