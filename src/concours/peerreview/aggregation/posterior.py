"""Qualities and biases given the variances, with their uncertainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse

from concours.peerreview.aggregation.model import Design
from concours.peerreview.aggregation.variance import DENSE, Variances
from concours.peerreview.keyed import FloatArray

TOLERANCE = 1e-10
STEPS = 1_000


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


def solve(data: Design, found: Variances) -> Posterior:
    """Best linear unbiased predictions. O(n**3) up to DENSE entries, else conjugate gradients.

    Above DENSE entries the variances are the diagonal of the inverse of S to second order in its
    off-diagonal (Neumann series), a slight understatement on sparse graphs.
    """
    weight = data.weight(found.b)
    if len(data.received) <= DENSE:
        return _solve_dense(data, found, weight)
    return _solve_sparse(data, found, weight)


def _mean(data: Design, weight: FloatArray, by_right: float, by_ones: float) -> float:
    """Generalised least squares mean from 1' M Z S^-1 Z' M (y and 1)."""
    if data.free_bias:
        return 0.0
    top = data.score_sum - float(np.sum(weight * data.given * data.reviewer_sum)) - by_right
    return top / (float(np.sum(data.given) - np.sum(weight * data.given**2)) - by_ones)


def _solve_dense(data: Design, found: Variances, weight: FloatArray) -> Posterior:
    factor = linalg.cho_factor(data.dense(found.q, weight), lower=True, check_finite=False)
    inverse = linalg.cho_solve(factor, np.eye(len(data.received)), check_finite=False)
    ones, right = data.ones(weight), data.right(weight)
    toward = inverse @ ones
    mean = _mean(data, weight, float(toward @ right), float(toward @ ones))
    quality = inverse @ (right - mean * ones)
    if not data.free_bias:
        precision = float(np.sum(data.given) - np.sum(weight * data.given**2) - toward @ ones)
        inverse += np.outer(toward, toward) / precision
    covariance = (inverse + inverse.T) * (found.noise / 2)
    through = np.asarray(data.met_back @ covariance)
    spread = np.asarray(data.met_back.multiply(through).sum(axis=1)).ravel()
    return Posterior(
        mean=mean,
        quality=quality,
        quality_variance=np.diag(covariance).copy(),
        bias=_bias(data, weight, mean, quality),
        bias_variance=found.noise * weight + weight**2 * spread,
        covariance=covariance,
        converged=True,
    )


def _solve_sparse(data: Design, found: Variances, weight: FloatArray) -> Posterior:
    share = data.met.multiply(weight[None, :]).tocsr()
    diagonal = data.received + 1 / found.q
    own = np.asarray(data.met @ weight)
    ones, right = data.ones(weight), data.right(weight)
    both, converged = _gradients(data, diagonal, share, np.stack([right, ones], axis=1))
    by_right = float(ones @ both[:, 0])
    mean = _mean(data, weight, by_right, float(ones @ both[:, 1]))
    quality = both[:, 0] - mean * both[:, 1]
    variance = found.noise * _inverse_diagonal(data, share, diagonal - own)
    spread = np.asarray(data.met_back @ variance)
    return Posterior(
        mean=mean,
        quality=quality,
        quality_variance=variance,
        bias=_bias(data, weight, mean, quality),
        bias_variance=found.noise * weight + weight**2 * spread,
        covariance=None,
        converged=converged,
    )


def _bias(data: Design, weight: FloatArray, mean: float, quality: FloatArray) -> FloatArray:
    residual = data.reviewer_sum - data.given * mean - np.asarray(data.met_back @ quality)
    return np.asarray(weight * residual)


def _gradients(
    data: Design, diagonal: FloatArray, share: sparse.csr_array, right: FloatArray
) -> tuple[FloatArray, bool]:
    """S x = right for each column by preconditioned conjugate gradients; no bound on n."""
    scale = 1 / diagonal[:, None]
    x = np.zeros_like(right)
    residual = right.copy()
    step = scale * residual
    ahead = step.copy()
    now = np.sum(residual * step, axis=0)
    goal = TOLERANCE**2 * np.maximum(now, 1e-300)
    for _ in range(STEPS):
        moved = diagonal[:, None] * ahead - share @ (data.met_back @ ahead)
        along = np.sum(ahead * moved, axis=0)
        length = np.where(along > 0, now / np.where(along > 0, along, 1), 0.0)
        x += length * ahead
        residual -= length * moved
        step = scale * residual
        last, now = now, np.sum(residual * step, axis=0)
        if bool(np.all(now <= goal)):
            return x, True
        ahead = step + np.where(last > 0, now / np.where(last > 0, last, 1), 0.0) * ahead
    return x, False


def _inverse_diagonal(
    data: Design, share: sparse.csr_array, diagonal: FloatArray, rows: int = 20_000
) -> FloatArray:
    """diag(S^-1) to second order: 1 / d + sum of squared couplings / (d d d'). Blocks of rows."""
    out = np.empty_like(diagonal)
    for low in range(0, len(diagonal), rows):
        block = share[low : low + rows] @ data.met_back
        part = diagonal[low : low + rows]
        own = np.asarray(block.diagonal(k=low))
        block.data **= 2
        coupled = np.asarray(block @ (1 / diagonal)) - own**2 / part
        out[low : low + rows] = 1 / part + coupled / part**2
    return out
