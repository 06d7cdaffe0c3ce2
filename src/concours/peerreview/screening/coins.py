"""Coins and shuffles inside kernels: a hash of (key, reviewer, draw, step), never a stream.

So no p-value depends on how many other reviewers there are, on their order, or on how long their
tests ran.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray, Keyed


def key(seed: bytes, purpose: str) -> np.uint64:
    """The key under which a test's coins are hashed."""
    return np.uint64(Keyed(seed, f"screen/{purpose}").words(1)[0])


@kernel
def mixed(word: np.uint64) -> np.uint64:
    """Finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    word = (word ^ (word >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return word ^ (word >> np.uint64(31))


@kernel
def stream(key: np.uint64, who: int, draw: int) -> np.uint64:
    """Start of the coins of one draw of one reviewer."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    return mixed(mixed(key + golden * np.uint64(who + 1)) + golden * np.uint64(draw + 1))


@kernel
def below(start: np.uint64, step: int, bound: int) -> int:
    """Coin `step` of a draw, on 0 .. bound - 1 (bound < 2**32)."""
    word = mixed(start + np.uint64(0x9E3779B97F4A7C15) * np.uint64(step + 1))
    return np.int64(((word >> np.uint64(32)) * np.uint64(bound)) >> np.uint64(32))  # type: ignore[return-value]


@kernel
def shuffle_head(order: IntArray, size: int, head: int, start: np.uint64, swaps: IntArray) -> None:
    """The first `head` of a random order of 0 .. size - 1 in order[:head]; see `restore`."""
    for i in range(head):
        j = i + below(start, i, size - i)
        swaps[i] = j
        order[i], order[j] = order[j], order[i]


@kernel
def restore(order: IntArray, head: int, swaps: IntArray) -> None:
    """Undo `shuffle_head`, so that a draw costs no more than its head."""
    for i in range(head - 1, -1, -1):
        j = swaps[i]
        order[i], order[j] = order[j], order[i]


@kernel
def longest_of(start: IntArray, chosen: IntArray) -> int:
    """The largest number of reviews of one of the chosen reviewers."""
    longest = 0
    for r in chosen:
        longest = max(longest, start[r + 1] - start[r])
    return longest


@kernel
def borrowed(
    rest: FloatArray,
    start: IntArray,
    donor: int,
    coins: np.uint64,
    order: IntArray,
    swaps: IntArray,
    out: FloatArray,
) -> None:
    """Fill `out` with the donor's residuals in random order, around again where there are more."""
    first, size = start[donor], start[donor + 1] - start[donor]
    filled, turn = 0, 0
    while filled < len(out):
        head = min(size, len(out) - filled)
        shuffle_head(order, size, head, mixed(coins + np.uint64(turn)), swaps)
        for i in range(head):
            out[filled + i] = rest[first + order[i]]
        restore(order, head, swaps)
        filled += head
        turn += 1
