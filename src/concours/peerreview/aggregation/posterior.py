"""Qualities and biases given the variances, with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg

from concours.peerreview.aggregation.linear import (
    Multiply,
    conjugate_gradients,
    probed_trace,
    stretched,
)
from concours.peerreview.aggregation.model import Design
from concours.peerreview.aggregation.variance import DENSE, Variances
from concours.peerreview.keyed import FloatArray

TOLERANCE = 1e-9
STEPS = 1_000
ROUNDS = 100


@dataclass(frozen=True, eq=False)
class Posterior:
    """Means and variances; `covariance` (n, n) where n allows."""

    mean: float
    quality: FloatArray
    quality_variance: FloatArray
    bias: FloatArray
    bias_variance: FloatArray
    covariance: FloatArray | None
    converged: bool
    steps: int


def solve(data: Design, found: Variances, *, spread: bool = True) -> Posterior:
    """Best linear unbiased predictions. O(n**3) up to DENSE entries, else conjugate gradients.

    Above DENSE entries variances come from belief propagation (Weiss and Freeman, "Correctness of
    belief propagation in Gaussian graphical models", Neural Computation 2001), exact on trees and
    understated where reviewers share many entries; the shortfall is made good on average by
    Hutchinson's estimate of the trace of S^-1. Without `spread` they are left 0.
    """
    weight = data.weight(found.b)
    if data.n <= DENSE:
        return _solve_dense(data, found, weight)
    return _solve_sparse(data, found, weight, spread=spread)


def _precision(data: Design, weight: FloatArray, by_ones: float) -> float:
    return float(np.sum(data.given) - np.sum(weight * data.given**2)) - by_ones


def _mean(data: Design, weight: FloatArray, by_right: float, by_ones: float) -> float:
    """Generalised least squares mean from 1' M Z S^-1 Z' M (y and 1)."""
    if data.free_bias:
        return 0.0
    top = data.score_sum - float(np.sum(weight * data.given * data.list_sum)) - by_right
    return top / _precision(data, weight, by_ones)


def _solve_dense(data: Design, found: Variances, weight: FloatArray) -> Posterior:
    factor = linalg.cho_factor(data.dense(found.q, weight), lower=True, check_finite=False)
    inverse = linalg.cho_solve(factor, np.eye(data.n), check_finite=False)
    ones, right = data.ones(weight), data.right(weight)
    toward = inverse @ ones
    mean = _mean(data, weight, float(toward @ right), float(toward @ ones))
    quality = inverse @ (right - mean * ones)
    if not data.free_bias:
        inverse += np.outer(toward, toward) / _precision(data, weight, float(toward @ ones))
    covariance = (inverse + inverse.T) * (found.noise / 2)
    through = np.asarray(data.met @ covariance)
    spread = np.asarray(data.met.multiply(through).sum(axis=1)).ravel()
    return Posterior(
        mean=mean,
        quality=quality,
        quality_variance=np.diag(covariance).copy(),
        bias=_bias(data, weight, mean, quality),
        bias_variance=found.noise * weight + weight**2 * spread,
        covariance=covariance,
        converged=True,
        steps=1,
    )


def _solve_sparse(data: Design, found: Variances, weight: FloatArray, *, spread: bool) -> Posterior:
    from concours.peerreview.aggregation.linear_kernels import dot

    ones, right = data.ones(weight), data.right(weight)
    toward, fine, steps = _gradients(data, found.q, weight, ones)
    by_right, by_ones = dot(toward, right), dot(toward, ones)
    mean = _mean(data, weight, by_right, by_ones)
    solved, converged, more = _gradients(data, found.q, weight, right)
    quality = solved - mean * toward
    variance, listed, settled = np.zeros(data.n), np.zeros(len(data.given)), True
    if spread:
        variance, listed, settled = _spread(data, found, weight)
    if spread and not data.free_bias:
        variance += toward**2 / _precision(data, weight, by_ones)
    return Posterior(
        mean=mean,
        quality=quality,
        quality_variance=found.noise * variance,
        bias=_bias(data, weight, mean, quality),
        bias_variance=found.noise * listed,
        covariance=None,
        converged=fine and converged and settled,
        steps=max(steps, more),
    )


def _bias(data: Design, weight: FloatArray, mean: float, quality: FloatArray) -> FloatArray:
    return weight * (data.list_sum - data.given * mean - data.by_list(quality))


def _gradients(
    data: Design, q: float, weight: FloatArray, right: FloatArray
) -> tuple[FloatArray, bool, int]:
    """(x, converged, steps) of S x = right."""
    return conjugate_gradients(
        _multiply(data, q, weight), data.received + 1 / q, right, tolerance=TOLERANCE, steps=STEPS
    )


def _multiply(data: Design, q: float, weight: FloatArray) -> Multiply:
    from concours.peerreview.aggregation.effects_kernels import couple

    diagonal, listed = data.received + 1 / q, np.empty(len(weight))

    def multiply(x: FloatArray) -> FloatArray:
        out = diagonal * x
        couple(*data.met_in_tour, weight, x, listed, out)
        return out

    return multiply


def _spread(
    data: Design, found: Variances, weight: FloatArray
) -> tuple[FloatArray, FloatArray, bool]:
    """((n,) variances of quality, (L,) of bias, settled) in units of the noise."""
    from concours.peerreview.aggregation.effects_kernels import own_share, pass_messages

    message = data.omega[data.tour.place] if len(data.omega) else np.ones(data.m)
    total = data.received + 1 / found.q
    fresh, listed = np.empty(data.n), np.ones(len(data.given))
    base, prior = 1 / found.q, 0.0 if data.free_bias else 1 / found.b
    settled = False
    for _ in range(ROUNDS):
        change = pass_messages(*data.met_in_tour, base, prior, message, total, fresh, listed)
        if change < 1e-6:
            settled = True
            break
    del message
    own = np.zeros(data.n)
    own_share(*data.met_in_tour, weight, own)
    multiply = _multiply(data, found.q, weight)
    variance = stretched(1 / total, data.received - own + 1 / found.q, multiply)
    told = np.where(listed > 0, 1 / np.where(listed > 0, listed, 1), 0.0)
    return variance, _stretched_back(data, found, weight, told), settled


def _stretched_back(
    data: Design, found: Variances, weight: FloatArray, told: FloatArray
) -> FloatArray:
    """(L,) variances of bias with their excess over W stretched to the trace of W C' S^-1 C W."""
    low, loose = float(weight.sum()), float(told.sum())
    if data.free_bias or loose <= low * (1 + 1e-9):
        return told
    multiply, diagonal = _multiply(data, found.q, weight), data.received + 1 / found.q

    def probed(coin: FloatArray) -> FloatArray:
        return data.by_entry(weight * coin)

    excess = probed_trace(multiply, diagonal, probed, len(weight))
    return weight + max(excess / (loose - low), 1.0) * (told - weight)
