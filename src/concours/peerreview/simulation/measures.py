"""What methods and screening make of one simulated season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from concours.peerreview.aggregation import ConsensusResult, consensus
from concours.peerreview.keyed import FloatArray
from concours.peerreview.reviews import ReviewSet
from concours.peerreview.screening import screen
from concours.peerreview.selection import select
from concours.peerreview.simulation.behaviours import BoolArray
from concours.peerreview.simulation.season import Season, play
from concours.peerreview.simulation.tables import TOP
from concours.peerreview.simulation.tally import Design, Plan, Tally

NEED_PARTS = frozenset({"exact-dollar-partition", "partition", "dollar-partition-raffle"})
"""Methods of selection that need two parts or more."""
DRAWS = 200
PERMUTATIONS = 999


def one_world(plan: Plan, design: Design, number: int, seed: bytes, tally: Tally) -> None:
    """Play one season of a design and note what every method made of it."""
    season = play(
        entries=plan.entries,
        reviews_per_entry=design.reviews_per_entry,
        parts=design.parts,
        behaviours=design.shares,
        worlds=design.world,
        assignment=design.assignment,
        seed=seed,
    )
    best = season.place < plan.size
    again = _turned(season, plan.size) if number < plan.gain_worlds else None
    for name in plan.methods:
        tally.add((name, TOP), **_by_consensus(plan, season, name, best, again, seed))
    for name in plan.selection:
        if design.parts > 1 or name not in NEED_PARTS:
            tally.add(("", name), **_by_selection(plan, season, name, best, again, seed))
    if plan.screening:
        _screened(plan, season, seed, tally)


@dataclass(frozen=True, eq=False, kw_only=True)
class _Again:
    """The entry just below the line, and its reviewer's reviews honest and strategic."""

    entry: int
    honest: ReviewSet
    strategic: ReviewSet


def _turned(season: Season, size: int) -> _Again:
    entry = int(np.flatnonzero(season.place == size)[0])
    honest = bool(season.who("honest")[entry])
    return _Again(
        entry=entry,
        honest=season.reviews if honest else season.reported("honest", by=entry),
        strategic=season.reported("strategic", by=entry),
    )


def _by_consensus(
    plan: Plan,
    season: Season,
    name: str,
    best: BoolArray,
    again: _Again | None,
    seed: bytes,
) -> dict[str, float]:
    def fit(reviews: ReviewSet) -> ConsensusResult:
        return consensus(reviews, method=name, seed=seed, draws=DRAWS, top=plan.size)

    found = fit(season.reviews)
    rank = season.place + 1
    inside = (found.rank_low <= rank) & (rank <= found.rank_high)
    nan = float("nan")
    measures = {
        "recall": float(np.mean(best[found.order[: plan.size]])),
        "spearman": spearman(found.estimate, season.quality),
        "coverage": nan if found.intervals == "none" else float(np.mean(inside)),
        "expected_recall": nan if found.expected_recall is None else found.expected_recall,
    }
    if again is not None:
        honest = found if again.honest is season.reviews else fit(again.honest)
        before, after = (
            int(np.flatnonzero(result.order == again.entry)[0])
            for result in (honest, fit(again.strategic))
        )
        measures["gain"] = float(after < plan.size) - float(before < plan.size)
        measures["places"] = float(before - after)
    return measures


def _by_selection(
    plan: Plan,
    season: Season,
    name: str,
    best: BoolArray,
    again: _Again | None,
    seed: bytes,
) -> dict[str, float]:
    def chosen(reviews: ReviewSet) -> tuple[BoolArray, FloatArray]:
        found = select(
            reviews,
            size=plan.size,
            part=season.assignment.part,
            seed=seed,
            reviewer_entry=season.scene.owner,
            method=name,
        )
        return found.chosen.astype(bool), found.probability

    picked, _ = chosen(season.reviews)
    measures = {"recall": float(np.sum(picked & best)) / plan.size}
    if again is not None:
        before, after = (chosen(r)[1][again.entry] for r in (again.honest, again.strategic))
        measures["gain"] = float(after - before)
    return measures


def _screened(plan: Plan, season: Season, seed: bytes, tally: Tally) -> None:
    report = screen(
        season.reviews,
        seed=seed,
        reviewer_entry=season.scene.owner,
        level=plan.level,
        seconds=season.seconds,
        permutations=PERMUTATIONS,
    )
    marked: dict[str, set[int]] = {test.kind: set() for test in report.tests if test.ran}
    for flag in report.flags:
        marked[flag.kind].update(flag.reviewers)
    marked["any"] = set().union(*marked.values())
    for name in season.names:
        members = np.flatnonzero(season.who(name))
        if not members.size:
            continue
        tally.count[name] += len(members)
        for kind, reviewers in marked.items():
            hit = np.isin(members, list(reviewers))
            tally.flagged[name, kind].append(float(np.mean(hit)))


def spearman(estimate: FloatArray, quality: FloatArray) -> float:
    """Rank correlation, ties at their mean rank; NaN where either has no order."""
    a, b = (scipy.stats.rankdata(x) - (len(x) + 1) / 2 for x in (estimate, quality))
    length = float(np.sqrt(np.sum(a * a) * np.sum(b * b)))
    return float(np.sum(a * b)) / length if length > 0 else float("nan")
