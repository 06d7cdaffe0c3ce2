"""What screening returns: flags for a human queue, and what each test could and could not see."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from concours.peerreview.keyed import FloatArray, IntArray

Evidence = dict[str, int | float | str]


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Something for a person to look at; never a finding of guilt.

    Attributes:
        kind: name of the detector in DETECTORS.
        reviewers, entries: who and what it is about, ascending.
        statistic: the detector's statistic; its docstring gives the scale.
        p_value: chance that honest reviewers give a statistic this extreme, corrected for all the
            places this detector looked at for the same reviewer.
        q_value: share of false alarms to expect among the flags of this kind that are at least this
            strong (Benjamini and Hochberg 1995).
        false_alarm: chance that one honest reviewer gets a flag of this kind at all (for "group":
            that honest data give any group).
        weak: whether a reviewer of the flag has fewer than 8 reviews that could be compared.
        evidence: numbers and short codes for a page to phrase in its own language.
        message: the same in one English sentence.
    """

    kind: str
    reviewers: tuple[int, ...]
    entries: tuple[int, ...]
    statistic: float
    p_value: float
    q_value: float
    false_alarm: float
    weak: bool
    evidence: Evidence
    message: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Findings:
    """What one detector found.

    Attributes:
        p_value: (R,) smallest p-value about each reviewer, NaN where not tested.
        flags: those at or below the detector's level; q_value and weak are filled in later.
        untested: reason code -> number of reviewers not tested for it.
        note: what else a reader must know, as a sentence, or "".
    """

    p_value: FloatArray
    flags: list[Flag]
    untested: dict[str, int] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class TestSummary:
    """How far one test reached.

    Attributes:
        kind: name of the detector.
        ran: whether its data were given.
        level: its part of the report's level.
        tested: number of reviewers it could judge.
        expected_false_alarms: how many of those would be flagged if all were honest.
        flagged: number of reviewers it flagged.
        untested: reason code -> number of reviewers it could not judge, "no-<data>" where the whole
            test did not run; UNTESTED gives the sentences.
        p_value: (R,) smallest p-value about each reviewer, NaN where not tested.
        note: what else a reader must know, or "".
    """

    kind: str
    ran: bool
    level: float
    tested: int
    expected_false_alarms: float
    flagged: int
    untested: dict[str, int]
    p_value: FloatArray
    note: str = ""


@dataclass(frozen=True, eq=False, kw_only=True)
class ScreeningReport:
    """Flags for a human queue, strongest first, and the reach of every test.

    Attributes:
        flags: by p-value, then kind and reviewers.
        tests: one summary a detector, in the order of DETECTORS.
        level: chance that an honest reviewer is flagged, over all tests that ran.
        n_reviewers: R.
        reviews: (R,) reviews of each reviewer that could be compared with others'.
        weak: whether half of the active reviewers or more have fewer than 8 such reviews: honest
            and dishonest reports then look alike, and most of the dishonest are missed.
        weak_reason: why, as a sentence, or "".
        notes: sentences on the data as a whole (parts that cannot be compared, all scores equal).
    """

    flags: list[Flag]
    tests: tuple[TestSummary, ...]
    level: float
    n_reviewers: int
    reviews: IntArray
    weak: bool
    weak_reason: str
    notes: tuple[str, ...] = ()

    @property
    def flagged_reviewers(self) -> IntArray:
        """Reviewers in at least one flag, ascending."""
        found = sorted({r for flag in self.flags for r in flag.reviewers})
        return np.array(found, dtype=np.int64)

    def of(self, reviewer: int) -> list[Flag]:
        """The flags that name `reviewer`."""
        return [flag for flag in self.flags if reviewer in flag.reviewers]

    def test(self, kind: str) -> TestSummary:
        """The summary of one test. Raises KeyError."""
        return next(t for t in self.tests if t.kind == kind)


UNTESTED = {
    "no-reviewer-entry": "it is not known which entry each reviewer belongs to",
    "no-seconds": "no times were given",
    "no-comments": "no comments were given",
    "no-bids": "no bids were given",
    "no-similarity": "no similarities were given",
    "no-reviews": "no review",
    "few-reviews": "fewer than 3 reviews of entries that others reviewed too",
    "cannot-reach-level": "too few reviews for any outcome to be rarer than the level",
    "constant": "all scores equal, so that they say nothing of order",
    "no-differences": "the others see no difference between the entries",
    "independent": "belongs to no entry",
    "own-entry-unreviewed": "the own entry has no review to place it by",
    "own-entry-apart": "the own entry is in a part of the reviews that cannot be compared",
    "no-rivals": "reviews nothing near the own entry, or nothing else",
    "no-ring": "in no ring of reviews",
    "no-noise": "the scores agree exactly, so that there is no residual to judge",
    "no-group-edges": "not linked to other entries by reviews",
    "no-times": "no time known",
    "few-reviewers": "fewer than 10 reviewers to compare with",
    "no-long-comments": "no comment long enough",
    "no-wishes": "no wish among the bids",
}
"""Why a reviewer was not tested: code -> English."""


def q_values(everyone: FloatArray, chances: FloatArray) -> FloatArray:
    """Benjamini-Hochberg q of each of `chances` among the p-values of all tested reviewers.

    NaN in `everyone` = not tested. O((R + flags) log R).
    """
    ordered = np.sort(everyone[~np.isnan(everyone)])
    if not len(ordered):
        return chances
    raw = np.minimum(ordered * len(ordered) / np.arange(1, len(ordered) + 1), 1.0)
    best = np.minimum.accumulate(raw[::-1])[::-1]
    place = np.searchsorted(ordered, chances - 1e-15)
    return np.asarray(np.maximum(best[np.minimum(place, len(best) - 1)], chances))
