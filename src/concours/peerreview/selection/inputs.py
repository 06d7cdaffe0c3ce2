"""Checks of what selection is asked, and reviews as the lists of a task."""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.problem import ArrayLike, integers
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.selection.task import SelectionTask, SmallArray, int32, read_only


def check_size(size: int, n: int) -> None:
    """Raises BadInput unless `size` is 1 to n."""
    if not 1 <= size <= n:
        raise BadInput(f"size: 1 to {n} expected, got {size}")


def parts_of(part: ArrayLike, n: int) -> SmallArray:
    """(n,) parts; raises BadInput naming the index of a negative one."""
    parts = integers(part, "part")
    if parts.shape != (n,):
        raise BadInput(f"part: {n} numbers from 0 expected, got shape {parts.shape}")
    below = np.flatnonzero(parts < 0)
    if below.size:
        raise BadInput(f"part[{below[0]}]: {parts[below[0]]} is below 0; number the parts from 0")
    far = np.flatnonzero(parts >= n)
    if far.size:
        raise BadInput(
            f"part[{far[0]}]: {parts[far[0]]}, yet {n} entries fill at most {n} parts, none of "
            "them empty: number the parts from 0"
        )
    return int32(parts)


def owners_of(reviewer_entry: ArrayLike, reviewers: int, n: int) -> SmallArray:
    """(R,) entries of the reviewers; raises BadInput naming the index of one out of range."""
    owner = integers(reviewer_entry, "reviewer_entry")
    if owner.shape != (reviewers,):
        raise BadInput(f"reviewer_entry: {reviewers} numbers expected, got shape {owner.shape}")
    out = np.flatnonzero((owner < -1) | (owner >= n))
    if out.size:
        raise BadInput(f"reviewer_entry[{out[0]}]: no entry {owner[out[0]]}; -1 = independent")
    return int32(owner)


def ties_of(tie_order: ArrayLike | None, n: int) -> IntArray | None:
    """(n,) ranks among equals; raises BadInput where two are the same."""
    if tie_order is None:
        return None
    order = integers(tie_order, "tie_order")
    if order.shape != (n,):
        raise BadInput(f"tie_order: {n} different numbers expected, got shape {order.shape}")
    by = np.argsort(order, kind="stable")
    same = np.flatnonzero(np.diff(order[by]) == 0)
    if same.size:
        raise BadInput(f"tie_order[{by[same[0] + 1]}]: {order[by[same[0]]]} is given twice")
    return read_only(order)


def check_load(load: int | None) -> None:
    """Raises BadInput for a load below 0."""
    if load is not None and load < 0:
        raise BadInput(f"load: 0 or more expected, got {load}")


def check_agreement(agreement: float) -> None:
    """Raises BadInput unless `agreement` is above 1/2 and at most 1."""
    if not 0.5 < agreement <= 1:
        raise BadInput(f"agreement: above 0.5 and at most 1 expected, got {agreement}")


def beside_of(beside: ArrayLike | None, n: int, weight: float) -> FloatArray | None:
    """(n,) numbers or NaN; raises BadInput for others, and for a weight out of 0 .. 1."""
    if not 0 <= weight <= 1:
        raise BadInput(f"beside_weight: 0 to 1 expected, got {weight}")
    if beside is None:
        return None
    found = np.asarray(beside, dtype=np.float64)
    if found.shape != (n,):
        raise BadInput(f"beside: {n} numbers expected, got shape {found.shape}")
    endless = np.flatnonzero(np.isinf(found))
    if endless.size:
        raise BadInput(f"beside[{endless[0]}]: a finite number expected, or NaN for none")
    return read_only(found)


def check_reviewers(reviewers: int) -> None:
    """Raises BadInput where there is none."""
    if reviewers < 1:
        raise BadInput("reviewer_entry: at least one reviewer expected, got none")


def task_of(
    reviews: ReviewSet,
    *,
    part: ArrayLike,
    reviewer_entry: ArrayLike,
    size: int,
    seed: bytes,
    tie_order: ArrayLike | None,
    load: int | None,
    agreement: float,
    beside: ArrayLike | None = None,
    beside_weight: float = 0.0,
) -> SelectionTask:
    """The checked task; comparisons become one list a reviewer, by wins less losses."""
    n = reviews.n_entries
    check_size(size, n)
    check_load(load)
    check_agreement(agreement)
    check_reviewers(reviews.n_reviewers)
    if reviews.n_lists != reviews.n_reviewers:
        reviews = _merged(reviews)
    return SelectionTask(
        start=read_only(reviews.start),
        entry=read_only(reviews.member),
        score=read_only(reviews.score),
        part=parts_of(part, n),
        owner=owners_of(reviewer_entry, reviews.n_reviewers, n),
        size=size,
        seed=seed,
        tie_order=ties_of(tie_order, n),
        load=load,
        agreement=agreement,
        beside=beside_of(beside, n, beside_weight),
        beside_weight=beside_weight,
    )


def _merged(reviews: ReviewSet) -> ReviewSet:
    key, row = np.unique(reviews.reviewer * reviews.n_entries + reviews.entry, return_inverse=True)
    return ReviewSet(
        n_entries=reviews.n_entries,
        n_reviewers=reviews.n_reviewers,
        reviewer=key // reviews.n_entries,
        entry=key % reviews.n_entries,
        score=np.bincount(row, weights=np.sign(reviews.score), minlength=len(key)),
        ranked=True,
    )
