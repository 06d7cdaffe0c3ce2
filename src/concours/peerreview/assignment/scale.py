"""Greatest total similarity of up to a million entries: candidates, then one exact flow."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from concours.peerreview.assignment import explain
from concours.peerreview.assignment.balanced import Balanced
from concours.peerreview.assignment.candidates import (
    Candidates,
    candidates,
    pair_units,
    shortfall_elsewhere,
)
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.flow import Flow, Limits, max_total
from concours.peerreview.assignment.limits import LimitLevels
from concours.peerreview.assignment.open_ways import OneWay
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.quick_flow import quick_flow
from concours.peerreview.assignment.similarity import UNIT
from concours.peerreview.errors import BadInput, InfeasibleAssignment
from concours.peerreview.keyed import IntArray, Keyed
from concours.peerreview.memory import require

BYTES_A_PAIR = 170
"""Measured at 1,000,000 entries; the solver's own copy included."""
LINKS = (8, 32)


@dataclass(frozen=True, kw_only=True)
class Effort:
    """How many candidates, of how many partners looked at in blocks, and of how many walks.

    Not `exact`: a flow of nearly the greatest total over them.
    """

    per_entry: int
    per_reviewer: int
    looked_at: int
    walks: int = 1
    exact: bool = True


THOROUGH = Effort(per_entry=24, per_reviewer=12, looked_at=16_000)
"""With cycles banned these are candidates one way: of 48 partners half are open."""
QUICK = Effort(per_entry=12, per_reviewer=10, looked_at=5_000, walks=0, exact=False)


class TotalFast:
    """Nearly the greatest total, sooner: fewer partners looked at, and a flow by near prices.

    For vectors of expertise, at any size; facts as `solve_at_scale`.
    """

    name = "total-fast"

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """Raises InfeasibleAssignment, and BadInput where the similarity is not of vectors."""
        if problem.max_probability < 1:
            raise BadInput('max_probability: method "total-fast" draws nothing; use "randomised"')
        eligibility = Eligibility(problem, part)
        explain.refuse_the_impossible(eligibility)
        if problem.similarity is None:
            return Balanced().pairs(problem, part=part, seed=seed)
        if problem.similarity.kind != "vectors":
            raise BadInput('similarity: method "total-fast" takes vectors; use "total"')
        return solve_at_scale(eligibility, seed, effort=QUICK)


def solve_at_scale(eligibility: Eligibility, seed: bytes, *, effort: Effort = THOROUGH) -> Outcome:
    """The greatest total over the candidates that the effort finds, exactly, by one flow.

    Where cycles are banned one way between any two entries is closed beforehand by a secret coin,
    or by a secret ring for cycles of three and more: the flow then cannot close a cycle.

    facts: "total"; "candidates", pairs looked at by the flow; "recall", share of an entry's best
    reviewers among its candidates, on a sample; "closeness", their mean similarity over that of the
    best; "gap_elsewhere", an estimate, on a sample, of the
    share of the total by which pairs that are no candidates could raise it at most (along the open
    ways, by the flow's prices).
    Equal optima are not settled by coins here: the result is one of this version of the solver.
    Raises InfeasibleAssignment, and BadInput for a ban of cliques or too little memory.
    """
    problem = eligibility.problem
    if problem.cliques_of:
        raise BadInput('cliques_of: too many entries for method "total"; use "balanced"')
    both = effort
    if problem.longest_banned_cycle < 2:
        both = replace(effort, per_entry=2 * effort.per_entry)
    pairs = both.per_entry * problem.n_entries + both.per_reviewer * problem.n_reviewers
    require(pairs * BYTES_A_PAIR, what=f"a flow over {pairs:,} pairs")
    ways = OneWay.of(problem.n_entries, problem.longest_banned_cycle, seed)
    found = candidates(
        eligibility,
        per_entry=min(both.per_entry, problem.n_reviewers),
        per_reviewer=min(both.per_reviewer, problem.n_entries),
        seed=seed,
        looked_at=both.looked_at,
        walks=both.walks,
        ways=ways,
    )
    flow = _solve(eligibility, found, exact=both.exact)
    for links in LINKS:
        if flow is not None:
            break
        found = _with_links(eligibility, found, ways, links, seed)
        flow = _solve(eligibility, found, exact=both.exact)
    if flow is None:
        raise InfeasibleAssignment(
            "not-found",
            "no assignment was found among the candidates: allow a wider range of loads, fewer "
            'reviews per entry or fewer conflicts, or use method "balanced"',
        )
    return _outcome(eligibility, found, flow, ways, seed)


def _solve(eligibility: Eligibility, found: Candidates, *, exact: bool) -> Flow | None:
    problem = eligibility.problem
    low, high = load_bounds(problem, eligibility.part)
    need = np.full(problem.n_entries, problem.reviews_per_entry, dtype=np.int64)
    arcs, limits = (found.reviewer, found.entry, found.units), _limits(problem, found)
    if exact or limits is not None:
        return max_total(*arcs, need=need, low=low, high=high, limits=limits, prices=True)
    quick = quick_flow(*arcs, need=need, low=low, high=high)
    if quick is None:
        return None
    return Flow(
        flow=quick.flow,
        total=int(found.units @ quick.flow),
        reviewer_price=quick.reviewer_price,
        entry_price=quick.entry_price,
    )


def _limits(problem: AssignmentProblem, found: Candidates) -> Limits | None:
    levels = LimitLevels(problem)
    if not levels.levels:
        return None
    pairs = found.reviewer.astype(np.int64), found.entry.astype(np.int64)
    return levels.over(*pairs, problem.n_entries)


def _with_links(
    eligibility: Eligibility, found: Candidates, ways: OneWay, links: int, seed: bytes
) -> Candidates:
    """And as many random partners of each reviewer and entry that are open."""
    problem = eligibility.problem
    n, count = problem.n_entries, problem.n_reviewers
    random = Keyed(seed, f"assign/links-{links}")
    far = random.below(n, links * count)
    near = random.below(count, links * n, start=links * count)
    reviewer = np.concatenate([np.repeat(np.arange(count), links), near])
    entry = np.concatenate([far, np.repeat(np.arange(n), links)])
    ok = eligibility.allowed(reviewer, entry)
    ok &= ways.open_to(problem.reviewer_entry[reviewer], entry, n)
    keys = np.concatenate(
        [found.reviewer.astype(np.int64) * n + found.entry, (reviewer * n + entry)[ok]]
    )
    keys = np.sort(keys)
    keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
    pairs = (keys // n).astype(np.int32), (keys % n).astype(np.int32)
    similarity = problem.similarity
    if similarity is None:
        raise AssertionError("candidates come from a similarity")
    return Candidates(*pairs, pair_units(similarity, *pairs), found.recall, found.closeness)


def _outcome(
    eligibility: Eligibility,
    found: Candidates,
    flow: Flow,
    ways: OneWay,
    seed: bytes,
) -> Outcome:
    n = eligibility.problem.n_entries
    chosen = np.flatnonzero(flow.flow)
    keys = np.sort(found.reviewer[chosen].astype(np.int64) * n + found.entry[chosen])
    total = int(found.units[chosen].sum()) * UNIT
    facts = {"total": total, "candidates": float(len(found.entry)), "recall": found.recall}
    facts["closeness"] = found.closeness
    if flow.reviewer_price is not None and flow.entry_price is not None:
        more = shortfall_elsewhere(
            eligibility,
            found,
            ways,
            flow.reviewer_price,
            flow.entry_price,
            seed=seed,
        )
        facts["gap_elsewhere"] = more / max(abs(total), UNIT)
    return Outcome(pairs=np.stack(np.divmod(keys, n), axis=1), route="candidates+flow", facts=facts)
