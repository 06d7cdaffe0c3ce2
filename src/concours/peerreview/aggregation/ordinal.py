"""Ordered categories: a coarse score says between which thresholds a hidden judgement fell.

Samejima's graded response model ("Estimation of latent ability using a response pattern of graded
scores", 1969) in probit form with normal qualities and biases; a bias shifts all thresholds of a
reviewer. Thresholds and correlations in two steps as Olsson does for polychoric ones ("Maximum
likelihood estimation of the polychoric correlation coefficient", Psychometrika 1979).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy
from scipy.special import ndtr, ndtri

from concours.peerreview.aggregation import posterior, variance
from concours.peerreview.aggregation.calibration import calibrate
from concours.peerreview.aggregation.model import Design, design
from concours.peerreview.aggregation.outcome import Finding, Question, conclude, nothing_to_tell
from concours.peerreview.aggregation.random_effects import fitted
from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet

MOST_LEVELS = 64
TERMS = 12
STEPS = 50
CLOSE = 1e-6
ALL_BUT = 0.98  # share of the variance of a judgement that quality and bias may have


@dataclass(frozen=True)
class Ordinal:
    """For rubrics of few levels, where a step at the ends means another thing than in the middle.

    Estimates are expected scores from a reviewer drawn at random; bias and variances are
    translated to the scale of the scores at its middle. At most MOST_LEVELS distinct scores.
    """

    name: str = "ordinal"

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Fit by Newton's method (iteratively reweighted random effects) and rank.

        About 10 times the cost of random-effects. Raises BadInput for rankings and for scores of
        too many levels.
        """
        if reviews.ranked:
            raise BadInput("ordinal: scores expected, these are rankings; use plackett-luce")
        levels, category = np.unique(reviews.score, return_inverse=True)
        if len(levels) > MOST_LEVELS:
            raise BadInput(
                f"ordinal: at most {MOST_LEVELS} distinct scores expected, got {len(levels)}; "
                "round them, or use random-effects"
            )
        if len(levels) < 2:
            return nothing_to_tell(self.name, reviews, asked)
        scale = _scale(reviews, levels, category)
        return conclude(reviews, _fitted(self.name, reviews, scale, category), asked)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Scale:
    """Thresholds between levels (K + 1, with infinite ends) where noise has variance 1, and the
    variances of quality and bias in that unit."""

    levels: FloatArray
    edges: FloatArray
    found: variance.Variances

    def expected(self, x: FloatArray) -> FloatArray:
        """Score expected at quality x from a reviewer drawn at random."""
        wide = np.sqrt(1 + self.found.b)
        out = np.full(len(x), self.levels[0])
        for step, edge in zip(np.diff(self.levels), self.edges[1:-1], strict=True):
            out += step * ndtr((x - edge) / wide)
        return out

    def slope(self, x: FloatArray) -> FloatArray:
        """Its derivative."""
        wide = np.sqrt(1 + self.found.b)
        out = np.zeros(len(x))
        for step, edge in zip(np.diff(self.levels), self.edges[1:-1], strict=True):
            out += step * _density((x - edge) / wide) / wide
        return out


def _density(x: FloatArray) -> FloatArray:
    return np.asarray(np.exp(-0.5 * np.square(x)) / np.sqrt(2 * np.pi))


def _scale(reviews: ReviewSet, levels: FloatArray, category: IntArray) -> _Scale:
    share = np.bincount(category, minlength=len(levels)) / len(category)
    edges = ndtri(np.clip(np.concatenate([[0.0], np.cumsum(share)]), 0, 1))
    edges[0], edges[-1] = -np.inf, np.inf
    density = _density(edges)
    centre = (density[:-1] - density[1:]) / share  # mean of a normal within each level
    spread = float(np.sqrt(np.sum(share * centre**2)))
    found, _ = fitted(design(reviews, centre[category], scale=spread))
    unit = spread**2 * found.noise
    series = _series(edges)
    quality, bias = (_correlation(series, unit * ratio) for ratio in (found.q, found.b))
    if quality + bias > ALL_BUT:
        quality, bias = (ALL_BUT * part / (quality + bias) for part in (quality, bias))
    noise = 1 - quality - bias
    return _Scale(
        levels=levels,
        edges=edges / np.sqrt(noise),
        found=variance.Variances(1.0, quality / noise, bias / noise, found.converged),
    )


def _series(edges: FloatArray) -> FloatArray:
    """(TERMS,) covariance of two judgements' level means by powers 1, 2, .. of their correlation.

    The squared coefficients of the level mean in normalised Hermite polynomials.
    """
    inner, density = edges[1:-1], _density(edges[1:-1])
    share = np.diff(ndtr(edges))
    before, now = np.zeros_like(inner), np.ones_like(inner)  # He_{k - 2} and He_{k - 1}
    mean, out, factorial = np.zeros(len(share)), np.zeros(TERMS), 1.0
    for k in range(1, TERMS + 1):
        factorial *= k
        ends = np.concatenate([[0.0], density * now, [0.0]])
        moment = ends[:-1] - ends[1:]
        if k == 1:
            mean = moment / share
        out[k - 1] = float(np.sum(mean * moment)) ** 2 / factorial
        before, now = now, inner * now - (k - 1) * before
    return out


def _correlation(series: FloatArray, covariance: float) -> float:
    """The correlation at which the series has this sum, 1e-4 .. ALL_BUT."""
    powers = np.arange(1, len(series) + 1)

    def short(rho: float) -> float:
        return float(np.sum(series * rho**powers)) - covariance

    if short(1e-4) >= 0:
        return 1e-4
    if short(ALL_BUT) <= 0:
        return ALL_BUT
    return float(scipy.optimize.brentq(short, 1e-4, ALL_BUT, xtol=1e-12))


def _fitted(name: str, reviews: ReviewSet, scale: _Scale, category: IntArray) -> Finding:
    low, high = scale.edges[category], scale.edges[category + 1]
    length = reviews.list_length
    at = np.zeros(len(reviews))
    quality = np.zeros(reviews.n_entries)
    settled, step = False, 0
    while not settled and step < STEPS:
        step += 1
        data = _working(reviews, at, low, high)
        fit = posterior.solve(data, scale.found, spread=False)
        moved = float(np.max(np.abs(fit.quality - quality)))
        quality = fit.quality
        at = fit.mean + quality[reviews.member] + np.repeat(fit.bias, length)
        settled = moved < CLOSE * np.sqrt(scale.found.q)
    fit = posterior.solve(data, scale.found)
    fit = replace(fit, converged=settled and fit.converged)
    known = calibrate(reviews, data, scale.found, fit, scaled=False)
    middle = float(scale.slope(np.zeros(1))[0])
    place = fit.mean + fit.quality
    error = np.sqrt(fit.quality_variance)
    return Finding(
        method=name,
        mean=float(scale.expected(np.array([fit.mean]))[0]),
        estimate=scale.expected(place),
        standard_error=error * scale.slope(place),
        quality=fit.quality,
        error=error,
        prior_sd=float(np.sqrt(scale.found.q)),
        covariance=fit.covariance,
        listed=fit.quality,
        calibration=replace(known, bias=middle * known.bias, bias_error=middle * known.bias_error),
        variance={
            "quality": middle**2 * scale.found.q,
            "bias": middle**2 * scale.found.b,
            "noise": middle**2,
        },
        converged=scale.found.converged and fit.converged,
        iterations=step,
    )


def _working(reviews: ReviewSet, at: FloatArray, low: FloatArray, high: FloatArray) -> Design:
    """Weights and working scores of a Newton step from the linear predictor `at` (m,)."""
    below, above = low - at, high - at
    # Both tails on the side where the normal distribution function is exact.
    flip = below > 0
    below, above = np.where(flip, -above, below), np.where(flip, -below, above)
    inside = np.maximum(ndtr(above) - ndtr(below), 1e-300)
    at_below, at_above = _density(below), _density(above)
    push = (at_below - at_above) / inside
    with np.errstate(invalid="ignore"):
        bent = np.where(np.isfinite(above), above, 0) * at_above
        bent -= np.where(np.isfinite(below), below, 0) * at_below
    weight = np.clip(push**2 + bent / inside, 1e-6, 1.0)
    return design(reviews, at + np.where(flip, -push, push) / weight, omega=weight)
