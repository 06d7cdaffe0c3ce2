"""Who goes to the final, and why: reasons are codes and numbers that pages phrase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.peerreview import BadInput, ConsensusResult, ReviewSet, SelectionResult, select
from concours.platform.review.domain.inputs import Inputs

Reason = dict[str, Any]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Finalists:
    """Whether each entry is a finalist and why; the method, and whether nobody's own reviews can
    have moved their own chance."""

    chosen: list[bool]
    reasons: list[Reason]
    method: str
    impartial: bool


def choose(
    inputs: Inputs, *, reviews: ReviewSet, consensus: ConsensusResult, seed: bytes
) -> Finalists:
    """Choose inputs["size"] of the entries that may be chosen; all of them if they are no more.

    In one part, or where the parts cannot fill the seats, the best ranks are chosen, which is not
    impartial and says so.
    """
    n = len(inputs["entries"])
    reasons: list[Reason] = [{} for _ in range(n)]
    for barred, duty in inputs["barred"].items():
        reasons[int(barred)] = {"code": "duty-not-fulfilled", **duty}
    open_to = np.array([not reason for reason in reasons], dtype=np.bool_)
    candidates = np.flatnonzero(open_to)
    size = min(inputs["size"], len(candidates))
    if size in {0, len(candidates)}:
        code = "all-selected" if size else "no-finalists"
        for index in candidates.tolist():
            reasons[index] = {"code": code, "size": size}
        chosen = [bool(size) and bool(value) for value in open_to]
        return Finalists(chosen=chosen, reasons=reasons, method=code, impartial=True)
    selected = _impartially(inputs, reviews, candidates, size=size, seed=seed)
    if selected is None:
        return _by_rank(consensus, reasons, open_to, size=size)
    found = np.zeros(n, dtype=np.bool_)
    found[candidates[selected.selected]] = True
    for index, reason in zip(candidates.tolist(), reasons_of(selected), strict=True):
        reasons[index] = reason
    return Finalists(
        chosen=[bool(value) for value in found],
        reasons=reasons,
        method=selected.method,
        impartial=selected.impartial,
    )


def reasons_of(result: SelectionResult) -> list[Reason]:
    """`result.reason(entry)` for all entries at once, O(n): floats to six places."""
    sizes = np.bincount(result.part, minlength=len(result.seats)).tolist()
    quota, seats, share = result.quota.tolist(), result.seats.tolist(), result.share.tolist()
    rows = zip(
        result.chosen.tolist(),
        result.part.tolist(),
        result.place.tolist(),
        result.score.tolist(),
        result.probability.tolist(),
        strict=True,
    )
    return [
        {
            "code": _code(bool(chosen), place, quota[part]),
            "part": part,
            "part_size": sizes[part],
            "share": round(share[part], 6),
            "quota": round(quota[part], 6),
            "seats": seats[part],
            "place": place,
            "score": round(score, 6),
            "probability": round(probability, 6),
        }
        for chosen, part, place, score, probability in rows
    ]


def _code(chosen: bool, place: int, quota: float) -> str:
    if chosen:
        return "within-quota" if place <= int(quota) else "rounded-up"
    return "rounded-down" if place <= -int(-quota // 1) else "below-quota"


def _impartially(
    inputs: Inputs, reviews: ReviewSet, candidates: IntArray, *, size: int, seed: bytes
) -> SelectionResult | None:
    parts = np.array(inputs["parts"], dtype=np.int64)
    labels, part = np.unique(parts[candidates], return_inverse=True)
    if len(labels) < 2:
        return None
    # A reviewer counts by part alone: any candidate of the own part stands for their own entry.
    first_of = {int(parts[entry]): place for place, entry in reversed(list(enumerate(candidates)))}
    owner = [first_of.get(own, -1) for own in inputs["reviewer_parts"]]
    try:
        return select(
            _restricted(reviews, candidates),
            size=size,
            part=part,
            seed=seed,
            reviewer_entry=np.array(owner, dtype=np.int64),
            method=inputs["selection"],
        )
    except BadInput:
        return None


def _restricted(reviews: ReviewSet, candidates: IntArray) -> ReviewSet:
    place = np.full(reviews.n_entries, -1, dtype=np.int64)
    place[candidates] = np.arange(len(candidates))
    keep = place[reviews.entry] >= 0
    return ReviewSet(
        n_entries=len(candidates),
        n_reviewers=reviews.n_reviewers,
        reviewer=reviews.reviewer[keep],
        entry=place[reviews.entry[keep]],
        score=reviews.score[keep],
    )


def _by_rank(
    consensus: ConsensusResult,
    reasons: list[Reason],
    open_to: npt.NDArray[np.bool_],
    *,
    size: int,
) -> Finalists:
    order = [index for index in consensus.order.tolist() if open_to[index]]
    chosen = [False] * len(reasons)
    for place, index in enumerate(order, start=1):
        chosen[index] = place <= size
        reasons[index] = {
            "code": "by-rank" if place <= size else "below-rank",
            "place": place,
            "size": size,
        }
    return Finalists(chosen=chosen, reasons=reasons, method="rank", impartial=False)
