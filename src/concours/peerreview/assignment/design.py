"""The random design a balanced assignment starts from: a ring with secret offsets.

The entries stand in random order on a ring; so do the reviewers, at the place of their own entry,
and each has as many slots as reviews to do. Slot i is of layer i mod k and reviews the entry o
places ahead of place i // k, where o is the secret offset of the layer. Where every reviewer does k
reviews of another's entry, that is a random circulant: everybody reviews those at k fixed distances
ahead. Regular, and with no offset the negative of another, without mutual pairs (see Bollobas,
"Random graphs", 2001, for regular digraphs).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.assignment.rules import Numbers, inverse, order_by
from concours.peerreview.keyed import IntArray, Keyed

DRAWS = 50
"""Sets of offsets drawn to find one without cliques."""
MOST_OFFSETS = 64
"""Where there are more, cliques are not looked for in the design."""
NEAR = 16
SPARE = 4


@dataclass(frozen=True, eq=False)
class Ring:
    """The design.

    Attributes:
        entries: (n,) entry at each place.
        reviewers: (R,) reviewers in the order of their places.
        slot_reviewer: (nk,) position in `reviewers` of whose slot it is, ascending.
        slot_entry: (nk,) place of the entry it reviews.
        offsets: (k,) places ahead, by layer.
        regular: whether it is a circulant: one reviewer an entry, k reviews each.
    """

    entries: IntArray
    reviewers: IntArray
    slot_reviewer: Numbers
    slot_entry: Numbers
    offsets: IntArray
    regular: bool


def farthest(problem: AssignmentProblem) -> int:
    """How far ahead a reviewer may go so that no banned cycle closes: (n - 1) // z.

    The steps round a cycle add up to a multiple of n, hence z steps of less than n / z close none.
    """
    return (problem.n_entries - 1) // max(problem.longest_banned_cycle, 1)


def ring(eligibility: Eligibility, seed: bytes) -> Ring | None:
    """The design of a problem; None where no loads within bounds reach the total.

    With cycles of 3 or more banned all offsets are at most `farthest`. The pairs may break other
    constraints, but in a regular design only conflicts and limits. O(nk + n log n).
    """
    problem = eligibility.problem
    n, k = problem.n_entries, problem.reviews_per_entry
    loads = _loads(problem, eligibility, seed)
    if loads is None:
        return None
    entries = _places(problem, eligibility.part, seed)
    reviewers = _line(problem, entries, seed)
    offsets = _offsets(problem, seed)
    slot_reviewer = np.repeat(np.arange(len(reviewers), dtype=np.int32), loads[reviewers])
    ahead = np.arange(n, dtype=np.int32)[:, None] + offsets[None, :].astype(np.int32)
    np.subtract(ahead, n, out=ahead, where=ahead >= n)
    one_each = len(reviewers) == n and np.array_equal(problem.reviewer_entry[reviewers], entries)
    return Ring(
        entries=entries,
        reviewers=reviewers,
        slot_reviewer=slot_reviewer,
        slot_entry=ahead.ravel(),
        offsets=offsets,
        regular=one_each and bool(np.all(loads == k)) and len(np.unique(offsets)) == k,
    )


def _places(problem: AssignmentProblem, part: IntArray, seed: bytes) -> IntArray:
    """(n,) the entry at each place: random; with parts, place p is of part p mod parts."""
    order = Keyed(seed, "assign/places").permutation(problem.n_entries)
    if problem.parts == 1:
        return order
    by_part = order[order_by(part[order], problem.parts)]
    sizes = np.bincount(part, minlength=problem.parts)
    turn = np.arange(problem.n_entries) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return by_part[order_by(turn, int(sizes.max()))]


def _line(problem: AssignmentProblem, entries: IntArray, seed: bytes) -> IntArray:
    """(R,) reviewers by the place of their entry, those independent at random places."""
    owner = problem.reviewer_entry
    place = inverse(entries)[np.maximum(owner, 0)]
    alone = np.flatnonzero(owner < 0)
    if alone.size:
        places = Keyed(seed, "assign/independent-places")
        place[alone] = places.below(problem.n_entries, problem.n_reviewers)[alone]
    return order_by(place, problem.n_entries)


def _offsets(problem: AssignmentProblem, seed: bytes) -> IntArray:
    """(k,) secret offsets without cliques among their differences, where a draw finds such."""
    size = problem.cliques_of
    found = _draw_offsets(problem, seed, 0)
    for turn in range(1, DRAWS if problem.reviews_per_entry <= MOST_OFFSETS else 1):
        if not size or not has_clique(found, size, problem.n_entries):
            break
        found = _draw_offsets(problem, seed, turn)
    return found


def _draw_offsets(problem: AssignmentProblem, seed: bytes, turn: int) -> IntArray:
    """Distinct offsets, none the negative of another where there is room for that."""
    n, k, parts = problem.n_entries, problem.reviews_per_entry, problem.parts
    long = problem.longest_banned_cycle > 2
    one_way = farthest(problem) if long else (n - 1) // 2
    room = one_way if one_way >= k or not problem.allow_mutual else n - 1
    if n % parts:  # beyond the seam of the ring the parts stand otherwise
        room = min(room, max(n // NEAR, SPARE * k * parts))
    order = Keyed(seed, f"assign/offsets/{turn}").permutation(max(room, 1)) + 1
    if parts > 1:
        order = _spread(order, parts)
    chosen = np.resize(order, k)
    if long or room > one_way:
        return chosen
    back = Keyed(seed, f"assign/directions/{turn}").words(k) >> np.uint64(63) == 1
    return np.where(back, n - chosen, chosen) % n


def _spread(offsets: IntArray, parts: int) -> IntArray:
    """`offsets` with those to each other part in turn first, those that stay in the part last."""
    rest = offsets % parts
    order = np.argsort(rest, kind="stable")
    count = np.bincount(rest, minlength=parts)
    turn = np.empty(len(offsets), dtype=np.int64)
    turn[order] = np.arange(len(offsets)) - np.repeat(np.cumsum(count) - count, count)
    first = np.argsort(turn, kind="stable")  # among equals the order is the random one given
    return offsets[first[np.argsort(rest[first] == 0, kind="stable")]]


def has_clique(offsets: IntArray, size: int, n: int) -> bool:
    """Whether 0 and size - 1 further places are pairwise at distances among +-`offsets`.

    True, unproven, where there are more than 64 offsets.
    """
    if len(offsets) > MOST_OFFSETS:
        return True
    steps = {int(o) for o in offsets} | {n - int(o) for o in offsets}
    near = [frozenset(b for b in steps if b > a and (b - a) in steps) for a in sorted(steps)]
    others = dict(zip(sorted(steps), near, strict=True))

    def grows(candidates: frozenset[int], wanted: int) -> bool:
        if wanted <= 1:
            return len(candidates) >= wanted
        return any(grows(candidates & others[a], wanted - 1) for a in candidates)

    return grows(frozenset(steps), size - 1)


def _two_halves(problem: AssignmentProblem) -> bool:
    return problem.parts == 2 and bool(np.all(problem.reviewer_entry >= 0))


def _loads(problem: AssignmentProblem, eligibility: Eligibility, seed: bytes) -> IntArray | None:
    low, high = load_bounds(problem, eligibility.part)
    for reviewer, count in eligibility.entry_counts_at_most(int(high.max())).items():
        high[reviewer] = min(high[reviewer], count)
    if int(low.sum()) == problem.n_pairs and bool(np.all(low <= high)):
        return low
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
