"""Vectors in blocks of near ones: k-means on whole numbers, the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.rules import inverse, order_by
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed
from concours.peerreview.side_by_side import each, spans

Vectors = npt.NDArray[np.int32]
Single = npt.NDArray[np.float32]
Double = npt.NDArray[np.float64]
LONGEST = 4_095
"""Of rounded vectors; sums of products then stay below 2**24, which single precision holds."""
SAMPLE = 64
"""Vectors a centroid that k-means looks at."""
LLOYD = 8
AT_ONCE = 8_192


@dataclass(frozen=True, eq=False)
class Blocks:
    """Vectors sorted into blocks.

    Attributes:
        order: (n,) the number that each sorted vector had before.
        place: (n,) where each vector went.
        start: (b + 1,) first vector of each block.
        centroids: (b, d).
        vectors: (n, d) sorted; columns of zeros are added until there are 4, 8, 12 ...
    """

    order: IntArray
    place: IntArray
    start: IntArray
    centroids: Double
    vectors: Single

    def near(self, others: Blocks, *, wanted: int) -> list[IntArray]:
        """For each block, spans (s, 2) of the nearest of the others that hold `wanted` together.

        Near is what has a great product with the block's centroid.
        """
        sizes = np.diff(others.start)
        out = []
        for row in self.centroids @ others.centroids.T:
            order = np.argsort(-row, kind="stable")
            count = int(np.searchsorted(np.cumsum(sizes[order]), wanted)) + 1
            chosen = order[:count]
            out.append(np.stack([others.start[chosen], others.start[chosen + 1]], axis=1))
        return out


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
    sample = vectors[chosen]
    centroids = sample[:count].astype(np.float64)
    for _ in range(LLOYD):
        nearest = nearest_centroid(sample, centroids)
        size = np.bincount(nearest, minlength=count)
        sums = np.stack(
            [np.bincount(nearest, weights=column, minlength=count) for column in sample.T], axis=1
        )
        full = size > 0
        centroids[full] = np.rint(sums[full] / size[full, None])
    return centroids


def nearest_centroid(vectors: Single, centroids: Double) -> IntArray:
    """(n,) the centroid nearest to each vector, the first of equals; exact on whole numbers."""
    out = np.empty(len(vectors), dtype=np.int64)
    half = (centroids * centroids).sum(axis=1) / 2
    rows = padded(vectors)
    columns = np.ascontiguousarray(padded(centroids.astype(np.float32)).T)
    each(lambda a, b: _nearest(rows, columns, half, out, a, b), spans(len(rows), AT_ONCE))
    return out


def padded(vectors: Single) -> Single:
    """With columns of zeros until there are 4, 8, 12 ..., as the loops take four at a time."""
    out = np.zeros((len(vectors), -(-vectors.shape[1] // 4) * 4), dtype=np.float32)
    out[:, : vectors.shape[1]] = vectors
    return out


def blocks_of(vectors: Single, centroids: Double, *, largest: int, order: IntArray) -> Blocks:
    """Vectors by nearest centroid, in `order`; crowded blocks are cut into ones of `largest`."""
    nearest = nearest_centroid(vectors, centroids)[order]
    grouped = order[order_by(nearest, len(centroids))]
    ends = np.cumsum(np.bincount(nearest, minlength=len(centroids)))
    start, home, first = [0], [], 0
    for block, end in enumerate(ends.tolist()):
        while first < end:
            first = min(first + largest, end)
            start.append(first)
            home.append(block)
    rows = padded(vectors[grouped])
    return Blocks(grouped, inverse(grouped), np.array(start), centroids[home], rows)


@kernel
def _nearest(
    vectors: Single, columns: Single, half: Double, out: IntArray, first: int, last: int
) -> None:
    """The greatest product less half the square of the centroid: products are exact, so is that."""
    count = len(half)
    sums = np.empty(count, dtype=np.float32)
    for i in range(first, last):
        sums[:] = 0.0
        for d in range(0, len(columns), 4):
            a, b, c, e = vectors[i, d], vectors[i, d + 1], vectors[i, d + 2], vectors[i, d + 3]
            for j in range(count):
                sums[j] += (
                    a * columns[d, j]
                    + b * columns[d + 1, j]
                    + c * columns[d + 2, j]
                    + e * columns[d + 3, j]
                )
        best, most = 0, np.float64(sums[0]) - half[0]
        for j in range(1, count):
            value = np.float64(sums[j]) - half[j]
            if value > most:
                best, most = j, value
        out[i] = best
