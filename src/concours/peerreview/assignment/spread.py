"""Probabilities under directions that exclude review cycles, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from concours.peerreview.assignment import directions as secret
from concours.peerreview.assignment.directions import Directions
from concours.peerreview.assignment.least_cap import Spreading, least_cap
from concours.peerreview.assignment.problem import Outcome
from concours.peerreview.assignment.sampling import draw
from concours.peerreview.assignment.similarity import UNIT
from concours.peerreview.assignment.space import Cap, Linear, Space, Spread, Worth
from concours.peerreview.errors import InfeasibleAssignment
from concours.peerreview.keyed import FloatArray

ROUNDS = 6
"""Rounds of closing directions of mutual pairs before a ring settles the rest."""
RINGS = 8


@dataclass(frozen=True, eq=False)
class Settled:
    """Probabilities, and how they were found.

    Attributes:
        spread: the probabilities.
        route: "flow", "flow+ring" (a ring settled the last mutual pairs) or "ring+flow".
        solved: programmes solved.
        directions: those that the probabilities keep.
    """

    spread: Spread
    route: str
    solved: int
    directions: Directions


def settle(space: Space, worth: Worth, cap: Cap) -> Settled:
    """Probabilities of greatest worth under directions that exclude review cycles and cliques.

    Optimal under the directions; those are good, not optimal. Raises InfeasibleAssignment, which
    names the least cap that can be kept.
    """
    problem, seed = space.problem, space.seed
    free = secret.free(problem, seed)
    first = space.optimum(free, worth, cap.scale)
    if first is None:
        raise refusal(space, free, cap)
    if problem.longest_banned_cycle == 1:
        return Settled(first, "flow", 1, free)
    found = None
    if problem.longest_banned_cycle == 2:
        found = _one_way(space, free, first, worth, cap.scale)
    if found is None:
        found = _on_a_ring(space, worth, cap.scale)
    if found is None:
        raise refusal(space, secret.ring(problem, seed, 0), cap)
    return found


def _one_way(
    space: Space, free: Directions, first: Spread, worth: Worth, scale: int
) -> Settled | None:
    """Close one direction of mutual pairs as they are found, then all by a ring."""
    now, found = free, first
    for solved in range(1, ROUNDS + 2):
        if not secret.has_mutual(now, found.arcs, found.units):
            return Settled(found, "flow", solved, now)
        last = solved > ROUNDS
        now = secret.without_mutual(now, found.arcs, found.units, space.seed, all_used=last)
        if last:
            now = secret.ring(space.problem, space.seed, 0, given=now)
        again = space.optimum(now, worth, scale)
        if again is None:
            return None
        found = again
    return Settled(found, "flow+ring", ROUNDS + 2, now)


def _on_a_ring(space: Space, worth: Worth, scale: int) -> Settled | None:
    for turn in range(RINGS):
        directions = secret.ring(space.problem, space.seed, turn)
        found = space.optimum(directions, worth, scale)
        if found is not None:
            return Settled(found, "ring+flow", turn + 2, directions)
    return None


def refusal(space: Space, directions: Directions, cap: Cap) -> InfeasibleAssignment:
    """Why there are no probabilities under `directions`: the cap, or something else."""
    arcs = space.every_pair(directions)
    if arcs is None:
        return InfeasibleAssignment(
            "not-found",
            "no probabilities were found over the pairs that were considered, nor was it proven "
            "that there are none: state more pairs in the similarity, or raise max_probability",
        )
    given = Spreading(
        reviewer=arcs.reviewer,
        entry=arcs.entry,
        need=space.need,
        low=space.low,
        high=space.high,
        limits=space.levels.over(arcs.reviewer, arcs.entry, space.problem.n_entries),
    )
    least = least_cap(given)
    ruled = directions.place is not None or directions.colour is not None
    if least is not None and least > Fraction(cap.units, cap.scale):
        return _cap_too_low(least, space.problem.max_probability, ruled=ruled)
    return InfeasibleAssignment(
        "jointly",
        "conflicts and loads leave no assignment"
        + (" under the ban of review cycles or cliques" if ruled else "")
        + ", whatever the cap: widen the loads, lower reviews per entry, remove conflicts"
        + (" or shorten the banned cycles" if ruled else ""),
    )


def _cap_too_low(least: Fraction, cap: float, *, ruled: bool) -> InfeasibleAssignment:
    shown = -(-least.numerator * 10**6 // least.denominator) / 10**6
    why = " with the secret directions that exclude review cycles" if ruled else ""
    return InfeasibleAssignment(
        "max-probability",
        f"max_probability {cap:g} cannot be kept{why}: the least that can is "
        f"{least.numerator}/{least.denominator}, about {shown:.6f}; raise max_probability, add "
        "reviewers or lower reviews per entry",
        numerator=least.numerator,
        denominator=least.denominator,
    )


def outcome(space: Space, settled: Settled, cap: Cap) -> Outcome:
    """A draw, the probabilities it is drawn from, and the facts about both."""
    problem, spread = space.problem, settled.spread
    arcs = spread.arcs
    pairs = draw(
        arcs.reviewer,
        arcs.entry,
        spread.units,
        scale=spread.scale,
        seed=space.seed,
        limits=spread.limits,
        n_reviewers=problem.n_reviewers,
        n_entries=problem.n_entries,
    )
    order = np.argsort(arcs.keys(problem.n_entries), kind="stable")
    chance = spread.units[order] / spread.scale
    rows = np.stack([arcs.reviewer[order], arcs.entry[order], chance], axis=1)
    total = 0.0 if problem.similarity is None else problem.similarity.total(pairs)
    return Outcome(
        pairs=pairs,
        route=settled.route,
        marginals=rows,
        facts={
            "total": total,
            "cap": cap.units / cap.scale,
            "solved": float(settled.solved),
            **_against_optimum(space, spread),
            **randomness(rows, problem.n_entries),
        },
    )


def randomness(marginals: FloatArray, n_entries: int) -> dict[str, float]:
    """How random probabilities (p, 3) are: the measures of Xu et al. (NeurIPS 2023).

    max_probability; average_max_probability (mean over entries of the largest); support (pairs of
    positive probability); entropy (sum of -p ln p); l2_norm (root of the sum of p squared).
    """
    entry, chance = marginals[:, 1].astype(np.int64), marginals[:, 2]
    largest = np.zeros(n_entries)
    np.maximum.at(largest, entry, chance)
    some = chance[chance > 0]
    return {
        "max_probability": float(largest.max(initial=0.0)),
        "average_max_probability": float(largest.mean()),
        "support": float(len(some)),
        "entropy": float(-(some * np.log(some)).sum()) + 0.0,
        "l2_norm": float(np.sqrt((some * some).sum())),
    }


def _against_optimum(space: Space, spread: Spread) -> dict[str, float]:
    """expected_total; optimum: the greatest total with no cap and with cycles; share of it."""
    problem = space.problem
    open_ = Directions(owner=problem.reviewer_entry, n=problem.n_entries)
    best = space.optimum(open_, Linear(Cap(1, 1)), 1)
    facts = {"expected_total": spread.expected_units / spread.scale * UNIT}
    if best is not None:
        optimum = best.expected_units
        facts["optimum"] = optimum * UNIT
        if optimum > 0:
            facts["share"] = spread.expected_units / (optimum * spread.scale)
    return facts
