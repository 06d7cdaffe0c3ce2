"""Loops over reviews, compiled: places in lists, sums by entry, votes by part."""

from __future__ import annotations

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.selection.task import SmallArray

SHORT = 32  # lists no longer than this are counted pair by pair, longer ones sorted


@kernel
def count_sorted(values: FloatArray, above: SmallArray, alike: SmallArray) -> None:
    """For each value how many are higher, and how many equal, itself included. O(L log L)."""
    order = np.argsort(-values)
    first = 0
    while first < len(values):
        last = first
        while last + 1 < len(values) and values[order[last + 1]] == values[order[first]]:
            last += 1
        for at in range(first, last + 1):
            above[order[at]] = first
            alike[order[at]] = last - first + 1
        first = last + 1


@kernel
def standing(
    start: IntArray,
    entry: SmallArray,
    score: FloatArray,
    longest: int,
    part: SmallArray,
    owner_part: SmallArray,
    above: SmallArray,
    alike: SmallArray,
    length: SmallArray,
) -> None:
    """Where each review puts its entry among the list's entries that are not of the own part.

    Fills (m,) `above`, `alike` (0 for a review inside the own part, which does not count) and
    (R,) `length` of the lists. `owner_part` -1 lets all reviews count.
    """
    values, at = np.empty(longest, dtype=np.float64), np.empty(longest, dtype=np.int64)
    high, same = np.empty(longest, dtype=np.int32), np.empty(longest, dtype=np.int32)
    for r in range(len(length)):
        kept = 0
        for e in range(start[r], start[r + 1]):
            if part[entry[e]] != owner_part[r]:
                values[kept] = score[e]
                at[kept] = e
                kept += 1
            above[e] = 0
            alike[e] = 0
        length[r] = kept
        if kept > SHORT:
            count_sorted(values[:kept], high, same)
        else:
            for i in range(kept):
                high[i] = 0
                same[i] = 0
            for j in range(kept):
                for i in range(kept):  # in this order one instruction counts for several i
                    high[i] += np.int32(values[j] > values[i])
                    same[i] += np.int32(values[j] == values[i])
        for i in range(kept):
            above[at[i]] = high[i]
            alike[at[i]] = same[i]


@kernel
def share_sums(
    start: IntArray,
    entry: SmallArray,
    above: SmallArray,
    alike: SmallArray,
    length: SmallArray,
    total: FloatArray,
    count: SmallArray,
) -> None:
    """(n,) sums of Borda shares and numbers of reviews, added up in the order of reviewers.

    The share is (entries below + half of those alike, itself included) / length: mean 1/2.
    """
    for r in range(len(length)):
        for e in range(start[r], start[r + 1]):
            if alike[e] > 0:
                below = length[r] - above[e] - alike[e]
                total[entry[e]] += (below + alike[e] / 2) / length[r]
                count[entry[e]] += 1


@kernel
def part_votes(
    start: IntArray,
    entry: SmallArray,
    above: SmallArray,
    alike: SmallArray,
    length: SmallArray,
    part: SmallArray,
    owner_part: SmallArray,
    sizes: IntArray,
    limit: FloatArray,
    silent: IntArray,
) -> FloatArray:
    """(P,) votes for each part: each reviewer divides one by Borda points, within limits.

    (P + 1, P) `limit` is for voters of each part, the independent ones last; a vote above it moves
    to the voter's other parts. (P + 1,) `silent` counts the voters without a list by part; their
    votes are not in the sums.
    """
    parts = len(sizes)
    votes = np.zeros(parts)
    points = np.zeros(parts)
    for r in range(len(length)):
        own = owner_part[r] if owner_part[r] >= 0 else parts
        if length[r] == 0:
            silent[own] += 1
            continue
        square = float(length[r]) * float(length[r])
        beyond = False
        for e in range(start[r], start[r + 1]):
            if alike[e] > 0:
                points[part[entry[e]]] += 2 * (length[r] - above[e] - alike[e]) + alike[e]
        for e in range(start[r], start[r + 1]):
            if alike[e] > 0 and points[part[entry[e]]] > square * limit[own, part[entry[e]]]:
                beyond = True
        if beyond:
            votes += limited(points / square, limit[own], sizes, own)
        for e in range(start[r], start[r + 1]):
            p = part[entry[e]]
            if not beyond:
                votes[p] += points[p] / square
            points[p] = 0.0
    return votes


@kernel
def limited(row: FloatArray, limit: FloatArray, sizes: IntArray, own: int) -> FloatArray:
    """One voter's votes (P,) cut to the limit, the excess spread over the other parts.

    The spread follows the row's own votes, then part sizes: it depends on the one report alone.
    """
    parts = len(row)
    votes = row.copy()
    for _ in range(2 * parts):
        excess = 0.0
        for p in range(parts):
            if p != own and votes[p] > limit[p]:
                excess += votes[p] - limit[p]
                votes[p] = limit[p]
        if excess <= 1e-15:
            break
        total = 0.0
        room = 0.0
        for p in range(parts):
            if p != own and votes[p] < limit[p]:
                total += votes[p]
                room += sizes[p]
        if room == 0.0:
            break
        for p in range(parts):
            if p != own and votes[p] < limit[p]:
                votes[p] += excess * (votes[p] / total if total > 0 else sizes[p] / room)
    return votes


@kernel
def fixed_sums(
    start: IntArray,
    entry: SmallArray,
    above: SmallArray,
    alike: SmallArray,
    length: SmallArray,
    bits: int,
    total: IntArray,
) -> None:
    """(n,) sums of Borda shares in units of 2**-bits, each share cut to a whole number of them."""
    for r in range(len(length)):
        for e in range(start[r], start[r + 1]):
            if alike[e] > 0:
                halves = 2 * (np.int64(length[r]) - above[e]) - alike[e]
                total[entry[e]] += (halves << (bits - 1)) // np.int64(length[r])
