"""Coins for pairs: words that depend on (seed, purpose, reviewer, entry) alone."""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed, WordArray


def pair_words(seed: bytes, purpose: str, first: IntArray, second: IntArray) -> WordArray:
    """(p,) uniform 64-bit words, one for each (first, second), in whatever order they come.

    The finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
    generators", OOPSLA 2014) over both numbers and two secret words.
    """
    key = Keyed(seed, purpose).words(2)
    out = np.empty(len(first), dtype=np.uint64)
    _hash_pairs(key[0], key[1], first, second, out)
    return out


def pair_ties(seed: bytes, purpose: str, first: IntArray, second: IntArray) -> IntArray:
    """(p,) uniform whole numbers of 31 bits."""
    return (pair_words(seed, purpose, first, second) >> np.uint64(33)).astype(np.int64)


@kernel
def mixed(word: np.uint64) -> np.uint64:
    """SplitMix64's finaliser."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@kernel
def pair_word(key: np.uint64, more: np.uint64, first: int, second: int) -> np.uint64:
    """The word of one pair under two key words."""
    inner = mixed(key + np.uint64(first) * np.uint64(0x9E3779B97F4A7C15))
    return mixed((inner ^ more) + np.uint64(second) * np.uint64(0x9E3779B97F4A7C15))


@kernel
def _hash_pairs(
    key: np.uint64, more: np.uint64, first: IntArray, second: IntArray, out: WordArray
) -> None:
    for i in range(len(out)):
        out[i] = pair_word(key, more, first[i], second[i])
