"""What a study returns: tables of what each design achieved."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

TOP = "top"
"""Selection by rank alone: the first of the consensus."""


@dataclass(frozen=True, kw_only=True)
class StudyRow:
    """How one method did under one design, over the worlds of a study.

    Attributes:
        world: name of the family of worlds.
        reviews_per_entry, parts, assignment: the design.
        bad_share: share of reviewers who are not honest.
        consensus: name in AGGREGATORS, "" where the selection does not use one.
        selection: "top" (the first of the consensus) or a name in SELECTORS.
        worlds: number of worlds.
        recall: mean share of the truly best `size` that are selected.
        spearman: mean rank correlation of the consensus with the truth, NaN without a consensus.
        coverage: mean share of entries whose true rank is within the interval, NaN likewise.
        expected_recall: what the consensus itself expected of its recall, NaN likewise.
        gain: mean change of the chance of the entry just below the line when its reviewer turns
            strategic, all others the same; 0 for an impartial method.
        places: mean number of places that entry gains by it in the consensus, NaN likewise.
        *_se: standard errors of the means.
    """

    world: str
    reviews_per_entry: int
    parts: int
    assignment: str
    bad_share: float
    consensus: str
    selection: str
    worlds: int
    recall: float
    recall_se: float
    spearman: float
    spearman_se: float
    coverage: float
    coverage_se: float
    expected_recall: float
    expected_recall_se: float
    gain: float
    gain_se: float
    places: float
    places_se: float

    @property
    def method(self) -> str:
        """Consensus or selection, whichever decides."""
        return self.consensus or self.selection


@dataclass(frozen=True, kw_only=True)
class ScreeningRow:
    """How often screening flagged reviewers of one behaviour under one design.

    Attributes:
        world, reviews_per_entry, parts, assignment, bad_share: as in StudyRow.
        behaviour: name in BEHAVIOURS; for "honest" the share flagged is that of false alarms.
        kind: name in DETECTORS, or "any".
        reviewers: reviewers of this behaviour over all worlds.
        flagged, flagged_se: mean share flagged and its standard error over the worlds.
    """

    world: str
    reviews_per_entry: int
    parts: int
    assignment: str
    bad_share: float
    behaviour: str
    kind: str
    reviewers: int
    flagged: float
    flagged_se: float


@dataclass(frozen=True, kw_only=True)
class Study:
    """Tables of a study.

    Attributes:
        entries, size: entries of a season and how many are selected.
        level: level of the screening.
        rows, screening: one row a design and method; a design, behaviour and detector.
    """

    entries: int
    size: int
    level: float
    rows: tuple[StudyRow, ...]
    screening: tuple[ScreeningRow, ...] = field(default=())

    def table(self) -> list[dict[str, Any]]:
        """The rows as dictionaries, for a file or a page."""
        return [asdict(row) for row in self.rows]

    def screening_table(self) -> list[dict[str, Any]]:
        """The rows on screening as dictionaries."""
        return [asdict(row) for row in self.screening]

    def where(self, **wanted: object) -> list[StudyRow]:
        """Rows whose fields have these values."""
        return [r for r in self.rows if all(getattr(r, k) == v for k, v in wanted.items())]


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Mean and its standard error, of the values that are not NaN; NaN without enough."""
    known = np.array([value for value in values if not np.isnan(value)])
    if not len(known):
        return float("nan"), float("nan")
    error = float(np.std(known, ddof=1) / np.sqrt(len(known))) if len(known) > 1 else float("nan")
    return float(np.mean(known)), error
