"""A draft of an assignment in compiled loops: what a pair would break, and swaps.

The dynamic constraints are: no pair twice, no cycle up to z, no clique of c, at most so many
reviewers of one team or group. Times are for z = 2; a search along cycles visits up to k**(z - 1)
entries.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.assignment.rules import BoolArray, Numbers, Rules, order_by
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray


class Draft(NamedTuple):
    """Who reviews whom for now; slots of a reviewer lie together, -1 = a slot left open.

    Attributes:
        rules: the static constraints.
        start: (R + 1,) first slot of each reviewer.
        reviewer, entry: (nk,) of each slot.
        seats: (n, k) reviewers of each entry, in no order.
        staff_start, staff: (n + 1,) and (s,) reviewers of each entry's team.
        cycle: cycles of 2 .. this many entries are banned here; 1 = none.
        clique: cliques of this size are banned; 0 = none.
        limited: whether there is a limit within an entry.
        per_team, per_group: limits within an entry; k = none.
        groups: columns of labels that are groups.
        mark, queue: (n,) and (2 n,) room for searches; marks are -1 between them.
    """

    rules: Rules
    start: IntArray
    reviewer: Numbers
    entry: Numbers
    seats: Numbers
    staff_start: IntArray
    staff: Numbers
    cycle: int
    clique: int
    limited: bool
    per_team: int
    per_group: int
    groups: int
    mark: Numbers
    queue: Numbers


def make_draft(
    problem: AssignmentProblem, rules: Rules, reviewer: Numbers, entry: Numbers
) -> Draft:
    """From slots sorted by reviewer; each entry has k of them. O(nk)."""
    n, k = problem.n_entries, problem.reviews_per_entry
    start = np.zeros(problem.n_reviewers + 1, dtype=np.int64)
    np.cumsum(np.bincount(reviewer, minlength=problem.n_reviewers), out=start[1:])
    seats = np.full((n, k), -1, dtype=np.int32)
    _seat(reviewer, entry, seats, np.zeros(n, dtype=np.int64))
    per_team = k if problem.max_per_team is None else problem.max_per_team
    per_group = k if problem.max_per_group is None else problem.max_per_group
    owned = np.flatnonzero(rules.owner >= 0)
    staff_start = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(rules.owner[owned], minlength=n), out=staff_start[1:])
    staff = owned[order_by(rules.owner[owned], n)].astype(np.int32)
    return Draft(
        rules=rules,
        start=start,
        reviewer=reviewer,
        entry=entry.copy(),
        seats=seats,
        staff_start=staff_start,
        staff=staff,
        cycle=1 if rules.window > 0 else problem.longest_banned_cycle,
        clique=problem.cliques_of,
        limited=min(per_team, per_group) < k,
        per_team=per_team,
        per_group=per_group,
        groups=rules.mine.shape[1] - (problem.parts > 1),
        mark=np.full(n, -1, dtype=np.int32),
        queue=np.empty(2 * n, dtype=np.int32),
    )


@kernel
def _seat(reviewer: Numbers, entry: Numbers, seats: Numbers, filled: IntArray) -> None:
    for i in range(len(reviewer)):
        e = entry[i]
        seats[e, filled[e]] = reviewer[i]
        filled[e] += 1


@kernel
def take_out(entry: Numbers, seats: Numbers, slot: int, r: int) -> None:
    """Leave a slot of reviewer r open."""
    replace_seat(seats, entry[slot], r, -1)
    entry[slot] = -1


@kernel
def put_in(entry: Numbers, seats: Numbers, slot: int, r: int, e: int) -> None:
    """Give an open slot of reviewer r an entry that has an open seat."""
    replace_seat(seats, e, -1, r)
    entry[slot] = e


@kernel
def replace_seat(seats: Numbers, e: int, old: int, new: int) -> None:
    """One seat of e changes hands."""
    for j in range(seats.shape[1]):
        if seats[e, j] == old:
            seats[e, j] = new
            return


@kernel
def reviews(start: IntArray, entry: Numbers, r: int, e: int) -> bool:
    """Whether r reviews e."""
    found = False
    for i in range(start[r], start[r + 1]):
        found |= entry[i] == e
    return found


@kernel
def fits(draft: Draft, r: int, e: int) -> bool:
    """Whether the pair (r, e), allowed and not now in the draft, would break nothing."""
    owner, seats = draft.rules.owner, draft.seats
    if draft.limited:
        mine, per_team, per_group = draft.rules.mine, draft.per_team, draft.per_group
        if crowded(owner, mine, draft.groups, seats, per_team, per_group, r, e):
            return False
    own = owner[r]
    if own < 0:
        return True
    if draft.cycle == 2 and team_at(owner, seats, own, e) > 0:
        return False
    if draft.cycle > 2 and leads_to(draft, e, own, draft.cycle - 1):
        return False
    return draft.clique == 0 or not makes_clique(draft, own, e)


@kernel
def team_at(owner: Numbers, seats: Numbers, e: int, team: int) -> int:
    """How many reviewers of e are of a team."""
    found = 0
    for j in range(seats.shape[1]):
        s = seats[e, j]
        found += s >= 0 and owner[s] == team
    return found


@kernel
def crowded(
    owner: Numbers,
    mine: Numbers,
    groups: int,
    seats: Numbers,
    per_team: int,
    per_group: int,
    r: int,
    e: int,
) -> bool:
    """Whether e has as many reviewers of r's team, or of a group of r's, as it may have."""
    k = seats.shape[1]
    if per_team < k and owner[r] >= 0 and team_at(owner, seats, e, owner[r]) >= per_team:
        return True
    for g in range(groups if per_group < k else 0):
        group, mates = mine[r, g], 0
        for j in range(k):
            s = seats[e, j]
            mates += s >= 0 and mine[s, g] == group
        if group >= 0 and mates >= per_group:
            return True
    return False


@kernel
def leads_to(draft: Draft, source: int, goal: int, steps: int) -> bool:
    """Whether reviews lead from `source` to `goal` in at most `steps`; searched backward."""
    owner, seats, mark, queue = draft.rules.owner, draft.seats, draft.mark, draft.queue
    size, level_end, read, found = 1, 1, 0, False
    queue[0] = goal
    mark[goal] = 0
    while read < size and steps > 0 and not found:
        v = queue[read]
        read += 1
        for j in range(seats.shape[1]):
            s = seats[v, j]
            w = owner[s] if s >= 0 else -1
            found |= w == source
            if w >= 0 and mark[w] < 0:
                mark[w] = 0
                queue[size] = w
                size += 1
        if read == level_end:
            level_end = size
            steps -= 1
    for i in range(size):
        mark[queue[i]] = -1
    return found


@kernel
def neighbours(draft: Draft, v: int, level: int, size: int) -> int:
    """Raise the marks of entries joined to v from level - 1 to `level`, queue those; new size.

    At level 0 all that are not marked; entries are queued behind the first `size`.
    """
    for j in range(draft.seats.shape[1]):
        s = draft.seats[v, j]
        w = draft.rules.owner[s] if s >= 0 else -1
        if w >= 0 and w != v and draft.mark[w] == level - 1:
            draft.mark[w] = level
            draft.queue[size] = w
            size += 1
    for i in range(draft.staff_start[v], draft.staff_start[v + 1]):
        for slot in range(draft.start[draft.staff[i]], draft.start[draft.staff[i] + 1]):
            w = draft.entry[slot]
            if w >= 0 and w != v and draft.mark[w] == level - 1:
                draft.mark[w] = level
                draft.queue[size] = w
                size += 1
    return size


@kernel
def makes_clique(draft: Draft, a: int, b: int) -> bool:
    """Whether a and b, joined, would be in a clique of the banned size, joined already or not."""
    first = neighbours(draft, a, 0, 0)
    size = neighbours(draft, b, 1, first)
    common = draft.queue[first:size].copy()
    for i in range(first):
        draft.mark[draft.queue[i]] = -1
    return clique_among(draft, common, draft.clique - 2)


@kernel
def clique_among(draft: Draft, entries: Numbers, wanted: int) -> bool:
    """Whether `wanted` of the entries are joined, any two of them."""
    count = len(entries)
    if wanted <= 1 or count < wanted:
        return count >= wanted
    joined = joined_pairs(draft, entries)
    chosen = np.zeros(wanted, dtype=np.int64)
    depth = 0
    while depth >= 0:
        at = chosen[depth]
        if at >= count:
            depth -= 1
            if depth >= 0:
                chosen[depth] += 1
            continue
        good = True
        for d in range(depth):
            good &= joined[chosen[d], at]
        if good and depth == wanted - 1:
            return True
        if good:
            depth += 1
            chosen[depth] = at + 1
        else:
            chosen[depth] += 1
    return False


@kernel
def joined_pairs(draft: Draft, entries: Numbers) -> BoolArray:
    """(m, m) which of the entries are joined by a review."""
    count = len(entries)
    joined = np.zeros((count, count), dtype=np.bool_)
    for i in range(count):
        size = neighbours(draft, entries[i], 0, 0)
        for j in range(count):
            joined[i, j] = draft.mark[entries[j]] == 0
        for x in range(size):
            draft.mark[draft.queue[x]] = -1
    return joined
