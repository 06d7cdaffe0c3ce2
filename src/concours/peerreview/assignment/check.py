"""Checks of an assignment that share no code with the search that made it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from concours.peerreview.assignment.check_structures import clique_violations, cycle_violations
from concours.peerreview.assignment.eligibility import BoolArray, load_bounds
from concours.peerreview.assignment.problem import (
    ArrayLike,
    AssignmentProblem,
    Violation,
    integers,
)
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray

LISTED = 1_000
"""Violations of one kind that are written out; one more says how many others there are."""
TOLERANCE = 1e-9


def check_assignment(
    problem: AssignmentProblem, pairs: ArrayLike, *, part: ArrayLike | None = None
) -> list[Violation]:
    """Every constraint that `pairs` (m, 2) of (reviewer, entry) breaks; [] if none.

    With parts > 1 give `part` (n,): without it the parts and the even loads, which depend on them,
    are not checked. Of each kind 1,000 are listed and the others counted. O(m log m), and for
    cycles up to z among entries that review d others about O(n d**ceil(z / 2)) more.
    """
    array = integers(pairs, "pairs").reshape(-1, 2)
    _in_range(problem, array)
    reviewer, entry = np.ascontiguousarray(array[:, 0]), np.ascontiguousarray(array[:, 1])
    parts = None if part is None else integers(part, "part")
    found = _entry_counts(problem, np.bincount(entry, minlength=problem.n_entries))
    if problem.parts == 1 or parts is not None:
        known = np.zeros(problem.n_entries, dtype=np.int64) if parts is None else parts
        found += _loads(problem, np.bincount(reviewer, minlength=problem.n_reviewers), known)
    found += _meetings(problem, reviewer, entry, parts)
    found += _crowds(problem, reviewer, entry, None)
    own = problem.reviewer_entry[reviewer]
    edges = _distinct(own[own >= 0] * problem.n_entries + entry[own >= 0])
    if not problem.allow_mutual:
        found += _mutual(problem, reviewer, entry, edges)
    if problem.longest_banned_cycle > 2:
        found += cycle_violations(edges, problem.n_entries, problem.longest_banned_cycle, LISTED)
    if problem.cliques_of:
        found += clique_violations(edges, problem.n_entries, problem.cliques_of, LISTED)
    return found


def check_marginals(
    problem: AssignmentProblem, marginals: ArrayLike, *, part: ArrayLike | None = None
) -> list[Violation]:
    """What `marginals` (p, 3) of (reviewer, entry, probability) break; [] if nothing.

    Each probability is within 0 .. `problem.max_probability`; those of an entry sum to k, those of
    a reviewer to within the load bounds, those of a team or group about one entry to no more than
    the limit; nobody meets whom they must not. To within 1e-9, times k for sums. O(p log p).
    """
    rows = np.asarray(marginals, dtype=np.float64).reshape(-1, 3)
    array, chance = integers(rows[:, :2], "marginals"), rows[:, 2]
    _in_range(problem, array)
    reviewer, entry = np.ascontiguousarray(array[:, 0]), np.ascontiguousarray(array[:, 1])
    parts = None if part is None else integers(part, "part")
    n, count = problem.n_entries, problem.n_reviewers
    most = problem.max_probability + TOLERANCE
    wrong = np.flatnonzero(~((chance >= -TOLERANCE) & (chance <= most)))
    found = _listed(
        wrong,
        lambda i: _pair(
            "cap",
            f"meet with probability {chance[i]:.9g}, outside 0 to {problem.max_probability:.9g}",
            int(reviewer[i]),
            int(entry[i]),
        ),
    )
    found += _entry_counts(problem, _sums(entry, chance, n, problem.reviews_per_entry))
    if problem.parts == 1 or parts is not None:
        known = np.zeros(n, dtype=np.int64) if parts is None else parts
        found += _loads(problem, _sums(reviewer, chance, count, problem.reviews_per_entry), known)
    met = chance > 0
    found += _meetings(problem, reviewer[met], entry[met], parts)
    return found + _crowds(problem, reviewer, entry, chance)


def _sums(index: IntArray, chance: FloatArray, size: int, scale: int) -> FloatArray:
    """Sums by index; those within the tolerance of a whole number are that number."""
    total = np.bincount(index, weights=chance, minlength=size)
    whole = np.rint(total)
    return np.where(np.abs(total - whole) <= TOLERANCE * scale, whole, total)


def _in_range(problem: AssignmentProblem, pairs: IntArray) -> None:
    top = np.array([problem.n_reviewers, problem.n_entries])
    out = np.flatnonzero(((pairs < 0) | (pairs >= top)).any(axis=1))
    if out.size:
        raise BadInput(f"pairs[{out[0]}]: no such reviewer or entry: {pairs[out[0]].tolist()}")


def _entry_counts(problem: AssignmentProblem, counts: IntArray | FloatArray) -> list[Violation]:
    k = problem.reviews_per_entry
    return _listed(
        np.flatnonzero(counts != k),
        lambda e: Violation("reviews", f"entry {e} has {counts[e]:g} reviews, not {k}", entry=e),
    )


def _loads(
    problem: AssignmentProblem, counts: IntArray | FloatArray, part: IntArray
) -> list[Violation]:
    low, high = load_bounds(problem, part)
    return _listed(
        np.flatnonzero((counts < low) | (counts > high)),
        lambda r: Violation(
            "load",
            f"reviewer {r} has {counts[r]:g} reviews, not {low[r]} to {high[r]}",
            reviewer=r,
        ),
    )


def _meetings(
    problem: AssignmentProblem, reviewer: IntArray, entry: IntArray, part: IntArray | None
) -> list[Violation]:
    """Pairs that meet twice, or should not meet."""
    n = problem.n_entries
    own = problem.reviewer_entry[reviewer]
    found = _pairs("self", "are of one entry", reviewer, entry, own == entry)
    keys = np.sort(reviewer * n + entry)
    twice = np.unique(keys[1:][keys[1:] == keys[:-1]])
    found += _listed(
        range(len(twice)),
        lambda i: _pair("repeated", "meet more than once", *divmod(int(twice[i]), n)),
    )
    banned = problem.conflicts[:, 0] * n + problem.conflicts[:, 1]
    met = banned[_member(keys, banned)]
    found += _listed(
        range(len(met)),
        lambda i: _pair("conflict", "have a conflict", *divmod(int(met[i]), n)),
    )
    if problem.reviewer_groups is not None and problem.entry_groups is not None:
        shared = np.zeros(len(reviewer), dtype=np.bool_)
        for mine, theirs in zip(problem.reviewer_groups.T, problem.entry_groups.T, strict=True):
            named = mine[reviewer]
            shared |= (named >= 0) & (named == theirs[entry])
        found += _pairs("group", "share a group", reviewer, entry, shared)
    if part is not None and problem.parts > 1:
        inside = (own >= 0) & (part[np.maximum(own, 0)] == part[entry])
        found += _pairs("part", "are of one part", reviewer, entry, inside)
    return found


def _crowds(
    problem: AssignmentProblem, reviewer: IntArray, entry: IntArray, weight: FloatArray | None
) -> list[Violation]:
    """Entries with too many reviewers of one team, or of one group."""
    found = []
    if problem.max_per_team is not None:
        most = problem.max_per_team
        found += _crowd("team", problem.reviewer_entry, reviewer, entry, weight, most)
    if problem.max_per_group is not None and problem.reviewer_groups is not None:
        for group in problem.reviewer_groups.T:
            found += _crowd("group", group, reviewer, entry, weight, problem.max_per_group)
    return found


def _crowd(
    what: str,
    label: IntArray,
    reviewer: IntArray,
    entry: IntArray,
    weight: FloatArray | None,
    most: int,
) -> list[Violation]:
    """Sums of `weight` (None = 1) by entry and reviewers' label that exceed `most`; -1 = none."""
    known, code = np.unique(label, return_inverse=True)
    named = label[reviewer] >= 0
    key = entry[named] * len(known) + code[reviewer[named]]
    if weight is None:
        key = np.sort(key)
    else:
        order = np.argsort(key, kind="stable")
        key, weight = key[order], weight[named][order]
    new = np.ones(key.size, dtype=np.bool_)
    new[1:] = key[1:] != key[:-1]
    first = np.flatnonzero(new)
    ends = np.append(first[1:], key.size)
    total = ends - first if weight is None else np.add.reduceat(weight, first)
    over = np.flatnonzero(total > most + TOLERANCE * most)
    about, whose = np.divmod(key[first[over]], len(known))
    return _listed(
        range(len(over)),
        lambda i: Violation(
            f"{what}-limit",
            f"entry {about[i]} has {total[over[i]]:g} reviewers of {what} {known[whose[i]]}, "
            f"not {most} at most",
            entry=int(about[i]),
        ),
    )


def _mutual(
    problem: AssignmentProblem, reviewer: IntArray, entry: IntArray, edges: IntArray
) -> list[Violation]:
    n = problem.n_entries
    one, other = np.divmod(edges, n)
    both = np.intersect1d(edges[one < other], (other * n + one)[one > other], assume_unique=True)
    if not both.size:
        return []
    own = problem.reviewer_entry[reviewer]
    broken = (own >= 0) & (own < entry) & _member(both, own * n + entry)
    return _pairs("mutual", "review each other's entries", reviewer, entry, broken)


def _distinct(keys: IntArray) -> IntArray:
    """Sorted, each once."""
    keys = np.sort(keys)
    return keys[np.concatenate([[True], keys[1:] != keys[:-1]])] if keys.size else keys


def _member(ranked: IntArray, keys: IntArray) -> BoolArray:
    if not ranked.size:
        return np.zeros(keys.shape, dtype=np.bool_)
    at = np.minimum(np.searchsorted(ranked, keys), ranked.size - 1)
    return np.asarray(ranked[at] == keys)


def _pairs(
    code: str, words: str, reviewer: IntArray, entry: IntArray, broken: BoolArray
) -> list[Violation]:
    return _listed(
        np.flatnonzero(broken), lambda i: _pair(code, words, int(reviewer[i]), int(entry[i]))
    )


def _pair(code: str, words: str, reviewer: int, entry: int) -> Violation:
    message = f"reviewer {reviewer} and entry {entry} {words}"
    return Violation(code, message, reviewer=reviewer, entry=entry)


def _listed(
    indices: Iterable[int] | IntArray, violation: Callable[[int], Violation]
) -> list[Violation]:
    """A violation for each index, up to the limit, and one that counts the others."""
    every = [int(i) for i in indices] if not isinstance(indices, np.ndarray) else indices
    found = [violation(int(i)) for i in every[:LISTED]]
    if len(every) > LISTED:
        more = f"and {len(every) - LISTED:,} more of this kind"
        found.append(Violation(found[0].code, more))
    return found
