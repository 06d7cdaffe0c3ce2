"""Checks of an assignment that share no code with the search that made it."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.eligibility import load_bounds
from concours.peerreview.assignment.problem import (
    ArrayLike,
    AssignmentProblem,
    Violation,
    integers,
)
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray


def check_assignment(
    problem: AssignmentProblem, pairs: ArrayLike, *, part: ArrayLike | None = None
) -> list[Violation]:
    """Every constraint that `pairs` (m, 2) of (reviewer, entry) breaks; [] if none.

    With parts > 1 give `part` (n,): without it the parts and the even loads, which depend on them,
    are not checked. O(m log m).
    """
    array = integers(pairs, "pairs").reshape(-1, 2)
    _in_range(problem, array)
    reviewer, entry = array[:, 0], array[:, 1]
    parts = None if part is None else integers(part, "part")
    found = _entry_counts(problem, entry)
    if problem.parts == 1 or parts is not None:
        known = np.zeros(problem.n_entries, dtype=np.int64) if parts is None else parts
        found += _loads(problem, reviewer, known)
    found += _repeated(problem, reviewer, entry)
    found += _meetings(problem, reviewer, entry, parts)
    if not problem.allow_mutual:
        found += _mutual(problem, reviewer, entry)
    return found


def _in_range(problem: AssignmentProblem, pairs: IntArray) -> None:
    top = np.array([problem.n_reviewers, problem.n_entries])
    out = np.flatnonzero(((pairs < 0) | (pairs >= top)).any(axis=1))
    if out.size:
        raise BadInput(f"pairs[{out[0]}]: no such reviewer or entry: {pairs[out[0]].tolist()}")


def _entry_counts(problem: AssignmentProblem, entry: IntArray) -> list[Violation]:
    counts = np.bincount(entry, minlength=problem.n_entries)
    k = problem.reviews_per_entry
    return [
        Violation("reviews", f"entry {e} has {counts[e]} reviews, not {k}", entry=int(e))
        for e in np.flatnonzero(counts != k)
    ]


def _loads(problem: AssignmentProblem, reviewer: IntArray, part: IntArray) -> list[Violation]:
    counts = np.bincount(reviewer, minlength=problem.n_reviewers)
    low, high = load_bounds(problem, part)
    return [
        Violation(
            "load",
            f"reviewer {r} has {counts[r]} reviews, not {low[r]} to {high[r]}",
            reviewer=int(r),
        )
        for r in np.flatnonzero((counts < low) | (counts > high))
    ]


def _repeated(problem: AssignmentProblem, reviewer: IntArray, entry: IntArray) -> list[Violation]:
    keys, counts = np.unique(reviewer * problem.n_entries + entry, return_counts=True)
    return [
        _pair("repeated", "meet more than once", *divmod(int(key), problem.n_entries))
        for key in keys[counts > 1]
    ]


def _meetings(
    problem: AssignmentProblem, reviewer: IntArray, entry: IntArray, part: IntArray | None
) -> list[Violation]:
    own = problem.reviewer_entry[reviewer]
    tests = [("self", "are of one entry", own == entry)]
    banned = problem.conflicts[:, 0] * problem.n_entries + problem.conflicts[:, 1]
    met = np.isin(reviewer * problem.n_entries + entry, banned)
    tests.append(("conflict", "have a conflict", met))
    if problem.reviewer_groups is not None and problem.entry_groups is not None:
        mine, theirs = problem.reviewer_groups[reviewer], problem.entry_groups[entry]
        tests.append(("group", "share a group", ((mine == theirs) & (mine >= 0)).any(axis=1)))
    if part is not None and problem.parts > 1:
        inside = (own >= 0) & (part[np.maximum(own, 0)] == part[entry])
        tests.append(("part", "are of one part", inside))
    return [
        _pair(code, words, int(reviewer[i]), int(entry[i]))
        for code, words, broken in tests
        for i in np.flatnonzero(broken)
    ]


def _mutual(problem: AssignmentProblem, reviewer: IntArray, entry: IntArray) -> list[Violation]:
    own = problem.reviewer_entry[reviewer]
    n = problem.n_entries
    back = np.isin(entry * n + own, own[own >= 0] * n + entry[own >= 0]) & (own >= 0)
    return [
        _pair("mutual", "review each other's entries", int(reviewer[i]), int(entry[i]))
        for i in np.flatnonzero(back & (own < entry))
    ]


def _pair(code: str, words: str, reviewer: int, entry: int) -> Violation:
    message = f"reviewer {reviewer} and entry {entry} {words}"
    return Violation(code, message, reviewer=reviewer, entry=entry)
