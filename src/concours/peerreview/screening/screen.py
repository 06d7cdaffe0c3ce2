"""Runs every test for which there are data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.problem import ArrayLike, integers
from concours.peerreview.assignment.similarity import Similarity
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.screening import inputs
from concours.peerreview.screening.bids import BidManipulation
from concours.peerreview.screening.comments import CopiedComments
from concours.peerreview.screening.favours import Favours
from concours.peerreview.screening.groups import DenseGroups
from concours.peerreview.screening.haste import Haste
from concours.peerreview.screening.report import (
    Findings,
    Flag,
    ScreeningReport,
    TestSummary,
    q_values,
)
from concours.peerreview.screening.rivals import DownScoring
from concours.peerreview.screening.scores import AgainstTheRest, AllAlike
from concours.peerreview.screening.task import WEAK_BELOW, Detector, ScreeningTask

DETECTORS: dict[str, type[Detector]] = {
    "against-the-rest": AgainstTheRest,
    "down-scoring": DownScoring,
    "favours": Favours,
    "group": DenseGroups,
    "all-alike": AllAlike,
    "haste": Haste,
    "copied-comments": CopiedComments,
    "bids": BidManipulation,
}
Progress = Callable[[int, int], None]


def screen(
    reviews: ReviewSet,
    *,
    seed: bytes,
    reviewer_entry: ArrayLike | None = None,
    level: float = 0.01,
    seconds: ArrayLike | None = None,
    comments: Sequence[str | None] | None = None,
    bids: Any = None,
    similarity: Similarity | npt.ArrayLike | None = None,
    permutations: int = 4_999,
    detectors: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> ScreeningReport:
    """Flag what a person should look at, with the chance of a false alarm.

    Args:
        reviews: m reviews of n entries by R reviewers.
        seed: keys the permutations; the same inputs and seed give the same report.
        reviewer_entry: (R,) the entry each reviewer belongs to, -1 = independent.
        level: chance, above 0 to .2, that an honest reviewer is flagged by any test that runs.
        seconds: (m,) time spent on each review, NaN where not known, in the order of `reviews`
            (sorted by reviewer and entry: see `aligned`).
        comments: m texts in the same order, None where there is none.
        bids: (R, n) matrix, dense or sparse: above 0 = a wish to review, else none.
        similarity: a Similarity or an (R, n) matrix, how well each reviewer fits each entry.
        permutations: draws a test at most, 99 .. 999,999; more where a test's level asks for it.
        detectors: names of the tests to run, all by default; the level is shared among these.
        progress: called with (tests done, tests in all).

    Returns:
        Flags by rising p-value and a summary of every test.

    Raises BadInput. O(R * load * (1 + ln permutations)) time where most are honest, O(m) memory.
    """
    inputs.check_numbers(level, permutations)
    inputs.check_lists(reviews)
    names = list(DETECTORS) if detectors is None else inputs.known(detectors, list(DETECTORS))
    task = ScreeningTask(
        reviews=reviews,
        seed=seed,
        draws=permutations,
        reviewer_entry=inputs.owners(reviews, reviewer_entry),
        seconds=inputs.times(reviews, seconds),
        comments=inputs.texts(reviews, comments),
        bids=inputs.wishes(reviews, bids),
        similarity=inputs.similarities(reviews, similarity),
    )
    tests = [DETECTORS[name]() for name in names]
    able = [not _missing(task, test) for test in tests]
    total = sum(test.weight for test, runs in zip(tests, able, strict=True) if runs)
    summaries, flags = [], []
    for done, (test, runs) in enumerate(zip(tests, able, strict=True)):
        if progress is not None:
            progress(done, len(tests))
        part = level * test.weight / total if runs else 0.0
        summary, found = _run(task, test, part, runs=runs)
        summaries.append(summary)
        flags += found
    if progress is not None:
        progress(len(tests), len(tests))
    flags.sort(key=lambda f: (f.p_value, f.kind, f.reviewers, f.entries))
    load = task.residuals.load
    weak, reason = _weakness(load, task.active)
    return ScreeningReport(
        flags=flags,
        tests=tuple(summaries),
        level=level,
        n_reviewers=task.count,
        reviews=load,
        weak=weak,
        weak_reason=reason,
        notes=tuple(_notes(task)),
    )


def aligned(
    reviews: ReviewSet, *, reviewer: ArrayLike, entry: ArrayLike, values: Sequence[Any]
) -> list[Any]:
    """`values` given for (reviewer, entry), put in the order of `reviews`; None elsewhere.

    Raises BadInput for a pair that was not reviewed or is given twice. O(m log m).
    """
    who, what = integers(reviewer, "reviewer"), integers(entry, "entry")
    if not len(who) == len(what) == len(values):
        raise BadInput("reviewer, entry and values: one length expected")
    key = reviews.reviewer.astype(np.int64) * reviews.n_entries + reviews.entry
    wanted = who * reviews.n_entries + what
    place = np.searchsorted(key, wanted)
    known = (place < len(key)) & (key[np.minimum(place, len(key) - 1)] == wanted)
    out = np.flatnonzero(~known) if len(key) else np.arange(len(wanted))
    if out.size:
        i = int(out[0])
        raise BadInput(f"values[{i}]: reviewer {who[i]} has no review of entry {what[i]}")
    result: list[Any] = [None] * len(key)
    seen = np.zeros(len(key), dtype=bool)
    for i, at in enumerate(place.tolist()):
        if seen[at]:
            raise BadInput(f"values[{i}]: reviewer {who[i]} and entry {what[i]} given twice")
        seen[at], result[at] = True, values[i]
    return result


def _run(
    task: ScreeningTask, test: Detector, level: float, *, runs: bool
) -> tuple[TestSummary, list[Flag]]:
    if runs:
        found = test.look(task, level=level)
    else:
        missing = {f"no-{name.replace('_', '-')}": task.count for name in _missing(task, test)}
        found = Findings(p_value=np.full(task.count, np.nan), flags=[], untested=missing)
    load = task.residuals.load
    chances = np.array([flag.p_value for flag in found.flags], dtype=np.float64)
    flags = [
        replace(flag, q_value=float(q), weak=bool(np.any(load[list(flag.reviewers)] < WEAK_BELOW)))
        for flag, q in zip(found.flags, q_values(found.p_value, chances), strict=True)
    ]
    tested = int(np.sum(np.isfinite(found.p_value)))
    summary = TestSummary(
        kind=test.kind,
        ran=runs,
        level=level,
        tested=tested,
        expected_false_alarms=level * tested,
        flagged=len({r for flag in flags for r in flag.reviewers}),
        untested=found.untested,
        p_value=found.p_value,
        note=found.note,
    )
    return summary, flags


def _missing(task: ScreeningTask, test: Detector) -> list[str]:
    return [name for name in test.needs if getattr(task, name) is None]


def _weakness(load: IntArray, active: IntArray) -> tuple[bool, str]:
    busy = active > 0
    few = int(np.sum(load[busy] < WEAK_BELOW))
    if not bool(np.any(busy)):
        return True, "There are no reviews."
    if 2 * few < int(busy.sum()):
        return False, ""
    return True, (
        f"{few} of {int(busy.sum())} reviewers have fewer than {WEAK_BELOW} reviews that can be "
        "compared: most dishonest reports would be missed."
    )


def _notes(task: ScreeningTask) -> list[str]:
    notes = []
    score = task.reviews.score
    if len(score) and float(score.max()) == float(score.min()):
        notes.append("All scores are equal: they say nothing of anybody.")
    parts = int(task.residuals.part.max(initial=-1)) + 1
    if parts > 1:
        notes.append(
            f"The reviews fall into {parts} parts with no reviewer in common; reviewers are "
            "compared within their part."
        )
    return notes
