"""Variances of quality, bias and noise.

Up to SMALL entries by restricted maximum likelihood (Patterson and Thompson, "Recovery of
inter-block information when block sizes are unequal", Biometrika 1971) under a weak penalty that
keeps the ratios off 0 and infinity (Chung et al., "A nondegenerate penalized likelihood estimator
for variance parameters", Psychometrika 2013). Above, by moments (Henderson, "Estimation of
variance and covariance components", Biometrics 1953) as a start for refine.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from scipy import linalg

from concours.peerreview.aggregation.model import Design
from concours.peerreview.keyed import FloatArray, Keyed

DENSE = 500  # entries up to which posteriors are exact
SMALL = 150  # entries up to which the likelihood itself is maximised
PENALTY_SD = 3.0
LOG_BOUND = 9.0
PROBED = 200_000  # entries looked at by probes


@dataclass(frozen=True)
class Variances:
    """Noise, and quality and bias in units of the noise."""

    noise: float
    q: float
    b: float
    converged: bool


def estimate(data: Design) -> Variances:
    """The variances; the scores must not be all alike. O(n**3) up to SMALL entries, else O(m)."""
    start = _moments(data)
    if data.n > SMALL:
        return start
    first = np.log([start.q] if data.free_bias else [start.q, start.b])

    def loss(x: FloatArray) -> float:
        return _reml(data, x)[0] + float(np.sum((x / PENALTY_SD) ** 2))

    done = scipy.optimize.minimize(
        loss,
        np.clip(first, -LOG_BOUND / 2, LOG_BOUND / 2),
        method="Nelder-Mead",
        bounds=[(-LOG_BOUND, LOG_BOUND)] * len(first),
        options={"xatol": 2e-3, "fatol": 1e-4, "maxfev": 200},
    )
    ratio = np.exp(done.x)
    noise = _reml(data, done.x)[1]
    return Variances(noise, float(ratio[0]), float(ratio[-1]), bool(done.success))


def _reml(data: Design, x: FloatArray) -> tuple[float, float]:
    """(-2 log restricted likelihood up to a constant, noise variance) at log ratios x."""
    q, b = float(np.exp(x[0])), float(np.exp(x[-1]))
    weight = data.weight(b)
    factor = linalg.cho_factor(data.dense(q, weight), lower=True, check_finite=False)
    right = data.right(weight)
    solved = linalg.cho_solve(factor, right, check_finite=False)
    square = data.square_sum - float(np.sum(weight * data.list_sum**2)) - float(right @ solved)
    logs = len(right) * x[0] + 2 * float(np.sum(np.log(np.diag(factor[0]))))
    if data.free_bias:
        freedom = data.m - int(np.sum(data.given > 0))
    else:
        freedom = data.m - 1
        ones = data.ones(weight)
        solved_ones = linalg.cho_solve(factor, ones, check_finite=False)
        mean_precision = float(np.sum(data.given) - np.sum(weight * data.given**2))
        mean_precision -= float(ones @ solved_ones)
        cross = data.score_sum - float(np.sum(weight * data.given * data.list_sum))
        cross -= float(ones @ solved)
        square -= cross**2 / mean_precision
        logs += float(np.sum(np.log1p(b * data.given))) + float(np.log(mean_precision))
    freedom = max(freedom, 1)
    noise = max(square, 1e-12 * data.square_sum) / freedom
    return freedom * float(np.log(noise)) + logs, noise


def _moments(data: Design) -> Variances:
    """Expected sums of squares solved for the variances; ratios held within e**-9 .. e**9."""
    found = _moments_free(data) if data.free_bias else _moments_crossed(data)
    total = data.square_sum / data.m
    floor = total * 1e-3
    usable = bool(np.all(np.isfinite(found)))
    quality, bias, noise = found if usable else (total, total, total)
    noise = max(noise, floor)
    limit = float(np.exp(LOG_BOUND))
    q, b = (min(max(v / noise, 1 / limit), limit) for v in (quality, bias))
    return Variances(noise, q, b, usable)


def _moments_crossed(data: Design) -> tuple[float, float, float]:
    m, n = data.m, int(np.sum(data.received > 0))
    count = int(np.sum(data.given > 0))
    received = np.where(data.received > 0, data.received, 1)
    given = np.where(data.given > 0, data.given, 1)
    entries = float(np.sum(data.entry_sum**2 / received))
    reviewers = float(np.sum(data.list_sum**2 / given))
    whole = float(np.sum(data.received))
    centre = data.score_sum**2 / whole
    c_q = float(np.sum(data.received**2)) / whole
    c_b = float(np.sum(data.given**2)) / whole
    # With weights all 1 these two are n and count.
    by_entry = float(np.sum(data.received_squares / received))
    by_list = float(np.sum(data.given_squares / given))
    left = np.array(
        [
            [whole - c_q, whole - c_b, m - 1.0],
            [whole - c_q, by_entry - c_b, n - 1.0],
            [by_list - c_q, whole - c_b, count - 1.0],
        ]
    )
    right = np.array([data.square_sum, entries, reviewers]) - centre
    if np.linalg.matrix_rank(left) < 3:
        return (float("nan"),) * 3
    quality, bias, noise = np.linalg.solve(left, right)
    return float(quality), float(bias), float(noise)


def _moments_free(data: Design) -> tuple[float, float, float]:
    """Within-reviewer squares, and squares of the entries' sums of centred scores."""
    weight = data.weight(0.0)
    within = data.square_sum - float(np.sum(weight * data.list_sum**2))
    freedom = data.m - int(np.sum(data.given > 0))
    sums = data.right(weight)
    square, trace = _moments_of_precision(data, weight)
    left = np.array([[trace, freedom], [square, trace]], dtype=np.float64)
    right = np.array([within, float(np.sum(sums**2))])
    if freedom < 1 or np.linalg.matrix_rank(left) < 2:
        return (float("nan"),) * 3
    quality, noise = np.linalg.solve(left, right)
    return float(quality), 1.0, float(noise)


def _moments_of_precision(data: Design, weight: FloatArray) -> tuple[float, float]:
    """(sum of squares, trace) of D - C W C'; the squares by keyed probes, the same every time."""
    from concours.peerreview.aggregation.effects_kernels import couple, own_share
    from concours.peerreview.aggregation.linear_kernels import dot, signs

    diagonal = np.zeros(data.n)
    own_share(*data.met_in_tour, weight, diagonal)
    trace = float(np.sum(data.received) - np.sum(diagonal))
    count = min(max(PROBED // data.n, 2), 64)
    coins = Keyed(b"", "consensus/probes")
    square = 0.0
    for probe in range(count):
        ahead = signs(coins.words(data.n, start=probe * data.n))
        moved = data.received * ahead
        couple(*data.met_in_tour, weight, ahead, np.empty(len(weight)), moved)
        square += dot(moved, moved)
    return square / count, trace
