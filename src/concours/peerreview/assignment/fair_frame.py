"""What the fairest assignment is looked for in: pairs, loads, limits, bans met so far."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from concours.peerreview.assignment.arcs import Arcs
from concours.peerreview.assignment.bans import Bans
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds, member
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.keyed import FloatArray, IntArray

BoolArray = npt.NDArray[np.bool_]
SCALED = 1_000
"""Units of 1e-6 to one unit of the programmes, which work in doubles."""
COARSE = 1_000
"""Similarities on a grid of so many units or more may tie; then a secret coin decides."""


class Frame:
    """All pairs that may meet and every linear constraint on them.

    Attributes:
        arcs: the pairs (p,).
        need: k; low, high: (R,) loads.
        reach: (p,) the greatest sum of similarities, in units, of k reviewers of the pair's entry
            among whom the pair's reviewer is.
        grid, base: every similarity is base + a multiple of grid units.
        ties: (p,) secret coins.
        most: the least over entries of the sum of their best k: no minimum exceeds it.
        rows: (l, p) matrix: what is asked beyond reviews and loads, rows @ x <= room: limits of
            teams and groups, cycles and cliques found so far.
        room: (l,).
        limit_room: room of the limits of teams and groups alone.
        hot: (c, 2) conditions on prefixes that relaxations have met so far.
        bans: what is forbidden beyond rows.
    """

    def __init__(self, eligibility: Eligibility, arcs: Arcs, seed: bytes) -> None:
        problem = eligibility.problem
        self.problem = problem
        self.arcs = arcs
        self.n = problem.n_entries
        self.need = problem.reviews_per_entry
        self.low, self.high = load_bounds(problem, eligibility.part)
        self.ranking = Ranking(arcs, self.n)
        self.reach, self.most = _reach(arcs, self.ranking, self.need)
        self.base = int(arcs.worth.min())
        self.grid = int(np.gcd.reduce(arcs.worth - self.base)) or 1
        self.rows, self.room = self._limits()
        self.limit_room = self.room
        self.bans = Bans(problem, arcs)
        self.ties = pair_ties(seed, "assign/fairest-ties", arcs.reviewer, arcs.entry)
        self.nudge = self._nudge()
        self.hot = np.zeros((0, 2), dtype=np.int64)

    def attainable(self, value: int) -> int:
        """The greatest whole number up to `value` that k similarities on the grid can add up to."""
        offset = self.need * self.base
        return (value - offset) // self.grid * self.grid + offset

    def attainable_total(self, value: int) -> int:
        """Likewise for the total of all pairs."""
        offset = self.need * self.n * self.base
        return (value - offset) // self.grid * self.grid + offset

    def sums(self, chosen: IntArray) -> IntArray:
        """(n,) sum of similarities of each entry, in units, of the arcs `chosen`."""
        found = np.zeros(self.n, dtype=np.int64)
        np.add.at(found, self.arcs.entry[chosen], self.arcs.worth[chosen])
        return found

    def useful(self, least: int) -> IntArray:
        """Arcs that can be part of an assignment in which every entry's sum is `least`."""
        return np.flatnonzero(self.reach >= least)

    @property
    def lowest(self) -> int:
        """No sum is less."""
        return self.need * self.base

    def places(self, arcs: Arcs) -> IntArray:
        """Where the given pairs stand among the arcs, ascending."""
        return np.flatnonzero(member(np.sort(arcs.keys(self.n)), self.arcs.keys(self.n)))

    def first_columns(self) -> IntArray:
        """The best 4k + 8 arcs of each entry, for relaxations to start from."""
        near = self.ranking.place < 4 * self.need + 8
        return np.sort(self.ranking.order[near])

    @property
    def by_swaps(self) -> bool:
        """Whether swaps keep all that is asked: reviews, loads, no mutual pairs."""
        return not len(self.limit_room) and not self.bans.long

    @property
    def plain(self) -> bool:
        """Whether nothing is asked but reviews and loads."""
        return not self.bans.any and not len(self.room)

    def forbid(self, sets: list[IntArray]) -> tuple[sparse.csr_array, FloatArray]:
        """From now on not all arcs of each set together; returns the new rows and their room."""
        row = np.repeat(np.arange(len(sets)), [len(s) for s in sets])
        column = np.concatenate(sets)
        new = sparse.csr_array((np.ones(len(row)), (row, column)), (len(sets), len(self.arcs)))
        room = np.array([len(s) - 1.0 for s in sets])
        self.rows = sparse.vstack([self.rows, new], format="csr")
        self.room = np.concatenate([self.room, room])
        return new, room

    def _limits(self) -> tuple[sparse.csr_array, FloatArray]:
        """A row for each entry and class of reviewers of whom more might meet it than may."""
        problem, arcs = self.problem, self.arcs
        classes: list[tuple[IntArray, int]] = []
        if problem.max_per_team is not None:
            classes.append((problem.reviewer_entry, problem.max_per_team))
        if problem.max_per_group is not None and problem.reviewer_groups is not None:
            classes += [(labels, problem.max_per_group) for labels in problem.reviewer_groups.T]
        rows, room = [], []
        for labels, most in classes:
            label = labels[arcs.reviewer]
            inside = np.flatnonzero(label >= 0)
            _, row, count = np.unique(
                label[inside] * self.n + arcs.entry[inside], return_inverse=True, return_counts=True
            )
            ones = np.ones(len(inside))
            matrix = sparse.csr_array((ones, (row, inside)), (len(count), len(arcs)))
            binding = np.flatnonzero(count > most) if most < self.need else np.zeros(0, dtype=int)
            rows.append(matrix[binding])
            room.append(np.full(len(binding), float(most)))
        empty = sparse.csr_array((0, len(arcs)), dtype=np.float64)
        return sparse.vstack([empty, *rows], format="csr"), np.concatenate([np.zeros(0), *room])

    def _nudge(self) -> FloatArray:
        """(p,) additions to the worth, in programme units, that together stay below the grid."""
        if self.grid < COARSE:
            return np.zeros(len(self.arcs))
        return self.ties / 2.0**31 * (self.grid / SCALED / (4 * self.need * self.n))


class Ranking:
    """Each entry's arcs, best first.

    Attributes:
        order: (p,) arcs by entry, then falling worth, then number.
        start: (n + 1,) where each entry begins.
        place: (p,) place in the entry, from 0, of each arc in `order`.
        summed: (p + 1,) sums of the worth in this order.
    """

    def __init__(self, arcs: Arcs, n: int) -> None:
        self.order = np.lexsort((-arcs.worth, arcs.entry))
        self.entry = arcs.entry[self.order]
        self.start = np.searchsorted(self.entry, np.arange(n + 1)).astype(np.int64)
        self.place = np.arange(len(arcs)) - self.start[self.entry]
        self.summed = np.concatenate([[0], np.cumsum(arcs.worth[self.order])])

    def best(self, k: int) -> IntArray:
        """(n,) sum of each entry's best k."""
        return np.asarray(self.summed[self.start[:-1] + k] - self.summed[self.start[:-1]])


def _reach(arcs: Arcs, ranking: Ranking, k: int) -> tuple[IntArray, int]:
    best = ranking.best(k)
    others = ranking.best(k - 1)
    reach = np.empty(len(arcs), dtype=np.int64)
    worth = arcs.worth[ranking.order]
    inside = ranking.place < k
    reach[ranking.order] = np.where(inside, best[ranking.entry], others[ranking.entry] + worth)
    return reach, int(best.min())
