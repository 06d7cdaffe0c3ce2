"""Screening of reviews: flags for a human queue, each with its evidence and chance of false alarm.

`screen` runs the tests in DETECTORS for which there are data. `level` is the chance that an honest
reviewer is flagged by any of them: it is shared out over the tests that run, and each flag and
summary states its own part.

What cannot be detected
-----------------------
Tests compare a reviewer with the others, so that whatever most of them share is invisible: a
common prejudice, a majority that colludes. One odd review is never evidence; a pattern needs
several, and below 8 reviews a reviewer most are missed (the report then says that it is weak).
Favours repaid elsewhere, paraphrased comments and wishes that fit well leave no trace. LIMITS lists
what pages should tell people. Nothing here shows intent.
"""

from __future__ import annotations

from concours.peerreview.screening.limits import LIMITS
from concours.peerreview.screening.report import (
    UNTESTED,
    Evidence,
    Findings,
    Flag,
    ScreeningReport,
    TestSummary,
)
from concours.peerreview.screening.screen import DETECTORS, aligned, screen
from concours.peerreview.screening.task import Detector, ScreeningTask

__all__ = [
    "DETECTORS",
    "LIMITS",
    "UNTESTED",
    "Detector",
    "Evidence",
    "Findings",
    "Flag",
    "ScreeningReport",
    "ScreeningTask",
    "TestSummary",
    "aligned",
    "screen",
]
