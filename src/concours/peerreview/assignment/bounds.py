"""Proven bounds of the total where two entries review one way only.

For any prices u of reviewers and v of entries, no assignment without mutual pairs exceeds

    sum of need * v + sum of max(low * u, high * u)
    + sum over two entries A, B of max(gain of A's reviewers on B, gain of B's reviewers on A)

where the gain is the sum of the positive worth - u - v. It is the Lagrangian dual of the problem
(Geoffrion, Mathematical Programming Study 2, 1974) and is lowered by a deflected subgradient method
(Camerini, Fratta, Maffioli, Mathematical Programming Study 3, 1975) whose steps aim at falls of the
bound that shrink by a constant ratio (Goffin, Mathematical Programming 13, 1977).
"""

from __future__ import annotations

import numpy as np

from concours.peerreview.assignment.arcs import Demand, PairedArcs, Prices
from concours.peerreview.assignment.subgradient import descend
from concours.peerreview.keyed import IntArray

LAST = 1.0 / 4000.0


def bound(profitable: PairedArcs, demand: Demand, prices: Prices) -> int:
    """The bound above in whole units; `profitable` holds every pair of positive profit."""
    gains = profitable.gains(profitable.arcs.profit(prices)).max(axis=1, initial=0)
    return int(gains.sum()) + base_value(demand, prices)


def base_value(demand: Demand, prices: Prices) -> int:
    """The part of the bound that the prices alone make."""
    loads = np.maximum(demand.low * prices.reviewer, demand.high * prices.reviewer)
    return int(demand.need @ prices.entry) + int(loads.sum())


def lower(
    paired: PairedArcs,
    demand: Demand,
    prices: Prices,
    *,
    step: int,
    iterations: int,
    zero_elsewhere: bool,
) -> tuple[Prices, IntArray]:
    """Prices of a lower bound over the arcs given; and how often each arc (p,) was in use.

    The averages of the uses approach an optimum of the linear programme (Larsson, Patriksson,
    Stromberg, Mathematical Programming 86, 1999).

    `step`, in units, is the fall that the first step aims at; the last aims at 1 / 4000 of it.
    With `zero_elsewhere` the prices of no two sum to less than 0, so that pairs worth 0 outside the
    arcs bring no gain. O(iterations * p).
    """
    u, v = prices.reviewer.astype(np.float64), prices.entry.astype(np.float64)
    best, uses = np.concatenate([u, v]), np.zeros(len(paired.arcs), dtype=np.int64)
    arcs = paired.arcs
    ratio = LAST ** (1.0 / max(iterations, 1))
    falls = np.cumprod(np.full(iterations, ratio))
    descend(
        paired.start,
        paired.side,
        arcs.reviewer,
        arcs.entry,
        arcs.worth,
        demand.need,
        demand.low,
        demand.high,
        u,
        v,
        best,
        uses,
        float(max(step, 1)),
        falls,
        zero_elsewhere,
    )
    whole = np.rint(best).astype(np.int64)
    found = Prices(whole[: len(u)], whole[len(u) :])
    return (found.raised() if zero_elsewhere else found), uses
