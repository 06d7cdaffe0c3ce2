"""What the fit says of each reviewer: noise and use of the scale, shrunk as the data warrant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.aggregation.model import Design
from concours.peerreview.aggregation.posterior import Posterior
from concours.peerreview.aggregation.variance import Variances
from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet, weighted_count

ENOUGH = 8  # reviews below which a reviewer's scale is noise
FIRM = 1e6  # degrees of freedom of a prior that lets nobody differ


@dataclass(frozen=True, eq=False, kw_only=True)
class Calibration:
    """(R,) as in ConsensusResult; bias on the scale of the scores."""

    bias: FloatArray
    bias_error: FloatArray
    scale: FloatArray
    noise: FloatArray
    noise_error: FloatArray
    residual_spread: FloatArray


def unknown(count: int) -> Calibration:
    """A calibration of a method that says nothing of reviewers."""
    nothing = np.full(count, np.nan)
    return Calibration(
        bias=nothing, bias_error=nothing, scale=nothing, noise=nothing, noise_error=nothing,
        residual_spread=nothing,
    )  # fmt: skip


def calibrate(
    reviews: ReviewSet, data: Design, found: Variances, fit: Posterior, *, scaled: bool = True
) -> Calibration:
    """From the posterior of the two-way model. O(m); no scale where `scaled` is false."""
    square, free = _residuals(reviews, data, found, fit)
    noise, error = shrunk_noise(square, free)
    with np.errstate(invalid="ignore", divide="ignore"):
        raw = np.sqrt(square / free)
    count = _by_reviewer(reviews, reviews.list_length.astype(np.float64))
    silent = np.full(reviews.n_reviewers, np.nan)
    ranked = reviews.ranked
    return Calibration(
        bias=silent if ranked else data.scale * fit.bias,
        bias_error=silent if ranked else data.scale * np.sqrt(fit.bias_variance),
        scale=silent if ranked or not scaled else scales(reviews, data, found, fit),
        noise=noise,
        noise_error=error,
        residual_spread=np.where((count >= 2) & (free > 0), raw, np.nan),
    )


def _by_reviewer(reviews: ReviewSet, by_list: FloatArray) -> FloatArray:
    return weighted_count(reviews.list_reviewer, by_list, reviews.n_reviewers)


def _residuals(
    reviews: ReviewSet, data: Design, found: Variances, fit: Posterior
) -> tuple[FloatArray, FloatArray]:
    """(R,) sums of squares in units of the noise, and what they are expected to be."""
    from concours.peerreview.aggregation.effects_kernels import freedom

    square = data.squares(fit.quality, fit.mean + fit.bias) / found.noise
    prior = 0.0 if data.free_bias else 1 / found.b
    out = np.zeros(reviews.n_lists)
    freedom(
        *data.met_in_tour,
        spare(fit.quality_variance / found.noise, 1 / found.q, data.received),
        spare(fit.bias_variance / found.noise, prior, data.given),
        out,
    )
    free = _by_reviewer(reviews, out)
    square = _by_reviewer(reviews, square)
    whole = float(free.sum())
    return square, free * (float(square.sum()) / whole if whole > 0 else 1.0)


def spare(variance: FloatArray, prior: float, load: FloatArray) -> FloatArray:
    """Variance of an effect without one of its reviews, each taken to tell as much."""
    precision = 1 / np.maximum(variance, 1e-300)
    alone = load <= 1 + 1e-9
    left = precision - (precision - prior) / np.where(alone, 1, load)
    return 1 / np.maximum(np.where(alone, prior, left), 1e-9)


def shrunk_noise(square: FloatArray, free: FloatArray) -> tuple[FloatArray, FloatArray]:
    """((R,) noise with 1 for the usual, (R,) standard error of its logarithm).

    A reviewer's variance of noise has a scaled inverse chi-square prior of mean 1, whose degrees of
    freedom come from how much the mean squares differ beyond chance.
    """
    some = free > 0.5
    prior = FIRM
    if np.any(some):
        ratio, chance = square[some] / free[some], 2 / free[some]
        weight = 1 / (chance + 0.1) ** 2
        excess = float(np.sum(weight * ((ratio - 1) ** 2 - chance)))
        excess /= float(np.sum(weight * (1 + chance)))
        prior = min(2 / max(excess, 1e-9) + 4, FIRM)
    noise = np.sqrt((prior - 2 + square) / (prior - 2 + free))
    return noise, 1 / np.sqrt(2 * (prior + free))


def scales(reviews: ReviewSet, data: Design, found: Variances, fit: Posterior) -> FloatArray:
    """(R,) how widely each uses the scale: spread of the scores given over that of the same
    entries' qualities and noise, its logarithm shrunk toward 0; NaN below ENOUGH reviews."""
    from concours.peerreview.aggregation.effects_kernels import widths

    mean, out = np.zeros((2, reviews.n_lists, 2))
    count = reviews.list_length
    widths(
        data.by, data.tour.entry, data.tour.place, count, data.score,
        fit.quality, fit.quality_variance, mean, out,
    )  # fmt: skip
    enough = (count >= ENOUGH) & (out[:, 0] > 0)
    result = np.full(reviews.n_reviewers, np.nan)
    if not np.any(enough):
        return result
    free = count[enough] - 1.0
    expected = out[enough, 1] + found.noise * free
    log_ratio = 0.5 * np.log(out[enough, 0] / data.scale**2 / expected)
    log_ratio -= np.median(log_ratio)
    chance = 1 / (2 * free)
    differ = max(float(np.mean(log_ratio**2 - chance)), 0.0)
    result[enough] = np.exp(log_ratio * differ / (differ + chance))
    return result
