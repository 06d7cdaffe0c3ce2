"""Who is selected, so that nobody gains by a false report."""

from __future__ import annotations

from concours.peerreview.assignment.problem import ArrayLike
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.selection.agreement import agreement_of
from concours.peerreview.selection.batch import select_batch
from concours.peerreview.selection.beside import field_share
from concours.peerreview.selection.inputs import task_of
from concours.peerreview.selection.methods import SELECTORS, Selector, method_named
from concours.peerreview.selection.recall import ExpectedRecall, expected_recall
from concours.peerreview.selection.recommend import Recommendation, recommend
from concours.peerreview.selection.result import Reason, SelectionResult
from concours.peerreview.selection.task import SelectionTask

__all__ = [
    "SELECTORS",
    "ExpectedRecall",
    "Reason",
    "Recommendation",
    "SelectionResult",
    "SelectionTask",
    "Selector",
    "agreement_of",
    "expected_recall",
    "field_share",
    "recommend",
    "select",
    "select_batch",
]


def select(
    reviews: ReviewSet,
    *,
    size: int,
    part: ArrayLike,
    seed: bytes,
    reviewer_entry: ArrayLike,
    method: str = "exact-dollar-partition",
    tie_order: ArrayLike | None = None,
    load: int | None = None,
    agreement: float = 1.0,
    beside: ArrayLike | None = None,
    beside_weight: float = 0.0,
) -> SelectionResult:
    """Select `size` of n entries by `method`, a name in SELECTORS.

    `part` (n,) numbers the parts from 0 and `reviewer_entry` (R,) names each reviewer's entry (-1 =
    independent), both as assigned; methods without parts ignore `part`. Equals go by a keyed coin,
    or by `tie_order` (n,), different numbers, lower first. `load` is for "credible-subset": the
    reviews that the busiest team was given to do (None = those it did). `agreement` is for
    "peer-nomination": the chance that two reviewers order two entries alike, above 1/2 .. 1, known
    before these reviews; its size is `size` on average where it holds. `beside` (n,) is what else
    is known of the entries, such as a machine's scores, higher is better, NaN = nothing; it counts
    `beside_weight`, 0 .. 1, of what decides, the reviews the rest (see selection.beside). Not with
    "peer-nomination" and "credible-subset".

    With all but "borda" nobody's reports change their own chance, whatever they report; that
    includes reporting nothing. The size is exact but for "peer-nomination" (in expectation) and
    "credible-subset" (or nobody). O(m + n log n) for m reviews. Raises BadInput.
    """
    chooser = method_named(method)
    task = task_of(
        reviews,
        part=part,
        reviewer_entry=reviewer_entry,
        size=size,
        seed=seed,
        tie_order=tie_order,
        load=load,
        agreement=agreement,
        beside=beside,
        beside_weight=beside_weight,
    )
    return chooser.select(task)
