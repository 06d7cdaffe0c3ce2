"""Rankings that scatter around a true order.

C. L. Mallows, "Non-null ranking models", Biometrika 1957, drawn by repeated insertion (J.-P.
Doignon, A. Pekec, M. Regenwetter, "The repeated insertion model for rankings", Psychometrika 2004).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.peerreview.errors import BadInput
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, Keyed
from concours.peerreview.selection.coins import coin

Int32Array = npt.NDArray[np.int32]
MOST = 2**31 - 1


def mallows_rankings(count: int, n: int, *, phi: float, seed: bytes) -> Int32Array:
    """(count, n) rankings of 0 .. n - 1, best first, around the identity.

    A ranking's chance falls with phi for each pair in the wrong order: phi 0 is the identity always
    and 1 every ranking alike. Ranking i depends on (seed, i) and n alone. O(n) expected a ranking
    for phi well below 1, O(n**2) at 1. Raises BadInput.
    """
    if count < 0 or not 1 <= n <= MOST:
        raise BadInput(f"count from 0 and n of 1 to {MOST} expected, got {count} and {n}")
    if not 0 <= phi <= 1:
        raise BadInput(f"phi: 0 to 1 expected, got {phi}")
    rankings = np.empty((count, n), dtype=np.int32)
    key, other = Keyed(seed, "simulate/mallows").words(2)
    # 1 + phi + ... + phi**d by products and sums alone, which all machines round alike.
    ends = np.cumsum(np.cumprod(np.concatenate([[1.0], np.full(n - 1, float(phi))])))
    _insert(rankings, ends, key, other)
    return rankings


@kernel
def _insert(rankings: Int32Array, ends: FloatArray, key: np.uint64, other: np.uint64) -> None:
    """Item j goes d places before the end of the first j with chance phi**d / ends[j]."""
    for i in range(rankings.shape[0]):
        row = rankings[i]
        for j in range(rankings.shape[1]):
            aim = coin(key, other, i, j) * ends[j]
            place = j
            while place > 0 and ends[j - place] < aim:
                row[place] = row[place - 1]
                place -= 1
            row[place] = j
