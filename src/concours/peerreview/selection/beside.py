"""What is known of entries beside the reviews, brought to their scale and mixed in by weight.

Within a part entries rank by the weighted mean of two shares: of their reviewers' lists that is
below them, and of the field that is below them by what else is known. A part's share of the seats
is the weighted mean of its share of the votes, and of its share of the best by what else is known.
No report moves the second of either, so that impartiality stays as it is; and no quota exceeds its
part where that of the votes does not.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.selection.task import SelectionTask


def mixed_score(task: SelectionTask, score: FloatArray) -> FloatArray:
    """(n,) `score`, 0 .. 1 by the reviews, mixed with the share of the field below. O(n log n)."""
    if task.beside is None:
        return score
    share = field_share(task.beside)
    return np.asarray((1 - task.beside_weight) * score + task.beside_weight * share)


def field_share(values: FloatArray) -> FloatArray:
    """(n,) share of the others with a lower value, equals half; NaN is below all numbers."""
    below, alike = _standing(values)
    return np.asarray((below + (alike - 1) / 2) / max(len(values) - 1, 1))


def mixed_shares(task: SelectionTask, share: FloatArray) -> FloatArray:
    """(P,) `share` of the votes, mixed with the share of the best `size`; sums to 1. O(n log n).

    Equals at the edge of the best share what seats are left evenly.
    """
    if task.beside is None:
        return share
    below, alike = _standing(task.beside)
    above = task.n - below - alike
    among = np.clip((task.size - above) / alike, 0.0, 1.0)
    best = np.bincount(task.part, weights=among, minlength=len(share)) / task.size
    return np.asarray((1 - task.beside_weight) * share + task.beside_weight * best)


def _standing(beside: FloatArray) -> tuple[IntArray, IntArray]:
    """((n,) entries below each, (n,) entries alike, itself among them)."""
    known = np.where(np.isnan(beside), -np.inf, beside)
    ordered = np.sort(known)
    below = np.searchsorted(ordered, known, side="left")
    return below, np.searchsorted(ordered, known, side="right") - below
