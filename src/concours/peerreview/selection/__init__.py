"""Who is selected."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from concours.peerreview.assignment.problem import ArrayLike, integers
from concours.peerreview.errors import BadInput
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.selection.borda import PlainBorda
from concours.peerreview.selection.exact_dollar_partition import ExactDollarPartition
from concours.peerreview.selection.result import Reason, SelectionResult, SelectionTask

__all__ = ["SELECTORS", "Reason", "SelectionResult", "SelectionTask", "Selector", "select"]


class Selector(Protocol):
    """A method of selection."""

    @property
    def name(self) -> str:
        """Name in SELECTORS."""

    def select(self, task: SelectionTask) -> SelectionResult:
        """Select exactly task.size entries."""


SELECTORS: dict[str, type[Selector]] = {
    "exact-dollar-partition": ExactDollarPartition,
    "borda": PlainBorda,
}


def select(
    reviews: ReviewSet,
    *,
    size: int,
    part: ArrayLike,
    seed: bytes,
    reviewer_entry: ArrayLike,
    method: str = "exact-dollar-partition",
) -> SelectionResult:
    """Select exactly `size` entries; `part` (n,) and `reviewer_entry` (R,) as assigned.

    With the default method nobody's reports change their own chance, whatever they report; that
    includes reporting nothing. Raises BadInput.
    """
    if method not in SELECTORS:
        raise BadInput(f"no method {method!r}: {', '.join(sorted(SELECTORS))}")
    parts, owner = integers(part, "part"), integers(reviewer_entry, "reviewer_entry")
    n = reviews.n_entries
    if not 1 <= size <= n:
        raise BadInput(f"size: 1 to {n} expected, got {size}")
    if parts.shape != (n,) or bool(np.any(parts < 0)):
        raise BadInput(f"part: {n} numbers from 0 expected")
    if owner.shape != (reviews.n_reviewers,):
        raise BadInput(f"reviewer_entry: {reviews.n_reviewers} numbers expected")
    out = np.flatnonzero((owner < -1) | (owner >= n))
    if out.size:
        raise BadInput(f"reviewer_entry[{out[0]}]: no entry {owner[out[0]]}")
    task = SelectionTask(reviews=reviews, size=size, part=parts, reviewer_entry=owner, seed=seed)
    return SELECTORS[method]().select(task)
