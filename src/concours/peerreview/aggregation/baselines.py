"""Plain averages to compare with: of scores, of z-scores, and Borda's of places.

Intervals come from a one-way random-effects model of the method's own values (C. R. Henderson,
Biometrics 1953), which takes the reviews of an entry as independent: what a reviewer does to all
their reviews counts as noise. The order is by the plain averages.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.aggregation.calibration import ENOUGH, Calibration, unknown
from concours.peerreview.aggregation.outcome import Finding, Question, conclude, nothing_to_tell
from concours.peerreview.aggregation.result import ConsensusResult
from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet, places, weighted_count

ALIKE = 1e-12


@dataclass(frozen=True)
class Mean:
    """Mean score. Knows neither bias nor scale; bias is NaN."""

    name: str = "mean"

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Average and rank. O(m)."""
        known = unknown(reviews.n_reviewers)
        return _averaged(self.name, reviews, reviews.score, known, asked)


@dataclass(frozen=True)
class ZScores:
    """Mean of each reviewer's scores less their mean, over their standard deviation.

    A single review, or scores all alike, count as 0. The bias is the reviewer's mean less the
    general one, with the entries that the reviewer happened to get.
    """

    name: str = "z-scores"

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Standardise, average and rank. O(m)."""
        length = reviews.list_length
        held = np.maximum(length, 1)
        index = np.repeat(np.arange(reviews.n_lists, dtype=np.int32), length)
        mean = weighted_count(index, reviews.score, reviews.n_lists) / held
        apart = reviews.score - mean[index]
        square = weighted_count(index, apart**2, reviews.n_lists)
        deviation = np.sqrt(square / np.maximum(length - 1, 1))
        low = ALIKE * max(float(np.max(np.abs(reviews.score), initial=0.0)), 1e-300)
        apart /= np.where(deviation > low, deviation, np.inf)[index]
        known = unknown(reviews.n_reviewers)
        if not reviews.ranked:
            known = _habits(reviews, mean, deviation)
        return _averaged(self.name, reviews, apart, known, asked)


@dataclass(frozen=True)
class Borda:
    """Mean share of the list that a review puts below its entry, 0 .. 1; bias is NaN.

    J.-C. de Borda, "Memoire sur les elections au scrutin", 1784; for partial lists the mean over
    the lists an entry is in.
    """

    name: str = "borda"

    def consensus(self, reviews: ReviewSet, asked: Question) -> ConsensusResult:
        """Count and rank. O(m) for short lists."""
        known = unknown(reviews.n_reviewers)
        return _averaged(self.name, reviews, places(reviews)[0], known, asked)


def _habits(reviews: ReviewSet, mean: FloatArray, deviation: FloatArray) -> Calibration:
    length = reviews.list_length
    general = float(np.mean(reviews.score)) if len(reviews) else 0.0
    usual = float(np.median(deviation[length >= 2])) if np.any(length >= 2) else 0.0
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.where(length >= 2, deviation / np.sqrt(length), np.nan)
        scale = np.where((length >= ENOUGH) & (usual > 0), deviation / usual, np.nan)
    nothing = np.full(reviews.n_reviewers, np.nan)
    return Calibration(
        bias=np.where(length > 0, mean - general, np.nan), bias_error=error, scale=scale,
        noise=nothing, noise_error=nothing, residual_spread=nothing,
    )  # fmt: skip


def _averaged(
    name: str, reviews: ReviewSet, value: FloatArray, known: Calibration, asked: Question
) -> ConsensusResult:
    n, m = reviews.n_entries, len(reviews)
    count = np.bincount(reviews.member, minlength=n)
    total = weighted_count(reviews.member, value, n)
    general = float(np.mean(value)) if m else 0.0
    mean = np.where(count > 0, total / np.maximum(count, 1), general)
    apart = value - mean[reviews.member]
    within = float(np.sum(apart * apart))
    apart = value - general
    whole = float(np.sum(apart * apart))
    greatest = float(np.max(np.abs(value), initial=0.0))
    if whole <= m * (ALIKE * greatest) ** 2:
        return nothing_to_tell(name, reviews, asked)
    quality_variance, noise = _one_way(count.astype(np.float64), whole, within)
    share = count * quality_variance / (count * quality_variance + noise)
    error = np.sqrt(quality_variance * (1 - share))
    return conclude(
        reviews,
        Finding(
            method=name,
            mean=general,
            estimate=mean,
            standard_error=np.where(count > 0, np.sqrt(noise / np.maximum(count, 1)), error),
            quality=share * (mean - general),
            error=error,
            prior_sd=float(np.sqrt(quality_variance)),
            covariance=None,
            listed=mean,
            calibration=known,
            variance={"quality": quality_variance, "bias": float("nan"), "noise": noise},
            converged=True,
            iterations=1,
        ),
        asked,
    )


def _one_way(count: FloatArray, whole: float, within: float) -> tuple[float, float]:
    """Moment estimates of the variances between and within entries, neither below 1% of both."""
    m, seen = float(count.sum()), int(np.sum(count > 0))
    usual = whole / m
    noise = within / (m - seen) if m > seen else usual / 2
    free = m - float(np.sum(count**2)) / m
    between = (whole - within - (seen - 1) * noise) / free if free > 1e-9 else usual / 2
    return max(between, 0.01 * usual), max(noise, 0.01 * usual)
