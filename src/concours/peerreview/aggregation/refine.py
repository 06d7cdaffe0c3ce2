"""A step towards the restricted maximum likelihood of the variances, from a posterior.

D. A. Harville, "Maximum likelihood approaches to variance component estimation and to related
problems", JASA 1977.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.aggregation.model import Design
from concours.peerreview.aggregation.posterior import Posterior
from concours.peerreview.aggregation.variance import LOG_BOUND, Variances
from concours.peerreview.keyed import FloatArray


def refined(
    data: Design, found: Variances, fit: Posterior, *, anchor: float | None = None
) -> Variances:
    """Each variance as its sum of squares over the degrees of freedom that the reviews fill.

    `fit` is the posterior at `found`. One effect as large as the noise is added to quality and to
    bias, which keeps their ratios off 0; with `anchor` one residual of that variance to the noise,
    which long-tailed noise needs where a fit could follow every review. O(m).
    """
    square = float(np.sum(data.squares(fit.quality, fit.mean + fit.bias)))
    quality, filled = _effect(fit.quality, fit.quality_variance, found.noise * found.q, found.noise)
    if data.free_bias:
        bias, taken = found.noise, float(np.sum(data.given > 0))
    else:
        bias, taken = _effect(fit.bias, fit.bias_variance, found.noise * found.b, found.noise)
        taken += 1  # the mean
    free = max(data.m - filled - taken, 1.0)
    if anchor is not None:
        square, free = square + anchor, free + 1
    noise = max(square / free, found.noise / 10)
    limit = float(np.exp(LOG_BOUND))
    q, b = (min(max(part / noise, 1 / limit), limit) for part in (quality, bias))
    return Variances(noise, q, 1.0 if data.free_bias else b, found.converged)


def _effect(
    mean: FloatArray, variance: FloatArray, prior: float, noise: float
) -> tuple[float, float]:
    """(variance of an effect, degrees of freedom filled)."""
    filled = max(len(mean) - float(np.sum(variance)) / prior, 1e-9)
    return (float(np.sum(mean**2)) + noise) / (filled + 1), filled


def apart(one: Variances, two: Variances) -> float:
    """Largest difference of the logarithms of a ratio or the noise."""
    pairs = ((one.q, two.q), (one.b, two.b), (one.noise, two.noise))
    return max(abs(float(np.log(now / then))) for now, then in pairs)
