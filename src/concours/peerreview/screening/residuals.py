"""What a review says beyond what the others say of the same entry.

The others' view of entry e, without reviewer r, is the mean of their scores less their biases
(two-way least squares by alternating means, twice reweighted), shrunk towards the mean by its
reliability, so that an honest score has slope 1 on it. The residual is a score less that view, less
the reviewer's own mean and (as far as reviewers of these data differ in scale) less the own slope.
Error variances are moderated towards their common value (G. K. Smyth, "Linear models and empirical
Bayes methods for assessing differential expression", 2004): with few reviews one's own variance is
mostly noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import polygamma

from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet, components

BoolArray = npt.NDArray[np.bool_]
SWEEPS = 100
ROUNDS = 2
BENDS = 6
PRIOR_DF = 8
"""Degrees of freedom that the usual variance counts for in a reviewer's weight."""
CAP = 1e4  # prior degrees of freedom when reviewers' variances do not differ


@dataclass(frozen=True, eq=False, kw_only=True)
class Residuals:
    """The comparable reviews: those of entries that somebody else reviewed too.

    Attributes, m comparable reviews sorted by (reviewer, entry), R reviewers, n entries:
        start: (R + 1,) reviewer r has start[r] .. start[r + 1] - 1.
        review: (m,) index in the ReviewSet.
        reviewer, entry: (m,).
        others: (m,) the others' mean of scores less biases, on the scale of quality.
        score: (m,) less the reviewer's mean.
        view: (m,) the others' view less its mean over the reviewer's reviews.
        rest: (m,) score less own slope times view, mean 0 for each reviewer; in rankings score less
            view, for there what a slope leaves over depends on the slope.
        fitted: parameters of a reviewer that `rest` is free of: 2, in rankings 1.
        residual: (m,) score less the moderated slope times view, mean 0 for each reviewer.
        standard: (m,) residual in units of the reviewer's moderated error without this review.
        tail: (m,) share of all standard residuals that are at least this high, 1/m .. 1.
        slope: (R,) of score on view, NaN without 3 reviews or without differences.
        prior_df, prior_variance: of the error variances.
        quality: (n,) mean bias-corrected score, NaN for an entry with no review.
        part: (n,) connected part, -1 for an entry with no review.
    """

    start: IntArray
    review: IntArray
    reviewer: IntArray
    entry: IntArray
    others: FloatArray
    score: FloatArray
    view: FloatArray
    rest: FloatArray
    residual: FloatArray
    standard: FloatArray
    tail: FloatArray
    slope: FloatArray
    prior_df: float
    prior_variance: float
    fitted: int
    quality: FloatArray
    part: IntArray

    @property
    def load(self) -> IntArray:
        """(R,) comparable reviews of each reviewer."""
        return np.diff(self.start)

    def sums(self, value: FloatArray) -> FloatArray:
        """(R,) sum of `value` (m,) by reviewer."""
        return np.bincount(self.reviewer, weights=value, minlength=len(self.slope)).astype(float)


def residuals(reviews: ReviewSet) -> Residuals:
    """O(sweeps * m + m log m) time, O(m) memory; at most 3 times 100 sweeps, mostly about 20."""
    n, count = reviews.n_entries, reviews.n_reviewers
    who, what = reviews.reviewer.astype(np.int64), reviews.entry.astype(np.int64)
    scale = float(np.max(np.abs(reviews.score), initial=0.0))
    score = reviews.score / (scale if scale > 0 else 1.0)
    weight, quality, corrected = _robust(who, what, score, n, count)
    received = np.bincount(what, minlength=n)
    review = np.flatnonzero(received[what] >= 2)
    part = components(reviews)
    total = np.bincount(what, weights=weight[who], minlength=n)
    who, what, score, corrected = who[review], what[review], score[review], corrected[review]
    mass = total[what] - weight[who]
    others = (quality[what] * total[what] - weight[who] * corrected) / mass
    view = _shrunk(who, what, others, mass, (corrected, quality, part))
    start = np.concatenate([[0], np.cumsum(np.bincount(who, minlength=count))])
    fit = _by_reviewer(who, what, score, view, received, count)
    unit = scale if scale > 0 else 1.0
    ranked = reviews.ranked or _like_rankings(fit.score, who, count)
    return Residuals(
        start=start,
        review=review,
        reviewer=who,
        entry=what,
        others=others * unit,
        score=fit.score * unit,
        view=fit.view * unit,
        rest=(fit.score - fit.view if ranked else fit.rest) * unit,
        fitted=1 if ranked else 2,
        residual=fit.residual * unit,
        standard=fit.standard,
        tail=_upper_tail(fit.standard),
        slope=fit.slope,
        prior_df=fit.prior_df,
        prior_variance=fit.prior_variance * unit**2,
        quality=np.where(received > 0, quality, np.nan) * unit,
        part=part,
    )


def _robust(
    who: IntArray, what: IntArray, score: FloatArray, n: int, count: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(R,) weight, (n,) quality and (m,) score less bias, far-off reviewers weighing less.

    A weight is the usual variance over the reviewer's own, the latter drawn towards the former.
    """
    load = np.bincount(who, minlength=count)
    df = np.maximum(load - 1, 0)
    weight = np.ones(count)
    quality, corrected = _two_way(who, what, score, weight, n)
    for _ in range(ROUNDS):
        square = np.bincount(who, weights=(corrected - quality[what]) ** 2, minlength=count)
        spread = square[df > 0] / df[df > 0]
        usual = float(np.median(spread)) if spread.size else 0.0
        if usual <= 0:
            break
        weight = usual * (PRIOR_DF + df) / (PRIOR_DF * usual + square)
        quality, corrected = _two_way(who, what, score, weight, n)
    return weight, quality, corrected


def _two_way(
    who: IntArray, what: IntArray, score: FloatArray, weight: FloatArray, n: int
) -> tuple[FloatArray, FloatArray]:
    """(n,) quality and (m,) score less the reviewer's bias, biases with mean near 0."""
    count = len(weight)
    given = np.maximum(np.bincount(who, minlength=count), 1)
    mass = weight[who]
    received = np.bincount(what, weights=mass, minlength=n)
    received[received == 0] = 1.0
    bias = np.zeros(count)
    quality = np.zeros(n)
    for _ in range(SWEEPS):
        quality = np.bincount(what, weights=mass * (score - bias[who]), minlength=n) / received
        new = np.bincount(who, weights=score - quality[what], minlength=count) / given
        moved = float(np.max(np.abs(new - bias), initial=0.0))
        bias = new
        if moved <= 1e-9:
            break
    corrected = score - bias[who]
    return np.bincount(what, weights=mass * corrected, minlength=n) / received, corrected


def _shrunk(
    who: IntArray,
    what: IntArray,
    others: FloatArray,
    mass: FloatArray,
    fit: tuple[FloatArray, FloatArray, IntArray],
) -> FloatArray:
    """(m,) `others` of total weight `mass`, shrunk to the mean of the connected part."""
    corrected, quality, part = fit
    if not len(others):
        return others
    seen = part >= 0
    per_part = np.maximum(np.bincount(part[seen]), 1)
    middle = (np.bincount(part[seen], weights=quality[seen]) / per_part)[part[what]]
    load = np.bincount(who)[who]
    received = np.bincount(what)[what]
    # The median, which a few far-off reviewers do not move, over that of the chi-square of 1.
    gap = (corrected - quality[what]) ** 2 * received / (received - 1)
    noise = float(np.median(gap)) / 0.4549
    uncertain = noise / mass * (1 + 1 / np.maximum(load - 1, 1))
    signal = max(float(np.mean((others - middle) ** 2 - uncertain)), 0.0)
    total = signal + uncertain
    trust = np.divide(signal, total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(middle + trust * (others - middle))


@dataclass(frozen=True, eq=False, kw_only=True)
class _Fit:
    score: FloatArray
    view: FloatArray
    rest: FloatArray
    residual: FloatArray
    standard: FloatArray
    slope: FloatArray
    prior_df: float
    prior_variance: float


def _by_reviewer(
    who: IntArray,
    what: IntArray,
    score: FloatArray,
    view: FloatArray,
    received: IntArray,
    count: int,
) -> _Fit:
    load = np.bincount(who, minlength=count)

    def total(value: FloatArray) -> FloatArray:
        return np.bincount(who, weights=value, minlength=count).astype(np.float64)

    def centred(value: FloatArray) -> FloatArray:
        return np.asarray(value - (total(value) / np.maximum(load, 1))[who])

    score = centred(score)
    view = centred(calibrated(centred(view), score))
    view_square = total(view * view)
    known = (load >= 3) & (view_square > 1e-18)
    slope = np.where(known, total(score * view) / np.where(known, view_square, 1.0), np.nan)
    rest = score - np.where(known, slope, 0.0)[who] * view
    rest_square = total(rest * rest)
    prior_df, prior_variance = moderation(rest_square, np.where(known, load - 2, 0))
    used = (prior_df * prior_variance + rest_square) / np.maximum(prior_df + load - 2, 1)
    moderated = _moderated_slope(slope, used, view_square, known)
    residual = score - moderated[who] * view
    others = received[what] - 1
    even = np.sqrt((1 + 1 / others) / np.mean(1 + 1 / others)) if len(others) else others
    standard = _standardised(residual / even, who, load, prior_df, prior_variance)
    return _Fit(
        score=score,
        view=view,
        rest=rest,
        residual=residual,
        standard=standard,
        slope=slope,
        prior_df=prior_df,
        prior_variance=prior_variance,
    )


def calibrated(view: FloatArray, score: FloatArray) -> FloatArray:
    """(m,) what scores are on average where the others' view is so: a curve through all reviews.

    Robust regression (Huber 1964, reweighted) on view, view * |view|, view**2: a scale that bends
    or is cut at its ends is nobody's fault. 0 where scores do not rise with the view.
    """
    unit = float(np.sqrt(np.mean(view**2))) if len(view) else 0.0
    if unit <= 0:
        return view
    v = view / unit
    weight = np.ones(len(view))
    fitted = np.zeros(len(view))
    rise = 0.0
    for _ in range(BENDS):
        fitted, rise = _regression((v, v * np.abs(v), v * v), score, weight)
        gap = np.abs(score - fitted)
        scale = 1.345 * 1.4826 * float(np.median(gap))
        if scale <= 0:
            break
        weight = np.minimum(1.0, scale / np.maximum(gap, 1e-300))
    return fitted if rise > 0 else np.zeros(len(view))


def _regression(
    terms: tuple[FloatArray, ...], score: FloatArray, weight: FloatArray
) -> tuple[FloatArray, float]:
    """Fitted values and the coefficient of the first term alone, by sums in one order."""
    fitted = np.zeros(len(score))
    basis: list[FloatArray] = []
    first = 0.0
    for term in terms:
        left = term.copy()
        for earlier in basis:
            left = left - earlier * float(np.sum(weight * earlier * left))
        size = float(np.sqrt(np.sum(weight * left * left)))
        if size <= 1e-9 * np.sqrt(len(score)):
            continue
        left = left / size
        share = float(np.sum(weight * left * score))
        fitted = fitted + share * left
        first = share if not basis else first
        basis.append(left)
    return fitted, first


def _like_rankings(score: FloatArray, who: IntArray, count: int) -> bool:
    """Whether nearly all reviewers with as many reviews spread their scores alike to the digit."""
    load = np.bincount(who, minlength=count)
    square = np.bincount(who, weights=score**2, minlength=count)
    usual = np.zeros(int(load.max(initial=0)) + 1)
    for size in np.unique(load[load >= 3]):
        usual[size] = np.median(square[load == size])
    alike = np.abs(square - usual[load]) <= 1e-9 * usual[load]
    listed = (load >= 3) & (usual[load] > 0)
    return bool(np.sum(alike & listed) > 0.9 * max(int(np.sum(listed)), 1))


def _moderated_slope(
    slope: FloatArray, variance: FloatArray, view_square: FloatArray, known: BoolArray
) -> FloatArray:
    """(R,) slopes drawn towards 1 by how little reviewers' scales differ beyond chance."""
    use = known & (variance > 0)
    weight = np.where(use, view_square / np.where(use, variance, 1.0), 0.0)
    gap = np.where(use, slope - 1, 0.0)
    total = float(weight.sum())
    excess = float((weight * gap**2).sum()) - int(use.sum())
    spread = max(excess, 0.0) / total if total > 0 else 0.0
    return np.asarray(1 + gap * (spread * weight / (1 + spread * weight)))


def _standardised(
    residual: FloatArray, who: IntArray, load: IntArray, prior_df: float, prior_variance: float
) -> FloatArray:
    """(m,) each residual over the moderated error of the reviewer's other residuals."""
    square = np.bincount(who, weights=residual**2, minlength=len(load))
    size = load[who].astype(np.float64)
    keep = np.where(size > 1, 1 - 1 / np.maximum(size, 2), 1.0)
    left = np.maximum(square[who] - residual**2 / keep, 0.0)
    df = np.maximum(prior_df + size - 2, 1e-9)
    error = np.sqrt((prior_df * prior_variance + left) / df * keep)
    return np.divide(residual, error, out=np.zeros_like(residual), where=error > 1e-12)


def _upper_tail(value: FloatArray) -> FloatArray:
    ordered = np.sort(value)
    below = np.searchsorted(ordered, value - 1e-9, side="left")
    return np.asarray((len(value) - below) / max(len(value), 1))


def moderation(square: FloatArray, df: IntArray) -> tuple[float, float]:
    """(prior degrees of freedom, prior variance) of variances square / df; df 0 = unknown.

    Smyth 2004, section 6.2: moments of the logarithms. Without two known variances: (0, 0) or the
    one there is.
    """
    mean = float(square[df > 0].sum() / df[df > 0].sum()) if bool(np.any(df > 0)) else 0.0
    use = (df > 0) & (square > 1e-9 * mean * df)
    if int(use.sum()) < 2:
        return CAP if mean > 0 else 0.0, mean
    half = df[use] / 2
    logs = np.log(square[use] / df[use]) - polygamma(0, half) + np.log(half)
    centre = float(np.mean(logs))
    excess = float(np.var(logs, ddof=1)) - float(np.mean(polygamma(1, half)))
    if excess <= 2 / CAP:
        return CAP, float(np.exp(centre))
    prior = min(2 * _inverse_trigamma(excess), CAP)
    return prior, float(np.exp(centre + polygamma(0, prior / 2) - np.log(prior / 2)))


def _inverse_trigamma(value: float) -> float:
    x = 0.5 + 1 / value
    for _ in range(50):
        trigamma = float(polygamma(1, x))
        step = trigamma * (1 - trigamma / value) / float(polygamma(2, x))
        x += step
        if abs(step) < 1e-10 * x:
            break
    return x
