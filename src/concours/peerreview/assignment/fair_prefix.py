"""How many of its best reviewers an entry must have, for its sum to reach a value.

If an entry's sum is to be V and j of its best m reviewers with the k - j next ones do not add up to
V, it needs more than j of its best m. These conditions are sharper than sums of fractions, and for
each entry they are nested, so that loads and they alone make a flow: whether it exists bounds the
minimum exactly, and cuts made of them sharpen the relaxations.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from concours.peerreview.assignment.fair_frame import Frame
from concours.peerreview.assignment.flow import Limits, max_total
from concours.peerreview.keyed import FloatArray, IntArray

VIOLATED = 1e-6


class Prefixes:
    """For each entry and j = 1 .. k the least m such that j of the best m are needed.

    Attributes:
        first: (n, k) that m for j = column + 1; the number of the entry's arcs where j of all of
            them are enough.
    """

    def __init__(self, frame: Frame, least: int) -> None:
        self.frame = frame
        ranking = frame.ranking
        needed = _needed(frame, least)
        size = np.diff(ranking.start)
        self.first = np.empty((frame.n, frame.need), dtype=np.int64)
        for j in range(1, frame.need + 1):
            hit = np.flatnonzero(needed >= j)
            first = size.copy()
            np.minimum.at(first, ranking.entry[hit], ranking.place[hit] + 1)
            self.first[:, j - 1] = first

    def assignment(self) -> IntArray | None:
        """Arcs of the assignment of greatest total that meets these conditions and the loads.

        None where there is none, which is exact: a flow. The rows of the frame are not asked for.
        """
        frame, arcs = self.frame, self.frame.arcs
        kept = frame.ranking.order[
            frame.ranking.place < self.first[frame.ranking.entry, frame.need - 1]
        ]
        kept = np.sort(kept)
        some = arcs.take(kept)
        flow = max_total(
            some.reviewer,
            some.entry,
            some.worth,
            need=np.full(frame.n, frame.need, dtype=np.int64),
            low=frame.low,
            high=frame.high,
            limits=self._limits(kept),
            tie=self.frame.ties[kept],
        )
        return None if flow is None else kept[flow.flow > 0]

    def violated(self, columns: IntArray, x: FloatArray) -> IntArray:
        """(c, 2) conditions (entry, j) that x (on `columns`, 0 elsewhere) does not meet."""
        ranking = self.frame.ranking
        whole = np.zeros(len(self.frame.arcs))
        whole[columns] = x
        summed = np.concatenate([[0.0], np.cumsum(whole[ranking.order])])
        start = ranking.start[:-1, None]
        held = summed[start + self.first] - summed[start]
        wanted = np.arange(1, self.frame.need + 1)
        return np.argwhere(held < wanted - VIOLATED)

    def rows(self, conditions: IntArray) -> tuple[sparse.csr_array, FloatArray]:
        """(matrix over all arcs, room) of conditions (c, 2): matrix @ x <= room."""
        entry, j = conditions[:, 0], conditions[:, 1]
        length = self.first[entry, j]
        row = np.repeat(np.arange(len(entry)), length)
        offset = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
        column = self.frame.ranking.order[
            np.repeat(self.frame.ranking.start[entry], length) + offset
        ]
        shape = (len(entry), len(self.frame.arcs))
        room = -(j + 1).astype(np.float64)
        return sparse.csr_array((-np.ones(len(row)), (row, column)), shape), room

    def _limits(self, kept: IntArray) -> Limits | None:
        """The conditions as limits: at most k - j of those beyond the best m. Worst arcs inmost."""
        frame, k = self.frame, self.frame.need
        if k == 1:
            return None
        place = np.empty(len(frame.arcs), dtype=np.int64)
        place[frame.ranking.order] = frame.ranking.place
        entry = frame.arcs.entry[kept]
        beyond = (place[kept][:, None] >= self.first[entry, : k - 1]).sum(axis=1)
        node = np.arange(k - 1)[::-1] * frame.n  # node of j = k - 1 has the least numbers
        of_arc = np.where(beyond > 0, node[beyond - 1] + entry, -1)
        parent = np.full((k - 1) * frame.n, -1, dtype=np.int64)
        parent[: (k - 2) * frame.n] = np.arange(frame.n, (k - 1) * frame.n)
        return Limits(
            of_arc=of_arc,
            parent=parent,
            entry=np.tile(np.arange(frame.n), k - 1),
            capacity=np.repeat(np.arange(1, k), frame.n),
        )


def _needed(frame: Frame, least: int) -> IntArray:
    """(p,) in the ranking's order: how many of the entry's best, down to this arc, are needed."""
    ranking, k = frame.ranking, frame.need
    start = ranking.start[ranking.entry]
    end = ranking.start[ranking.entry + 1]
    count = ranking.place + 1
    needed = np.full(len(ranking.order), k, dtype=np.int64)
    top = len(ranking.order)
    for j in range(k - 1, -1, -1):
        own = ranking.summed[np.minimum(start + j, top)] - ranking.summed[start]
        last = start + count + (k - j)
        rest = ranking.summed[np.minimum(last, top)] - ranking.summed[start + count]
        enough = (own + rest >= least) & (j <= count) & (last <= end)
        needed = np.where(enough, j, needed)
    return needed
