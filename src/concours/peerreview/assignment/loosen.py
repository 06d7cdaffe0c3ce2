"""Why a search found no assignment: the constraint to loosen, found by trying."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from concours.peerreview.assignment import exact
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.exact_rows import Programme
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.errors import InfeasibleAssignment

NODES = 500
"""Nodes of the search tree for each constraint that is tried."""


@dataclass(frozen=True)
class Looser:
    """A problem with one constraint loosened.

    Attributes:
        code: kind of constraint.
        words: what to do.
        problem: the problem then.
        to: the number loosened to; 0 = no constraint.
    """

    code: str
    words: str
    problem: AssignmentProblem
    to: int


def not_found(
    eligibility: Eligibility, lp: Programme | None, *, proven: bool, seed: bytes
) -> InfeasibleAssignment:
    """The refusal after swaps and the integer programme found nothing.

    Where that is proven: first the loads, then each other constraint alone is loosened step by
    step until the programme has a solution. O(constraints) programmes.
    """
    if lp is None or not proven:
        return InfeasibleAssignment(
            "not-found",
            "no assignment was found, nor was it proven that there is none: allow a wider range "
            "of loads, fewer reviews per entry or fewer conflicts",
        )
    widen = exact.loads_that_fit(eligibility, lp)
    if widen is None:
        return InfeasibleAssignment(
            "jointly",
            "conflicts leave several entries too few reviewers together, whatever the loads: "
            "lower reviews per entry or remove conflicts",
        )
    if widen:
        low, high = load_bounds(eligibility.problem, eligibility.part)
        least, most = max(int(low.min()) - widen, 0), int(high.max()) + widen
        return InfeasibleAssignment(
            "loads",
            f"conflicts leave no way within the loads: allow loads from {least} to {most}",
            widen=widen,
            load_min=least,
            load_max=most,
        )
    return _structure(eligibility, lp, seed)


def _structure(eligibility: Eligibility, lp: Programme, seed: bytes) -> InfeasibleAssignment:
    """The bans and limits: the first that is enough to loosen."""
    needed = eligibility.problem.reviews_per_entry
    for steps in _families(eligibility.problem):
        if not _exists(eligibility, lp, steps[-1], seed):
            continue
        best = next(step for step in steps if _exists(eligibility, lp, step, seed))
        words = f"{best.words}, lower reviews per entry or widen the loads"
        return InfeasibleAssignment(best.code, words, needed=needed, to=best.to)
    return InfeasibleAssignment(
        "jointly",
        "bans and limits leave no way together, though each might alone: lower reviews per entry, "
        "widen the loads or loosen several of cycles, cliques and limits",
        needed=needed,
    )


def _exists(eligibility: Eligibility, lp: Programme, looser: Looser, seed: bytes) -> bool:
    wider = Eligibility(looser.problem, eligibility.part)
    return exact.solve(wider, lp, seed, nodes=NODES)[0] is not None


def _families(problem: AssignmentProblem) -> Iterator[list[Looser]]:
    """Steps of loosening of each constraint, the last of which drops it."""
    if not problem.allow_mutual:
        yield [*_shorter_cycles(problem), _mutual(problem)]
    if problem.cliques_of:
        yield [*_wider_cliques(problem), _no_clique_ban(problem)]
    for what in ("team", "group"):
        most = getattr(problem, f"max_per_{what}")
        if most is not None and most < problem.reviews_per_entry:
            yield _higher_limits(problem, what, most)


def _shorter_cycles(problem: AssignmentProblem) -> Iterator[Looser]:
    longest = problem.cycles_up_to
    for shorter in range(longest - 1, 1, -1):
        words = (
            f"there is no assignment without cycles of up to {longest} entries, but one without "
            f"those of up to {shorter}: ban cycles of up to {shorter} only"
        )
        yield Looser("cycles", words, replace(problem, cycles_up_to=shorter), shorter)


def _mutual(problem: AssignmentProblem) -> Looser:
    free = replace(problem, cycles_up_to=2, allow_mutual=True)
    words = "there is no assignment without mutual pairs, but one with them: allow mutual pairs"
    return Looser("mutual", words, free, 0)


def _wider_cliques(problem: AssignmentProblem) -> Iterator[Looser]:
    size = problem.cliques_of
    for wider in range(size + 1, min(size + 4, problem.n_entries)):
        words = (
            f"there is no assignment without a clique of {size}, but one without a clique of "
            f"{wider}: ban cliques of {wider} only"
        )
        yield Looser("cliques", words, replace(problem, cliques_of=wider), wider)


def _no_clique_ban(problem: AssignmentProblem) -> Looser:
    words = f"there is no assignment without a clique of {problem.cliques_of}: drop the ban"
    return Looser("cliques", words, replace(problem, cliques_of=0), 0)


def _higher_limits(problem: AssignmentProblem, what: str, most: int) -> list[Looser]:
    found = []
    for higher in range(most + 1, problem.reviews_per_entry + 1):
        words = f"max_per_{what} leaves no way: raise it to {higher}"
        if what == "team":
            free = replace(problem, max_per_team=higher)
        else:
            free = replace(problem, max_per_group=higher)
        found.append(Looser(f"{what}-limit", words, free, higher))
    return found
