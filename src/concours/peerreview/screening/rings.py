"""Rings in the graph "who reviewed whose entry", in machine code."""

from __future__ import annotations

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray


@kernel
def find_review(entry: IntArray, first: int, last: int, wanted: int) -> int:
    """Index in first .. last - 1 (entries ascending) of the review of `wanted`, or -1."""
    end = last
    while first < last:
        middle = (first + last) // 2
        if entry[middle] < wanted:
            first = middle + 1
        else:
            last = middle
    return first if first < end and entry[first] == wanted else -1


@kernel
def rings_of_two(
    start: IntArray,
    entry: IntArray,
    owner: IntArray,
    team_start: IntArray,
    team: IntArray,
    tail: FloatArray,
    limit: float,
    number: IntArray,
) -> list[tuple[int, int]]:
    """Pairs of reviews (i, j), i's reviewer below j's, each of the other's entry, tails <= limit.

    Adds to `number` (R,) how many such pairs each reviewer is in, whatever their tails. The
    reviewers of entry e are team[team_start[e] : team_start[e + 1]].
    """
    found = [(0, 0) for _ in range(0)]
    for a in range(len(owner)):
        if owner[a] < 0:
            continue
        for i in range(start[a], start[a + 1]):
            e = entry[i]
            if e == owner[a]:
                continue
            for t in range(team_start[e], team_start[e + 1]):
                b = team[t]
                j = find_review(entry, start[b], start[b + 1], owner[a])
                if j >= 0:
                    number[a] += 1
                    if a < b and max(tail[i], tail[j]) <= limit:
                        found.append((i, j))
    return found


@kernel
def rings_of_three(
    start: IntArray,
    entry: IntArray,
    owner: IntArray,
    team_start: IntArray,
    team: IntArray,
    back_start: IntArray,
    back: IntArray,
    reviewer: IntArray,
    tail: FloatArray,
    limit: float,
    number: IntArray,
) -> list[tuple[int, int, int]]:
    """Reviews (i, j, k) of a ring a -> b -> c -> a of three different entries, a the lowest.

    back[back_start[e] : back_start[e + 1]] are the reviews of entry e. Otherwise as `rings_of_two`.
    """
    found = [(0, 0, 0) for _ in range(0)]
    for a in range(len(owner)):
        mine = owner[a]
        if mine < 0:
            continue
        for i in range(start[a], start[a + 1]):
            e = entry[i]
            if e == mine:
                continue
            for s in range(back_start[mine], back_start[mine + 1]):
                k = back[s]
                c = reviewer[k]
                other = owner[c]
                if other < 0 or other in (e, mine):
                    continue
                for t in range(team_start[e], team_start[e + 1]):
                    b = team[t]
                    j = find_review(entry, start[b], start[b + 1], other)
                    if j >= 0:
                        number[a] += 1
                        worst = max(tail[i], max(tail[j], tail[k]))
                        if a < b and a < c and worst <= limit:
                            found.append((i, j, k))
    return found
