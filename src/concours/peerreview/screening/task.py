"""What the detectors are given, and the interface they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from typing import Protocol

import numpy as np

from concours.peerreview.assignment.similarity import Similarity
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.screening.report import Findings, Flag
from concours.peerreview.screening.residuals import Residuals, residuals

WEAK_BELOW = 8
"""Comparable reviews below which a reviewer's screening is weak."""


@dataclass(frozen=True, eq=False, kw_only=True)
class ScreeningTask:
    """The data of one screening; None where not given.

    Attributes:
        reviews: m reviews of n entries by R reviewers.
        seed: keys the permutations.
        draws: permutations a test, more where its level asks for it.
        reviewer_entry: (R,) the entry each reviewer belongs to, -1 = independent.
        seconds: (m,) time spent on each review, NaN where not known.
        comments: m texts, None or "" where there is none.
        bids: (b, 2) pairs (reviewer, entry) wished for, sorted.
        similarity: how well each reviewer fits each entry.
    """

    reviews: ReviewSet
    seed: bytes
    draws: int
    reviewer_entry: IntArray | None = None
    seconds: FloatArray | None = None
    comments: Sequence[str | None] | None = None
    bids: IntArray | None = None
    similarity: Similarity | None = None

    @property
    def count(self) -> int:
        """R."""
        return self.reviews.n_reviewers

    def draws_at(self, level: float) -> int:
        """Permutations of a test at this level: enough for its smallest p-value to be below it."""
        return max(self.draws, ceil(2 / level))

    @cached_property
    def residuals(self) -> Residuals:
        """What each review says beyond the others', computed once for all detectors."""
        return residuals(self.reviews)

    @cached_property
    def active(self) -> IntArray:
        """(R,) reviews of each reviewer."""
        return np.bincount(self.reviews.reviewer, minlength=self.count)


class Detector(Protocol):
    """One test."""

    @property
    def kind(self) -> str:
        """Name in DETECTORS."""

    @property
    def needs(self) -> tuple[str, ...]:
        """Fields of the task that must be given."""

    @property
    def weight(self) -> float:
        """Its part of the report's level, in proportion to the other tests that run."""

    def look(self, task: ScreeningTask, *, level: float) -> Findings:
        """Flag reviewers so that an honest one is flagged with chance `level` at most."""


def flag(
    kind: str,
    reviewers: Sequence[int],
    entries: Sequence[int],
    *,
    statistic: float,
    p_value: float,
    level: float,
    evidence: dict[str, int | float | str],
    message: str,
) -> Flag:
    """A flag whose q-value and weakness the report fills in."""
    return Flag(
        kind=kind,
        reviewers=tuple(sorted({int(r) for r in reviewers})),
        entries=tuple(sorted({int(e) for e in entries})),
        statistic=float(statistic),
        p_value=float(p_value),
        q_value=float("nan"),
        false_alarm=level,
        weak=False,
        evidence=evidence,
        message=message,
    )


def scattered(chosen: IntArray, p_value: FloatArray, count: int) -> FloatArray:
    """(count,) p-values of the chosen, NaN elsewhere."""
    out = np.full(count, np.nan)
    out[chosen] = p_value
    return out


def untested(task: ScreeningTask, reasons: Sequence[tuple[str, np.ndarray]]) -> dict[str, int]:
    """Reason -> number of reviewers whose first reason it is, without those of 0."""
    left = np.ones(task.count, dtype=bool)
    found = {}
    for code, mask in reasons:
        found[code] = int(np.sum(left & mask))
        left &= ~mask
    return {code: number for code, number in found.items() if number}


def in_words(chance: float) -> str:
    """A chance as a person says it."""
    return f"{chance:.2g}" if chance >= 1e-4 else "less than 0.0001"
