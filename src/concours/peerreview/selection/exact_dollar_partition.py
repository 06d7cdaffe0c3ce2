"""Exact Dollar Partition: impartial selection of an exact number.

H. Aziz, O. Lev, N. Mattei, J. S. Rosenschein, T. Walsh, "Strategyproof peer selection: mechanisms,
analyses, and experiments", AAAI 2016, and "Strategyproof peer selection using randomization,
partitioning, and apportionment", Artificial Intelligence 2019.

Each reviewer divides one vote among the entries of other parts; a part's share of all votes times
the size is its quota; the part's seats go to the entries that the other parts rank best. A
reviewer's report so touches neither the quota nor the ranking of the own part.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray, Keyed
from concours.peerreview.reviews import ReviewSet, places, weighted_count
from concours.peerreview.selection.result import SelectionResult, SelectionTask


class ExactDollarPartition:
    """Impartial: no report changes the reporter's own probability.

    A list of L entries is worth Borda points that sum to one vote; who reviews nobody outside the
    own part votes evenly for all outside it, so that silence is no lever either. A vote gives no
    part more than the limit under which its quota fits into it (`_limit`); what exceeds goes to the
    voter's other parts. Within a part entries rank by their mean share of lists, so that an entry
    with a review missing is not punished for it.
    """

    name = "exact-dollar-partition"

    def select(self, task: SelectionTask) -> SelectionResult:
        """O(m log m + R * P) time. Raises BadInput where fewer than two parts have entries."""
        sizes = np.bincount(task.part)
        if np.count_nonzero(sizes) < 2 or bool(np.any(sizes == 0)):
            raise BadInput("exact-dollar-partition: at least two parts, none of them empty")
        own = task.reviewer_entry
        own_part = np.where(own >= 0, task.part[np.maximum(own, 0)], -1)
        reviews = task.reviews.subset(
            own_part[task.reviews.reviewer] != task.part[task.reviews.entry]
        )
        share = _shares(reviews, task, own_part, sizes)
        quota = share * task.size
        if abs(float(share.sum()) - 1) > 1e-9:
            raise BadInput(
                f"size {task.size} is too near {len(task.part)} for parts of these sizes: select "
                "fewer, or deal the entries to more even parts"
            )
        over = np.flatnonzero(quota > sizes * (1 + 1e-12))
        if over.size:
            raise BadInput(
                f"part {over[0]} has {sizes[over[0]]} entries for a quota of "
                f"{quota[over[0]]:.3f}: select fewer, or deal the entries to more even parts"
            )
        seats = systematic(quota, task.size, seed=task.seed)
        score = _mean_share(reviews)
        place = places_within(score, task.part, seed=task.seed)
        chosen = place <= seats[task.part]
        return SelectionResult(
            method=self.name,
            impartial=True,
            selected=np.flatnonzero(chosen),
            chosen=chosen.astype(np.int64),
            probability=np.clip(quota[task.part] - (place - 1), 0.0, 1.0),
            score=score,
            part=task.part,
            place=place,
            share=share,
            quota=quota,
            seats=seats,
        )


def _mean_share(reviews: ReviewSet) -> FloatArray:
    share, _ = places(reviews)
    total = np.bincount(reviews.entry, weights=share, minlength=reviews.n_entries)
    count = np.bincount(reviews.entry, minlength=reviews.n_entries)
    return np.where(count > 0, total / np.maximum(count, 1), 0.5)


def _shares(
    reviews: ReviewSet, task: SelectionTask, own_part: IntArray, sizes: IntArray
) -> FloatArray:
    """(P,) each part's share of the votes; sums to 1."""
    count, parts = reviews.n_reviewers, len(sizes)
    share, length = places(reviews)
    cell = reviews.reviewer * parts + task.part[reviews.entry]
    worth = 2 * share / np.maximum(length, 1)
    votes = weighted_count(cell, worth, count * parts).reshape(count, parts)
    open_to = np.arange(parts)[None, :] != own_part[:, None]
    evenly = np.where(open_to, sizes[None, :].astype(np.float64), 0.0)
    evenly /= evenly.sum(axis=1, keepdims=True)
    silent = np.bincount(reviews.reviewer, minlength=count) == 0
    votes[silent] = evenly[silent]
    votes /= votes.sum(axis=1, keepdims=True)
    votes = _limited(votes, open_to * _limit(task, own_part, sizes)[None, :], evenly)
    return np.asarray(votes.sum(axis=0) / count)


def _limit(task: SelectionTask, own_part: IntArray, sizes: IntArray) -> FloatArray:
    """(P,) most of one vote that may go to each part so that no quota exceeds its part."""
    voters = np.array([np.sum(own_part != p) for p in range(len(sizes))])
    return np.asarray(sizes * len(own_part) / (task.size * np.maximum(voters, 1)))


def _limited(votes: FloatArray, limit: FloatArray, evenly: FloatArray) -> FloatArray:
    """Each row cut to its limit, the excess spread over the row's other parts.

    The spread follows the row's own votes, then part sizes: it depends on the one report alone.
    """
    votes = votes.copy()
    for _ in range(2 * votes.shape[1]):
        excess = np.maximum(votes - limit, 0.0).sum(axis=1)
        rows = np.flatnonzero(excess > 1e-15)
        if not rows.size:
            break
        cut = np.minimum(votes[rows], limit[rows])
        room = cut < limit[rows]
        weight = np.where(room, cut, 0.0)
        empty = weight.sum(axis=1) <= 0
        weight[empty] = np.where(room, evenly[rows], 0.0)[empty]
        total = weight.sum(axis=1, keepdims=True)
        stuck = total[:, 0] <= 0
        if bool(stuck.all()):
            break
        spread = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
        moved = cut + spread * excess[rows, None]
        votes[rows[~stuck]] = moved[~stuck]
    return votes


def systematic(quota: FloatArray, size: int, *, seed: bytes) -> IntArray:
    """Whole numbers that sum to `size`, each its quota rounded up or down, with mean its quota.

    Systematic sampling (Madow, "On the theory of systematic sampling", 1949): one keyed uniform u,
    seats = floor(C_j + u) - floor(C_{j-1} + u) of the running sums C.
    """
    ends = np.concatenate([[0.0], np.cumsum(quota)])
    ends *= size / ends[-1]
    # A running sum that is whole but for rounding must not move a seat.
    near = np.rint(ends)
    ends = np.where(np.abs(ends - near) < 1e-9, near, ends)
    u = Keyed(seed, "select/seats").uniforms(1)[0]
    return np.asarray(np.diff(np.floor(ends + u)), dtype=np.int64)


def places_within(score: FloatArray, part: IntArray, *, seed: bytes) -> IntArray:
    """(n,) 1, 2, ... within each part, highest score first, ties by a keyed coin."""
    coin = Keyed(seed, "select/ties").words(len(score))
    level = np.rint(score * 1e12).astype(np.int64)
    order = np.lexsort((coin, -level, part))
    sizes = np.bincount(part)
    first = np.repeat(np.cumsum(sizes) - sizes, sizes)
    place = np.empty(len(score), dtype=np.int64)
    place[order] = np.arange(len(score)) - first + 1
    return place
