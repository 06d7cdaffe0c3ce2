"""Who may meet whom, as compiled loops ask it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray

Numbers = npt.NDArray[np.int32]
BoolArray = npt.NDArray[np.bool_]
WIDEST = 4
"""Numbers of groups beyond this many times n are numbered anew."""


class Rules(NamedTuple):
    """The static constraints, over reviewers and entries in any numbering.

    Compiled loops take the fields one by one: reading them from the tuple costs a count of
    references each time.

    Attributes:
        owner: (R,) entry of each reviewer, -1 = independent.
        mine, theirs: (R, g) and (n, g) labels of reviewers and entries (groups, and the part): who
            share one do not meet; -1 = none.
        start, blocked: (R + 1,) and (m,): entries that must not meet a reviewer, ascending.
        window: with a ring, entries numbered by place, a reviewer may go this far ahead of the
            own entry; 0 = no ring.
    """

    owner: Numbers
    mine: Numbers
    theirs: Numbers
    start: IntArray
    blocked: Numbers
    window: int


def make_rules(
    problem: AssignmentProblem,
    part: IntArray,
    groups: tuple[Numbers, Numbers],
    *,
    reviewers: IntArray | None = None,
    entries: IntArray | None = None,
    window: int = 0,
) -> Rules:
    """The rules with reviewers[i] and entries[j] renumbered to i and j; O(R + n + m log m).

    `groups` are the `small_numbers` of the problem.
    """
    n, count = problem.n_entries, problem.n_reviewers
    named = problem.reviewer_entry
    mine, theirs = groups
    if problem.parts > 1:
        own_part = np.where(named >= 0, part[np.maximum(named, 0)], -1)
        mine = np.column_stack([mine, own_part.astype(np.int32)])
        theirs = np.column_stack([theirs, part.astype(np.int32)])
    conflicts = problem.conflicts
    if reviewers is not None and entries is not None:
        rank = inverse(entries)
        named = np.where(named >= 0, rank[np.maximum(named, 0)], -1)[reviewers]
        mine, theirs = mine[reviewers], theirs[entries]
        conflicts = np.column_stack([inverse(reviewers)[conflicts[:, 0]], rank[conflicts[:, 1]]])
    keys = np.sort(conflicts[:, 0] * n + conflicts[:, 1])
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys // n, minlength=count), out=start[1:])
    return Rules(
        owner=named.astype(np.int32),
        mine=np.ascontiguousarray(mine),
        theirs=np.ascontiguousarray(theirs),
        start=start,
        blocked=(keys % n).astype(np.int32),
        window=window,
    )


def inverse(order: IntArray) -> IntArray:
    """The place of each number in a permutation."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def order_by(keys: IntArray | Numbers, bound: int) -> IntArray:
    """The stable order of whole numbers 0 .. bound - 1, by counting. O(len(keys) + bound)."""
    start = np.zeros(bound + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=bound), out=start[1:])
    out = np.empty(len(keys), dtype=np.int64)
    _place(keys, start, out)
    return out


@kernel
def _place(keys: IntArray | Numbers, start: IntArray, out: IntArray) -> None:
    for i in range(len(keys)):
        out[start[keys[i]]] = i
        start[keys[i]] += 1


def small_numbers(problem: AssignmentProblem) -> tuple[Numbers, Numbers]:
    """(R, g) and (n, g) groups of reviewers and entries, numbered anew where numbers are large."""
    mine, theirs = problem.reviewer_groups, problem.entry_groups
    if mine is None or theirs is None:
        empty = np.empty((problem.n_reviewers, 0), dtype=np.int32)
        return empty, np.empty((problem.n_entries, 0), dtype=np.int32)
    if max(int(mine.max(initial=0)), int(theirs.max(initial=0))) > WIDEST * len(theirs):
        both = np.concatenate([mine, theirs])
        flat = np.unique(both, return_inverse=True)[1].reshape(both.shape)
        numbered = np.where(both >= 0, flat, -1)
        mine, theirs = numbered[: len(mine)], numbered[len(mine) :]
    return np.maximum(mine, -1).astype(np.int32), np.maximum(theirs, -1).astype(np.int32)


@kernel
def may_meet(
    owner: Numbers,
    mine: Numbers,
    theirs: Numbers,
    start: IntArray,
    blocked: Numbers,
    window: int,
    r: int,
    e: int,
) -> bool:
    """Whether reviewer r may review entry e, as far as the static constraints go."""
    own = owner[r]
    if own == e:
        return False
    if window > 0 and own >= 0:
        ahead = e - own if e > own else e - own + len(theirs)
        if ahead > window:
            return False
    for g in range(mine.shape[1]):
        if mine[r, g] >= 0 and mine[r, g] == theirs[e, g]:
            return False
    low, high = start[r], start[r + 1]
    while low < high:
        middle = (low + high) // 2
        if blocked[middle] < e:
            low = middle + 1
        else:
            high = middle
    return not (low < start[r + 1] and blocked[low] == e)


@kernel
def mark_allowed(
    owner: Numbers,
    mine: Numbers,
    theirs: Numbers,
    start: IntArray,
    blocked: Numbers,
    window: int,
    reviewer: IntArray | Numbers,
    entry: IntArray | Numbers,
    out: BoolArray,
) -> None:
    """Whether each pair may meet."""
    for i in range(len(out)):
        out[i] = may_meet(owner, mine, theirs, start, blocked, window, reviewer[i], entry[i])
