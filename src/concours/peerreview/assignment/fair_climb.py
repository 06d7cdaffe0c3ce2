"""The greatest minimum: bounds from relaxations, assignments that meet them, closer and closer."""

from __future__ import annotations

from dataclasses import dataclass

from concours.peerreview.assignment.fair_frame import Frame
from concours.peerreview.assignment.fair_lp import greatest_minimum, greatest_total
from concours.peerreview.assignment.fair_prefix import Prefixes
from concours.peerreview.assignment.fair_search import NODES, Found, Verdict, best_total
from concours.peerreview.assignment.fair_swaps import lift, polish
from concours.peerreview.keyed import IntArray

UNKNOWNS = 3
"""The climb ends after so many values at which whole searches met their limits."""
BAN_ROUNDS = 8
ROOT = 1
"""Nodes of a programme with bans."""
MANY = 100_000
COARSELY = 1_000
"""Of more than MANY pairs, counting bounds the minimum to a thousandth."""
TRIES = 200
TRIES_BANNED = 4
"""Values tried in all; with bans each takes a programme, and seconds."""
ENOUGH = 2
"""After so many values refused one unit more than the best is asked for."""
NEVER_MIND = -(1 << 60)


@dataclass(frozen=True, eq=False)
class Climbed:
    """Where the climb ended; all sums in units.

    Attributes:
        chosen: arcs of the assignment.
        minimum_bound: no assignment's least sum exceeds it.
        total_bound: no total of an assignment of at least this minimum exceeds it.
    """

    chosen: IntArray
    minimum_bound: int
    total_bound: int


class Climb:
    """One search for the greatest minimum and, under it, the greatest total.

    `columns` are the arcs to start from; relaxations bring in others. `start` is an assignment that
    keeps the bans, needed where there are any.
    """

    def __init__(
        self, frame: Frame, columns: IntArray, seed: bytes, *, start: IntArray | None = None
    ) -> None:
        self.frame = frame
        self.columns = columns
        self.seed = seed
        self.start = start

    def run(self) -> Climbed | None:
        """The best found and its bounds; None where nothing was found."""
        bound = self._by_counting()
        if bound is None:
            return None
        found = self.total_at(bound)
        if found.verdict is Verdict.FOUND and found.chosen is not None:
            return Climbed(found.chosen, bound, found.bound)
        best, bound = self._approach(bound, found)
        return None if best is None else self._finish(best, bound)

    def by_swaps(self, limit: int) -> Climbed | None:
        """Without programmes, which bans of cycles among many pairs make slow: swaps from `start`.

        No total exceeds `limit`.
        """
        bound = self._by_counting()
        best = self.start
        if bound is None or best is None:
            return None
        low = int(self.frame.sums(best).min())
        if not self.frame.by_swaps:
            return Climbed(best, bound, limit)
        return Climbed(polish(self.frame, best, low), bound, limit)

    def total_at(self, least: int) -> Found:
        """The greatest total where every sum is `least`."""
        nodes = ROOT if self.frame.bans.any else NODES
        for _ in range(BAN_ROUNDS):
            relaxed = greatest_total(self.frame, self.columns, least)
            if relaxed is None:
                return Found(Verdict.NONE)
            found = best_total(self.frame, relaxed, least, nodes=nodes)
            broken = [] if found.chosen is None else self.frame.bans.broken(found.chosen)
            if not broken:
                return found
            self.frame.forbid(broken)
        return Found(Verdict.UNKNOWN)

    def _by_counting(self) -> int | None:
        """A bound from the conditions on prefixes; None where there are no loads.

        The greatest value they allow, or among many pairs a little more.
        """
        frame = self.frame
        high = frame.attainable(frame.most)
        if self._counts(high):
            return high
        if not self._counts(NEVER_MIND):
            return None
        low, step = high, frame.grid
        while not self._counts(low):
            high, low, step = low, low - step, 2 * step
        near = frame.grid if len(frame.arcs) <= MANY else max(frame.grid, abs(high) // COARSELY)
        while high - low > near:
            middle = _middle(low, high, frame.grid)
            low, high = (middle, high) if self._counts(middle) else (low, middle)
        return high - frame.grid

    def _counts(self, least: int) -> bool:
        return Prefixes(self.frame, least).assignment() is not None

    def _approach(self, tried: int, first: Found) -> tuple[IntArray | None, int]:
        """(assignment of the greatest minimum found, bound), after `first` failed at `tried`."""
        frame = self.frame
        relaxed = greatest_minimum(frame, self.columns, NEVER_MIND)
        if relaxed is None:
            return None, tried
        bound = tried if first.verdict is Verdict.UNKNOWN else tried - frame.grid
        bound = min(bound, frame.attainable(relaxed.proof.bound))
        best = self._lifted(bound)
        best = self.start if best is None else best
        high = min(bound, tried - frame.grid)
        target, step, unknown, refused = high, frame.grid, 0, 0
        for _ in range(TRIES_BANNED if frame.bans.any else TRIES):
            low = None if best is None else int(frame.sums(best).min())
            if unknown >= UNKNOWNS or high < frame.lowest or (low is not None and low >= high):
                break
            found = self._any(target)
            if found.chosen is not None:
                best, refused = found.chosen, 0
                low = int(frame.sums(best).min())
            else:
                refused += 1
                unknown += found.verdict is Verdict.UNKNOWN
                high = target - frame.grid
                bound = min(bound, high) if found.verdict is Verdict.NONE else bound
            step *= 2
            target = max(high - step, frame.lowest)
            if low is not None and refused >= ENOUGH:  # a proof that nothing beats the best
                target, refused = low + frame.grid, 0
            elif low is not None:
                target = _middle(low, high + frame.grid, frame.grid)
            hint = frame.attainable(found.bound)
            if found.verdict is Verdict.NONE and (low is None or hint > low) and hint < high:
                target = max(hint, frame.lowest)
        return best, bound

    def _any(self, least: int) -> Found:
        """Some assignment where every sum is `least`; if not, `bound` is a value to try next.

        The relaxation of the total is quick and mostly enough; that of the minimum, which is slow,
        proves that there is none.
        """
        lifted = self._lifted(least)
        if lifted is not None and int(self.frame.sums(lifted).min()) >= least:
            return Found(Verdict.FOUND, lifted)
        found = self.total_at(least)
        if found.chosen is not None:
            return found
        relaxed = greatest_minimum(self.frame, self.columns, least)
        if relaxed is None or relaxed.proof.bound < least:
            hint = self.frame.lowest if relaxed is None else relaxed.proof.bound
            return Found(Verdict.NONE, bound=hint)
        return Found(found.verdict, bound=self.frame.lowest)

    def _lifted(self, least: int) -> IntArray | None:
        """An assignment whose sums fall short of `least` by little; None where others are asked."""
        if not self.frame.by_swaps:
            return None
        start = self.start
        if self.frame.plain:
            start = Prefixes(self.frame, least).assignment()
        return None if start is None else lift(self.frame, start, least, self.seed)

    def _finish(self, best: IntArray, bound: int) -> Climbed:
        """The greatest total at the minimum of `best`."""
        minimum = int(self.frame.sums(best).min())
        found = self.total_at(minimum)
        if found.chosen is not None:
            return Climbed(found.chosen, max(bound, minimum), found.bound)
        relaxed = greatest_total(self.frame, self.columns, minimum)
        limit = int(self.frame.ranking.best(self.frame.need).sum())
        limit = limit if relaxed is None else relaxed.proof.bound
        better = polish(self.frame, best, minimum) if self.frame.by_swaps else best
        return Climbed(better, max(bound, minimum), limit)


def _middle(low: int, high: int, grid: int) -> int:
    """Between low and high, on the grid of low: above low if high is more than a step away."""
    return low + (high - low) // grid // 2 * grid
