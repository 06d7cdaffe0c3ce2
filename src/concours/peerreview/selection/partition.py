"""Partition: every part gets its seats by size alone, before anybody has voted.

N. Alon, F. Fischer, A. Procaccia, M. Tennenholtz, "Sum of us: strategyproof selection from the
selectors", TARK 2011, with more parts as in H. Aziz et al., "Strategyproof peer selection: ...",
AAAI 2016.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.selection.beside import mixed_score
from concours.peerreview.selection.exact_dollar_partition import systematic
from concours.peerreview.selection.result import SelectionResult
from concours.peerreview.selection.scores import mean_share, review_places
from concours.peerreview.selection.task import SelectionTask


class Partition:
    """Exact size; impartial draw by draw: no report changes whether the reporter is selected.

    A part's quota is its share of the entries times the size, rounded up or down by a keyed coin
    that no report moves; its seats go to the entries that the other parts rank best. Loses recall
    where good entries crowd in one part. Raising an entry in a report never unselects it.
    """

    name = "partition"

    def select(self, task: SelectionTask) -> SelectionResult:
        """O(m + n log n) time. Raises BadInput where fewer than two parts have entries."""
        task.require_parts(self.name)
        share = task.part_sizes / task.n
        quota = share * task.size
        seats = systematic(quota, task.size, seed=task.seed)
        score = mixed_score(task, mean_share(task, review_places(task, parts=True)))
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
