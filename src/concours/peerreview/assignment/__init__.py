"""Who reviews whom."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from concours.peerreview.assignment.balanced import Balanced
from concours.peerreview.assignment.check import check_assignment
from concours.peerreview.assignment.fairest import Fairest
from concours.peerreview.assignment.perturbed import Perturbed
from concours.peerreview.assignment.problem import (
    ENGINE_VERSION,
    AssignmentProblem,
    AssignmentResult,
    Outcome,
    Violation,
)
from concours.peerreview.assignment.randomised import Randomised
from concours.peerreview.assignment.scale import TotalFast
from concours.peerreview.assignment.similarity import Similarity
from concours.peerreview.assignment.total import Total
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

__all__ = [
    "ASSIGNERS",
    "Assigner",
    "AssignmentProblem",
    "AssignmentResult",
    "Outcome",
    "Similarity",
    "Violation",
    "assign",
    "check_assignment",
    "verify_assignment",
]


class Assigner(Protocol):
    """A method of assignment."""

    @property
    def name(self) -> str:
        """Name in ASSIGNERS."""

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """Pairs (nk, 2), sorted by reviewer, then entry, and how they were found."""


ASSIGNERS: dict[str, type[Assigner]] = {
    "balanced": Balanced,
    "total": Total,
    "total-fast": TotalFast,
    "fairest": Fairest,
    "randomised": Randomised,
    "perturbed": Perturbed,
}


def assign(
    problem: AssignmentProblem, *, seed: bytes, method: str = "balanced"
) -> AssignmentResult:
    """Assign reviewers to entries: the same problem and seed give the same result anywhere.

    Each entry gets exactly k distinct reviewers, loads are within bounds, and there is no
    self-review, no conflict, no shared group, no review inside a part and no mutual pair.
    Raises InfeasibleAssignment, which names what to loosen, and BadInput for an unknown method.
    """
    if method not in ASSIGNERS:
        raise BadInput(f"no method {method!r}: {', '.join(sorted(ASSIGNERS))}")
    part = problem.deal_parts(seed)
    found = ASSIGNERS[method]().pairs(problem, part=part, seed=seed)
    return AssignmentResult(
        pairs=found.pairs,
        part=part,
        method=method,
        route=found.route,
        facts=found.facts,
        marginals=found.marginals,
        engine_version=ENGINE_VERSION,
        inputs_digest=problem.digest(seed=seed, method=method),
    )


def verify_assignment(
    problem: AssignmentProblem, result: AssignmentResult, *, seed: bytes
) -> list[Violation]:
    """Compute the assignment again and compare; [] if `result` is what the inputs give.

    Also checks every constraint, with code that the search does not use.
    """
    found = check_assignment(problem, result.pairs, part=result.part)
    again = assign(problem, seed=seed, method=result.method)
    if again.engine_version != result.engine_version:
        words = f"made by {result.engine_version}, checked by {again.engine_version}"
        found.append(Violation("version", words))
    if again.inputs_digest != result.inputs_digest:
        found.append(Violation("inputs", "the inputs or the seed are not those of the result"))
    if not np.array_equal(again.part, result.part):
        found.append(Violation("part-differs", "the parts are not those the seed gives"))
    if not np.array_equal(again.pairs, result.pairs):
        found.append(Violation("pairs-differ", "the pairs are not those the seed gives"))
    return found
