"""The order in which loops meet the reviews, so that a processor's cache foresees the entries.

Met list after list, the entries of a million come in no order that a cache could follow, and each
review waits for memory. Here the reviews of the first WIDTH entries come first, list after list,
then those of the next: the classical blocking of a sparse product (Im, Yelick and Vuduc,
"Sparsity: optimization framework for sparse matrix kernels", IJHPCA 2004). The reviews of one entry
keep their order, and so do those of one list that is sorted by entry: sums have the same bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import Int32Array

WIDTH = 1 << 17  # entries whose numbers are kept near: 1 MiB of floats


@dataclass(frozen=True, eq=False)
class Tour:
    """The order: (m,) places of reviews in their lists, and (m,) entries of these reviews."""

    place: Int32Array
    entry: Int32Array

    def collected(self, x: FloatArray) -> FloatArray:
        """(m,) x (n,) of each review's entry, in the order of the lists."""
        out = np.empty(len(self.place))
        self.collect(x, out)
        return out

    def collect(self, x: FloatArray, out: FloatArray) -> None:
        """The same into `out` (m,)."""
        from concours.peerreview.aggregation.tour_kernels import collect

        collect(self.place, self.entry, x, out)

    def add(self, told: FloatArray, out: FloatArray) -> None:
        """Add `told` (m,), in the order of the lists, to the entries' `out` (n,)."""
        from concours.peerreview.aggregation.tour_kernels import deliver

        deliver(self.place, self.entry, told, out)


def toured(member: Int32Array, n: int) -> Tour:
    """The tour of reviews whose entries, below n, are `member` (m,) in the order of lists. O(m)."""
    from concours.peerreview.aggregation.tour_kernels import lay

    place, entry = np.empty((2, len(member)), dtype=np.int32)
    free = np.zeros(n // WIDTH + 2, dtype=np.int64)
    lay(member, WIDTH, free, place, entry)
    return Tour(place, entry)
