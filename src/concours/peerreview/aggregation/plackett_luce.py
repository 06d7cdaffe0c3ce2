"""Plackett-Luce: a ranking is a series of choices, each in proportion to worth.

R. D. Luce, "Individual Choice Behavior", 1959; R. L. Plackett, "The analysis of permutations",
Applied Statistics 1975; D. R. Hunter, "MM algorithms for generalized Bradley-Terry models",
Annals of Statistics 2004. Ties: B. Efron, JASA 1977.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from concours.peerreview.aggregation.calibration import Calibration, unknown
from concours.peerreview.aggregation.choice import Ballots, Prior, Worths, ballots, fit
from concours.peerreview.aggregation.outcome import Finding, Question, conclude, nothing_to_tell
from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet, weighted_count

GUMBEL = float(np.pi**2 / 6)
NORMAL_MEDIAN = 0.6745  # of the absolute value of a standard normal


@dataclass(frozen=True)
class PlackettLuce:
    """Rankings, or each reviewer's scores as a ranking with ties: bias and scale do not matter.

    Estimates are logarithms of worth, mean 0; errors and intervals come from the information at the
    maximum. `reviewer_noise` is 1 over how steeply the reviewer's choices follow the worths.
    """

    prior: Prior = field(default_factory=Prior)
    name: str = "plackett-luce"

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Fit and rank. O(n**3) a step up to 500 entries, about O(m) above."""
        return by_choices(self.name, reviews, ballots(reviews), self.prior, asked, noise=GUMBEL)


def by_choices(
    name: str, reviews: ReviewSet, votes: Ballots, prior: Prior, asked: Question, *, noise: float
) -> ConsensusResult:
    """Fit worths to `votes` and rank; `noise` is the variance of one utility."""
    if bool(np.all(votes.tied[_followers(votes)])):
        return nothing_to_tell(name, reviews, asked)
    found = fit(votes, prior)
    error = np.sqrt(found.variance)
    return conclude(
        reviews,
        Finding(
            method=name,
            mean=0.0,
            estimate=found.theta,
            standard_error=error,
            quality=found.theta,
            error=error,
            prior_sd=float(np.sqrt(found.prior_variance)),
            covariance=found.covariance,
            listed=found.theta,
            calibration=_calibration(reviews, votes, found),
            variance={
                "quality": found.prior_variance, "bias": float("nan"), "noise": noise,
            },
            converged=found.converged,
            iterations=found.iterations,
        ),
        asked,
    )  # fmt: skip


def _followers(votes: Ballots) -> npt.NDArray[np.bool_]:
    """(m,) bool: the places that are not the first of a ballot."""
    after = np.ones(len(votes.ranked), dtype=np.bool_)
    after[votes.start[:-1][np.diff(votes.start) > 0]] = False
    return after


def _calibration(reviews: ReviewSet, votes: Ballots, found: Worths) -> Calibration:
    count = reviews.n_reviewers
    known = unknown(count)
    by_ballot = votes.steepness(found.theta)
    push, tells = (weighted_count(votes.reviewer, by_ballot[:, c], count) for c in (0, 1))
    noise, error = _noise(push, tells)
    return Calibration(
        bias=known.bias, bias_error=known.bias_error, scale=known.scale, noise=noise,
        noise_error=error, residual_spread=known.residual_spread,
    )  # fmt: skip


def _noise(push: FloatArray, tells: FloatArray) -> tuple[FloatArray, FloatArray]:
    """From one scoring step for each reviewer's factor on theta, shrunk toward the usual one.

    theta has learnt from the same ballots, so that pushes vary less than their information says:
    how much less is read from the middle of the reviewers.
    """
    some = tells > 0
    if not np.any(some):
        return np.ones(len(push)), np.full(len(push), np.nan)
    push = push - tells * (float(push.sum()) / float(tells.sum()))
    middle = float(np.median(np.abs(push[some]) / np.sqrt(tells[some]))) / NORMAL_MEDIAN
    chance = float(np.clip(middle**2, 0.3, 1.0))
    excess = float(np.sum(push**2 - chance * tells)) / float(np.sum(tells**2))
    spread = max(excess, 1e-6)
    factor = 1 + push * spread / (chance + tells * spread)
    return 1 / np.maximum(factor, 0.1), 1 / np.sqrt(tells / chance + 1 / spread)
