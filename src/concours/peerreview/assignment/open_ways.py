"""Which of two entries may review the other, settled before candidates are sought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.keyed_pairs import pair_word
from concours.peerreview.assignment.rules import Numbers
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed, WordArray


@dataclass(frozen=True, eq=False)
class OneWay:
    """Which of two entries may review the other, settled by secret beforehand.

    kind 0: both ways. 1: a coin for each two entries, so that no two review each other. 2: a ring;
    an entry may review those at most `window` places ahead, so that no cycle of up to
    (n - 1) / window entries exists.
    """

    kind: int
    window: int
    place: Numbers
    key: WordArray

    @classmethod
    def of(cls, n: int, longest_cycle: int, seed: bytes) -> OneWay:
        """What forbids cycles of 2 .. longest_cycle entries."""
        key = Keyed(seed, "assign/ways").words(2)
        if longest_cycle < 3:
            return cls(longest_cycle - 1, 0, np.zeros(0, dtype=np.int32), key)
        place = np.argsort(Keyed(seed, "assign/ring").permutation(n)).astype(np.int32)
        return cls(2, (n - 1) // longest_cycle, place, key)

    def open_to(self, owner: IntArray, entry: IntArray, n: int) -> npt.NDArray[np.bool_]:
        """(p,) whether the team of each owner (-1 = independent) may review each entry."""
        return _mark_ways(owner, entry, n, self.kind, self.window, self.place, self.key)


@kernel
def open_way(
    kind: int, window: int, place: Numbers, key: WordArray, n: int, own: int, e: int
) -> bool:
    """Whether the team of entry `own` (-1 = independent) may review entry e."""
    if kind <= 0 or own < 0:
        return True
    if kind == 1:
        low, high = min(own, e), max(own, e)
        forth = pair_word(key[0], key[1], low, high) >> np.uint64(63) == 0
        return bool(forth == (own < e))
    ahead = place[e] - place[own]
    if ahead < 0:
        ahead += n
    return bool(ahead <= window)


@kernel
def _mark_ways(
    owner: IntArray,
    entry: IntArray,
    n: int,
    kind: int,
    window: int,
    place: Numbers,
    key: WordArray,
) -> npt.NDArray[np.bool_]:
    out = np.empty(len(owner), dtype=np.bool_)
    for i in range(len(owner)):
        out[i] = open_way(kind, window, place, key, n, owner[i], entry[i])
    return out
