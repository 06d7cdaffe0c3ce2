"""What reviewers said, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph
from scipy.special import ndtri

from concours.peerreview.assignment.problem import integers
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray

HUGE = 1e100  # squares of scores and their sums must stay finite


@dataclass(frozen=True, eq=False, kw_only=True)
class ReviewSet:
    """m reviews of n entries by R reviewers, one at most for each (reviewer, entry).

    Attributes:
        n_entries, n_reviewers: n and R; some may have no review.
        reviewer, entry: (m,) integers, 0 .. R - 1 and 0 .. n - 1.
        score: (m,) finite, within 1e100, higher is better, on any scale.
        ranked: the scores come from rankings, so that a reviewer's mean says nothing.

    Raises BadInput naming the index of a value out of range, repeated, NaN or infinite.
    """

    n_entries: int
    n_reviewers: int
    reviewer: IntArray
    entry: IntArray
    score: FloatArray
    ranked: bool = False

    def __post_init__(self) -> None:
        reviewer, entry = integers(self.reviewer, "reviewer"), integers(self.entry, "entry")
        score = np.array(self.score, dtype=np.float64)
        if not reviewer.shape == entry.shape == score.shape or reviewer.ndim != 1:
            raise BadInput("reviewer, entry and score: three rows of one length expected")
        for name, row, bound in (
            ("reviewer", reviewer, self.n_reviewers),
            ("entry", entry, self.n_entries),
        ):
            out = np.flatnonzero((row < 0) | (row >= bound))
            if out.size:
                raise BadInput(f"{name}[{out[0]}]: {row[out[0]]} is not in 0 .. {bound - 1}")
        odd = np.flatnonzero(~np.isfinite(score))
        if odd.size:
            raise BadInput(f"score[{odd[0]}]: {score[odd[0]]} is not a finite number")
        huge = np.flatnonzero(np.abs(score) > HUGE)
        if huge.size:
            raise BadInput(f"score[{huge[0]}]: {score[huge[0]]} is beyond {HUGE:g}")
        key = reviewer * self.n_entries + entry
        order = np.argsort(key, kind="stable")
        twice = np.flatnonzero(key[order][1:] == key[order][:-1])
        if twice.size:
            at = int(order[twice[0] + 1])
            raise BadInput(f"review {at}: reviewer {reviewer[at]} has entry {entry[at]} twice")
        # One order for all: sums over reviews then do not depend on the order they came in.
        fixed = {"reviewer": reviewer[order], "entry": entry[order], "score": score[order]}
        for name, column in fixed.items():
            column.flags.writeable = False
            object.__setattr__(self, name, column)

    def __len__(self) -> int:
        return len(self.score)

    @classmethod
    def from_rankings(
        cls, rankings: Sequence[npt.ArrayLike], *, n_entries: int | None = None
    ) -> ReviewSet:
        """Reviews from partial rankings: row i holds the entries reviewer i ranked, best first.

        The score of place r of L is the normal score (Blom) of the quantile
        (L - r + 5/8) / (L + 1/4). An empty row is a reviewer who gave no ranking.
        """
        rows = [integers(row, f"rankings[{i}]").ravel() for i, row in enumerate(rankings)]
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        entry = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
        if n_entries is None:
            n_entries = int(entry.max(initial=-1)) + 1
        length = np.repeat(lengths, lengths)
        place = np.arange(len(entry)) - np.repeat(np.cumsum(lengths) - lengths, lengths) + 1
        return cls(
            n_entries=n_entries,
            n_reviewers=len(rows),
            reviewer=np.repeat(np.arange(len(rows)), lengths),
            entry=entry,
            score=np.asarray(ndtri((length - place + 0.625) / (length + 0.25))),
            ranked=True,
        )

    def subset(self, keep: npt.NDArray[np.bool_]) -> ReviewSet:
        """The reviews where `keep` (m,) is true."""
        return ReviewSet(
            n_entries=self.n_entries,
            n_reviewers=self.n_reviewers,
            reviewer=self.reviewer[keep],
            entry=self.entry[keep],
            score=self.score[keep],
            ranked=self.ranked,
        )


def places(reviews: ReviewSet) -> tuple[FloatArray, IntArray]:
    """((m,) share of the own list that each review puts below its entry, (m,) list length L).

    The share is (number scored lower + half the number scored alike) / L, with the entry itself
    among those alike: strictly between 0 and 1, mean 1/2 in every list. O(m log m).
    """
    reviewer, score = reviews.reviewer, reviews.score
    order = np.lexsort((score, reviewer))
    who, what = reviewer[order], score[order]
    index = np.arange(len(order))
    new_list = np.r_[True, who[1:] != who[:-1]][: len(order)]
    new_level = new_list | np.r_[True, what[1:] != what[:-1]][: len(order)]
    level_start = np.maximum.accumulate(np.where(new_level, index, 0))
    list_start = np.maximum.accumulate(np.where(new_list, index, 0))
    level = np.cumsum(new_level) - 1
    alike = np.bincount(level)[level] if len(order) else level
    length = np.bincount(reviewer, minlength=reviews.n_reviewers)[reviewer]
    share = np.empty(len(order))
    share[order] = (level_start - list_start + alike / 2) / length[order]
    return share, length


def weighted_count(cell: IntArray, weight: FloatArray, count: int) -> FloatArray:
    """(count,) sum of `weight` by `cell`; floats even where there is nothing to sum."""
    return np.bincount(cell, weights=weight, minlength=count).astype(np.float64)


def components(reviews: ReviewSet) -> IntArray:
    """(n,) the connected part of the review graph each entry is in, -1 for one with no review.

    Two entries are connected when reviewers link them by entries reviewed in common. Parts are
    numbered by their first entry. O(m).
    """
    n, total = reviews.n_entries, reviews.n_entries + reviews.n_reviewers
    ones = np.ones(len(reviews), dtype=np.int8)
    graph = sparse.csr_array((ones, (reviews.entry, n + reviews.reviewer)), shape=(total, total))
    label = csgraph.connected_components(graph, directed=False)[1][:n]
    seen = np.bincount(reviews.entry, minlength=n) > 0
    part = np.full(n, -1, dtype=np.int64)
    _, first, inverse = np.unique(label[seen], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    part[seen] = rank[inverse]
    return part
