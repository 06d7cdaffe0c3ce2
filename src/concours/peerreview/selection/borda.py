"""The plain rule: the best by Borda count. NOT impartial, kept to compare with."""

from __future__ import annotations

import numpy as np

from concours.peerreview.selection.beside import mixed_score
from concours.peerreview.selection.result import SelectionResult
from concours.peerreview.selection.scores import mean_share, review_places
from concours.peerreview.selection.task import SelectionTask


class PlainBorda:
    """Who reports falsely about rivals can rise: an unsafe reference. Exact size, parts ignored.

    J.-C. de Borda, "Memoire sur les elections au scrutin", 1784; for partial lists the mean share
    of the list below the entry, 1/2 where there is no review.
    """

    name = "borda"

    def select(self, task: SelectionTask) -> SelectionResult:
        """O(m + n log n)."""
        task.require_no_own(self.name)
        score = mixed_score(task, mean_share(task, review_places(task, parts=False)))
        part = np.zeros(task.n, dtype=np.int64)
        place = task.places(score, part)
        chosen = place <= task.size
        return SelectionResult(
            method=self.name,
            impartial=False,
            selected=np.flatnonzero(chosen),
            chosen=chosen.astype(np.int64),
            probability=chosen.astype(np.float64),
            score=score,
            part=part,
            place=place,
            share=np.ones(1),
            quota=np.array([float(task.size)]),
            seats=np.array([task.size]),
        )
