"""Two-way random effects: entry quality, reviewer bias and noise, shrunk as the data warrant.

C. R. Henderson, "Best linear unbiased estimation and prediction under a selection model",
Biometrics 1975; as a peer-grading model Piech et al., "Tuned models of peer assessment in MOOCs"
(PG1), EDM 2013. Rankings enter as normal scores with every reviewer's mean left free.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from concours.peerreview.aggregation import posterior, variance
from concours.peerreview.aggregation.calibration import calibrate, scales
from concours.peerreview.aggregation.model import Design, design
from concours.peerreview.aggregation.outcome import Finding, Question, conclude, nothing_to_tell
from concours.peerreview.aggregation.refine import apart, refined
from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet

ALIKE = 1e-12
ENOUGH = 2_000_000
STEPS = 50
CLOSE = 1e-3  # change of a variance's logarithm


@dataclass(frozen=True)
class RandomEffects:
    """The workhorse: exact up to variance.DENSE entries, iterative above.

    `scaled`: divide each reviewer's deviations by the reviewer's scale and fit again. Only for
    reviewers with calibration.ENOUGH reviews or more: with 5 it would be noise.
    """

    scaled: bool = False
    name: str = "random-effects"

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Fit and rank. O(n**3 + draws * n**2) up to 500 entries, about O(m) above."""
        centre, scale = centre_and_scale(reviews)
        if scale == 0:
            return nothing_to_tell(self.name, reviews, asked)
        return conclude(reviews, self._found(reviews, centre, scale), asked)

    def _found(self, reviews: ReviewSet, centre: float, scale: float) -> Finding:
        data = design(reviews, centre=centre, scale=scale)
        found, fit = fitted(data)
        if self.scaled and not reviews.ranked:
            score = _unscaled(reviews, data, found, fit)
            data = design(reviews, score, centre=centre, scale=scale)
            found, fit = fitted(data)
        return finding(self.name, reviews, data, found, fit)


def centre_and_scale(reviews: ReviewSet) -> tuple[float, float]:
    """(mean, root mean square about it) of the scores; scale 0 where they tell nothing."""
    if not len(reviews):
        return 0.0, 0.0
    centre = 0.0 if reviews.ranked else float(np.mean(reviews.score))
    apart = reviews.score - centre
    greatest = max(float(reviews.score.max()), -float(reviews.score.min()))
    apart *= apart
    scale = float(np.sqrt(np.mean(apart)))
    return centre, scale if scale > ALIKE * greatest else 0.0


def fitted(data: Design) -> tuple[variance.Variances, posterior.Posterior]:
    """Variances and the posterior at them.

    By restricted maximum likelihood; from ENOUGH reviews on by moments, whose error then is
    small beside that of any one entry.
    """
    found = variance.estimate(data)
    fit = posterior.solve(data, found)
    if data.n <= variance.SMALL or data.m >= ENOUGH:
        return found, fit
    changed, steps = np.inf, 0
    while changed > CLOSE and steps < STEPS:
        steps += 1
        last, found = found, refined(data, found, fit)
        changed = apart(found, last)
        fit = posterior.solve(data, found)
    return replace(found, converged=changed <= CLOSE), fit


def finding(
    name: str,
    reviews: ReviewSet,
    data: Design,
    found: variance.Variances,
    fit: posterior.Posterior,
    *,
    iterations: int | None = None,
) -> Finding:
    """A fit of the two-way model as what a method found."""
    error = np.sqrt(fit.quality_variance)
    quality_variance = found.noise * found.q
    return Finding(
        method=name,
        mean=data.centre + data.scale * fit.mean,
        estimate=data.centre + data.scale * (fit.mean + fit.quality),
        standard_error=data.scale * error,
        quality=fit.quality,
        error=error,
        prior_sd=float(np.sqrt(quality_variance)),
        covariance=fit.covariance,
        listed=fit.quality,
        calibration=calibrate(reviews, data, found, fit),
        variance={
            "quality": data.scale**2 * quality_variance,
            "bias": float("nan") if reviews.ranked else data.scale**2 * found.noise * found.b,
            "noise": data.scale**2 * found.noise,
        },
        converged=found.converged and fit.converged,
        iterations=fit.steps if iterations is None else iterations,
    )


def _unscaled(
    reviews: ReviewSet, data: Design, found: variance.Variances, fit: posterior.Posterior
) -> FloatArray:
    """(m,) scores with each reviewer's deviations at the usual width."""
    width = np.nan_to_num(scales(reviews, data, found, fit), nan=1.0)
    length = reviews.list_length
    middle = np.repeat(data.centre + data.scale * (fit.mean + fit.bias), length)
    return np.asarray(middle + (data.score - middle) / np.repeat(width, length))
