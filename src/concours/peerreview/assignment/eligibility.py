"""Who may meet whom, and how much each reviewer does: what every method of assignment asks."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.assignment.rules import Rules, make_rules, mark_allowed, small_numbers
from concours.peerreview.keyed import IntArray

BoolArray = npt.NDArray[np.bool_]
LOOKED_AT = 100_000_000
"""Pairs looked at to count who is eligible, at most."""


class Eligibility:
    """The static constraints of a problem: self, conflicts, groups, parts.

    Questions about p pairs cost O(p log m) for m conflicts; nothing of size n * R is stored.
    """

    def __init__(self, problem: AssignmentProblem, part: IntArray) -> None:
        self.problem = problem
        self.owner = problem.reviewer_entry
        self.part = part
        owner_part = part[np.maximum(self.owner, 0)]
        self.reviewer_part = np.where(self.owner >= 0, owner_part, -1)

    @cached_property
    def rules(self) -> Rules:
        """The constraints as compiled loops ask for them, in the problem's own numbers."""
        return make_rules(self.problem, self.part, self.groups)

    @cached_property
    def groups(self) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """(R, g) and (n, g) small numbers of the groups of reviewers and entries, -1 = none."""
        return small_numbers(self.problem)

    def allowed(self, reviewer: npt.ArrayLike, entry: npt.ArrayLike) -> BoolArray:
        """Whether each (reviewer, entry) may meet; the arguments broadcast."""
        mine, theirs = np.broadcast_arrays(np.asarray(reviewer), np.asarray(entry))
        ok = np.empty(mine.shape, dtype=np.bool_)
        mark_allowed(*self.rules, mine.ravel(), theirs.ravel(), ok.ravel())
        return ok

    def reviewers_of(self, entry: int) -> IntArray:
        """Reviewers who may review `entry`."""
        return np.flatnonzero(self.allowed(np.arange(self.problem.n_reviewers), entry))

    def entries_of(self, reviewer: int) -> IntArray:
        """Entries that `reviewer` may review."""
        return np.flatnonzero(self.allowed(reviewer, np.arange(self.problem.n_entries)))

    def blocked_reviewers(self) -> IntArray:
        """(n,) how many reviewers each entry must not meet, or more where reasons coincide."""
        blocked = np.bincount(self.problem.conflicts[:, 1], minlength=self.problem.n_entries)
        owned = self.owner[self.owner >= 0]
        blocked += np.bincount(owned, minlength=self.problem.n_entries)
        if self.problem.parts > 1:
            inside = np.bincount(self.part[owned], minlength=self.problem.parts)
            blocked += inside[self.part]
        mine, theirs = self.groups
        blocked += _shared(theirs, mine)
        return np.asarray(blocked, dtype=np.int64)

    def reviewer_counts_at_most(self, bound: int) -> dict[int, int]:
        """{entry: eligible reviewers} for entries that have at most `bound` of them.

        Of very many suspects only the most suspicious are counted; likewise below.
        """
        spare = self.problem.n_reviewers - self.blocked_reviewers()
        suspects = self.suspects(spare, bound, self.problem.n_reviewers)
        counts = {int(e): len(self.reviewers_of(int(e))) for e in suspects}
        return {e: c for e, c in counts.items() if c <= bound}

    @staticmethod
    def suspects(room: IntArray, bound: int, each: int) -> IntArray:
        """Indices of room <= bound, the least first, as many as can be looked at in full."""
        found = np.flatnonzero(room <= bound)
        order = np.argsort(room[found], kind="stable")
        return found[order[: max(LOOKED_AT // each, 1)]]

    def entry_counts_at_most(self, bound: int) -> dict[int, int]:
        """{reviewer: eligible entries} for reviewers who have at most `bound` of them."""
        blocked = np.bincount(self.problem.conflicts[:, 0], minlength=self.problem.n_reviewers)
        blocked += self.owner >= 0
        if self.problem.parts > 1:
            sizes = np.append(np.bincount(self.part, minlength=self.problem.parts), 0)
            blocked += sizes[self.reviewer_part]
        blocked += _shared(*self.groups)
        spare = self.problem.n_entries - blocked
        suspects = self.suspects(spare, bound, self.problem.n_entries)
        counts = {int(r): len(self.entries_of(int(r))) for r in suspects}
        return {r: c for r, c in counts.items() if c <= bound}


def member(sorted_keys: IntArray, keys: IntArray) -> BoolArray:
    """Whether each of `keys` is in `sorted_keys`."""
    if not sorted_keys.size:
        return np.zeros(keys.shape, dtype=np.bool_)
    at = np.minimum(np.searchsorted(sorted_keys, keys), sorted_keys.size - 1)
    return np.asarray(sorted_keys[at] == keys, dtype=np.bool_)


def _shared(mine: npt.NDArray[np.int32], theirs: npt.NDArray[np.int32]) -> IntArray:
    """For each row of `mine`, how many rows of `theirs` share a group, counted by grouping."""
    total = np.zeros(len(mine), dtype=np.int64)
    for g in range(mine.shape[1]):
        named = theirs[:, g][theirs[:, g] >= 0]
        size = max(int(mine[:, g].max(initial=0)), int(named.max(initial=0))) + 1
        total += np.append(np.bincount(named, minlength=size), 0)[mine[:, g]]
    return total


def load_bounds(problem: AssignmentProblem, part: IntArray) -> tuple[IntArray, IntArray]:
    """(R,) least and most reviews of each reviewer, with the even load where none is stated."""
    count = problem.n_reviewers
    low, high = _even(problem, part)
    if problem.load_min is not None:
        low = np.broadcast_to(np.asarray(problem.load_min, dtype=np.int64), (count,)).copy()
        high = np.maximum(high, low) if problem.load_max is None else high
    if problem.load_max is not None:
        high = np.broadcast_to(np.asarray(problem.load_max, dtype=np.int64), (count,)).copy()
        low = np.minimum(low, high) if problem.load_min is None else low
    return low, high


def _even(problem: AssignmentProblem, part: IntArray) -> tuple[IntArray, IntArray]:
    count, total = problem.n_reviewers, problem.n_pairs
    low = np.full(count, total // count)
    high = np.full(count, -(-total // count))
    if problem.parts != 2 or bool(np.any(problem.reviewer_entry < 0)):
        return low, high
    mine = part[problem.reviewer_entry]
    for p in (0, 1):
        reviewers = int(np.sum(mine == p))
        owed = problem.reviews_per_entry * int(np.sum(part != p))
        if reviewers:
            low[mine == p] = owed // reviewers
            high[mine == p] = -(-owed // reviewers)
    return low, high
