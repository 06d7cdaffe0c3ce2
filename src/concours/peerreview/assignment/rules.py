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


class Rules(NamedTuple):
    """The static constraints, over reviewers and entries in any numbering.

    Attributes:
        owner: (R,) entry of each reviewer, -1 = independent.
        reviewer_part, part: (R,) and (n,), where no two of one part meet; -1 = of no part. Both
            empty where there are no parts.
        conflict_start, conflict_entry: (R + 1,) and (m,): entries that must not meet a reviewer,
            ascending.
        reviewer_group, entry_group: (R, g) and (n, g) small numbers, -1 = none.
        window: with a ring, entries numbered by place, a reviewer may go this far ahead of the
            own entry; 0 = no ring.
    """

    owner: Numbers
    reviewer_part: Numbers
    part: Numbers
    conflict_start: IntArray
    conflict_entry: Numbers
    reviewer_group: Numbers
    entry_group: Numbers
    window: int


def make_rules(
    problem: AssignmentProblem,
    part: IntArray,
    *,
    reviewers: IntArray | None = None,
    entries: IntArray | None = None,
    window: int = 0,
) -> Rules:
    """The rules with reviewers[i] and entries[j] renumbered to i and j; O(R + n + m log m)."""
    n = problem.n_entries
    mine = np.arange(problem.n_reviewers) if reviewers is None else reviewers
    theirs = np.arange(n) if entries is None else entries
    rank = inverse(theirs)
    named = problem.reviewer_entry[mine]
    owner = np.where(named >= 0, rank[named], -1).astype(np.int32)
    blocked = inverse(mine)[problem.conflicts[:, 0]] * n + rank[problem.conflicts[:, 1]]
    blocked.sort()
    start = np.zeros(len(mine) + 1, dtype=np.int64)
    np.cumsum(np.bincount(blocked // n, minlength=len(mine)), out=start[1:])
    parts = part[theirs].astype(np.int32) if problem.parts > 1 else np.empty(0, dtype=np.int32)
    own_part = np.where(owner >= 0, parts[owner], -1) if parts.size else parts
    groups = _small_numbers(problem)
    return Rules(
        owner=owner,
        reviewer_part=own_part.astype(np.int32),
        part=parts,
        conflict_start=start,
        conflict_entry=(blocked % n).astype(np.int32),
        reviewer_group=np.ascontiguousarray(groups[0][mine]),
        entry_group=np.ascontiguousarray(groups[1][theirs]),
        window=window,
    )


def inverse(order: IntArray) -> IntArray:
    """The place of each number in a permutation."""
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank


def _small_numbers(problem: AssignmentProblem) -> tuple[Numbers, Numbers]:
    """The groups of reviewers and of entries, renumbered from 0 where they are large."""
    mine, theirs = problem.reviewer_groups, problem.entry_groups
    if mine is None or theirs is None:
        empty = np.empty((problem.n_reviewers, 0), dtype=np.int32)
        return empty, np.empty((problem.n_entries, 0), dtype=np.int32)
    both = np.concatenate([mine, theirs])
    if int(both.max(initial=0)) >= 1 << 31 or int(both.min(initial=0)) < -(1 << 31):
        flat = np.unique(both, return_inverse=True)[1].reshape(both.shape)
        both = np.where(both >= 0, flat, -1)
    both = np.maximum(both, -1).astype(np.int32)
    return both[: len(mine)], both[len(mine) :]


@kernel
def may_meet(rules: Rules, r: int, e: int) -> bool:
    """Whether reviewer r may review entry e, as far as the static constraints go."""
    own = rules.owner[r]
    if own == e:
        return False
    if rules.window > 0 and own >= 0:
        ahead = e - own if e > own else e - own + len(rules.entry_group)
        if ahead > rules.window:
            return False
    if len(rules.part) > 0 and rules.reviewer_part[r] == rules.part[e]:
        return False
    for g in range(rules.reviewer_group.shape[1]):
        if (
            rules.reviewer_group[r, g] >= 0
            and rules.reviewer_group[r, g] == rules.entry_group[e, g]
        ):
            return False
    return not _listed(
        rules.conflict_entry, rules.conflict_start[r], rules.conflict_start[r + 1], e
    )


@kernel
def _listed(values: Numbers, low: int, high: int, wanted: int) -> bool:
    """Whether the ascending values[low:high] hold `wanted`."""
    end = high
    while low < high:
        middle = (low + high) // 2
        if values[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low < end and values[low] == wanted


@kernel
def mark_allowed(rules: Rules, reviewer: IntArray, entry: IntArray, out: BoolArray) -> None:
    """Whether each pair may meet."""
    for i in range(len(out)):
        out[i] = may_meet(rules, reviewer[i], entry[i])
