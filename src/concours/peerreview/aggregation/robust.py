"""Two-way random effects with Student's t for noise: one odd score moves little.

K. L. Lange, R. J. A. Little and J. M. G. Taylor, "Robust statistical modeling using the t
distribution", JASA 1989; J. C. Pinheiro, C. Liu and Y. N. Wu, "Efficient algorithms for robust
estimation in linear mixed-effects models using the multivariate t distribution", JCGS 2001.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from concours.peerreview.aggregation import posterior, variance
from concours.peerreview.aggregation.calibration import spare
from concours.peerreview.aggregation.model import Design, design
from concours.peerreview.aggregation.outcome import Question, conclude, nothing_to_tell
from concours.peerreview.aggregation.random_effects import centre_and_scale, finding
from concours.peerreview.aggregation.refine import apart, refined
from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet

STEPS = 200
CLOSE = 1e-3  # largest move in standard deviations of quality, and of a variance's logarithm


@dataclass(frozen=True)
class Robust:
    """Reviews far from the fit weigh (f + 1) / (f + squared standardised residual).

    `freedom` f: degrees of freedom of the noise; 4 gives up a few percent of accuracy where noise
    is normal. Errors use the information of t noise (f + 1) / (f + 3), with what an outlying
    review tells taken as small as its weight.
    """

    freedom: float = 4.0
    name: str = "robust"

    def __post_init__(self) -> None:
        if not 1 <= self.freedom < np.inf:
            raise BadInput(f"freedom: 1 or more expected, got {self.freedom}")

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Fit by reweighting, and rank. Some 20 to 40 times the cost of random-effects."""
        centre, scale = centre_and_scale(reviews)
        if scale == 0:
            return nothing_to_tell(self.name, reviews, asked)
        data = design(reviews, centre=centre, scale=scale)
        found = variance.estimate(data)
        fit = posterior.solve(data, found)
        data, found, fit, steps, settled = self._reweighted(reviews, data, found, fit)
        telling = data.omega**2 * (self.freedom / (self.freedom + 2))
        wide = posterior.solve(design(reviews, centre=centre, scale=scale, omega=telling), found)
        honest = replace(
            fit,
            quality_variance=wide.quality_variance,
            bias_variance=wide.bias_variance,
            covariance=wide.covariance,
            converged=settled and fit.converged and wide.converged,
        )
        made = finding(self.name, reviews, data, found, honest, iterations=steps)
        return conclude(reviews, made, asked)

    def _reweighted(
        self,
        reviews: ReviewSet,
        data: Design,
        found: variance.Variances,
        fit: posterior.Posterior,
    ) -> tuple[Design, variance.Variances, posterior.Posterior, int, bool]:
        moved, changed, steps, first = np.inf, np.inf, 0, found.noise
        while (moved > CLOSE or changed > CLOSE) and steps < STEPS:
            steps += 1
            last, before = fit.quality, found
            omega = self._weights(data, found, fit)
            data = design(reviews, centre=data.centre, scale=data.scale, omega=omega)
            fit = posterior.solve(data, found)
            found = refined(data, found, fit, anchor=first)
            moved = float(np.max(np.abs(fit.quality - last)) / np.sqrt(found.noise * found.q))
            changed = apart(found, before)
        return data, found, fit, steps, moved <= CLOSE and changed <= CLOSE

    def _weights(
        self, data: Design, found: variance.Variances, fit: posterior.Posterior
    ) -> FloatArray:
        from concours.peerreview.aggregation.effects_kernels import t_weights

        prior = 0.0 if data.free_bias else 1 / found.b
        out = np.empty(data.m)
        t_weights(
            *data.met_in_tour, data.score, data.centre, data.scale,
            fit.quality, fit.mean + fit.bias, found.noise,
            spare(fit.quality_variance / found.noise, 1 / found.q, data.received),
            spare(fit.bias_variance / found.noise, prior, data.given),
            self.freedom, out,
        )  # fmt: skip
        return out
