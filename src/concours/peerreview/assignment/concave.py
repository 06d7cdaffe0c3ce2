"""A concave worth of probabilities over given pairs: its value, bounds of it, steps towards it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from concours.peerreview.assignment.arcs import Arcs
from concours.peerreview.assignment.ascent import Rows, ascend, units_at
from concours.peerreview.assignment.curve import Curve
from concours.peerreview.assignment.duals import Duals, own_prices, with_those_around
from concours.peerreview.assignment.exact_sums import exact_dot
from concours.peerreview.assignment.flow import Flow, Limits, max_total
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.assignment.sampling import through
from concours.peerreview.assignment.space import Cap, Space
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.memory import require

SWEEPS = 200
NEAR = 1.0
"""The ascent ends when no reviewer's or entry's sum is off by more units than this."""
SMOOTH = 1_000
"""In the ascent no pair's worth falls by less than the greatest fall over this."""
SIZES = (1, 3, 12, 48, 192, 768)
"""Pieces on either side of where a pair stands; beyond them one goes to the end."""
AT_LEAST = 2
SLACK = 8
BYTES_A_PIECE = 170


class Concave:
    """Worth of probabilities over arcs: sum of S x - max(|S|, 1e-6) (x - f(x)).

    For S > 0 that is S f(x). Pairs of S <= 0 keep their worth S x, less as much as makes it best to
    spread evenly over equals: at 0 at most 1e-6 of similarity a review.
    """

    def __init__(self, space: Space, arcs: Arcs, curve: Curve, cap: Cap) -> None:
        self.space, self.arcs, self.curve, self.cap = space, arcs, curve, cap
        self.value = arcs.worth * curve.top
        self.width = _width(arcs)
        n = space.problem.n_entries
        self.limits = space.levels.over(arcs.reviewer, arcs.entry, n)
        self.need = space.need * cap.scale
        self.low, self.high = space.low * cap.scale, space.high * cap.scale

    def worth(self, units: IntArray) -> int:
        """Worth of probabilities (p,), in units of 1e-6 / (top * scale); never above the true one.

        The slopes of f are rounded down to multiples of 1 / top.
        """
        return exact_dot(self.value, units) - exact_dot(self.width, self.curve.fallen[units])

    def bound(self, duals: Duals, *, on_grid: bool = False) -> int:
        """What no probabilities exceed, whatever the prices (weak duality); exact.

        `on_grid`: of probabilities that are multiples of 1 / scale, by slopes rounded as in
        `worth`; else of all probabilities, for f itself.
        """
        return self._fixed(duals) + self._gains(self.arcs, self.margin(duals), on_grid=on_grid)

    def beyond(self, arcs: Arcs, duals: Duals) -> int:
        """What other arcs could add to `bound`."""
        margin = arcs.worth * self.curve.top
        margin -= duals.reviewer[arcs.reviewer] + duals.entry[arcs.entry]
        return self._gains(arcs, margin, on_grid=False)

    def _gains(self, arcs: Arcs, margin: IntArray, *, on_grid: bool) -> int:
        """The sum of what each arc gains at best beyond its prices."""
        curve, width = self.curve, _width(arcs)
        generous = 0 if on_grid else 1
        units = curve.sought(margin, width, generous=generous)
        found = exact_dot(margin, units) - exact_dot(width, curve.fallen[units] - generous * units)
        if not on_grid:
            gains = width[margin > 0]
            found += curve.above * exact_dot(gains, np.ones_like(gains))
        return found

    def _fixed(self, duals: Duals) -> int:
        """What the loads and limits allow at these prices."""
        load = np.where(duals.reviewer > 0, self.high, self.low)
        found = exact_dot(duals.entry, self.need) + exact_dot(duals.reviewer, load)
        if self.limits is not None:
            own = np.maximum(own_prices(duals.limit, self.limits), 0)
            found += exact_dot(own, self.limits.capacity * self.cap.scale)
        return found

    def margin(self, duals: Duals) -> IntArray:
        """(p,) by how much the worth of an arc's first unit exceeds the prices."""
        paid = duals.reviewer[self.arcs.reviewer] + duals.entry[self.arcs.entry]
        if self.limits is not None:
            inside = self.limits.of_arc >= 0
            paid[inside] += duals.limit[self.limits.of_arc[inside]]
        return np.asarray(self.value - paid, dtype=np.int64)

    @cached_property
    def _rows(self) -> Rows:
        arcs, n = self.arcs, len(self.need)
        every = np.arange(len(arcs))
        row, arc = [arcs.entry, n + arcs.reviewer], [every, every]
        low, high = [self.need, self.low], [self.need, self.high]
        if self.limits is not None:
            inside = self.limits.of_arc
            while bool((inside >= 0).any()):
                at = np.flatnonzero(inside >= 0)
                row.append(n + len(self.low) + inside[at])
                arc.append(at)
                inside = np.where(inside >= 0, self.limits.parent[inside], -1)
            low.append(np.zeros_like(self.limits.capacity))
            high.append(self.limits.capacity * self.cap.scale)
        bounds = np.concatenate(low), np.concatenate(high)
        return Rows.of(np.concatenate(row), np.concatenate(arc), *bounds)

    @cached_property
    def _smooth(self) -> FloatArray:
        """(p,) falls of worth as the ascent sees them: none so steep that it would crawl."""
        return np.maximum(self.width, self.least_width) * float(self.curve.fall[-1])

    @property
    def least_width(self) -> int:
        """Similarity, in units of 1e-6, that the ascent takes 0 for, where chances are spread."""
        return max(int(self.width.max(initial=1)) // SMOOTH, 1)

    def fitted(self, duals: Duals) -> Duals:
        """The prices, with none for limits where those were numbered over other pairs."""
        count = 0 if self.limits is None else len(self.limits.parent)
        if len(duals.limit) == count:
            return duals
        return Duals(duals.reviewer, duals.entry, np.zeros(count, dtype=np.int64))

    def ascend(self, start: Duals) -> Duals:
        """Better prices; O(p) a sweep, at most 200 sweeps."""
        rows, n, reviewers = self._rows, len(self.need), len(self.low)
        parts = [start.entry, start.reviewer]
        if self.limits is not None:
            parts.append(own_prices(start.limit, self.limits))
        price = np.concatenate(parts).astype(np.float64)
        charge = (self.value - self.margin(start)).astype(np.float64)
        ascend(
            rows.start, rows.arc, rows.low, rows.high, self.value.astype(np.float64),
            self._smooth, self._guide, price, charge, SWEEPS, NEAR,
        )  # fmt: skip
        whole = np.floor(price).astype(np.int64)
        own = whole[n + reviewers :]
        limit = own if self.limits is None else with_those_around(own, self.limits)
        return Duals(whole[n : n + reviewers], whole[:n], limit)

    @property
    def _guide(self) -> FloatArray:
        return self.curve.guide.astype(np.float64)

    def near(self, duals: Duals) -> IntArray:
        """(p,) units about where these prices put each arc."""
        margin = self.margin(duals).astype(np.float64)
        return _nearest(margin, self._smooth, self._guide)

    def around(self, centre: IntArray, duals: Duals, reach: int) -> tuple[IntArray, Flow] | None:
        """The best units near `centre`, or None where there are none; one flow.

        Single units next to the centre count exactly, pieces further off by their mean.
        """
        everywhere = reach > len(SIZES)
        slack = SLACK * int(self._smooth.max(initial=1.0)) // self.curve.units
        looked = (centre > 0) | (self.margin(duals) >= -slack)
        at = np.arange(len(centre)) if everywhere else np.flatnonzero(looked)
        base, of, size, worth = self._pieces(at, centre[at], reach)
        bottom = np.zeros_like(centre)
        bottom[at] = base
        return self._flow(bottom, at[of], size, worth, tie=False)

    def settled(self, duals: Duals) -> tuple[IntArray, Flow] | None:
        """Of all optima on the grid that of greatest random tie, by the prices of any.

        The optima are all between the units that gain at these prices and those that lose nothing.
        """
        margin = self.margin(duals)
        low = self.curve.sought(margin, self.width)
        high = np.searchsorted(self.curve.fall, margin // self.width, side="right")
        of = np.flatnonzero(high > low)
        worth = self.value[of] - self.width[of] * self.curve.fall[low[of]]
        return self._flow(low, of, (high - low)[of], worth, tie=True)

    def _flow(
        self, bottom: IntArray, arc: IntArray, size: IntArray, worth: IntArray, *, tie: bool
    ) -> tuple[IntArray, Flow] | None:
        """The best units above `bottom` (p,) by pieces, each of an arc; their flow."""
        left = self._left(bottom)
        if left is None:
            return None
        need, low, high, limits = left
        require(len(arc) * BYTES_A_PIECE, what=f"a flow over {len(arc):,} pieces of pairs")
        arcs = self.arcs.take(arc)
        seed = self.space.seed
        flow = max_total(
            arcs.reviewer,
            arcs.entry,
            worth,
            need=need,
            low=low,
            high=high,
            capacity=size,
            limits=_taken(limits, arc),
            tie=pair_ties(seed, "assign/spread-ties", arcs.reviewer, arcs.entry) if tie else None,
            prices=True,
        )
        if flow is None:
            return None
        units = bottom.copy()
        np.add.at(units, arc, flow.flow)
        return units, flow

    def _pieces(
        self, at: IntArray, centre: IntArray, reach: int
    ) -> tuple[IntArray, IntArray, IntArray, IntArray]:
        """(lowest units (a,), then of each piece: arc, size, worth of a unit)."""
        most = self.curve.units
        sizes = (*SIZES[:reach], *((most,) if reach > len(SIZES) else ()))
        found = []
        low, high = centre, centre
        for size in sizes:
            up, down = np.minimum(high + size, most), np.maximum(low - size, 0)
            found += [(high, up), (down, low)]
            low, high = down, up
        of, ends = [], []
        for first, last in found:
            some = np.flatnonzero(last > first)
            of.append(some)
            ends.append((first[some], last[some]))
        arc = np.concatenate(of)
        first = np.concatenate([one for one, _ in ends])
        last = np.concatenate([two for _, two in ends])
        mean = -(-(self.curve.fallen[last] - self.curve.fallen[first]) // (last - first))
        worth = self.value[at[arc]] - self.width[at[arc]] * mean
        return low, arc, last - first, worth

    def _left(self, bottom: IntArray) -> tuple[IntArray, IntArray, IntArray, Limits | None] | None:
        """Need, low, high and limits beyond `bottom`, or None where that is too much already."""
        need, low, high = self.need.copy(), self.low.copy(), self.high.copy()
        np.subtract.at(need, self.arcs.entry, bottom)
        loads = np.zeros_like(low)
        np.add.at(loads, self.arcs.reviewer, bottom)
        low, high = np.maximum(low - loads, 0), high - loads
        limits, room = self.limits, np.zeros(0, dtype=np.int64)
        if limits is not None:
            room = limits.capacity * self.cap.scale - through(limits, bottom)
            limits = Limits(
                of_arc=limits.of_arc, parent=limits.parent, entry=limits.entry, capacity=room
            )
        if min(int(x.min(initial=0)) for x in (need, high, room)) < 0:
            return None
        return need, low, high, limits


def _width(arcs: Arcs) -> IntArray:
    """(p,) what the fall of f is multiplied by: |S|, at least one unit of similarity."""
    return np.maximum(np.abs(arcs.worth), 1)


def _taken(limits: Limits | None, arc: IntArray) -> Limits | None:
    if limits is None:
        return None
    return Limits(
        of_arc=limits.of_arc[arc],
        parent=limits.parent,
        entry=limits.entry,
        capacity=limits.capacity,
    )


@kernel
def _nearest(margin: FloatArray, width: FloatArray, guide: FloatArray) -> IntArray:
    units = np.empty(len(margin), dtype=np.int64)
    for a in range(len(margin)):
        units[a] = int(units_at(margin[a], width[a], guide) + 0.5)
    return units
