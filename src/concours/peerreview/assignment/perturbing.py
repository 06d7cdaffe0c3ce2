"""The optimum of a concave worth of probabilities, with its proof.

First the linear optimum's prices, then dual ascent from there (`ascent.py`), then flows over single
units around the probabilities that these prices give, until the flow's own prices prove that no
step of one unit, hence none at all, can gain: a separable concave optimum on a grid is a flow over
parallel arcs of falling worth (Hu, "Minimum-cost flows in convex-cost networks", 1966), and looking
near the last point only is the scaling of Hochbaum and Shanthikumar ("Convex separable optimization
is not much harder than linear optimization", J. ACM 37, 1990).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment import directions as secret
from concours.peerreview.assignment.arcs import Arcs, Prices
from concours.peerreview.assignment.concave import AT_LEAST, SIZES, Concave
from concours.peerreview.assignment.curve import Curve
from concours.peerreview.assignment.directions import Directions
from concours.peerreview.assignment.duals import Duals, duals_of
from concours.peerreview.assignment.flow import Flow
from concours.peerreview.assignment.space import Cap, Linear, Space, Spread
from concours.peerreview.assignment.spread import ROUNDS, Settled, settle
from concours.peerreview.keyed import IntArray

FLOWS = 24
"""Flows at most; then the best so far is returned, with its gap."""
PATIENT, NEGLIGIBLE = 8, 1_000_000
"""After so many flows one part in a million is no longer sought."""


@dataclass(frozen=True, eq=False)
class Proven:
    """Probabilities and what is proven of them, in units of 1e-6 / (top * scale).

    Attributes:
        settled: the probabilities and how their directions were found.
        worth: their worth, or a little less, as the slopes of f are rounded down.
        bound: what none exceed.
    """

    settled: Settled
    worth: int
    bound: int


@dataclass(frozen=True, eq=False)
class _Found:
    model: Concave
    units: IntArray
    flow: Flow
    bound: int


class Perturbing:
    """Searches of one problem, one after the other."""

    def __init__(self, space: Space, curve: Curve, cap: Cap) -> None:
        self.space, self.curve, self.cap = space, curve, cap
        self.solved = 0

    def settle(self) -> Proven:
        """The optimum under directions that exclude review cycles and cliques.

        Where mutual pairs are banned, one direction is closed of each two entries that would use
        both, round after round, and of all others by a ring. Raises InfeasibleAssignment exactly
        where `spread.settle` does.
        """
        problem, space = self.space.problem, self.space
        free = secret.free(problem, space.seed)
        if not self.curve.fall.any():
            return self._unperturbed()
        if problem.longest_banned_cycle <= 2:
            linear = self._linear(free)
            if linear is not None:
                start, given, route = duals_of(linear.flow, self.curve.top), free, "flow"
                if problem.longest_banned_cycle == 2 and bool((problem.reviewer_entry >= 0).any()):
                    given, start = self._one_way(free, start)
                    route = "flow+ring"
                found = self._optimum(given, start)
                if found is not None:
                    return self._proven(found, given, route)
        settled = settle(space, Linear(self.cap), self.cap)
        self.solved += settled.solved
        given = self._closed(settled)
        found = self._optimum(given, duals_of(settled.spread.flow, self.curve.top))
        if found is None:
            raise AssertionError("there are probabilities, and none of them were found")
        return self._proven(found, given, settled.route)

    def _unperturbed(self) -> Proven:
        """The linear optimum: of strength 0."""
        settled = settle(self.space, Linear(self.cap), self.cap)
        worth = settled.spread.objective * self.curve.top
        return Proven(settled, worth, worth)

    def _linear(self, directions: Directions) -> Spread | None:
        self.solved += 1
        return self.space.optimum(directions, Linear(self.cap), self.cap.scale)

    def _proven(self, found: _Found, given: Directions, route: str) -> Proven:
        model = found.model
        worth = model.worth(found.units)
        spread = self.space.spread_of(
            model.arcs, found.units, self.cap.scale, objective=worth, flow=found.flow
        )
        settled = Settled(spread, route, self.solved, given)
        return Proven(settled, worth, found.bound)

    def _closed(self, settled: Settled) -> Directions:
        """The directions with every other pair of entries closed one way too."""
        problem, now = self.space.problem, settled.directions
        if problem.longest_banned_cycle != 2 or now.place is not None:
            return now
        return self._completed(now, settled.spread.arcs, settled.spread.units)

    def _completed(self, now: Directions, arcs: Arcs, units: IntArray) -> Directions:
        seed = self.space.seed
        now = secret.without_mutual(now, arcs, units, seed, all_used=True)
        return secret.ring(self.space.problem, seed, 0, given=now)

    def _one_way(self, free: Directions, start: Duals) -> tuple[Directions, Duals]:
        """Directions by the ascent alone: whether they can be kept, a flow has to say."""
        now, duals = free, start
        for rounds in range(ROUNDS + 1):
            model, duals = self._ascended(now, duals)
            units = model.near(duals)
            if rounds == ROUNDS or not secret.has_mutual(now, model.arcs, units):
                break
            now = secret.without_mutual(now, model.arcs, units, self.space.seed)
        return self._completed(now, model.arcs, units), duals

    def _ascended(self, directions: Directions, start: Duals) -> tuple[Concave, Duals]:
        """All pairs that matter at prices by the ascent."""
        duals = start
        while True:
            model = Concave(self.space, self.space.held(directions), self.curve, self.cap)
            duals = model.ascend(model.fitted(duals))
            if not self._brought_in(directions, duals, least=model.least_width):
                return model, duals

    def _brought_in(self, directions: Directions, duals: Duals, *, least: int = 1) -> bool:
        """Whether pairs not held could add worth; of similarity 0 only such as add `least` or more.

        Otherwise all pairs of a large matrix of zeros might be brought in to spread them evenly.
        """
        if self.space.whole:
            return False
        more = self._outside(directions, duals)
        price = duals.reviewer[more.reviewer] + duals.entry[more.entry]
        return self.space.hold(more.take((more.worth != 0) | (price < -least * self.curve.top)))

    def _outside(self, directions: Directions, duals: Duals) -> Arcs:
        return self.space.outside(directions, self.curve.top, duals.reviewer, duals.entry)

    def _bound(self, model: Concave, directions: Directions, duals: Duals) -> int:
        """A bound over all pairs, held or not."""
        if self.space.whole:
            return model.bound(duals)
        if self.space.pool.zero_elsewhere:  # unstated pairs are too many to look at one by one
            raised = Prices(duals.reviewer, duals.entry).raised()
            duals = Duals(raised.reviewer, raised.entry, duals.limit)
        return model.bound(duals) + model.beyond(self._outside(directions, duals), duals)

    def _optimum(self, directions: Directions, start: Duals) -> _Found | None:
        """The optimum on the grid, or None where there are no probabilities."""
        model, duals = self._ascended(directions, start)
        centre = model.near(duals)
        bound, reach, found = self._bound(model, directions, duals), AT_LEAST, None
        for solved in range(FLOWS):
            self.solved += 1
            step = model.around(centre, duals, reach)
            if step is None:
                if reach > len(SIZES):
                    if not self.space.widen():
                        return found
                    model, centre = self._wider(directions, centre)
                    duals = model.fitted(duals)
                reach += 1
                continue
            centre, flow = step
            duals = duals_of(flow)
            grid = model.bound(duals, on_grid=True)
            found = _Found(model, centre, flow, bound)
            short = grid - model.worth(centre)
            if short > (0 if solved < PATIENT else abs(grid) // NEGLIGIBLE):
                continue
            if not self._brought_in(directions, duals):
                bound = min(bound, self._bound(model, directions, duals))
                if short == 0:
                    centre, flow = self._settled(model, duals)
                return _Found(model, centre, flow, bound)
            model, centre = self._wider(directions, centre)
            duals = model.fitted(duals)
        return found

    def _settled(self, model: Concave, duals: Duals) -> tuple[IntArray, Flow]:
        """The one optimum that coins choose."""
        self.solved += 1
        settled = model.settled(duals)
        if settled is None:
            raise AssertionError("the optima lie where these prices say")
        return settled

    def _wider(self, directions: Directions, centre: IntArray) -> tuple[Concave, IntArray]:
        """All pairs held now: new ones come last, with no probability."""
        model = Concave(self.space, self.space.held(directions), self.curve, self.cap)
        more = np.zeros(len(model.arcs) - len(centre), dtype=np.int64)
        return model, np.concatenate([centre, more])
