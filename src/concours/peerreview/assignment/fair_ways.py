"""The fairest assignment along given ways, where review cycles are banned: a start, and bounds.

With one way between any two entries closed no mutual pair can be, and what is left is as quick as
without a ban. Longer cycles and cliques are broken as they are found, or by a secret ring.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from concours.peerreview.assignment import directions
from concours.peerreview.assignment.bans import AT_ONCE, MUTUAL
from concours.peerreview.assignment.cycles import cheapest, with_more
from concours.peerreview.assignment.eligibility import BoolArray, Eligibility, member
from concours.peerreview.assignment.fair_climb import Climb
from concours.peerreview.assignment.fair_frame import Frame
from concours.peerreview.assignment.one_way import OneWay
from concours.peerreview.assignment.search import Search
from concours.peerreview.keyed import IntArray

EACH = 64
"""Arcs of each reviewer and entry that are opened beside those of great total."""
RINGS = 3
ROUNDS = 60
TURNS = 16
FEW = (1, 2, 4, 8)
"""Entries served worst, towards whom ways in use are turned."""


@dataclass(frozen=True, eq=False)
class Start:
    """Arcs of the frame that make an assignment, and a bound that no total exceeds, in units."""

    chosen: IntArray
    limit: int


def along_ways(search: Search, frame: Frame) -> Start:
    """A fair assignment that keeps the bans. Raises InfeasibleAssignment."""
    relaxed = search.relaxed()
    limit, left = relaxed.limit, np.arange(len(frame.arcs))
    if search.problem.longest_banned_cycle >= MUTUAL:
        one_way = OneWay(search, relaxed)
        chosen, limit = one_way.run()
        none = np.zeros(0, dtype=np.int64)
        opened = one_way.opened(chosen)
        left = frame.places(with_more(search, opened, none, EACH, lambda arcs: arcs))
        if not frame.bans.long:
            found = _fairest_of(search, frame, left)
            found = frame.places(chosen) if found is None else found
            return Start(_turned(search, frame, found), limit)
    found = _lazily(search, frame, left)
    for turn in range(RINGS):
        if found is not None:
            return Start(found, limit)
        ways = directions.ring(search.problem, search.seed, turn)
        left = np.flatnonzero(ways.allow(frame.arcs.reviewer, frame.arcs.entry))
        found = _fairest_of(search, frame, left)
    return Start(frame.places(search.balanced()) if found is None else found, limit)


def _lazily(search: Search, frame: Frame, left: IntArray) -> IntArray | None:
    """Of each longer cycle and clique found a pair is closed, until there are none."""
    bans, worth = frame.bans, frame.arcs.worth
    for _ in range(ROUNDS):
        found = _fairest_of(search, frame, left)
        if found is None:
            return None
        sets = bans.longer(found)
        if not sets:
            return found
        if len(sets) >= AT_ONCE:
            return None
        closed = np.sort(bans.key[cheapest(sets, worth, frame.ties)])
        left = left[~bans.owned[left] | ~member(closed, bans.key[left])]
    return None


def _turned(search: Search, frame: Frame, chosen: IntArray) -> IntArray:
    """Better and better: ways in use stay, the others lead to the entry that is served worse.

    What was found stays possible then, so the minimum does not fall. Where that gains nothing, the
    ways between the few served worst and all others are turned towards them, in use or not.
    """
    few = 0
    for _ in range(TURNS):
        left = _towards_the_worse(frame, chosen, few)
        found = _fairest_of(search, frame, np.flatnonzero(left))
        if found is not None and _merit(frame, found) > _merit(frame, chosen):
            chosen = found
        elif few == FEW[-1]:
            break
        else:
            few = next(f for f in FEW if f > few)
    return chosen


def _merit(frame: Frame, chosen: IntArray) -> tuple[int, int]:
    sums = frame.sums(chosen)
    return int(sums.min()), int(sums.sum())


def _towards_the_worse(frame: Frame, chosen: IntArray, few: int) -> BoolArray:
    """(p,) one way between any two entries."""
    arcs, bans, sums = frame.arcs, frame.bans, frame.sums(chosen)
    owner = frame.problem.reviewer_entry[arcs.reviewer]
    used = np.sort(bans.key[chosen[bans.owned[chosen]]])
    worse = sums[arcs.entry] < sums[owner]
    worse |= (sums[arcs.entry] == sums[owner]) & (arcs.entry < owner)
    kept = member(used, bans.key) | (worse & ~member(used, bans.back))
    worst = np.zeros(frame.n, dtype=np.bool_)
    worst[np.argsort(sums, kind="stable")[:few]] = True
    kept = np.where(worst[arcs.entry] != worst[owner], worst[arcs.entry], kept)
    return np.asarray(kept | ~bans.owned, dtype=np.bool_)


def _fairest_of(search: Search, frame: Frame, places: IntArray) -> IntArray | None:
    """The fairest of the arcs given, none of which can close a banned cycle."""
    problem = replace(search.problem, allow_mutual=True, cycles_up_to=MUTUAL, cliques_of=0)
    arcs = frame.arcs.take(places)
    if int(np.bincount(arcs.entry, minlength=frame.n).min()) < frame.need:
        return None
    part = Frame(Eligibility(problem, search.eligibility.part), arcs, search.seed)
    climbed = Climb(part, part.first_columns(), search.seed).run()
    return None if climbed is None else places[climbed.chosen]
