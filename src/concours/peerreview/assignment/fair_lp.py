"""Linear relaxations of the fairest assignment, and bounds that their duals prove.

Solved in doubles (HiGHS, dual simplex); but whatever multipliers a solver returns, rounded to whole
numbers they prove a bound in exact arithmetic, by weak duality over all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy
from scipy import sparse

from concours.peerreview.assignment.fair_frame import SCALED, Frame
from concours.peerreview.assignment.fair_prefix import Prefixes
from concours.peerreview.keyed import FloatArray, IntArray

FINEST = 24
LARGEST = 2.0**61
WIDTH = 8
IDLE = 3
"""After so many rounds of cuts that did not lower the bound no more are sought."""
NEVER = 1 << 62
"""The loss of an arc that cannot be part of any assignment that is asked for."""


@dataclass(frozen=True, eq=False)
class Cuts:
    """Rows over all arcs, rows @ x <= room: those of the frame and sharper ones."""

    rows: sparse.csr_array
    room: FloatArray

    @classmethod
    def none(cls, frame: Frame) -> Cuts:
        """The rows of the frame."""
        return cls(frame.rows, frame.room)

    def plus(self, rows: sparse.csr_array, room: FloatArray) -> Cuts:
        """These and more."""
        whole = sparse.vstack([self.rows, rows], format="csr")
        return Cuts(whole, np.concatenate([self.room, room]))


@dataclass(frozen=True, eq=False)
class Relaxed:
    """An optimum of the relaxation.

    Attributes:
        value: of the objective, in units.
        x: (c,) on the columns.
        columns: (c,) arcs.
        proof: multipliers.
        cuts: rows that made it sharper.
    """

    value: float
    x: FloatArray
    columns: IntArray
    proof: Proof
    cuts: Cuts


@dataclass(frozen=True, eq=False)
class Proof:
    """Whole multipliers, `scale` to one: their bound and what each arc would add beyond it.

    Attributes:
        bound: units; nothing within the constraints exceeds it.
        profit: (p,) reduced worth of every arc, in units / scale.
        scale: what divides profit to give units.
        exact: the bound times scale.
    """

    bound: int
    profit: IntArray
    scale: int
    exact: int


def greatest_minimum(frame: Frame, columns: IntArray, above: int) -> Relaxed | None:
    """Probabilities whose least expected sum is greatest; None where there are none.

    Over those arcs that can be part of an assignment of minimum `above`: if the bound is less,
    there is no such assignment.
    """
    return _priced(frame, columns, above, total=False)


def greatest_total(frame: Frame, columns: IntArray, least: int) -> Relaxed | None:
    """Probabilities of greatest expected total with every entry's expected sum at least `least`."""
    return _priced(frame, columns, least, total=True)


def _priced(frame: Frame, columns: IntArray, least: int, *, total: bool) -> Relaxed | None:
    """Solve over `columns`, bring in arcs of positive profit, again, until there are none.

    Rounding leaves a profit of a unit or two on arcs of none: they come in once.
    """
    useful = frame.useful(least)
    columns = columns[frame.reach[columns] >= least]
    prefixes = Prefixes(frame, least)
    held = frame.hot
    cuts = Cuts.none(frame).plus(*prefixes.rows(held))
    least_bound, idle = NEVER, 0
    while True:
        found = _solve(frame, columns, least, cuts, total=total)
        if found is None and len(columns) < len(useful):
            columns = useful
            continue
        if found is None:
            return None
        idle = 0 if found.proof.bound < least_bound else idle + 1
        least_bound = min(least_bound, found.proof.bound)
        add = found.proof.profit > 0
        add[columns] = False
        if idle > IDLE and not add.any():
            return found
        short = _new(prefixes.violated(columns, found.x), held)
        mutual = frame.bans.nearly(columns, found.x)
        if not (add.any() or len(short) or mutual):
            return found
        columns = np.sort(np.append(columns, np.flatnonzero(add)))
        cuts, held = cuts.plus(*prefixes.rows(short)), np.concatenate([held, short])
        frame.hot = held
        if mutual:
            cuts = cuts.plus(*frame.forbid(mutual))


def _new(conditions: IntArray, held: IntArray) -> IntArray:
    """Those of `conditions` (c, 2) that are not held: doubles may break a row by a hair."""
    known = set(map(tuple, held.tolist()))
    fresh = [tuple(c) not in known for c in conditions.tolist()]
    return conditions[np.array(fresh, dtype=np.bool_)]


def _solve(
    frame: Frame, columns: IntArray, least: int, cuts: Cuts, *, total: bool
) -> Relaxed | None:
    arcs = frame.arcs.take(columns)
    p, n, reviewers = len(arcs), frame.n, len(frame.low)
    at, ones, worth = np.arange(p), np.ones(p), arcs.worth / SCALED
    by_reviewer = sparse.csr_array((ones, (arcs.reviewer, at)), (reviewers, p))
    lows = np.flatnonzero(frame.low) if int(frame.high.sum()) > n * frame.need else at[:0]
    blocks = [
        by_reviewer,
        -by_reviewer[lows],
        -sparse.csr_array((worth, (arcs.entry, at)), (n, p)),
        cuts.rows[:, columns],
    ]
    sums = np.full(n, -least / SCALED if total else 0.0)
    room = [frame.high, -frame.low[lows], sums, cuts.room]
    by_entry: Any = sparse.csr_array((ones, (arcs.entry, at)), (n, p))
    under: Any = sparse.vstack(blocks, format="csr")
    cost = -worth
    bounds: Any = [(0.0, 1.0)] * p
    if not total:
        marks = np.zeros((under.shape[0], 1))
        marks[reviewers + len(lows) : reviewers + len(lows) + n] = 1
        under = sparse.hstack([under, sparse.csr_array(marks)], format="csr")
        by_entry = sparse.hstack([by_entry, sparse.csr_array((n, 1))], format="csr")
        cost = np.append(np.zeros(p), -1.0)
        bounds = [*bounds, (None, None)]
    done: Any = scipy.optimize.linprog(
        cost,
        A_ub=under,
        b_ub=np.concatenate(room).astype(np.float64),
        A_eq=by_entry,
        b_eq=np.full(n, float(frame.need)),
        bounds=bounds,
        method="highs-ds",
    )
    if done.x is None:
        return None
    proof = _proof(frame, least, cuts, _duals(done, frame, lows), total=total)
    return Relaxed(-done.fun * SCALED, done.x[:p], columns, proof, cuts)


@dataclass(frozen=True, eq=False)
class _Duals:
    """Multipliers of entries (n,), reviewers (R,), sums (n,) and cuts (c,)."""

    entry: FloatArray
    reviewer: FloatArray
    sums: FloatArray
    cuts: FloatArray


def _duals(done: Any, frame: Frame, lows: IntArray) -> _Duals:
    sizes = [len(frame.low), len(lows), frame.n]
    parts = np.split(-np.asarray(done.ineqlin.marginals), np.cumsum(sizes))
    reviewer = parts[0].copy()
    reviewer[lows] -= parts[1]
    return _Duals(-np.asarray(done.eqlin.marginals), reviewer, parts[2], parts[3])


def _proof(frame: Frame, least: int, cuts: Cuts, duals: _Duals, *, total: bool) -> Proof:
    """The bound of the multipliers, rounded to whole numbers, over all arcs of the frame."""
    arcs = frame.arcs
    sums = np.maximum(duals.sums, 0)
    heaviest = float(np.abs(arcs.worth).max(initial=1)) * (1 + float(sums.max(initial=0)))
    spare = LARGEST / (heaviest * WIDTH * max(frame.n * frame.need, 1))
    bits = int(np.clip(np.floor(np.log2(spare)), 0, FINEST))
    unit = 1 << bits
    weight = np.rint(sums * unit).astype(np.int64)

    def whole(values: FloatArray) -> IntArray:
        return np.rint(values * SCALED * unit).astype(np.int64)

    entry, reviewer = whole(duals.entry), whole(duals.reviewer)
    paid = whole(np.maximum(duals.cuts, 0))
    own = weight + unit if total else weight
    profit = own[arcs.entry] * arcs.worth - entry[arcs.entry] - reviewer[arcs.reviewer]
    profit -= np.asarray(cuts.rows.T.astype(np.int64) @ paid, dtype=np.int64)
    profit[frame.reach < least] = -NEVER
    exact = int(np.maximum(profit, 0).sum()) + frame.need * int(entry.sum())
    exact += int(np.maximum(frame.low * reviewer, frame.high * reviewer).sum())
    exact += int(paid @ cuts.room.astype(np.int64))
    if not total:
        divisor = max(int(weight.sum()), 1)
        return Proof(exact // divisor, profit, divisor, exact)
    exact -= least * int(weight.sum())
    return Proof(exact // unit, profit, unit, exact)
