"""Mending a random design by swaps, which leave every load as it is."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.eligibility import BoolArray, Eligibility, member
from concours.peerreview.keyed import IntArray, Keyed

STATIC_ROUNDS = 200
ROUNDS = 400
PROPOSALS = 24


class Repair:
    """Swaps entries between pairs until no constraint is broken.

    A swap turns (r, e), (s, f) into (r, f), (s, e). First, pairs that may never meet are swapped
    many at a time; then repeated and mutual pairs, of which a random design has about k * k
    whatever n is. One round costs O(nk log nk).
    """

    def __init__(
        self, eligibility: Eligibility, reviewer: IntArray, entry: IntArray, seed: bytes
    ) -> None:
        self.eligibility = eligibility
        self.reviewer = reviewer.copy()
        self.entry = entry.copy()
        self.n = eligibility.problem.n_entries
        self.ban_mutual = not eligibility.problem.allow_mutual
        self._random = Keyed(seed, "assign/repair")
        self._used = 0

    def run(self) -> bool:
        """Whether all constraints are met in the end."""
        if not self._separate():
            return False
        for turn in range(ROUNDS):
            bad = self._broken(turn)
            if not bad.size:
                return True
            if not self._mend(bad):
                self._kick(bad)
        return not self._broken(0).size

    def pairs(self) -> IntArray:
        """(nk, 2) pairs sorted by reviewer, then entry."""
        order = np.argsort(self.reviewer * self.n + self.entry, kind="stable")
        return np.stack([self.reviewer[order], self.entry[order]], axis=1)

    def _below(self, bound: int, count: int) -> IntArray:
        values = self._random.below(bound, count, start=self._used)
        self._used += count
        return values

    def _separate(self) -> bool:
        """Swap until every pair may meet."""
        bad = np.flatnonzero(~self.eligibility.allowed(self.reviewer, self.entry))
        for _ in range(STATIC_ROUNDS):
            if not bad.size:
                return True
            other = self._below(len(self.reviewer), bad.size)
            good = self.eligibility.allowed(self.reviewer[bad], self.entry[other])
            good &= self.eligibility.allowed(self.reviewer[other], self.entry[bad])
            claim = np.full(len(self.reviewer), bad.size, dtype=np.int64)
            turn = np.flatnonzero(good)
            np.minimum.at(claim, bad[turn], turn)
            np.minimum.at(claim, other[turn], turn)
            turn = turn[(claim[bad[turn]] == turn) & (claim[other[turn]] == turn)]
            self._swap(bad[turn], other[turn])
            bad = bad[~self.eligibility.allowed(self.reviewer[bad], self.entry[bad])]
        return not bad.size

    def _swap(self, a: IntArray, b: IntArray) -> None:
        self.entry[a], self.entry[b] = self.entry[b].copy(), self.entry[a].copy()

    def _broken(self, turn: int) -> IntArray:
        """Indices of repeated pairs, and of one side of each mutual pair."""
        key = self.reviewer * self.n + self.entry
        order = np.argsort(key, kind="stable")
        self._keys = key[order]
        bad = np.zeros(len(key), dtype=np.bool_)
        bad[order[1:]] = self._keys[1:] == self._keys[:-1]
        if self.ban_mutual:
            owner = self.eligibility.owner[self.reviewer]
            owned = owner >= 0
            self._edges = np.sort((owner * self.n + self.entry)[owned])
            side = owner < self.entry if turn % 2 == 0 else owner > self.entry
            asked = np.flatnonzero(owned & side)
            bad[asked] |= member(self._edges, self.entry[asked] * self.n + owner[asked])
        return np.flatnonzero(bad)

    def _mend(self, bad: IntArray) -> int:
        """Make clean swaps that do not touch one another; returns how many."""
        other = self._below(len(self.reviewer), bad.size * PROPOSALS).reshape(bad.size, PROPOSALS)
        clean = self._clean(np.broadcast_to(bad[:, None], other.shape), other)
        touched: set[int] = set()
        made = 0
        for row in np.flatnonzero(clean.any(axis=1)):
            for column in np.flatnonzero(clean[row]):
                a, b = bad[row], other[row, column]
                marks = self._marks(int(a)) | self._marks(int(b))
                if not marks & touched:
                    touched |= marks
                    self._swap(bad[row : row + 1], other[row, column : column + 1])
                    made += 1
                    break
        return made

    def _marks(self, index: int) -> set[int]:
        """The entries at both ends of a pair, and its reviewer as a negative number."""
        reviewer = int(self.reviewer[index])
        marks = {int(self.entry[index]), -2 - reviewer}
        owner = int(self.eligibility.owner[reviewer])
        return marks | {owner} if owner >= 0 else marks

    def _clean(self, a: IntArray, b: IntArray) -> BoolArray:
        """Whether swapping a and b breaks nothing."""
        r, e, s, f = self.reviewer[a], self.entry[a], self.reviewer[b], self.entry[b]
        ok = (r != s) & (e != f)
        ok &= self.eligibility.allowed(r, f) & self.eligibility.allowed(s, e)
        ok &= ~member(self._keys, r * self.n + f) & ~member(self._keys, s * self.n + e)
        if self.ban_mutual:
            mine, theirs = self.eligibility.owner[r], self.eligibility.owner[s]
            ok &= (mine < 0) | ~member(self._edges, f * self.n + mine)
            ok &= (theirs < 0) | ~member(self._edges, e * self.n + theirs)
            ok &= (mine != e) | (theirs != f)
        return np.asarray(ok, dtype=np.bool_)

    def _kick(self, bad: IntArray) -> None:
        """Where no clean swap was found: one swap that only keeps who may meet."""
        pick = bad[self._below(bad.size, 1)]
        other = self._below(len(self.reviewer), PROPOSALS)
        ok = self.eligibility.allowed(self.reviewer[pick], self.entry[other])
        ok &= self.eligibility.allowed(self.reviewer[other], self.entry[pick])
        ok &= self.entry[other] != self.entry[pick]
        if bool(ok.any()):
            self._swap(pick, other[ok][:1])
