"""What the reviews say about each entry: places in lists and their means."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from concours.peerreview.keyed import FloatArray
from concours.peerreview.selection import kernels
from concours.peerreview.selection.task import SelectionTask, SmallArray, int32


class ReviewPlaces(NamedTuple):
    """(m,) entries above and alike in the list, alike 0 = does not count; (R,) list lengths."""

    above: SmallArray
    alike: SmallArray
    length: SmallArray


def review_places(task: SelectionTask, *, parts: bool) -> ReviewPlaces:
    """Places in the lists; with `parts` reviews inside the own part do not count. O(m)."""
    count, reviewers = len(task.entry), len(task.owner)
    found = ReviewPlaces(
        np.empty(count, dtype=np.int32),
        np.empty(count, dtype=np.int32),
        np.empty(reviewers, dtype=np.int32),
    )
    nobody = int32(np.full(reviewers, -1))
    kernels.standing(
        task.start,
        task.entry,
        task.score,
        int(np.diff(task.start).max(initial=0)),
        task.part,
        task.owner_part if parts else nobody,
        *found,
    )
    return found


def share_totals(task: SelectionTask, places: ReviewPlaces) -> tuple[FloatArray, SmallArray]:
    """((n,) sums of the shares of lists below each entry, (n,) numbers of reviews). O(m)."""
    total, count = np.zeros(task.n), np.zeros(task.n, dtype=np.int32)
    kernels.share_sums(task.start, task.entry, *places, total, count)
    return total, count


def mean_share(task: SelectionTask, places: ReviewPlaces) -> FloatArray:
    """(n,) mean share of the list below the entry, 0 .. 1; 1/2 where there is no review."""
    total, count = share_totals(task, places)
    return np.where(count > 0, total / np.maximum(count, 1), 0.5)
