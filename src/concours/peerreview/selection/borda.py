"""The plain rule: the best by Borda count. NOT impartial, kept to compare with."""

from __future__ import annotations

import numpy as np

from concours.peerreview.aggregation.borda import borda
from concours.peerreview.selection.exact_dollar_partition import places_within
from concours.peerreview.selection.result import SelectionResult, SelectionTask


class PlainBorda:
    """Who reports falsely about rivals can rise: an unsafe reference. Parts are ignored."""

    name = "borda"

    def select(self, task: SelectionTask) -> SelectionResult:
        """O(m log m)."""
        score = borda(task.reviews)
        part = np.zeros(len(score), dtype=np.int64)
        place = places_within(score, part, seed=task.seed)
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
