"""What reviewers said, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse import csgraph
from scipy.special import ndtri

from concours.peerreview.assignment.problem import integers
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.rankings import blom, flattened

HUGE = 1e100  # squares of scores and their sums must stay finite
KERNEL = 20_000  # reviews from which compiled loops pay for loading them
Int32Array = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False, init=False)
class ReviewSet:
    """m reviews of n entries by R reviewers, one at most for each (reviewer, entry).

    Inside, reviews lie in lists: list l holds reviews start[l] .. start[l + 1] - 1, ordered by
    entry, so that no result depends on the order in which reviews arrived. List r is reviewer r's,
    except for comparisons (`from_comparisons`), where each is a list of its own.

    Args:
        n_entries, n_reviewers: n and R, below 2**31; some may have no review.
        reviewer, entry: (m,) integers, 0 .. R - 1 and 0 .. n - 1.
        score: (m,) finite, within 1e100, higher is better, on any scale.
        ranked: the scores come from rankings, so that a reviewer's mean says nothing.
        abstentions: (a, 2) pairs (reviewer, entry) of "cannot judge"; counted, and nothing else.

    Attributes:
        start, member, score: (L + 1,) int64, (m,) int32 and (m,) float64: the lists.
        reviewer, entry: (m,) int64 in the order of `score`, made when first asked for.
        list_reviewer: (L,) whose list it is.

    Raises BadInput naming the index of a value out of range, repeated, NaN or infinite.
    Construction takes O(m) time and 12 bytes a review.
    """

    n_entries: int
    n_reviewers: int
    ranked: bool
    start: IntArray
    member: Int32Array
    score: FloatArray
    abstentions: IntArray

    def __init__(
        self,
        *,
        n_entries: int,
        n_reviewers: int,
        reviewer: npt.ArrayLike,
        entry: npt.ArrayLike,
        score: npt.ArrayLike,
        ranked: bool = False,
        abstentions: npt.ArrayLike = (),
    ) -> None:
        who, what = (
            _indices(reviewer, "reviewer", n_reviewers),
            _indices(entry, "entry", n_entries),
        )
        value = np.asarray(score, dtype=np.float64)
        if not who.shape == what.shape == value.shape or who.ndim != 1:
            raise BadInput("reviewer, entry and score: three rows of one length expected")
        _check_scores(value)
        start, member, value = _lists(who, what, value, n_reviewers)
        self._fill(
            n_entries=n_entries, n_reviewers=n_reviewers, ranked=ranked, start=start, member=member,
            score=value, abstentions=np.zeros((0, 2), dtype=np.int64),
        )  # fmt: skip
        self._fill(abstentions=_abstentions(abstentions, self))

    def _fill(self, **values: object) -> None:
        for name, value in values.items():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.score)

    @property
    def n_lists(self) -> int:
        """L: the reviewers, or the comparisons."""
        return len(self.start) - 1

    @cached_property
    def list_reviewer(self) -> Int32Array:
        """(L,) the reviewer of each list."""
        return np.arange(self.n_reviewers, dtype=np.int32)

    @property
    def list_length(self) -> IntArray:
        """(L,) reviews in each list."""
        return np.diff(self.start)

    @cached_property
    def reviewer(self) -> IntArray:
        """(m,) who gave each review."""
        return _fixed(np.repeat(self.list_reviewer.astype(np.int64), self.list_length))

    @cached_property
    def entry(self) -> IntArray:
        """(m,) what each review is of."""
        return _fixed(self.member.astype(np.int64))

    @classmethod
    def from_rankings(
        cls, rankings: Sequence[Any] | npt.NDArray[Any], *, n_entries: int | None = None
    ) -> ReviewSet:
        """Reviews from partial rankings: row i holds the entries reviewer i ranked, best first.

        The score of place r of L is the normal score (Blom) of the quantile
        (L - r + 5/8) / (L + 1/4). A list in the place of an entry holds entries that tie; they
        share the mean of their places. An empty row is a reviewer who gave no ranking. Fastest
        from a matrix, one row a reviewer.
        """
        entry, lengths, group = flattened(rankings)
        if n_entries is None:
            n_entries = int(entry.max(initial=-1)) + 1
        return cls(
            n_entries=n_entries,
            n_reviewers=len(lengths),
            reviewer=np.repeat(np.arange(len(lengths), dtype=np.int32), lengths),
            entry=entry,
            score=blom(lengths, group),
            ranked=True,
        )

    @classmethod
    def from_comparisons(
        cls,
        winner: npt.ArrayLike,
        loser: npt.ArrayLike,
        reviewer: npt.ArrayLike | None = None,
        *,
        n_entries: int | None = None,
        n_reviewers: int | None = None,
    ) -> ReviewSet:
        """Reviews from c pairwise comparisons: winner[i] was preferred to loser[i].

        Each is a list of two, by reviewer[i], or all by one; a reviewer may compare the same two
        again. Raises BadInput naming a comparison of an entry with itself. O(c log c).
        """
        won, lost = integers(winner, "winner"), integers(loser, "loser")
        who = np.zeros_like(won) if reviewer is None else integers(reviewer, "reviewer")
        if not won.shape == lost.shape == who.shape or won.ndim != 1:
            raise BadInput("winner, loser and reviewer: rows of one length expected")
        if n_entries is None:
            n_entries = int(max(won.max(initial=-1), lost.max(initial=-1))) + 1
        if n_reviewers is None:
            n_reviewers = int(who.max(initial=0)) + 1
        same = np.flatnonzero(won == lost)
        if same.size:
            raise BadInput(f"comparison {same[0]}: entry {won[same[0]]} with itself")
        order = np.lexsort((lost, won, who))
        first = _indices(won, "winner", n_entries)[order]
        second = _indices(lost, "loser", n_entries)[order]
        high = float(ndtri(1.625 / 2.25))
        made = cls.__new__(cls)
        made._fill(
            n_entries=n_entries,
            n_reviewers=n_reviewers,
            ranked=True,
            start=np.arange(0, 2 * len(order) + 1, 2),
            member=np.sort(np.stack([first, second], axis=1), axis=1).ravel(),
            score=np.where((first < second)[:, None], [high, -high], [-high, high]).ravel(),
            abstentions=np.zeros((0, 2), dtype=np.int64),
            list_reviewer=_indices(who, "reviewer", n_reviewers)[order],
        )
        return made

    def subset(self, keep: npt.NDArray[np.bool_]) -> ReviewSet:
        """The reviews where `keep` (m,) is true."""
        index = np.repeat(np.arange(self.n_lists), self.list_length)[keep]
        counts = np.bincount(index, minlength=self.n_lists)
        return self._with(counts, self.member[keep], self.score[keep], self.abstentions)

    def without(self, left_out: npt.NDArray[np.bool_]) -> ReviewSet:
        """All but what the reviewers where `left_out` (R,) is true said; they stay, silent."""
        gone = np.asarray(left_out, dtype=bool)[self.list_reviewer]
        keep = np.repeat(~gone, self.list_length)
        counts = np.where(gone, 0, self.list_length)
        abstentions = self.abstentions[~left_out[self.abstentions[:, 0]]]
        return self._with(counts, self.member[keep], self.score[keep], abstentions)

    def _with(
        self, counts: IntArray, member: Int32Array, score: FloatArray, abstentions: IntArray
    ) -> ReviewSet:
        made = type(self).__new__(type(self))
        made._fill(
            n_entries=self.n_entries,
            n_reviewers=self.n_reviewers,
            ranked=self.ranked,
            start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
            member=member,
            score=score,
            abstentions=abstentions,
            list_reviewer=self.list_reviewer,
        )
        return made


def _fixed(array: IntArray) -> IntArray:
    array.flags.writeable = False
    return array


def _indices(values: npt.ArrayLike, name: str, bound: int) -> Int32Array:
    """`values` as int32 within 0 .. bound - 1."""
    if bound >= 2**31:
        raise BadInput(f"{name}: fewer than 2**31 expected, got {bound}")
    given = np.asarray(values)
    row = given if given.dtype.kind in "iu" and given.size else integers(given, name)
    if row.size and (int(row.min()) < 0 or int(row.max()) >= bound):
        at = int(np.flatnonzero((row < 0) | (row >= bound))[0])
        raise BadInput(f"{name}[{at}]: {row.flat[at]} is not in 0 .. {bound - 1}")
    return row.astype(np.int32)


def _check_scores(score: FloatArray) -> None:
    if not score.size:
        return
    low, high = float(score.min()), float(score.max())
    if low >= -HUGE and high <= HUGE:  # false for NaN too
        return
    odd = np.flatnonzero(~np.isfinite(score))
    if odd.size:
        raise BadInput(f"score[{odd[0]}]: {score[odd[0]]} is not a finite number")
    huge = int(np.flatnonzero(np.abs(score) > HUGE)[0])
    raise BadInput(f"score[{huge}]: {score[huge]} is beyond {HUGE:g}")


def _lists(
    who: Int32Array, what: Int32Array, score: FloatArray, count: int
) -> tuple[IntArray, Int32Array, FloatArray]:
    """(start, member, score) by reviewer, then entry; BadInput where a pair repeats."""
    if len(who) >= KERNEL:
        from concours.peerreview.aggregation.sorting import sort_lists

        start = np.zeros(count + 1, dtype=np.int64)
        member, value = np.empty_like(what), np.empty(len(score))
        if sort_lists(who, what, np.ascontiguousarray(score), start, member, value) < 0:
            return start, member, value
    order = np.lexsort((what, who))
    member, by = what[order], who[order]
    twice = np.flatnonzero((by[1:] == by[:-1]) & (member[1:] == member[:-1]))
    if twice.size:
        at = int(order[twice[0] + 1])
        raise BadInput(f"review {at}: reviewer {who[at]} has entry {what[at]} twice")
    start = np.zeros(count + 1, dtype=np.int64)
    np.cumsum(np.bincount(who, minlength=count), out=start[1:])
    return start, member, score[order]


def _abstentions(values: npt.ArrayLike, reviews: ReviewSet) -> IntArray:
    pairs = integers(values, "abstentions")
    if not pairs.size:
        return np.zeros((0, 2), dtype=np.int64)
    if pairs.ndim != 2 or pairs.shape[1] != 2:
        raise BadInput(f"abstentions: pairs (reviewer, entry) expected, got shape {pairs.shape}")
    who = _indices(pairs[:, 0], "abstentions' reviewer", reviews.n_reviewers)
    what = _indices(pairs[:, 1], "abstentions' entry", reviews.n_entries)
    order = np.lexsort((what, who))
    key = who.astype(np.int64) * reviews.n_entries + what
    twice = np.flatnonzero(np.diff(key[order]) == 0)
    if twice.size:
        at = int(order[twice[0] + 1])
        raise BadInput(f"abstentions[{at}]: reviewer {who[at]} abstains on {what[at]} twice")
    scored = np.isin(key, reviews.reviewer * reviews.n_entries + reviews.entry)
    if np.any(scored):
        at = int(np.flatnonzero(scored)[0])
        raise BadInput(f"abstentions[{at}]: reviewer {who[at]} scored entry {what[at]} as well")
    return pairs[order]


def places(reviews: ReviewSet) -> tuple[FloatArray, IntArray]:
    """((m,) share of the own list that each review puts below its entry, (m,) list length L).

    The share is (number scored lower + half the number scored alike) / L, with the entry itself
    among those alike: strictly between 0 and 1, mean 1/2 in every list. O(m) for short lists.
    """
    length = np.repeat(reviews.list_length, reviews.list_length)
    share = np.empty(len(reviews))
    if len(reviews) >= KERNEL:
        from concours.peerreview.aggregation.sorting import shares

        shares(reviews.start, reviews.score, share)
        return share, length
    listed = np.repeat(np.arange(reviews.n_lists), reviews.list_length)
    order = np.lexsort((reviews.score, listed))
    who, what = listed[order], reviews.score[order]
    index = np.arange(len(order))
    new_list = np.r_[True, who[1:] != who[:-1]][: len(order)]
    new_level = new_list | np.r_[True, what[1:] != what[:-1]][: len(order)]
    level_start = np.maximum.accumulate(np.where(new_level, index, 0))
    list_start = np.maximum.accumulate(np.where(new_list, index, 0))
    level = np.cumsum(new_level) - 1
    alike = np.bincount(level)[level] if len(order) else level
    share[order] = (level_start - list_start + alike / 2) / length[order]
    return share, length


def weighted_count(cell: npt.NDArray[Any], weight: FloatArray, count: int) -> FloatArray:
    """(count,) sum of `weight` by `cell`; floats even where there is nothing to sum."""
    return np.bincount(cell, weights=weight, minlength=count).astype(np.float64)


def components(reviews: ReviewSet) -> IntArray:
    """(n,) the connected part of the review graph each entry is in, -1 for one with no review.

    Two entries are connected when lists link them by entries in common. Parts are numbered by
    their first entry. About O(m).
    """
    n = reviews.n_entries
    if len(reviews) >= KERNEL:
        from concours.peerreview.aggregation.sorting import parts

        return np.asarray(parts(reviews.start, reviews.member, n))
    total = n + reviews.n_lists
    listed = np.repeat(np.arange(reviews.n_lists), reviews.list_length)
    ones = np.ones(len(reviews), dtype=np.int8)
    graph = sparse.csr_array((ones, (reviews.entry, n + listed)), shape=(total, total))
    label = csgraph.connected_components(graph, directed=False)[1][:n]
    seen = np.bincount(reviews.entry, minlength=n) > 0
    part = np.full(n, -1, dtype=np.int64)
    _, first, inverse = np.unique(label[seen], return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    part[seen] = rank[inverse]
    return part
