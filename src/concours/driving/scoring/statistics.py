"""What scores over several scenarios say: a mean, its interval, and who is better."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from concours.driving import keyed

FloatArray = npt.NDArray[np.float64]

EXACT = 20
"""Scenarios up to which every assignment of signs is looked at (2**20)."""
RESAMPLES = 9999
TIE = 1e-9
"""Points by which two sums count as equal."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with the bounds of its confidence interval."""

    estimate: float
    low: float
    high: float
    level: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two agents on the same scenarios.

    effect: mean of first less second, in points, with a bootstrap interval. p: two-sided, of the
    sign-flip test. method: "exact", or "sampled" over n > EXACT scenarios.
    """

    effect: Interval
    p: float
    method: Literal["exact", "sampled"]
    count: int


def generator(seed: int, purpose: str) -> np.random.Generator:
    """Philox under a key of (seed, purpose): the same numbers on every machine."""
    key = np.array([keyed.word(seed, purpose, index) for index in range(2)], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def mean_score(
    scores: Sequence[float], *, seed: int, level: float = 0.95, resamples: int = RESAMPLES
) -> Interval:
    """The mean over scenarios with a bootstrap interval (BCa; Efron, JASA 82, 1987).

    Scenarios are drawn again with replacement. Where all scores are equal, or there is only one,
    the interval is that point. The order of the scores does not matter.
    Raises ValueError without scores, for scores that are not finite, or a level not in (0, 1).
    """
    from scipy.stats import bootstrap  # late: it takes a second, and a score needs none

    values = np.sort(_finite(scores))
    if not 0.0 < level < 1.0:
        raise ValueError("a level is between 0 and 1")
    estimate = float(values.mean())
    if values[0] == values[-1]:
        return Interval(estimate, estimate, estimate, level)
    found = bootstrap(
        (values,),
        np.mean,
        n_resamples=resamples,
        confidence_level=level,
        method="BCa",
        vectorized=True,
        rng=generator(seed, "scoring/bootstrap"),
    ).confidence_interval
    return Interval(estimate, float(found.low), float(found.high), level)


def compare(
    first: Sequence[float],
    second: Sequence[float],
    *,
    seed: int,
    level: float = 0.95,
    resamples: int = RESAMPLES,
) -> Comparison:
    """A paired test: would signs of the differences at random give a mean as far from 0?

    Scores of the same scenarios in the same order. Up to 20 scenarios every assignment of signs
    is counted; beyond, `resamples` are drawn, and p is (1 + count) / (1 + resamples), so that it
    is never 0 (Phipson and Smyth, 2010). Raises ValueError for lists that do not pair.
    """
    one, two = _finite(first), _finite(second)
    if len(one) != len(two):
        raise ValueError("a paired test needs the same scenarios on both sides")
    differences = np.sort(one - two)
    effect = mean_score(differences.tolist(), seed=seed, level=level, resamples=resamples)
    size = abs(math.fsum(differences.tolist())) - TIE
    if len(differences) <= EXACT:
        sums = np.zeros(1)
        for difference in differences.tolist():
            sums = np.concatenate([sums + difference, sums - difference])
        return Comparison(effect, float(np.mean(np.abs(sums) >= size)), "exact", len(one))
    draws = generator(seed, "scoring/signs").integers(0, 2, (resamples, len(differences)))
    extreme = int(np.sum(np.abs((2.0 * draws - 1.0) @ differences) >= size))
    return Comparison(effect, (1 + extreme) / (1 + resamples), "sampled", len(one))


def _finite(scores: Sequence[float]) -> FloatArray:
    values = np.asarray(scores, dtype=np.float64)
    if values.ndim != 1 or not len(values) or not np.isfinite(values).all():
        raise ValueError("scores are a list of finite numbers, one at least")
    return values
