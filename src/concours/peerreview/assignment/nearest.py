"""Lists of best partners: compiled loops that fill them from blocks and along one another.

Rows are searchers (entries, or reviewers), others are their partners, both numbered by block so
that near vectors lie near in memory. All products are sums of whole numbers that single precision
holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.open_ways import open_way
from concours.peerreview.assignment.rules import Numbers, may_meet
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, WordArray

Single = npt.NDArray[np.float32]
Short = npt.NDArray[np.int16]
TILE = 256
NEVER = np.float32(-np.inf)


class Lists(NamedTuple):
    """Best partners of each row, falling; -1 = none yet.

    Attributes:
        worth: (rows, k) products.
        partner: (rows, k) partners.
    """

    worth: Single
    partner: Numbers

    @classmethod
    def empty(cls, rows: int, each: int) -> Lists:
        """Lists of `each` places."""
        return cls(
            np.full((rows, each), NEVER, dtype=np.float32),
            np.full((rows, each), -1, dtype=np.int32),
        )


class Meeting(NamedTuple):
    """Who may meet: static rules and ways in the problem's own numbers, and those numbers.

    Attributes:
        reviewer_id, entry_id: the problem's number of each reviewer and entry.
        owner .. window: as in `rules.Rules`.
        kind, reach, place, key: as in `open_ways.OneWay`.
    """

    reviewer_id: IntArray
    entry_id: IntArray
    owner: Numbers
    mine: Numbers
    theirs: Numbers
    start: IntArray
    blocked: Numbers
    window: int
    kind: int
    reach: int
    place: Numbers
    key: WordArray


@kernel
def _may(
    meeting: Meeting,
    by_entry: bool,
    row: int,
    other: int,
) -> bool:
    r = meeting.reviewer_id[other if by_entry else row]
    e = meeting.entry_id[row if by_entry else other]
    m = meeting
    if not open_way(m.kind, m.reach, m.place, m.key, len(m.entry_id), m.owner[r], e):
        return False
    return may_meet(m.owner, m.mine, m.theirs, m.start, m.blocked, m.window, r, e)


@kernel
def _insert(worth: Single, index: Numbers, row: int, w: float, item: int) -> None:
    """Into a list that falls; equals stay in the order they came."""
    at = worth.shape[1] - 1
    while at > 0 and worth[row, at - 1] < w:
        worth[row, at] = worth[row, at - 1]
        index[row, at] = index[row, at - 1]
        at -= 1
    worth[row, at] = w
    index[row, at] = item


@kernel
def scan(
    meeting: Meeting,
    by_entry: bool,
    vectors: Single,
    rows: IntArray,
    others: Single,
    spans: IntArray,
    lists: Lists,
    place: IntArray,
) -> None:
    """Offer all others of the spans (s, 2) to the rows; the list of rows[i] stands at place[i]."""
    worth, index = lists
    depth, last = vectors.shape[1], worth.shape[1] - 1
    tile = np.empty((depth, TILE), dtype=np.float32)
    sums = np.empty(TILE, dtype=np.float32)
    for s in range(len(spans)):
        for first in range(spans[s, 0], spans[s, 1], TILE):
            width = min(TILE, spans[s, 1] - first)
            for j in range(width):
                for d in range(depth):
                    tile[d, j] = others[first + j, d]
            for i in range(len(rows)):
                row, at = rows[i], place[i]
                _products(vectors, row, tile, sums)
                bar = worth[at, last]
                for j in range(width):
                    if (
                        sums[j] > bar
                        and _may(meeting, by_entry, row, first + j)
                        and not _holds(index, at, first + j)
                    ):
                        _insert(worth, index, at, sums[j], first + j)
                        bar = worth[at, last]


@kernel
def _products(vectors: Single, row: int, tile: Single, sums: Single) -> None:
    """(TILE,) products of one vector with the columns of a tile."""
    sums[:] = 0.0
    for d in range(0, vectors.shape[1], 4):
        a, b, c, e = vectors[row, d], vectors[row, d + 1], vectors[row, d + 2], vectors[row, d + 3]
        for j in range(TILE):
            sums[j] += a * tile[d, j] + b * tile[d + 1, j] + c * tile[d + 2, j] + e * tile[d + 3, j]


@kernel
def walk(
    meeting: Meeting,
    vectors: Short,
    others: Short,
    own: Numbers,
    forth: Numbers,
    back: Numbers,
    steps: tuple[int, int, int],
    lists: Lists,
    first: int,
    last: int,
) -> None:
    """Offer entries first .. last - 1 the reviewers of those entries that their reviewers know.

    Of the best steps[0] reviewers by `forth` (n, k) the own entry (`own`, -1 = none) and the best
    steps[1] entries by `back` (R, l), and of these the best steps[2] reviewers by `forth` again.
    `forth` is what the partners in `lists` were before this.
    """
    index = lists.partner
    seen = np.full(len(others), -1, dtype=np.int32)
    asked = np.full(len(forth), -1, dtype=np.int32)
    for row in range(first, last):
        for x in range(index.shape[1]):
            if index[row, x] >= 0:
                seen[index[row, x]] = row
        asked[row] = row
        for x in range(min(steps[0], forth.shape[1])):
            p = forth[row, x]
            if p < 0:
                break
            for y in range(-1, min(steps[1], back.shape[1])):
                q = back[p, y] if y >= 0 else own[p]
                if q < 0 or asked[q] == row:
                    continue
                asked[q] = row
                _ask(meeting, vectors, others, forth, q, steps[2], seen, lists, row)


@kernel
def _ask(
    meeting: Meeting,
    vectors: Short,
    others: Short,
    forth: Numbers,
    q: int,
    most: int,
    seen: Numbers,
    lists: Lists,
    row: int,
) -> None:
    """Offer entry `row` the best reviewers of entry q."""
    worth, index = lists
    worst, by_entry = worth.shape[1] - 1, True
    for z in range(min(most, forth.shape[1])):
        other = forth[q, z]
        if other < 0:
            break
        if seen[other] == row:
            continue
        seen[other] = row
        total = np.int32(0)
        for d in range(vectors.shape[1]):
            total += np.int32(vectors[row, d]) * np.int32(others[other, d])
        if total > worth[row, worst] and _may(meeting, by_entry, row, other):
            _insert(worth, index, row, float(total), other)


@kernel
def hand_over(lists: Lists, to: Lists) -> None:
    """Offer every row to its partners, whose lists are the other ones."""
    (worth, index), (to_worth, to_index) = lists, to
    last = to_worth.shape[1] - 1
    for row in range(len(index)):
        for x in range(index.shape[1]):
            p = index[row, x]
            if p < 0:
                break
            w = worth[row, x]
            if w > to_worth[p, last] and not _holds(to_index, p, row):
                _insert(to_worth, to_index, p, w, row)


@kernel
def _holds(index: Numbers, row: int, item: int) -> bool:
    held = False
    for x in range(index.shape[1]):
        held |= index[row, x] == item
    return held


@kernel
def list_pairs(of_entry: Numbers, of_reviewer: Numbers, reviewer: Numbers, entry: Numbers) -> int:
    """Write the pairs of both kinds of lists, each once; how many."""
    count = 0
    for e in range(of_entry.shape[0]):
        for x in range(of_entry.shape[1]):
            if of_entry[e, x] >= 0:
                reviewer[count], entry[count] = of_entry[e, x], e
                count += 1
    for r in range(of_reviewer.shape[0]):
        for x in range(of_reviewer.shape[1]):
            e = of_reviewer[r, x]
            if e >= 0 and not _holds(of_entry, e, r):
                reviewer[count], entry[count] = r, e
                count += 1
    return count
