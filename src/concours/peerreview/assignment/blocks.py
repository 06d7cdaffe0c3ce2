"""Vectors in blocks of near ones: k-means on whole numbers, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.keyed import IntArray, Keyed

Vectors = npt.NDArray[np.int32]
Single = npt.NDArray[np.float32]
Double = npt.NDArray[np.float64]
LONGEST = 4_095
"""Of rounded vectors; sums of products then stay below 2**24, which single precision holds."""
SAMPLE = 64
"""Vectors a centroid that k-means looks at."""
LLOYD = 8
AT_ONCE = 65_536


@dataclass(frozen=True, eq=False)
class Blocks:
    """Members of each block, by number, and the blocks' centroids (b, d)."""

    members: list[npt.NDArray[np.int32]]
    centroids: Double


def rounded(vectors: Vectors) -> Single:
    """Whole numbers in single precision, the longest vector about LONGEST long.

    Any sum of products of two such rows is exact, in whatever order a matrix product adds
    (Cauchy and Schwarz bound every part of it).
    """
    wide = vectors.astype(np.float64)
    longest = float(np.sqrt((wide * wide).sum(axis=1)).max(initial=0))
    # Rounding lengthens a vector by at most half the root of its dimension.
    room = LONGEST - 0.5 * np.sqrt(vectors.shape[1]) - 1
    return np.asarray(np.rint(wide * (room / max(longest, 1.0))), dtype=np.float32)


def cluster(vectors: Single, *, count: int, seed: bytes) -> Double:
    """(count, d) centroids by Lloyd's rounds on a keyed sample, rounded to whole numbers.

    S. Lloyd, "Least squares quantization in PCM", IEEE Trans. Information Theory 28, 1982.
    """
    n = len(vectors)
    chosen = Keyed(seed, "assign/blocks").permutation(n)[: max(count * SAMPLE, count)]
    sample = vectors[chosen].astype(np.float64)
    centroids = sample[:count].copy()
    for _ in range(LLOYD):
        nearest = nearest_centroid(sample, centroids)
        size = np.bincount(nearest, minlength=count)
        sums = np.stack(
            [np.bincount(nearest, weights=column, minlength=count) for column in sample.T], axis=1
        )
        full = size > 0
        centroids[full] = np.rint(sums[full] / size[full, None])
    return centroids


def nearest_centroid(vectors: Single | Double, centroids: Double) -> IntArray:
    """(n,) the centroid nearest to each vector, the first of equals; exact on whole numbers."""
    square = (centroids * centroids).sum(axis=1)
    out = np.empty(len(vectors), dtype=np.int64)
    for first in range(0, len(vectors), AT_ONCE):
        part = vectors[first : first + AT_ONCE].astype(np.float64)
        out[first : first + AT_ONCE] = np.argmax(2 * (part @ centroids.T) - square, axis=1)
    return out


def blocks_of(vectors: Single, centroids: Double, *, largest: int, order: IntArray) -> Blocks:
    """Vectors by nearest centroid, in `order`; crowded blocks are cut into ones of `largest`."""
    nearest = nearest_centroid(vectors, centroids)[order]
    grouped = order[np.argsort(nearest, kind="stable")]
    sizes = np.bincount(nearest, minlength=len(centroids))
    members: list[npt.NDArray[np.int32]] = []
    home: list[int] = []
    for block, group in enumerate(np.split(grouped, np.cumsum(sizes)[:-1])):
        for first in range(0, len(group), largest):
            members.append(group[first : first + largest].astype(np.int32))
            home.append(block)
    return Blocks(members, centroids[home])


def near_blocks(mine: Blocks, theirs: Blocks, *, wanted: int) -> Iterator[tuple[int, list[int]]]:
    """For each block of `mine` the nearest of `theirs`, until they hold `wanted` members.

    A block is also near to all that are near to it, so that no side is left out.
    """
    sizes = np.array([len(m) for m in theirs.members])
    product = mine.centroids @ theirs.centroids.T
    near = [_first(row, sizes, wanted) for row in product]
    own_sizes = np.array([len(m) for m in mine.members])
    for block, column in enumerate(product.T):
        for one in _first(column, own_sizes, wanted):
            near[one].add(block)
    for block, others in enumerate(near):
        yield block, sorted(others)


def _first(closeness: Double, sizes: IntArray, wanted: int) -> set[int]:
    order = np.argsort(-closeness, kind="stable")
    count = int(np.searchsorted(np.cumsum(sizes[order]), wanted)) + 1
    return set(order[:count].tolist())
