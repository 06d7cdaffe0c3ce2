"""Balanced assignment: a random ring, mended by swaps, exact where swaps do not do.

It asks for no similarity between reviewers and entries, and ignores one that is given.
"""

from __future__ import annotations

from concours.peerreview.assignment import exact, explain, loosen
from concours.peerreview.assignment.design import farthest, ring
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.repair import Repair
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

FREE = 5_000
"""Entries up to which longer cycles are searched for where the ring does not do."""


class Balanced:
    """Even loads at random under all constraints; a similarity is ignored.

    The chance of a pair is not controlled: without conflicts, limits and parts all pairs that are
    not of one entry are alike by symmetry, k / (n - 1) each, but every conflict bends that. So a
    cap on probabilities is refused.

    facts: "mended", broken pairs of the random design that were swapped away.
    """

    name = "balanced"

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """Pairs and the route they were found by.

        O(nk + n log n) time and O(nk) memory by swaps; instances of up to 120,000 possible pairs
        fall back to an integer programme. Raises InfeasibleAssignment, and BadInput for a cap on
        probabilities.
        """
        if problem.max_probability < 1:
            raise BadInput(
                'max_probability: method "balanced" cannot keep a cap; use "randomised" or '
                '"perturbed"'
            )
        eligibility = Eligibility(problem, part)
        explain.refuse_the_impossible(eligibility)
        found = _by_swaps(eligibility, seed)
        if found is not None:
            return found
        lp = exact.programme(eligibility)
        pairs, proven = (None, False) if lp is None else exact.solve(eligibility, lp, seed)
        if pairs is None:
            raise loosen.not_found(eligibility, lp, proven=proven, seed=seed)
        return Outcome(pairs=pairs, route="exact")


def _by_swaps(eligibility: Eligibility, seed: bytes) -> Outcome | None:
    """First, where longer cycles are banned, with reviewers held to the ring; then without."""
    problem = eligibility.problem
    design = ring(eligibility, seed)
    if design is None:
        return None
    windows = [0]
    if problem.longest_banned_cycle > 2:
        windows = [farthest(problem), 0] if problem.n_entries <= FREE else [farthest(problem)]
    for window in windows:
        repair = Repair(eligibility, design, window=window, seed=seed)
        if repair.run():
            return Outcome(
                pairs=repair.pairs(),
                route="ring" if design.regular else "deal",
                facts={"mended": float(repair.mended)},
            )
    return None
