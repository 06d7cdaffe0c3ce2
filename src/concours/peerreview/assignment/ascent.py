"""Prices at which a concave worth of probabilities comes near to what is asked of every row.

Block coordinate ascent on the dual (Bertsekas, "Network optimization: continuous and discrete
models", 1998, chapter 9): row after row, the one price is set at which the row's probabilities add
up to what they must. Additions, products and comparisons in a fixed order only: the same bits on
every machine. The prices are a start; what is proven is proven by the flow that follows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray

EVALUATIONS = 60


@dataclass(frozen=True, eq=False)
class Rows:
    """Sums over arcs that must lie between two bounds.

    Attributes:
        start: (m + 1,) and arc: the arcs of each row, one row after the other.
        low, high: (m,) bounds, in units.
    """

    start: IntArray
    arc: IntArray
    low: FloatArray
    high: FloatArray

    @classmethod
    def of(cls, row: IntArray, arc: IntArray, low: IntArray, high: IntArray) -> Rows:
        """From pairs (row, arc) in any order."""
        order = np.argsort(row, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(low)))])
        return cls(
            start.astype(np.int64), arc[order], low.astype(np.float64), high.astype(np.float64)
        )


@kernel
def units_at(margin: float, width: float, guide: FloatArray) -> float:
    """Units of an arc whose worth exceeds its price by `margin` at first."""
    last = len(guide) - 1
    place = margin / width * last
    if place <= 0:
        return 0.0
    if place >= last:
        return float(guide[last])
    at = int(place)
    low: float = guide[at]
    high: float = guide[at + 1]
    return low + (place - at) * (high - low)


@kernel
def ascend(
    start: IntArray,
    arc: IntArray,
    low: FloatArray,
    high: FloatArray,
    value: FloatArray,
    width: FloatArray,
    guide: FloatArray,
    price: FloatArray,
    charge: FloatArray,
    sweeps: int,
    near: float,
) -> int:
    """Set `price` (m,) in turn, and with them `charge` (p,), the sum of each arc's prices.

    value: (p,) worth of an arc's first unit; width: (p,) by how much the last unit is worth less.
    Ends after `sweeps`, or when no row was off by more than `near` units; returns sweeps made.
    """
    for sweep in range(sweeps):
        worst = 0.0
        for row in range(len(price)):
            if start[row] == start[row + 1]:
                continue
            found, off = _row_price(
                start[row], start[row + 1], arc, low[row], high[row], value, width, guide,
                price[row], charge, near / 4,
            )  # fmt: skip
            worst = max(worst, off)
            change = found - price[row]
            if change != 0:
                for x in range(start[row], start[row + 1]):
                    charge[arc[x]] += change
                price[row] = found
        if worst <= near:
            return sweep + 1
    return sweeps


@kernel
def _row_price(
    first: int,
    end: int,
    arc: IntArray,
    low: float,
    high: float,
    value: FloatArray,
    width: FloatArray,
    guide: FloatArray,
    old: float,
    charge: FloatArray,
    close: float,
) -> tuple[float, float]:
    """The price at which the row is met, to `close` units, and by how many units it was off."""
    now, free, bottom, top = _reach(first, end, arc, value, width, guide, old, charge)
    if low < high and low <= free <= high:
        return 0.0, abs(now - free)
    goal = high if free > high else low
    off = abs(now - goal)
    if off <= close:
        return old, off
    price, most = min(max(old, bottom), top), guide[len(guide) - 1]
    for _ in range(EVALUATIONS):
        total, slope = 0.0, 0.0
        for x in range(first, end):
            a = arc[x]
            margin = value[a] - charge[a] + old - price
            total += units_at(margin, width[a], guide)
            if 0 < margin < width[a]:
                slope += most / width[a]
        if abs(total - goal) <= close:
            break
        if total > goal:
            bottom = price
        else:
            top = price
        price = price + (total - goal) / slope if slope > 0 else bottom
        if not bottom < price < top:
            price = 0.5 * (bottom + top)
    return price, off


@kernel
def _reach(
    first: int,
    end: int,
    arc: IntArray,
    value: FloatArray,
    width: FloatArray,
    guide: FloatArray,
    old: float,
    charge: FloatArray,
) -> tuple[float, float, float, float]:
    """Units of a row at its old price, at none; the prices at which all and no units are sought."""
    now, free, bottom, top = 0.0, 0.0, np.inf, -np.inf
    for x in range(first, end):
        a = arc[x]
        own = value[a] - charge[a] + old
        now += units_at(own - old, width[a], guide)
        free += units_at(own, width[a], guide)
        bottom = min(bottom, own - width[a])
        top = max(top, own)
    return now, free, bottom, top
