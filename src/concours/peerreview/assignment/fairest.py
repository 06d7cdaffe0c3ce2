"""Fairest assignment: the entry served worst is served as well as can be, then the greatest total.

An entry's sum is that of the similarities of its k reviewers. The least sum over all entries is
made as great as it can be, and under it the total: the objective of Garg, Kavitha, Kumar, Mehlhorn
and Mestre, "Assigning papers to referees" (Algorithmica 58, 2010), and of Stelmakh, Shah and Singh,
"PeerReview4All" (JMLR 22, 2021), who approximate it. Here relaxations bound the minimum in exact
arithmetic (`fair_lp.py`), programmes over the pairs that matter and swaps find assignments that
come up to the bound (`fair_climb.py`), and what is left between the two is told.
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment import exact, explain, loosen
from concours.peerreview.assignment.arcs import Arcs
from concours.peerreview.assignment.balanced import Balanced
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.fair_climb import Climb, Climbed
from concours.peerreview.assignment.fair_frame import Frame
from concours.peerreview.assignment.fair_ways import along_ways
from concours.peerreview.assignment.pools import DensePool, dense_units
from concours.peerreview.assignment.problem import AssignmentProblem, Outcome
from concours.peerreview.assignment.search import Search, gap
from concours.peerreview.assignment.similarity import UNIT
from concours.peerreview.errors import BadInput, InfeasibleAssignment
from concours.peerreview.keyed import IntArray

MOST_CELLS = 4_000_000
"""Reviewers times entries, at most: every pair is looked at, and each takes about 200 bytes."""
MOST_BANNED = 1_500
"""Reviews beyond which bans of cycles are kept by swaps: programmes would take too long."""


class Fairest:
    """Greatest minimum over the entries of their summed similarity, then the greatest total.

    facts: "minimum", the least sum; "minimum_bound", which no assignment's least sum exceeds;
    "total"; "bound", which no total of an assignment of that minimum exceeds; "gap" and
    "minimum_gap", what is left unproven, as shares of the bounds.
    """

    name = "fairest"

    def pairs(self, problem: AssignmentProblem, *, part: IntArray, seed: bytes) -> Outcome:
        """Pairs and the route they were found by.

        Raises InfeasibleAssignment, and BadInput for a cap on probabilities, for more than
        4,000,000 pairs, and for limits inside entries that are not nested.
        """
        if problem.max_probability < 1:
            raise BadInput('max_probability: method "fairest" draws nothing; use "randomised"')
        eligibility = Eligibility(problem, part)
        explain.refuse_the_impossible(eligibility)
        if problem.similarity is None:
            return Balanced().pairs(problem, part=part, seed=seed)
        cells = problem.n_reviewers * problem.n_entries
        if cells > MOST_CELLS:
            raise BadInput(
                f'method "fairest" looks at every pair, and {cells:,} are more than '
                f'{MOST_CELLS:,}: use "total"'
            )
        pool = DensePool(eligibility, dense_units(problem.similarity), seed)
        reviewer, entry = np.nonzero(~pool.closed)
        frame = Frame(eligibility, Arcs(reviewer, entry, pool.cells[reviewer, entry]), seed)
        climbed, route = _climb(Search(eligibility, pool, seed), frame)
        if climbed is None:
            raise _not_found(eligibility, seed)
        return _outcome(frame, climbed, route)


def _climb(search: Search, frame: Frame) -> tuple[Climbed | None, str]:
    columns = frame.first_columns()
    if not frame.bans.any:
        return Climb(frame, columns, search.seed).run(), "programmes"
    start = along_ways(search, frame)
    climb = Climb(frame, columns, search.seed, start=start.chosen)
    if search.problem.n_pairs > MOST_BANNED or frame.bans.long:
        return climb.by_swaps(start.limit), "ways+swaps"
    return climb.run(), "ways+programmes"


def _not_found(eligibility: Eligibility, seed: bytes) -> InfeasibleAssignment:
    """The refusal that tells what to loosen."""
    lp = exact.programme(eligibility)
    pairs, proven = (None, False) if lp is None else exact.solve(eligibility, lp, seed)
    if pairs is not None:
        return InfeasibleAssignment("not-found", "the search for a fair assignment found none")
    return loosen.not_found(eligibility, lp, proven=proven, seed=seed)


def _outcome(frame: Frame, climbed: Climbed, route: str) -> Outcome:
    arcs = frame.arcs.take(climbed.chosen)
    order = np.argsort(arcs.keys(frame.n), kind="stable")
    minimum, total = int(frame.sums(climbed.chosen).min()), int(arcs.worth.sum())
    facts = {
        "minimum": minimum * UNIT,
        "minimum_bound": climbed.minimum_bound * UNIT,
        "minimum_gap": gap(minimum, climbed.minimum_bound),
        "total": total * UNIT,
        "bound": climbed.total_bound * UNIT,
        "gap": gap(total, climbed.total_bound),
    }
    pairs = np.stack([arcs.reviewer[order], arcs.entry[order]], axis=1)
    return Outcome(pairs=pairs, route=route, facts=facts)
