"""Checks of what `screen` is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from concours.peerreview.assignment.problem import ArrayLike, integers
from concours.peerreview.assignment.similarity import Similarity
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet


def check_numbers(level: float, permutations: int) -> None:
    """Raises BadInput for a level outside (0, .2] or permutations outside 99 .. 999,999."""
    if not 0 < level <= 0.2:
        raise BadInput(f"level: above 0 to 0.2 expected, got {level}")
    if not 99 <= permutations <= 999_999:
        raise BadInput(f"permutations: 99 to 999,999 expected, got {permutations}")


def check_lists(reviews: ReviewSet) -> None:
    """Raises BadInput for pairwise comparisons, in which a review has no score of its own."""
    if reviews.n_lists != reviews.n_reviewers:
        raise BadInput(
            "reviews: comparisons cannot be screened; make scores or one ranking a reviewer of them"
        )


def owners(reviews: ReviewSet, values: ArrayLike | None) -> IntArray | None:
    """(R,) entries of the reviewers, or None."""
    if values is None:
        return None
    owner = integers(values, "reviewer_entry")
    if owner.shape != (reviews.n_reviewers,):
        raise BadInput(
            f"reviewer_entry: {reviews.n_reviewers} numbers expected, got shape {owner.shape}"
        )
    out = np.flatnonzero((owner < -1) | (owner >= reviews.n_entries))
    if out.size:
        raise BadInput(f"reviewer_entry[{out[0]}]: no entry {owner[out[0]]}")
    return owner


def times(reviews: ReviewSet, values: ArrayLike | None) -> FloatArray | None:
    """(m,) seconds above 0 or NaN, or None."""
    if values is None:
        return None
    try:
        seconds = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadInput("seconds: numbers expected, NaN where not known") from None
    if seconds.shape != (len(reviews),):
        raise BadInput(f"seconds: {len(reviews)} numbers expected, got shape {seconds.shape}")
    out = np.flatnonzero((seconds <= 0) | np.isinf(seconds))
    if out.size:
        raise BadInput(
            f"seconds[{out[0]}]: {seconds[out[0]]} is not a time above 0; use NaN where not known"
        )
    return seconds


def texts(reviews: ReviewSet, values: Sequence[str | None] | None) -> Sequence[str | None] | None:
    """m texts or None each, or None."""
    if values is None:
        return None
    if isinstance(values, str) or len(values) != len(reviews):
        raise BadInput(f"comments: one text or None for each of {len(reviews)} reviews expected")
    for i, text in enumerate(values):
        if text is not None and not isinstance(text, str):
            raise BadInput(f"comments[{i}]: a text or None expected, got {type(text).__name__}")
    return values


def wishes(reviews: ReviewSet, values: Any) -> IntArray | None:
    """(b, 2) sorted pairs (reviewer, entry) with a bid above 0, or None."""
    if values is None:
        return None
    shape = (reviews.n_reviewers, reviews.n_entries)
    if sparse.issparse(values):
        cells: Any = values
        cells = cells.tocoo()
        row, column, value, given = cells.row, cells.col, cells.data, cells.shape
    else:
        try:
            dense = np.asarray(values, dtype=np.float64)
        except (TypeError, ValueError):
            raise BadInput("bids: a matrix of numbers expected") from None
        given = dense.shape
        row, column = np.nonzero(dense) if dense.ndim == 2 else (dense, dense)
        value = dense[row, column] if dense.ndim == 2 else dense
    if given != shape:
        raise BadInput(f"bids: shape {shape} (reviewers, entries) expected, got {given}")
    out = np.flatnonzero(~np.isfinite(value))
    if out.size:
        i = out[0]
        raise BadInput(f"bids[{row[i]}, {column[i]}]: {value[i]} is not a finite number")
    wished = value > 0
    pairs = np.stack([row[wished], column[wished]], axis=1).astype(np.int64)
    return np.unique(pairs, axis=0)


def similarities(
    reviews: ReviewSet, values: Similarity | npt.ArrayLike | None
) -> Similarity | None:
    """A Similarity of shape (R, n), or None."""
    if values is None:
        return None
    found = values if isinstance(values, Similarity) else Similarity.dense(values)
    shape = (reviews.n_reviewers, reviews.n_entries)
    if found.shape != shape:
        raise BadInput(f"similarity: shape {shape} expected, got {found.shape}")
    return found


def known(names: Sequence[str], detectors: Sequence[str]) -> list[str]:
    """The names asked for. Raises BadInput for one that is not a detector or is named twice."""
    if isinstance(names, str):
        raise BadInput(f"detectors: a list of names expected, got {names!r}")
    for name in names:
        if name not in detectors:
            raise BadInput(f"no detector {name!r}: {', '.join(detectors)}")
    if len(set(names)) < len(names) or not names:
        raise BadInput("detectors: at least one name expected, none of them twice")
    return list(names)
