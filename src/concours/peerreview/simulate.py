"""Worlds whose truth is known, to try methods and to play a season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment import AssignmentProblem, AssignmentResult, assign
from concours.peerreview.assignment.problem import ArrayLike, integers
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray, Keyed
from concours.peerreview.reviews import ReviewSet


@dataclass(frozen=True, eq=False, kw_only=True)
class World:
    """Hidden qualities (n,), the assignment of one reviewer an entry, and the reviews."""

    quality: FloatArray
    assignment: AssignmentResult
    reviews: ReviewSet


def reviews_for(
    pairs: ArrayLike,
    quality: ArrayLike,
    *,
    bias_sd: float,
    noise_sd: float,
    seed: bytes,
    n_reviewers: int | None = None,
    low: float | None = None,
    high: float | None = None,
    step: float | None = None,
) -> ReviewSet:
    """Scores quality + bias + noise for `pairs` (m, 2) of (reviewer, entry).

    `quality` (n,) is on the scale of the scores; scores are rounded to `step` and held within
    `low` .. `high` where given. A reviewer's bias depends on (seed, reviewer), the noise of a
    review on (seed, its row after sorting by reviewer and entry).
    """
    array = integers(pairs, "pairs").reshape(-1, 2)
    truth = np.asarray(quality, dtype=np.float64)
    if bool(np.any((array[:, 1] < 0) | (array[:, 1] >= len(truth)))):
        raise BadInput("pairs: an entry without a quality")
    array = array[np.lexsort((array[:, 1], array[:, 0]))]
    count = int(array[:, 0].max(initial=-1)) + 1 if n_reviewers is None else n_reviewers
    bias = bias_sd * Keyed(seed, "simulate/bias").normals(max(count, 1))
    noise = noise_sd * Keyed(seed, "simulate/noise").normals(len(array))
    score = truth[array[:, 1]] + bias[np.minimum(array[:, 0], len(bias) - 1)] + noise
    if step is not None:
        score = np.rint(score / step) * step
    if low is not None or high is not None:
        score = np.clip(score, low, high)
    return ReviewSet(
        n_entries=len(truth),
        n_reviewers=count,
        reviewer=array[:, 0],
        entry=array[:, 1],
        score=score,
    )


def gaussian_world(
    n: int,
    k: int,
    *,
    seed: bytes,
    quality_sd: float = 1.0,
    bias_sd: float = 1.0,
    noise_sd: float = 1.0,
    parts: int = 1,
) -> World:
    """n entries of normal quality, each reviewed by k others, one reviewer an entry."""
    quality = quality_sd * Keyed(seed, "simulate/quality").normals(n)
    problem = AssignmentProblem(
        n_entries=n, reviewer_entry=_own(n), reviews_per_entry=k, parts=parts
    )
    assignment = assign(problem, seed=seed)
    reviews = reviews_for(
        assignment.pairs, quality, bias_sd=bias_sd, noise_sd=noise_sd, seed=seed, n_reviewers=n
    )
    return World(quality=quality, assignment=assignment, reviews=reviews)


def _own(n: int) -> IntArray:
    return np.arange(n, dtype=np.int64)
