"""What a selection is worth: the share of the truly best that it finds, by simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from concours.peerreview.assignment.problem import ArrayLike
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, Keyed
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.selection.agreement import agreement_of
from concours.peerreview.selection.inputs import check_agreement, task_of
from concours.peerreview.selection.methods import Selector, method_named
from concours.peerreview.selection.nomination_quota import noise_sd
from concours.peerreview.selection.task import SelectionTask, read_only

BUDGET = 4_000_000  # reviews simulated in all, unless the number of worlds is given
FEWEST, USUAL = 4, 200  # worlds


@dataclass(frozen=True, kw_only=True)
class ExpectedRecall:
    """How much of the truly best a selection finds.

    Attributes:
        recall: mean share of the truly best `size` that are selected, 0 .. 1.
        error: standard error of `recall` over the worlds.
        spread: standard deviation from one world to another.
        selected: mean number selected.
        agreement: chance that two reviewers order two entries alike, as simulated.
        worlds: number of worlds.
    """

    recall: float
    error: float
    spread: float
    selected: float
    agreement: float
    worlds: int


def expected_recall(
    reviews: ReviewSet,
    *,
    size: int,
    part: ArrayLike,
    reviewer_entry: ArrayLike,
    seed: bytes,
    method: str = "exact-dollar-partition",
    agreement: float | None = None,
    worlds: int | None = None,
) -> ExpectedRecall:
    """The recall to expect of `select` on these reviews' own graph: who reviewed whom is kept.

    Each world draws normal qualities and normal errors, so that two reviewers agree as they do in
    `reviews` (`agreement_of`) or as `agreement` says, then selects. `worlds` None: 4 to 200 by the
    number of reviews. O(worlds * (m + n log n)). Raises BadInput.
    """
    chooser = method_named(method)
    found = agreement_of(reviews) if agreement is None else agreement
    check_agreement(found)
    if worlds is not None and worlds < 2:
        raise BadInput(f"worlds: at least 2 expected, got {worlds}")
    task = task_of(
        reviews,
        part=part,
        reviewer_entry=reviewer_entry,
        size=size,
        seed=seed,
        tie_order=None,
        load=None,
        agreement=found,
    )
    count = worlds or max(FEWEST, min(USUAL, BUDGET // max(len(reviews), 1)))
    outcomes = [_outcome(chooser, task, seed, i, noise_sd(found)) for i in range(count)]
    recall, selected = np.array(outcomes).T
    spread = float(recall.std(ddof=1))
    return ExpectedRecall(
        recall=float(recall.mean()),
        error=spread / count**0.5,
        spread=spread,
        selected=float(selected.mean()),
        agreement=found,
        worlds=count,
    )


def _outcome(
    chooser: Selector, task: SelectionTask, seed: bytes, world: int, noise: float
) -> tuple[float, int]:
    """(recall, number selected) in one world."""
    quality, score = _world(task, seed=seed, world=world, noise=noise)
    own = seed + b"/" + world.to_bytes(8, "little")
    result = chooser.select(replace(task, score=score, seed=own))
    edge = np.partition(quality, -task.size)[-task.size]
    hits = int(np.sum(quality[result.selected] >= edge))
    return hits / task.size, len(result.selected)


def _world(
    task: SelectionTask, *, seed: bytes, world: int, noise: float
) -> tuple[FloatArray, FloatArray]:
    """((n,) qualities, (m,) scores)."""
    quality = Keyed(seed, "recall/quality").normals(task.n, start=world * task.n)
    count = len(task.entry)
    error = Keyed(seed, "recall/error").normals(count, start=world * count)
    return quality, read_only(quality[task.entry] + noise * error)
