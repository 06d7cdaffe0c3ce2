"""Who goes to the final, and why: reasons are codes and numbers that pages phrase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from concours.peerreview import BadInput, ReviewSet, SelectionResult, select
from concours.peerreview.selection import field_share
from concours.platform.review.domain.inputs import Inputs
from concours.platform.review.methods import IN_PARTS

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


def choose(inputs: Inputs, *, reviews: ReviewSet, order: IntArray, seed: bytes) -> Finalists:
    """Choose inputs["size"] of the entries that may be chosen; all of them if they are no more.

    Where the method needs parts and there is one, or the parts cannot fill the seats, the best in
    `order` are chosen, which is not impartial and says so. A machine's places count by the inputs'
    weights, as shares of the field, beside the reviews: see peerreview.selection.beside.
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
    selected = _by_method(inputs, reviews, candidates, size=size, seed=seed)
    if selected is None:
        return _by_rank(inputs, order, reasons, open_to, size=size)
    found = np.zeros(n, dtype=np.bool_)
    found[candidates[selected.selected]] = True
    for index, reason in zip(candidates.tolist(), selected.reasons(), strict=True):
        reasons[index] = {"method": selected.method, **reason, **_machine_facts(inputs, index)}
    return Finalists(
        chosen=[bool(value) for value in found],
        reasons=reasons,
        method=selected.method,
        impartial=selected.impartial,
    )


def _by_method(
    inputs: Inputs, reviews: ReviewSet, candidates: IntArray, *, size: int, seed: bytes
) -> SelectionResult | None:
    if inputs["selection"] in IN_PARTS:
        dealt = _parts(inputs, candidates)
        if dealt is None:
            return None
        part, owner = dealt
    else:
        part = np.zeros(len(candidates), dtype=np.int64)
        owner = np.full(reviews.n_reviewers, -1, dtype=np.int64)
    try:
        return select(
            _restricted(reviews, candidates),
            size=size,
            part=part,
            seed=seed,
            reviewer_entry=owner,
            method=inputs["selection"],
            beside=_beside(inputs, candidates),
            beside_weight=_machine_weight(inputs),
        )
    except BadInput:
        return None


def _parts(inputs: Inputs, candidates: IntArray) -> tuple[IntArray, IntArray] | None:
    """The candidates' parts and a candidate of each reviewer's part; None where there is one part.

    A reviewer counts by part alone: any candidate of the own part stands for their own entry.
    """
    parts = np.array(inputs["parts"], dtype=np.int64)
    labels, part = np.unique(parts[candidates], return_inverse=True)
    if len(labels) < 2:
        return None
    first_of = {int(parts[entry]): place for place, entry in reversed(list(enumerate(candidates)))}
    owner = [first_of.get(own, -1) for own in inputs["reviewer_parts"]]
    return part, np.array(owner, dtype=np.int64)


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


def _machine_weight(inputs: Inputs) -> float:
    """The machine's share of what decides, 0 .. 1."""
    if "machine" not in inputs:
        return 0.0
    weights = inputs["machine"]["weights"]
    return float(weights["machine"] / (weights["machine"] + weights["peer"]))


def _beside(inputs: Inputs, candidates: IntArray) -> npt.NDArray[np.float64] | None:
    """The candidates by the machine, higher is better; NaN without a place."""
    if "machine" not in inputs:
        return None
    places = inputs["machine"]["places"]
    found = [places[index] for index in candidates.tolist()]
    return np.array([np.nan if place is None else -float(place) for place in found])


def _machine_facts(inputs: Inputs, index: int) -> Reason:
    """What a reason says of the machine's part."""
    if "machine" not in inputs:
        return {}
    return {
        "machine_place": inputs["machine"]["places"][index],
        "machine_weight": round(_machine_weight(inputs), 6),
    }


def _mixed(inputs: Inputs, in_order: list[int]) -> list[int]:
    """Those entries, in order by the reviews, in order by reviews and machine; equals as before."""
    beside = _beside(inputs, np.array(in_order, dtype=np.int64))
    if beside is None:
        return in_order
    weight = _machine_weight(inputs)
    peers = field_share(-np.arange(len(in_order), dtype=np.float64))
    total = np.rint(((1 - weight) * peers + weight * field_share(beside)) * 1e12)
    return [in_order[place] for place in np.argsort(-total, kind="stable").tolist()]


def _by_rank(
    inputs: Inputs,
    order: IntArray,
    reasons: list[Reason],
    open_to: npt.NDArray[np.bool_],
    *,
    size: int,
) -> Finalists:
    chosen = [False] * len(reasons)
    in_order = _mixed(inputs, [index for index in order.tolist() if open_to[index]])
    for place, index in enumerate(in_order, start=1):
        chosen[index] = place <= size
        reasons[index] = {
            "code": "by-rank" if place <= size else "below-rank",
            "place": place,
            "size": size,
            **_machine_facts(inputs, index),
        }
    return Finalists(chosen=chosen, reasons=reasons, method="rank", impartial=False)
