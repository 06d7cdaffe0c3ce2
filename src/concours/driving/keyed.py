"""Randomness as a function of (seed, purpose, index): no stream, no global state.

The words are raw 64-bit outputs of Philox4x64-10 (Salmon et al., "Parallel random numbers: as
easy as 1, 2, 3", SC 2011) under a key cut from SHA-256(seed, purpose).
"""

from __future__ import annotations

import hashlib

import numpy as np

_DOMAIN = b"concours.driving/1"


def word(seed: int, purpose: str, index: int) -> int:
    """Word `index` (>= 0), uniform on 0 .. 2**64 - 1; it depends on nothing but the arguments."""
    digest = hashlib.sha256()
    for part in (_DOMAIN, purpose.encode(), str(seed).encode()):
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    key = np.frombuffer(digest.digest()[:16], dtype="<u8").astype(np.uint64)
    block, skip = divmod(index, 4)
    return int(np.random.Philox(key=key, counter=block).random_raw(skip + 1)[skip])


def uniform(seed: int, purpose: str, index: int) -> float:
    """A number strictly between 0 and 1, on the grid of odd multiples of 2**-54."""
    return float(((word(seed, purpose, index) >> 11) + 0.5) * 2.0**-53)
