"""Whole assignments of great minimum and total: integer programmes over the pairs that matter.

An arc whose reduced worth is below the gap between bound and best total cannot be in a better
assignment, and one above the gap must be: what is left, the core, is small (Balas and Zemel, "An
algorithm for large zero-one knapsack problems", Operations Research 28, 1980).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
import scipy
from scipy import sparse

from concours.peerreview.assignment.fair_frame import SCALED, Frame
from concours.peerreview.assignment.fair_lp import Cuts, Relaxed
from concours.peerreview.keyed import IntArray

INFEASIBLE = 2
NODES = 40
FIRST_CORE = 8
"""The first core holds so many arcs for each entry and reviewer."""
GROWTH = 4
LARGEST_CORE = 400_000


class Verdict(Enum):
    """What a search has shown."""

    FOUND = auto()
    NONE = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, eq=False)
class Found:
    """What a search came to.

    Attributes:
        verdict: FOUND, NONE (proven) or UNKNOWN (the limit of nodes was met).
        chosen: (nk,) arcs of the best assignment, ascending; None unless FOUND.
        bound: no total in what was searched exceeds it, in units.
    """

    verdict: Verdict
    chosen: IntArray | None = None
    bound: int = 0


def search(
    frame: Frame,
    columns: IntArray,
    cuts: Cuts,
    *,
    least: int,
    certain: IntArray | None = None,
    total: bool = True,
    nodes: int = NODES,
) -> Found:
    """The greatest total of assignments within `columns` where every entry's sum is `least`.

    Those of `certain` are in it, whatever. With total=False any assignment will do. Sums are
    asked for half a unit lower, which doubles can tell from a whole unit, and checked exactly.
    """
    arcs = frame.arcs.take(columns)
    p, n = len(arcs), frame.n
    at, ones, worth = np.arange(p), np.ones(p), arcs.worth / SCALED
    fixed = np.zeros(p)
    if certain is not None:
        fixed[np.searchsorted(columns, certain)] = 1
    low = np.where(frame.low > 0, frame.low.astype(np.float64), -np.inf)
    if int(frame.high.sum()) == n * frame.need:
        low[:] = -np.inf  # equal sums: two-sided rows would only burden the presolve
    by_entry = sparse.csr_array((ones, (arcs.entry, at)), (n, p))
    by_reviewer = sparse.csr_array((ones, (arcs.reviewer, at)), (len(low), p))
    by_worth = sparse.csr_array((worth, (arcs.entry, at)), (n, p))
    rows = [
        scipy.optimize.LinearConstraint(by_entry, frame.need, frame.need),
        scipy.optimize.LinearConstraint(by_reviewer, low, frame.high),
        scipy.optimize.LinearConstraint(by_worth, (least - 0.5) / SCALED, np.inf),
    ]
    if len(cuts.room):
        rows.append(scipy.optimize.LinearConstraint(cuts.rows[:, columns], -np.inf, cuts.room))
    aim = -(worth + frame.nudge[columns]) if total else np.zeros(p)
    done = scipy.optimize.milp(
        aim,
        integrality=np.ones(p, dtype=np.int64),
        bounds=scipy.optimize.Bounds(fixed, 1),
        constraints=rows,
        options={"node_limit": nodes, "mip_rel_gap": 0.0},
    )
    if done.x is None:
        return Found(Verdict.NONE if done.status == INFEASIBLE else Verdict.UNKNOWN)
    chosen = columns[done.x > 0.5]
    if not _meets(frame, chosen, least):
        return Found(Verdict.UNKNOWN)
    return Found(Verdict.FOUND, chosen, _bound(frame, done.mip_dual_bound) if total else 0)


def best_total(frame: Frame, relaxed: Relaxed, least: int, *, nodes: int = NODES) -> Found:
    """The greatest total where every entry's sum is `least`, proven over all pairs if it can be.

    `relaxed` is the optimum of the relaxation. The bound holds for the whole frame. Where a first,
    small core has no such assignment the core grows, up to all pairs.
    """
    proof = relaxed.proof
    useful = frame.useful(least)
    apart = np.abs(proof.profit[useful])
    widest = int(apart.max(initial=0))
    size = FIRST_CORE * (frame.n + len(frame.low))
    while True:
        width = _width(apart, size)
        found = _in_core(frame, useful, relaxed, width, least, nodes)
        if found.verdict is Verdict.FOUND or width == widest or size > LARGEST_CORE:
            break
        size *= GROWTH
    if found.verdict is not Verdict.FOUND or found.chosen is None:
        return found if width == widest else Found(Verdict.UNKNOWN)
    total = int(frame.arcs.worth[found.chosen].sum())
    gap = proof.exact - total * proof.scale
    if width < gap and found.bound == total:
        width = gap
        wider = _in_core(frame, useful, relaxed, width, least, nodes)
        found = wider if wider.chosen is not None else found
    proven = width >= gap
    return replace(found, bound=min(found.bound, proof.bound) if proven else proof.bound)


def _width(apart: IntArray, size: int) -> int:
    """The profit, either way, up to which `size` arcs lie."""
    return int(np.partition(apart, size)[size]) if size < len(apart) else int(apart.max(initial=0))


def _in_core(
    frame: Frame, useful: IntArray, relaxed: Relaxed, width: int, least: int, nodes: int
) -> Found:
    mine = relaxed.proof.profit[useful]
    certain = useful[mine > width]
    return search(
        frame, useful[mine >= -width], relaxed.cuts, least=least, certain=certain, nodes=nodes
    )


def _meets(frame: Frame, chosen: IntArray, least: int) -> bool:
    """Exactly: reviews, loads and sums (limits are sums of ones, which doubles hold)."""
    arcs = frame.arcs
    reviews = np.bincount(arcs.entry[chosen], minlength=frame.n)
    loads = np.bincount(arcs.reviewer[chosen], minlength=len(frame.low))
    even = bool(np.all(reviews == frame.need))
    return (
        even
        and bool(np.all(loads >= frame.low) and np.all(loads <= frame.high))
        and int(frame.sums(chosen).min()) >= least
    )


def _bound(frame: Frame, dual: float) -> int:
    """A total, in units, from the solver's bound; the nudges only ever raise it."""
    return frame.attainable_total(int(np.floor(-dual * SCALED + 0.5)))
