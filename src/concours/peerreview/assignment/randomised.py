"""Randomised assignment: greatest expected similarity with a cap on every pair's probability.

Jecmen, Zhang, Liu, Shah, Conitzer and Fang, "Mitigating manipulation in peer review via randomized
reviewer assignments" (NeurIPS 2020). Nobody can count on reviewing a given entry, however they bid
or write: the chance is at most the cap. The linear programme is solved exactly, as a flow in units
of the cap's denominator, and the draw keeps every probability exactly.
"""

from __future__ import annotations

from concours.peerreview.assignment import explain, spread
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.space import Cap, Linear, Space
from concours.peerreview.keyed import IntArray


class Randomised:
    """Greatest expected total similarity with no pair's probability above max_probability."""

    name = "randomised"

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """A draw, with the probabilities it was drawn from in `marginals`.

        The cap is the fraction that the decimal or binary number writes if its denominator is at
        most 2**20, else it is rounded down to a multiple of 2**-20. Every draw keeps all
        constraints, max_per_team and max_per_group among them where they are nested, and each
        pair is drawn with its probability exactly (of the seed's 2**64 words a coin is an exact
        fraction).

        Where review cycles or cliques are banned, secret directions are drawn first
        (`directions.py`) and the probabilities are those given the directions: no draw breaks the
        ban. They keep the cap whatever the directions are, so it holds over the directions as well;
        on a ring ("ring+flow" in its first turn) a pair's probability over the directions is at
        most the cap times floor((n - 1) / z) / (n - 1), and half the cap for z = 2.

        Facts: expected_total; optimum (greatest total with no cap and with cycles), share (expected
        over optimum); total (of this draw); cap; solved (programmes); max_probability,
        average_max_probability, support, entropy, l2_norm (see `spread.randomness`).

        Raises InfeasibleAssignment with code "max-probability" and the least cap that can be kept.
        One flow over the pairs that matter: 1,000 x 1,000 dense in about a third of a second.
        """
        eligibility = Eligibility(problem, part)
        explain.refuse_the_impossible(eligibility)
        cap = Cap.of(problem.max_probability)
        space = Space(eligibility, seed)
        return spread.outcome(space, spread.settle(space, Linear(cap), cap), cap)
