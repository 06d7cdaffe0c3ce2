"""Balanced assignment: a random regular design, mended by swaps, exact where swaps do not do.

The design is a random circulant (regular digraphs without 2-cycles; see Bollobas, "Random graphs",
2001, on the configuration model and on switchings, which are the swaps of the repair). It asks for
no similarity between reviewers and entries.
"""

from __future__ import annotations

from concours.peerreview.assignment import design, exact, explain
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.repair import Repair
from concours.peerreview.keyed import IntArray


class Balanced:
    """Even loads at random under all constraints."""

    name = "balanced"

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """Pairs and the route they were found by.

        O(nk log nk) time and O(nk) memory by swaps; instances of up to 120,000 possible pairs fall
        back to an integer programme. Raises InfeasibleAssignment.
        """
        eligibility = Eligibility(problem, part)
        explain.refuse_the_impossible(eligibility)
        route, start = "ring", design.ring(problem, seed)
        if start is None:
            route, start = "deal", design.deal(problem, eligibility, seed)
        if start is not None:
            repair = Repair(eligibility, *start, seed=seed)
            if repair.run():
                return Outcome(pairs=repair.pairs(), route=route)
        lp = exact.programme(eligibility)
        found, proven = (None, False) if lp is None else exact.solve(eligibility, lp, seed)
        if found is None:
            raise explain.not_found(eligibility, lp, proven=proven)
        return Outcome(pairs=found, route="exact")
