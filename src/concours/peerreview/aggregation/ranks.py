"""Rank intervals and chances of the top, from the posterior of the qualities."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.special import ndtr, ndtri

from concours.peerreview.keyed import FloatArray, IntArray, Keyed

GRID = 512


@dataclass(frozen=True, eq=False)
class RankSpread:
    """(n,) low and high rank, and the probability of the best `top` where asked."""

    low: IntArray
    high: IntArray
    top_probability: FloatArray | None


def from_draws(
    quality: FloatArray,
    covariance: FloatArray,
    *,
    level: float,
    draws: int,
    top: int | None,
    seed: bytes,
) -> RankSpread:
    """Quantiles of each entry's rank over joint posterior draws. O(draws * n * (n + log n))."""
    n = len(quality)
    root = _root(covariance)
    noise = Keyed(seed, "consensus/draws").normals(draws * n).reshape(draws, n)
    worlds = quality + noise @ root.T
    order = np.argsort(-worlds, axis=1, kind="stable")
    rank = np.empty((draws, n), dtype=np.int32)
    np.put_along_axis(rank, order, np.arange(1, n + 1, dtype=np.int32)[None, :], axis=1)
    tail = (1 - level) / 2
    chance = None if top is None else np.mean(rank <= top, axis=0)
    rank.sort(axis=0)
    low = rank[int(np.floor(tail * (draws - 1)))]
    high = rank[int(np.ceil((1 - tail) * (draws - 1)))]
    return RankSpread(low.astype(np.int64), high.astype(np.int64), chance)


def _root(covariance: FloatArray) -> FloatArray:
    jitter = 1e-12 * float(np.trace(covariance)) / max(len(covariance), 1)
    padded = covariance + jitter * np.eye(len(covariance))
    return np.asarray(linalg.cholesky(padded, lower=True, check_finite=False))


def from_normal(
    quality: FloatArray, error: FloatArray, *, level: float, top: int | None
) -> RankSpread:
    """Ranks from independent normals, in O(n * GRID) time and O(n) memory.

    An entry of quality x has rank 1 + F(x), F = sum of the others' chances to exceed x; its
    interval is F at the ends of the interval of x, widened by the spread of that sum.
    """
    n = len(quality)
    z = float(ndtri(0.5 + level / 2))
    ends = float(np.max(error)) * (z + 1)
    grid = np.linspace(float(quality.min()) - ends, float(quality.max()) + ends, GRID)
    above, spread = np.empty(GRID), np.empty(GRID)
    for i, x in enumerate(grid):
        chance = ndtr((quality - x) / error)
        above[i] = chance.sum()
        spread[i] = np.sum(chance * (1 - chance))

    def rank_at(x: FloatArray) -> FloatArray:
        return np.asarray(np.interp(x, grid, above) + 0.5)

    middle, luck = rank_at(quality), z**2 * np.interp(quality, grid, spread)
    up = middle - rank_at(quality + z * error)
    down = rank_at(quality - z * error) - middle
    low = np.clip(np.floor(middle - np.hypot(up, np.sqrt(luck))), 1, n)
    high = np.clip(np.ceil(middle + np.hypot(down, np.sqrt(luck))), 1, n)
    chance_top = None
    if top is not None:
        line = float(np.interp(-float(top), -above, grid))
        chance_top = ndtr((quality - line) / error)
    return RankSpread(low.astype(np.int64), high.astype(np.int64), chance_top)
