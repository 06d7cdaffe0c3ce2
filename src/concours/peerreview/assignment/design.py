"""The random designs a balanced assignment starts from."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.keyed import IntArray, Keyed


def ring(problem: AssignmentProblem, seed: bytes) -> tuple[IntArray, IntArray] | None:
    """A random circulant: entry at place p is reviewed from places p - o for k secret offsets o.

    No offset is 0 or the negative of another, so nobody reviews themselves, no pair repeats and
    none is mutual; only conflicts are left to mend. Returns (reviewer, entry), or None where the
    design does not fit: one reviewer an entry, one part, free loads, n >= 2k + 1. O(nk + n log n).
    """
    n, k = problem.n_entries, problem.reviews_per_entry
    plain = problem.load_min is None and problem.load_max is None and problem.parts == 1
    if not plain or problem.n_reviewers != n or n < 2 * k + 1:
        return None
    reviewer_of = np.full(n, -1, dtype=np.int64)
    owned = problem.reviewer_entry >= 0
    reviewer_of[problem.reviewer_entry[owned]] = np.flatnonzero(owned)
    if bool(np.any(reviewer_of < 0)):
        return None
    place = Keyed(seed, "assign/places").permutation(n)
    half = (n - 1) // 2
    offsets = Keyed(seed, "assign/offsets").permutation(half)[:k] + 1
    forward = Keyed(seed, "assign/directions").words(k) >> np.uint64(63) == 0
    offsets = np.where(forward, offsets, n - offsets)
    target = place[(np.arange(n)[:, None] + offsets[None, :]) % n]
    return reviewer_of[np.repeat(place, k)], target.ravel()


def deal(
    problem: AssignmentProblem, eligibility: Eligibility, seed: bytes
) -> tuple[IntArray, IntArray] | None:
    """Reviewers' places dealt at random to entries' places, loads as even as their bounds allow.

    With two parts and no independent reviewer the two halves are dealt across. The pairs may break
    any constraint but the loads. None where no loads reach the total. O(nk log nk).
    """
    loads = _loads(problem, eligibility, seed)
    if loads is None:
        return None
    slots = np.repeat(np.arange(problem.n_reviewers), loads)
    slots = slots[Keyed(seed, "assign/deal").permutation(len(slots))]
    places = np.repeat(np.arange(problem.n_entries), problem.reviews_per_entry)
    if _two_halves(problem):
        slots = slots[np.argsort(eligibility.reviewer_part[slots], kind="stable")]
        places = places[np.argsort(1 - eligibility.part[places], kind="stable")]
    return slots, places


def _two_halves(problem: AssignmentProblem) -> bool:
    return problem.parts == 2 and bool(np.all(problem.reviewer_entry >= 0))


def _loads(problem: AssignmentProblem, eligibility: Eligibility, seed: bytes) -> IntArray | None:
    low, high = load_bounds(problem, eligibility.part)
    for reviewer, count in eligibility.entry_counts_at_most(int(high.max())).items():
        high[reviewer] = min(high[reviewer], count)
    order = Keyed(seed, "assign/loads").permutation(problem.n_reviewers)
    if not _two_halves(problem):
        return _fill(low, high, problem.n_pairs, order)
    loads = np.zeros(problem.n_reviewers, dtype=np.int64)
    for p in (0, 1):
        mine = order[eligibility.reviewer_part[order] == p]
        owed = problem.reviews_per_entry * int(np.sum(eligibility.part != p))
        filled = _fill(low[mine], high[mine], owed, np.arange(len(mine)))
        if filled is None:
            return None
        loads[mine] = filled
    return loads


def _fill(low: IntArray, high: IntArray, total: int, order: IntArray) -> IntArray | None:
    """The most even whole numbers within bounds that sum to `total`; the odd ones by `order`."""
    if bool(np.any(low > high)) or not int(low.sum()) <= total <= int(high.sum()):
        return None
    below, above = 0, int(high.max(initial=0)) + 1
    while above - below > 1:
        middle = (below + above) // 2
        if int(np.clip(middle, low, high).sum()) <= total:
            below = middle
        else:
            above = middle
    loads = np.clip(below, low, high)
    may_rise = order[(loads[order] < high[order]) & (loads[order] == below)]
    loads[may_rise[: total - int(loads.sum())]] += 1
    return np.asarray(loads, dtype=np.int64)
