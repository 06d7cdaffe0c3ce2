"""Randomness as a function of (seed, purpose, index): no stream, no global state.

The words are raw 64-bit outputs of Philox4x64-10 (Salmon et al., "Parallel random numbers: as
easy as 1, 2, 3", SC 2011) under a 128-bit key cut from SHA-256(seed, purpose). Only raw words are
used, because the methods of numpy's Generator may change between versions of numpy.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
WordArray = npt.NDArray[np.uint64]

_DOMAIN = b"concours.peerreview/1"


class Keyed:
    """Random words for one purpose under one seed.

    Word `i` depends on (seed, purpose, i) alone: asking for more words, or in another order,
    changes none of them. Two purposes give independent words.
    """

    def __init__(self, seed: bytes, purpose: str) -> None:
        digest = hashlib.sha256()
        for field in (_DOMAIN, purpose.encode(), seed):
            digest.update(len(field).to_bytes(8, "little"))
            digest.update(field)
        self._key = np.frombuffer(digest.digest()[:16], dtype="<u8").astype(np.uint64)

    def words(self, count: int, *, start: int = 0) -> WordArray:
        """Words start .. start + count - 1, each uniform on 0 .. 2**64 - 1."""
        block, skip = divmod(start, 4)
        raw = np.random.Philox(key=self._key, counter=block).random_raw(count + skip)
        return np.asarray(raw, dtype=np.uint64)[skip:]

    def uniforms(self, count: int, *, start: int = 0) -> FloatArray:
        """Uniforms strictly between 0 and 1, on the grid of odd multiples of 2**-54."""
        top = (self.words(count, start=start) >> np.uint64(11)).astype(np.float64)
        return (top + 0.5) * 2.0**-53

    def normals(self, count: int, *, start: int = 0) -> FloatArray:
        """Standard normals by inversion (equal across machines up to rounding)."""
        return np.asarray(ndtri(self.uniforms(count, start=start)), dtype=np.float64)

    def below(self, bound: int, count: int, *, start: int = 0) -> IntArray:
        """Integers on 0 .. bound - 1 (bound < 2**32), biased by less than bound / 2**32."""
        high = self.words(count, start=start) >> np.uint64(32)
        return ((high * np.uint64(bound)) >> np.uint64(32)).astype(np.int64)

    def permutation(self, count: int) -> IntArray:
        """A permutation of 0 .. count - 1: indices sorted by their words, ties by index."""
        words = self.words(count)
        order = np.argsort(words)  # faster than a stable sort, and the same where no two are equal
        ranked = words[order]
        if bool(np.any(ranked[1:] == ranked[:-1])):
            order = np.argsort(words, kind="stable")
        return order.astype(np.int64)
