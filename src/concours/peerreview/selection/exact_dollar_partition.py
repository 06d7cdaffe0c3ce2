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
from concours.peerreview.selection import kernels
from concours.peerreview.selection.beside import mixed_score, mixed_shares
from concours.peerreview.selection.result import SelectionResult
from concours.peerreview.selection.scores import ReviewPlaces, mean_share, review_places
from concours.peerreview.selection.task import SelectionTask

FITTING = 1_000  # rounds to find limits for uneven parts


class ExactDollarPartition:
    """Exact size; impartial in probability: no report changes the reporter's own chance.

    A list of L entries is worth Borda points that sum to one vote; who reviews nobody outside the
    own part votes evenly for all outside it, so that silence is no lever either. A vote gives no
    part more than a limit under which its quota fits into it (`vote_limits`); what exceeds goes
    to the voter's other parts. Within a part entries rank by their mean share of lists, so that an
    entry with a review missing is not punished for it.

    Under one seed a report may move the rounding of the own part's seats either way; only the
    chance stays. Raising an entry in a report never lowers its chance, nor, where no vote meets a
    limit, unselects it.
    """

    name = "exact-dollar-partition"

    def select(self, task: SelectionTask) -> SelectionResult:
        """O(m + n log n) time. Raises BadInput for fewer than two parts, and where parts are so
        uneven that their votes cannot fill the seats."""
        task.require_parts(self.name)
        places = review_places(task, parts=True)
        share = mixed_shares(task, part_shares(task, places))
        quota = share * task.size
        seats = systematic(quota, task.size, seed=task.seed)
        score = mixed_score(task, mean_share(task, places))
        place = task.places(score, task.part)
        chosen = place <= seats[task.part]
        return SelectionResult(
            method=self.name,
            impartial=True,
            selected=np.flatnonzero(chosen),
            chosen=chosen.astype(np.int64),
            probability=np.clip(quota[task.part] - (place - 1), 0.0, 1.0),
            score=score,
            part=task.part.astype(np.int64),
            place=place,
            share=share,
            quota=quota,
            seats=seats,
        )


def part_shares(task: SelectionTask, places: ReviewPlaces) -> FloatArray:
    """(P,) each part's share of the votes; sums to 1. O(m + P * voters over the limit)."""
    sizes, parts = task.part_sizes, len(task.part_sizes)
    limit = vote_limits(task)
    silent = np.zeros(parts + 1, dtype=np.int64)
    votes = kernels.part_votes(
        task.start, task.entry, *places, task.part, task.owner_part, sizes, limit, silent
    )
    for own in np.flatnonzero(silent).tolist():
        evenly = sizes.astype(np.float64)
        evenly[own : own + 1] = 0.0
        evenly /= evenly.sum()
        votes += silent[own] * kernels.limited(evenly, limit[own], sizes, own)
    return np.asarray(votes / len(task.owner))


def vote_limits(task: SelectionTask) -> FloatArray:
    """(P + 1, P) most of one vote that a voter of each part, the last of none, may give each part.

    Under them no quota exceeds its part, whatever the reports. All voters have the same limits
    where that leaves each of them room for a whole vote; else (a part much larger than others,
    `size` near n) limits move from those with room to those without. Depends on no report. Raises
    BadInput where that cannot be.
    """
    parts = len(task.part_sizes)
    voters = _voters(task)
    most = task.part_sizes * len(task.owner) / task.size
    limit = np.tile(most / np.maximum(len(task.owner) - voters[:parts], 1), (parts + 1, 1))
    limit[np.arange(parts), np.arange(parts)] = 0.0
    here = voters > 0
    for _ in range(FITTING):
        room = limit.sum(axis=1, keepdims=True)
        if bool(np.all(room[here] >= 1 - 1e-12)):
            return np.asarray(limit)
        limit = np.where(room < 1, limit / np.maximum(room, 1e-300), limit)
        limit *= np.minimum(most / np.maximum(voters @ limit, 1e-300), 1.0)
    raise BadInput(
        f"size {task.size} is too near {task.n} for parts of sizes "
        f"{', '.join(map(str, task.part_sizes[:8].tolist()))}: select fewer, or deal the entries "
        "to more even parts"
    )


def _voters(task: SelectionTask) -> IntArray:
    """(P + 1,) voters of each part, the last of none."""
    parts = len(task.part_sizes)
    return np.bincount(np.where(task.owner_part < 0, parts, task.owner_part), minlength=parts + 1)


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
