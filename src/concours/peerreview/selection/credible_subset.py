"""Credible Subset: the winners are drawn from all who could have won with some report.

D. Kurokawa, O. Lev, J. Morgenstern, A. D. Procaccia, "Impartial peer review", IJCAI 2015.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from concours.peerreview.keyed import IntArray, Keyed
from concours.peerreview.selection.kernels import fixed_sums
from concours.peerreview.selection.result import CredibleResult
from concours.peerreview.selection.scores import ReviewPlaces, review_places
from concours.peerreview.selection.task import SelectionTask, placed

UNIT_BITS = 40  # shares are summed as integers, so that taking a report away leaves no rounding
LEVEL_BITS = 10  # sums nearer than this many bits are equal


class CredibleSubset:
    """Exact size or nobody; impartial in probability.

    Credible is who would be among the best `size` by sum of Borda shares if their own reports were
    left out; with P of them beyond the best `size` and a load of m reviews, `size` of the credible
    are drawn with probability (size + P) / (size + m), else nobody is selected. The chance of a
    credible entry is size / (size + m), which no report of its own moves, as long as `load` is
    given or others have as many reviews to do. Entries with fewer reviews are at a disadvantage.
    Raising an entry in a report never lowers its chance; under one seed it may unselect it.
    """

    name = "credible-subset"

    def select(self, task: SelectionTask) -> CredibleResult:
        """O(m + n log n) time. Raises BadInput where a reviewer reviews the own entry."""
        task.require_no_own(self.name)
        task.require_reviews_alone(self.name)
        places = review_places(task, parts=False)
        total = np.zeros(task.n, dtype=np.int64)
        fixed_sums(task.start, task.entry, *places, UNIT_BITS, total)
        part = np.zeros(task.n, dtype=np.int64)
        place = placed(_level(total), part, task.precedence)
        teams = np.bincount(
            task.owner[task.owner >= 0], places.length[task.owner >= 0], minlength=task.n
        )
        load = int(teams.max()) if task.load is None else task.load
        credible = place <= task.size
        for entry in np.flatnonzero(~credible & (place <= task.size + teams)).tolist():
            credible[entry] = _would_win(task, places, total, place, entry)
        chosen = _draw(task, credible, load)
        return CredibleResult(
            method=self.name,
            impartial=True,
            selected=np.flatnonzero(chosen),
            chosen=chosen,
            probability=np.where(credible, task.size / (task.size + load), 0.0),
            score=total / 2.0**UNIT_BITS,
            part=part,
            place=place,
            share=np.ones(1),
            quota=np.array([float(task.size)]),
            seats=np.array([chosen.sum()]),
            credible=credible,
            load=load,
        )


def _level(total: IntArray) -> IntArray:
    return (total + (1 << (LEVEL_BITS - 1))) >> LEVEL_BITS


def _would_win(
    task: SelectionTask, places: ReviewPlaces, total: IntArray, place: IntArray, entry: int
) -> bool:
    """Whether `entry` is among the best once its reviewers' reports are left out."""
    given = np.zeros(0, dtype=np.int64)
    for owned in np.flatnonzero(task.owner == entry).tolist():
        given = np.concatenate([given, np.arange(task.start[owned], task.start[owned + 1])])
    rivals, row = np.unique(task.entry[given], return_inverse=True)
    own = np.zeros(len(rivals), dtype=np.int64)
    length = places.length[np.searchsorted(task.start, given, side="right") - 1].astype(np.int64)
    halves = 2 * (length - places.above[given]) - places.alike[given]
    np.add.at(own, row, _unit(halves, length))
    left, mine = _level(total[rivals] - own), _level(total[entry])
    behind = (left < mine) | ((left == mine) & (task.precedence[rivals] > task.precedence[entry]))
    passed = int(np.sum(behind & (place[rivals] < place[entry])))
    return bool(place[entry] - passed <= task.size)


def _unit(halves: IntArray, length: IntArray) -> IntArray:
    return np.asarray((halves << (UNIT_BITS - 1)) // length)


def _draw(task: SelectionTask, credible: npt.NDArray[np.bool_], load: int) -> IntArray:
    """(n,) whether drawn: `size` of the credible, or nobody."""
    chosen = np.zeros(task.n, dtype=np.int64)
    anybody = Keyed(task.seed, "select/credible").uniforms(1)[0]
    if anybody * (task.size + load) < np.count_nonzero(credible):
        lots = Keyed(task.seed, "select/credible-lots").words(task.n)[credible]
        chosen[np.flatnonzero(credible)[np.argsort(lots, kind="stable")[: task.size]]] = 1
    return chosen
