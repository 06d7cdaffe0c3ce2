"""Standings as a pure function of inputs and seed: what the platform does, a verifier repeats."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from concours.peerreview import ENGINE_VERSION, ConsensusResult, ReviewSet, consensus
from concours.platform.record.chain import canonical
from concours.platform.review.domain.finalists import choose
from concours.platform.review.domain.folds import Ranked, ranked_by, ranked_without_own
from concours.platform.review.domain.inputs import Inputs
from concours.platform.review.domain.rubrics import FULL_MILLI, points_milli
from concours.platform.review.methods import OWN_SCALE

MOST_STEPS = 40
STEP = 2_000
"""Thousandths of a point."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One entry's standing. `index` is its place in the inputs; see models.Standing.

    All but `position` and what concerns finalists is unmoved by the entry's own reviewer where the
    inputs have folds.
    """

    index: int
    position: int
    points_milli: int
    estimate: float
    standard_error: float
    rank: int
    rank_low: int
    rank_high: int
    chance: float | None
    reviews: int
    finalist: bool
    duty_fulfilled: bool
    reason: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """One reviewer's; `index` in the inputs. See models.ReviewerCalibration."""

    index: int
    bias: float
    standard_error: float
    reviews: int
    spread: float | None


@dataclass(frozen=True, kw_only=True)
class Computed:
    """`rows` by position. `digest` covers what is published of each row, in order.

    `turnover` and `recall`: shares of the best inputs["size"] that other reviewers would change,
    and that are truly among the best; None where everybody or nobody is a finalist, and where a
    machine counts. `folds` is
    their number, 0 where ranks count own reviews.
    """

    engine: str
    selection: str
    impartial: bool
    converged: bool
    reliability: float
    components: int
    variance: dict[str, float]
    turnover: float | None
    recall: float | None
    folds: int
    rows: list[Row]
    calibrations: list[Calibration]
    digest: str


def compute(inputs: Inputs, *, seed: bytes) -> Computed:
    """Consensus with rank intervals, then finalists. See peerreview.consensus for the cost, which
    is paid once more for each fold."""
    reviews = _review_set(inputs)
    size = inputs["size"]
    result = consensus(
        reviews,
        method=inputs["method"],
        level=inputs["level"],
        draws=inputs["draws"],
        seed=seed,
        # What reviews say of the best says little where a machine chooses with them.
        top=size if 0 < size < len(inputs["entries"]) and "machine" not in inputs else None,
    )
    ranked = _ranked(inputs, reviews, result)
    finalists = choose(inputs, reviews=reviews, order=ranked.order, seed=seed)
    points = _points(inputs, ranked)
    rows = [
        Row(
            index=index,
            position=position,
            points_milli=int(points[index]),
            estimate=float(ranked.estimate[index]),
            standard_error=float(ranked.standard_error[index]),
            rank=int(ranked.rank[index]),
            rank_low=int(ranked.rank_low[index]),
            rank_high=int(ranked.rank_high[index]),
            chance=None if ranked.chance is None else float(ranked.chance[index]),
            reviews=int(result.n_reviews[index]),
            finalist=finalists.chosen[index],
            duty_fulfilled=str(index) not in inputs["barred"],
            reason=finalists.reasons[index],
        )
        for position, index in enumerate(ranked.order.tolist(), start=1)
    ]
    calibrations = [
        Calibration(
            index=index,
            bias=float(result.bias[index]),
            standard_error=float(result.bias_standard_error[index]),
            reviews=int(result.reviewer_reviews[index]),
            spread=None if np.isnan(spread) else float(spread),
        )
        for index, spread in enumerate(result.residual_spread.tolist())
        # Rankings and some methods say nothing about generosity.
        if not inputs["ranked"] and np.isfinite(result.bias[index])
    ]
    return Computed(
        engine=ENGINE_VERSION,
        selection=finalists.method,
        impartial=finalists.impartial,
        converged=ranked.converged,
        reliability=result.reliability,
        components=len(result.components),
        variance={name: value for name, value in result.variance.items() if np.isfinite(value)},
        turnover=result.expected_turnover,
        recall=result.expected_recall,
        folds=len(set(inputs.get("folds", ()))),
        rows=rows,
        calibrations=calibrations,
        digest=_digest(inputs, rows),
    )


def _ranked(inputs: Inputs, reviews: ReviewSet, whole: ConsensusResult) -> Ranked:
    if "folds" not in inputs:
        return ranked_by(whole)
    return ranked_without_own(
        reviews,
        whole,
        entry_fold=inputs["folds"],
        reviewer_fold=inputs["reviewer_folds"],
        coin=bytes.fromhex(inputs["coin"]),
        draws=inputs["draws"],
    )


def _points(inputs: Inputs, ranked: Ranked) -> npt.NDArray[np.int64]:
    """Thousandths of a point. Of rankings the estimate is a normal score: its share of a normal
    population counts, so that the middle has 50 points. Where the method has a scale of its own,
    it is the share of the field that an entry is ahead of."""
    if inputs["method"] in OWN_SCALE:
        share = 100 * (1 - (ranked.rank - 0.5) / len(ranked.rank))
    elif inputs["ranked"]:
        share = ndtr(ranked.estimate) * 100
    else:
        share = np.clip(ranked.estimate, 0, 100)
    return np.rint(share * (FULL_MILLI // 100)).astype(np.int64)


def _review_set(inputs: Inputs) -> ReviewSet:
    keys = [criterion["key"] for criterion in inputs["criteria"]]
    rows = inputs["reviews"]
    points = [
        points_milli(criteria=inputs["criteria"], scores=dict(zip(keys, row[2], strict=True)))
        for row in rows
    ]
    if inputs["ranked"]:
        return _rankings(inputs, points)
    if inputs["method"] == "ordinal":
        points = _coarse(points)
    return ReviewSet(
        n_entries=len(inputs["entries"]),
        n_reviewers=len(inputs["reviewers"]),
        reviewer=np.array([row[0] for row in rows], dtype=np.int64),
        entry=np.array([row[1] for row in rows], dtype=np.int64),
        score=np.array([milli / (FULL_MILLI // 100) for milli in points], dtype=np.float64),
    )


def _coarse(points: list[int]) -> list[int]:
    """Steps of 2 points out of 100 where weighted criteria make more steps than a scale has."""
    if len(set(points)) <= MOST_STEPS:
        return points
    return [(milli + STEP // 2) // STEP * STEP for milli in points]


def _rankings(inputs: Inputs, points: list[int]) -> ReviewSet:
    """Each reviewer's entries in the order that the points give."""
    ranked: list[list[tuple[int, int]]] = [[] for _ in inputs["reviewers"]]
    for (reviewer, entry, _scores), milli in zip(inputs["reviews"], points, strict=True):
        ranked[reviewer].append((-milli, entry))
    return ReviewSet.from_rankings(
        [[entry for _milli, entry in sorted(row)] for row in ranked],
        n_entries=len(inputs["entries"]),
    )


def _digest(inputs: Inputs, rows: list[Row]) -> str:
    published = [
        [
            inputs["entries"][row.index],
            row.position,
            row.rank,
            row.rank_low,
            row.rank_high,
            row.points_milli,
            row.finalist,
        ]
        for row in rows
    ]
    return hashlib.sha256(canonical(published).encode()).hexdigest()
