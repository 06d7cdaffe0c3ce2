"""Keyed coins inside compiled loops."""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel


@kernel
def coin(key: np.uint64, other: np.uint64, i: int, j: int) -> float:
    """A uniform on (0, 1) that depends on the keys, i and j (both below 2**32) alone.

    Two rounds of the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    """
    word = ((np.uint64(i) << np.uint64(32)) | np.uint64(j)) ^ key
    for _ in range(2):
        word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        word = (word ^ (word >> np.uint64(31))) + other
    return (float(word >> np.uint64(11)) + 0.5) * 2.0**-53
