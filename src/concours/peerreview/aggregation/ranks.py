"""Rank intervals, chances of the top, and how much of a list is luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from scipy import linalg
from scipy.special import ndtr, ndtri

from concours.peerreview.keyed import FloatArray, IntArray, Keyed

BINS = 4_096
CLASSES = 24


@dataclass(frozen=True, eq=False, kw_only=True)
class Beliefs:
    """Normal posterior of the qualities, in any unit.

    quality, error: (n,) means (0 = the prior's) and standard deviations.
    prior_sd: standard deviation of the qualities before any review.
    covariance: (n, n) where few entries allow it.
    order: (n,) entries as listed, best first.
    """

    quality: FloatArray
    error: FloatArray
    prior_sd: float
    covariance: FloatArray | None
    order: IntArray

    @property
    def reliability(self) -> FloatArray:
        """(n,) share of the variance of quality that the reviews explain, 0 .. 1."""
        return np.clip(1 - (self.error / self.prior_sd) ** 2, 0.0, 1.0)


@dataclass(frozen=True, eq=False, kw_only=True)
class RankSpread:
    """(n,) low and high rank; where the best `top` are asked for, (n,) the probability to be among
    them, and the expected turnover and recall of the listed ones."""

    low: IntArray
    high: IntArray
    top_probability: FloatArray | None = None
    turnover: float | None = None
    recall: float | None = None


def spread(
    beliefs: Beliefs, *, level: float, draws: int, top: int | None, seed: bytes
) -> RankSpread:
    """By joint draws where there is a covariance, else by independent normals on a grid.

    A second panel of the same size would see an entry of quality t at r t + noise of variance
    r (1 - r) prior_sd**2, r its reliability: the spread of an estimate given the truth. Turnover
    is the share of the listed best that a list by such estimates would not hold.
    """
    if beliefs.covariance is not None:
        return _from_draws(beliefs, level=level, draws=draws, top=top, seed=seed)
    return _from_normal(beliefs, level=level, top=top)


def _from_draws(
    beliefs: Beliefs, *, level: float, draws: int, top: int | None, seed: bytes
) -> RankSpread:
    """Quantiles of each entry's rank over posterior draws. O(draws * n * (n + log n))."""
    n = len(beliefs.quality)
    root = _root(np.asarray(beliefs.covariance))
    noise = Keyed(seed, "consensus/draws").normals(draws * n).reshape(draws, n)
    worlds = beliefs.quality + noise @ root.T
    rank = _ranks(worlds)
    tail = (1 - level) / 2
    ordered = np.sort(rank, axis=0)
    low = ordered[int(np.floor(tail * (draws - 1)))].astype(np.int64)
    high = ordered[int(np.ceil((1 - tail) * (draws - 1)))].astype(np.int64)
    if top is None:
        return RankSpread(low=low, high=high)
    chance = np.mean(rank <= top, axis=0)
    share = beliefs.reliability
    luck = Keyed(seed, "consensus/panel").normals(draws * n).reshape(draws, n)
    again = _ranks(share * worlds + beliefs.prior_sd * np.sqrt(share * (1 - share)) * luck)
    listed = beliefs.order[:top]
    return RankSpread(
        low=low,
        high=high,
        top_probability=chance,
        turnover=float(1 - np.mean(again[:, listed] <= top)),
        recall=float(np.mean(chance[listed])),
    )


def _ranks(worlds: FloatArray) -> IntArray:
    order = np.argsort(-worlds, axis=1, kind="stable")
    rank = np.empty(worlds.shape, dtype=np.int64)
    places = np.arange(1, worlds.shape[1] + 1)[None, :]
    np.put_along_axis(rank, order, places, axis=1)
    return rank


def _root(covariance: FloatArray) -> FloatArray:
    jitter = 1e-12 * float(np.trace(covariance)) / max(len(covariance), 1)
    padded = covariance + jitter * np.eye(len(covariance))
    return np.asarray(linalg.cholesky(padded, lower=True, check_finite=False))


def _from_normal(beliefs: Beliefs, *, level: float, top: int | None) -> RankSpread:
    """An entry of quality x has rank 1 + F(x), F = sum of the others' chances to exceed x; its
    interval is F at the ends of the interval of x, widened by the spread of that sum. O(n)."""
    quality, error = beliefs.quality, beliefs.error
    n = len(quality)
    z = float(ndtri(0.5 + level / 2))
    crowd = _Crowd(quality, error)
    middle = crowd.above(quality) - 0.5  # without the entry's own chance
    luck = crowd.spread(quality)  # one array at a time: n may be a million
    luck -= 0.25
    luck *= z**2
    np.maximum(luck, 0, out=luck)
    reach = crowd.above(quality - z * error)
    reach -= (1 + level) / 2
    reach -= middle
    high = middle + np.sqrt(reach**2 + luck)
    reach = crowd.above(quality + z * error)
    reach -= (1 - level) / 2
    reach -= middle
    low = middle - np.sqrt(reach**2 + luck)
    bounds = (
        np.clip(np.floor(low + 0.5) + 1, 1, n).astype(np.int64),
        np.clip(np.ceil(high - 0.5) + 1, 1, n).astype(np.int64),
    )
    if top is None:
        return RankSpread(low=bounds[0], high=bounds[1])
    chance = crowd.best(quality, error, top)
    share = beliefs.reliability
    again = share * quality
    wide = beliefs.prior_sd * np.sqrt(share * (1 - share) * (1 + share))
    listed = beliefs.order[:top]
    kept = _Crowd(again, wide).best(again[listed], wide[listed], top)
    return RankSpread(
        low=bounds[0],
        high=bounds[1],
        top_probability=chance,
        turnover=float(1 - np.mean(kept)),
        recall=float(np.mean(chance[listed])),
    )


class _Crowd:
    """How many of n independent normals exceed x: mean and variance of the count on a grid.

    Means are dealt to BINS points and errors to CLASSES, both by linear splitting, so that the sums
    over entries become convolutions. Means far out of the bulk count at the ends of the grid.
    """

    def __init__(self, mean: FloatArray, error: FloatArray) -> None:
        self._grid, place = _grid(mean, float(error.max()))
        low = max(float(error.min()), float(error.max()) * 1e-6, 1e-300)
        high = max(float(error.max()), low)
        count = CLASSES if high > low * (1 + 1e-9) else 1
        classes = np.exp(np.linspace(np.log(low), np.log(high), count))
        step = float(self._grid[1] - self._grid[0])
        lag = np.arange(1 - BINS, BINS) * step
        self._above, self._spread = np.zeros(BINS), np.zeros(BINS)
        for weight, sd in zip(_deal(place, error, classes), classes, strict=True):
            chance = ndtr(-lag / sd)
            self._above += scipy.signal.fftconvolve(weight, chance)[BINS - 1 : 2 * BINS - 1]
            self._spread += scipy.signal.fftconvolve(weight, chance * ndtr(lag / sd))[
                BINS - 1 : 2 * BINS - 1
            ]
        np.maximum(self._above, 0, out=self._above)  # rounding of the transforms
        np.maximum(self._spread, 0, out=self._spread)

    def above(self, x: FloatArray) -> FloatArray:
        """Expected number above x."""
        return np.asarray(np.interp(x, self._grid, self._above))

    def spread(self, x: FloatArray) -> FloatArray:
        """Variance of the number above x."""
        return np.asarray(np.interp(x, self._grid, self._spread))

    def best(self, mean: FloatArray, error: FloatArray, top: int) -> FloatArray:
        """Probability that a normal is among the `top` greatest."""
        falling = np.maximum.accumulate(-self._above)
        line = float(np.interp(-float(top), falling, self._grid))
        step = float(self._grid[1] - self._grid[0])
        sides = self.above(np.array([line - step, line + step]))
        density = max(float(sides[0] - sides[1]) / (2 * step), 1e-300)
        blur = np.sqrt(float(self.spread(np.array([line]))[0])) / density
        return np.asarray(ndtr((mean - line) / np.sqrt(error**2 + blur**2)))


def _grid(mean: FloatArray, error: float) -> tuple[FloatArray, FloatArray]:
    """(points, each mean's place on them as a real number)."""
    low, high = (float(v) for v in np.quantile(mean, [0.001, 0.999]))
    slack = 2 * (high - low) + 8 * error
    low, high = max(float(mean.min()), low - slack), min(float(mean.max()), high + slack)
    low, high = low - 6 * error, high + 6 * error
    if high <= low:
        low, high = low - 1, high + 1
    place = (np.clip(mean, low, high) - low) * ((BINS - 1) / (high - low))
    return np.linspace(low, high, BINS), place


def _deal(place: FloatArray, error: FloatArray, classes: FloatArray) -> FloatArray:
    """(len(classes), BINS) how many entries there are at each point and error."""
    count = len(classes)
    low = np.minimum(place.astype(np.int64), BINS - 2)
    right = place - low
    out = np.zeros(count * BINS)
    if count == 1:
        sides = [(0, np.ones(1))]
    else:
        ratio = np.log(classes[1] / classes[0])
        at = np.clip(np.log(np.maximum(error, classes[0]) / classes[0]) / ratio, 0, count - 1)
        row = np.minimum(at.astype(np.int64), count - 2)
        low += row * BINS
        above = at - row
        sides = [(0, 1 - above), (BINS, above)]
    for shift, share in sides:
        out += np.bincount(low + shift, weights=share * (1 - right), minlength=len(out))
        out += np.bincount(low + shift + 1, weights=share * right, minlength=len(out))
    return out.reshape(count, BINS)
