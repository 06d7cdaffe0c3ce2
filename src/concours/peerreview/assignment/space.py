"""The pairs over which probabilities are spread, and the optimum of a concave worth of them.

A pair's probability is a whole number of units, `scale` units to 1. With whole capacities the
linear programme has a whole optimum, so an exact flow finds it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np

from concours.peerreview.assignment.directions import Directions
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds, member
from concours.peerreview.assignment.flow import Flow, Limits, max_total
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.assignment.limits import LimitLevels
from concours.peerreview.assignment.pools import (
    DENSE_CELLS,
    Arcs,
    DensePool,
    Pool,
    make_pool,
)
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

LARGEST_SCALE = 1 << 20
AT_ONCE = 100_000
"""So many pairs go into one flow; of more, the best few of each side go first."""


@dataclass(frozen=True)
class Cap:
    """A cap on probabilities as `units` of 1 / `scale`."""

    units: int
    scale: int

    @classmethod
    def of(cls, probability: float, *, least_scale: int = 1) -> Cap:
        """The fraction that `probability` writes, if its denominator is at most 2**20.

        .3 is 3/10, 459/1024 is 459/1024; other numbers are rounded down to a multiple of 2**-20.
        The scale is multiplied up to `least_scale` or more.
        """
        fraction = Fraction(probability).limit_denominator(LARGEST_SCALE)
        if float(fraction) != probability:
            fraction = Fraction(int(probability * LARGEST_SCALE), LARGEST_SCALE)
        times = -(-least_scale // fraction.denominator)
        return cls(fraction.numerator * times, fraction.denominator * times)


@dataclass(frozen=True, eq=False)
class Pieces:
    """Parallel arcs: the worth of a pair falls from piece to piece as its probability grows.

    Attributes:
        of: (q,) arc of each piece.
        units: (q,) capacity.
        worth: (q,) worth of one unit, falling along each arc.
    """

    of: IntArray
    units: IntArray
    worth: IntArray


class Worth(Protocol):
    """What probabilities are worth."""

    def pieces(self, arcs: Arcs) -> Pieces:
        """Pieces of all arcs, those of one arc in order."""

    @property
    def top(self) -> int:
        """No unit of an arc is worth more than this times its similarity, if that is positive."""


@dataclass(frozen=True)
class Linear:
    """A pair's probability is worth its similarity, up to the cap."""

    cap: Cap

    def pieces(self, arcs: Arcs) -> Pieces:
        """One an arc."""
        units = np.full(len(arcs), self.cap.units, dtype=np.int64)
        return Pieces(np.arange(len(arcs), dtype=np.int64), units, arcs.worth)

    @property
    def top(self) -> int:
        """Each unit is worth the similarity."""
        return 1


@dataclass(frozen=True, eq=False)
class Spread:
    """Probabilities: units (p,) of 1 / scale on arcs, all above 0; `limits` over these arcs.

    `objective` is the sum of the worth of the units; prices are those of the flow.
    """

    arcs: Arcs
    units: IntArray
    scale: int
    limits: Limits | None
    objective: int
    flow: Flow

    @property
    def expected_units(self) -> int:
        """Expected similarity times scale, in units of 1e-6."""
        return int(self.arcs.worth @ self.units)


class Space:
    """All pairs of a problem that may meet."""

    def __init__(self, eligibility: Eligibility, seed: bytes) -> None:
        problem = eligibility.problem
        self.problem = problem
        self.eligibility = eligibility
        self.seed = seed
        self.levels = LimitLevels(problem)
        self.low, self.high = load_bounds(problem, eligibility.part)
        self.need = np.full(problem.n_entries, problem.reviews_per_entry, dtype=np.int64)
        self.pool = _pool(eligibility, seed)
        self.whole = problem.n_reviewers * problem.n_entries <= AT_ONCE
        self._held = _first(self.pool, problem, everything=self.whole)

    def optimum(self, directions: Directions, worth: Worth, scale: int) -> Spread | None:
        """The probabilities of greatest worth, or None where there are none.

        Where the pairs are too many for one flow, those left out are brought in by their prices
        (column generation) until none could add worth: the optimum is that of all pairs.
        """
        found = self._on_held(directions, worth, scale)
        while not self.whole:
            if found is None:
                if not self.widen():
                    return None
            elif not self._add(directions, worth.top, found.flow):
                return found
            found = self._on_held(directions, worth, scale)
        return found

    def every_pair(self, directions: Directions) -> Arcs | None:
        """All pairs that `directions` leave, or None where they are too many for one flow."""
        arcs = self.pool.everything()
        return None if arcs is None else arcs.take(directions.allow(arcs.reviewer, arcs.entry))

    def held(self, directions: Directions) -> Arcs:
        """The pairs looked at so far that `directions` leave; those brought in later come last."""
        return self._held.take(directions.allow(self._held.reviewer, self._held.entry))

    def outside(
        self, directions: Directions, top: int, reviewer_price: IntArray, entry_price: IntArray
    ) -> Arcs:
        """Pairs not held of which `top` times the similarity exceeds both prices, or nearly."""
        more = self.pool.profitable(reviewer_price // top, entry_price // top)
        more = more.take(directions.allow(more.reviewer, more.entry))
        n = self.problem.n_entries
        return more.take(~member(np.sort(self._held.keys(n)), more.keys(n)))

    def hold(self, more: Arcs) -> bool:
        """Hold these too; whether there are any."""
        self._held = self._held.plus(more, self.problem.n_entries)
        return len(more) > 0

    def spread_of(
        self, arcs: Arcs, units: IntArray, scale: int, *, objective: int, flow: Flow
    ) -> Spread:
        """The pairs with any probability."""
        used = np.flatnonzero(units)
        some = arcs.take(used)
        return Spread(
            arcs=some,
            units=units[used],
            scale=scale,
            limits=self.levels.over(some.reviewer, some.entry, self.problem.n_entries),
            objective=objective,
            flow=flow,
        )

    def _on_held(self, directions: Directions, worth: Worth, scale: int) -> Spread | None:
        arcs = self.held(directions)
        pieces = worth.pieces(arcs)
        part = arcs.take(pieces.of)
        limits = self.levels.over(arcs.reviewer, arcs.entry, self.problem.n_entries)
        tie = pair_ties(self.seed, "assign/spread-ties", arcs.reviewer, arcs.entry)
        flow = max_total(
            part.reviewer,
            part.entry,
            pieces.worth,
            need=self.need * scale,
            low=self.low * scale,
            high=self.high * scale,
            capacity=pieces.units,
            limits=_scaled(limits, pieces.of, scale),
            tie=tie[pieces.of],
            prices=True,
        )
        if flow is None:
            return None
        units = np.zeros(len(arcs), dtype=np.int64)
        np.add.at(units, pieces.of, flow.flow)
        return self.spread_of(arcs, units, scale, objective=flow.total, flow=flow)

    def _add(self, directions: Directions, top: int, flow: Flow) -> bool:
        """Whether any pair outside could add worth; it is held from now on."""
        if flow.reviewer_price is None or flow.entry_price is None:
            return False
        return self.hold(self.outside(directions, top, flow.reviewer_price, flow.entry_price))

    def widen(self) -> bool:
        """Hold twice as many pairs; whether there are more."""
        if not isinstance(self.pool, DensePool):
            return False
        before = len(self._held)
        count = 2 * -(-before // min(self.pool.cells.shape))
        self._held = self._held.plus(self.pool.best(count), self.problem.n_entries)
        return len(self._held) > before


def _scaled(limits: Limits | None, arc: IntArray, scale: int) -> Limits | None:
    """The limits of arcs as limits of pieces, in units."""
    if limits is None:
        return None
    return Limits(
        of_arc=limits.of_arc[arc],
        parent=limits.parent,
        entry=limits.entry,
        capacity=limits.capacity * scale,
    )


def _pool(eligibility: Eligibility, seed: bytes) -> Pool:
    problem = eligibility.problem
    if problem.similarity is not None:
        pool = make_pool(eligibility, seed)
        if pool is not None:
            return pool
    elif problem.n_reviewers * problem.n_entries <= DENSE_CELLS:
        cells = np.zeros((problem.n_reviewers, problem.n_entries), dtype=np.int64)
        return DensePool(eligibility, cells, seed)
    raise BadInput(
        f"{problem.n_reviewers} reviewers and {problem.n_entries} entries make more than "
        f"{DENSE_CELLS:,} pairs: give a sparse similarity, of the best candidates"
    )


def _first(pool: Pool, problem: AssignmentProblem, *, everything: bool) -> Arcs:
    whole = pool.everything() if everything else None
    if whole is not None:
        return whole
    if not isinstance(pool, DensePool):
        return pool.first()
    spread = problem.reviews_per_entry / problem.max_probability
    return pool.best(4 * math.ceil(spread))
