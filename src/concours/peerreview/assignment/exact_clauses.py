"""A search on clauses, for longer cycles and cliques: OR-tools' CP-SAT, whole numbers only.

Cycles and cliques found in a solution become clauses that forbid them, until a solution has none.
One thread, no linear relaxation and a limit of deterministic time: the same on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from concours.peerreview.assignment.broken import Structures
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds
from concours.peerreview.assignment.exact_rows import Programme, limit_rows, opposites
from concours.peerreview.keyed import IntArray, Keyed

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

A_ROUND = 0.01
"""A round costs at least this much deterministic time."""


def solve(
    eligibility: Eligibility, lp: Programme, seed: bytes, *, effort: float
) -> tuple[IntArray | None, bool]:
    """(pairs (nk, 2) sorted or None, whether their absence is proven)."""
    from ortools.sat.python import cp_model  # a second to import, and seldom needed

    search = _Clauses(eligibility, lp, cp_model.CpModel(), seed)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 0
    solver.parameters.random_seed = int(Keyed(seed, "assign/clauses").words(1)[0] >> np.uint64(33))
    while effort > 0:
        solver.parameters.max_deterministic_time = effort
        status = solver.solve(search.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, status == cp_model.INFEASIBLE
        chosen = np.flatnonzero([solver.boolean_value(x) for x in search.use])
        if not search.forbid_broken(chosen):
            return np.stack([lp.reviewer[chosen], lp.entry[chosen]], axis=1), False
        effort -= max(solver.response_proto.deterministic_time, A_ROUND)
    return None, False


class _Clauses:
    """The model: a variable for each pair, and for each two entries where cliques are banned."""

    def __init__(
        self, eligibility: Eligibility, lp: Programme, model: cp_model.CpModel, seed: bytes
    ) -> None:
        self.problem = eligibility.problem
        self.lp = lp
        self.model = model
        self.use: list[Any] = [None] * len(lp.entry)
        for i in Keyed(seed, "assign/clause-order").permutation(len(lp.entry)).tolist():
            self.use[i] = model.new_bool_var("")
        self._degrees(eligibility)
        for one, other in opposites(eligibility, lp).tolist():
            model.add_bool_or([~self.use[one], ~self.use[other]])
        self.join: dict[tuple[int, int], Any] = {}
        if self.problem.cliques_of:
            self._join(eligibility)

    def forbid_broken(self, chosen: IntArray) -> bool:
        """Add clauses against the cycles and cliques among chosen pairs; whether there are any."""
        pairs = np.stack([self.lp.reviewer[chosen], self.lp.entry[chosen]], axis=1)
        structures = Structures(self.problem, pairs)
        known = {
            tuple(sorted(broken.pairs))
            for pair in range(len(pairs))
            for broken in structures.around(pair)
        }
        for some in sorted(known):
            ends = [self._ends(int(chosen[i])) for i in some]
            size = self.problem.cliques_of
            if (
                len({e for two in ends for e in two}) == size
                and len(ends) == size * (size - 1) // 2
            ):
                self.model.add_bool_or([~self.join[two] for two in ends])
            else:
                self.model.add_bool_or([~self.use[int(chosen[i])] for i in some])
        return bool(known)

    def _ends(self, column: int) -> tuple[int, int]:
        """The two entries that a pair joins, the lesser first."""
        own = int(self.problem.reviewer_entry[self.lp.reviewer[column]])
        entry = int(self.lp.entry[column])
        return min(own, entry), max(own, entry)

    def _degrees(self, eligibility: Eligibility) -> None:
        low, high = load_bounds(self.problem, eligibility.part)
        k = self.problem.reviews_per_entry
        for matrix, least, most in (
            (self.lp.by_entry, np.full(self.problem.n_entries, k), None),
            (self.lp.by_reviewer, low, high),
        ):
            top = least if most is None else most
            for i in range(matrix.shape[0]):
                row = matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]]
                total = sum(self.use[x] for x in row.tolist())
                self.model.add_linear_constraint(total, int(least[i]), int(top[i]))
        for matrix, limit in limit_rows(eligibility, self.lp):
            for i in range(matrix.shape[0]):
                row = matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]]
                self.model.add(sum(self.use[x] for x in row.tolist()) <= limit)

    def _join(self, eligibility: Eligibility) -> None:
        """A variable for each two entries, true where a review joins them."""
        for column in np.flatnonzero(eligibility.owner[self.lp.reviewer] >= 0).tolist():
            ends = self._ends(column)
            if ends not in self.join:
                self.join[ends] = self.model.new_bool_var("")
            self.model.add_implication(self.use[column], self.join[ends])
