"""Longer review cycles and cliques, broken as they are found: close a direction, solve again.

From an assignment of great total without mutual pairs, along one way between any two entries. Of
each cycle and clique in it the pair that costs least is closed, a secret coin decides between
equals, and the flow along what is left is the next assignment. Where too many are found a secret
ring closes all of them at once (`directions.py`). The bound without these bans stays a bound.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from concours.peerreview.assignment import directions
from concours.peerreview.assignment.arcs import Arcs
from concours.peerreview.assignment.bans import AT_ONCE, MUTUAL, Bans
from concours.peerreview.assignment.eligibility import BoolArray, member
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.assignment.pools import DensePool
from concours.peerreview.assignment.search import Search, prices_of
from concours.peerreview.keyed import IntArray

Closes = Callable[[Arcs], Arcs]
"""Takes of some arcs those that are left open."""
ROUNDS = 100
PATIENCE = 6
"""After so many rounds in which more were found than are looked at, a ring is tried."""
WIDER = (32, 128, 1_000)
"""Where no flow is left, so many more arcs of each reviewer and entry."""
RINGS = 3
"""Rings tried before a balanced assignment is taken."""


def unbroken(search: Search, opened: Arcs, chosen: Arcs) -> tuple[Arcs, str]:
    """(pairs without the longer cycles and cliques of the problem, how they were found).

    `opened` are arcs without mutual ones where those are banned, those of `chosen` among them.
    First along all ways, then along those of wider rings, which close cycles up to a shorter
    length, at last along the ring that closes all. Raises InfeasibleAssignment.
    """
    bans = Bans(search.problem, opened)
    if not bans.longer(_places(opened, chosen, search.n)):
        return chosen, "flow+ways"
    found = _lazily(search, opened, chosen, closes=lambda arcs: arcs)
    if found is not None:
        return found, "flow+ways+closed"
    longest = search.problem.longest_banned_cycle
    rings = [(cycle, 0) for cycle in range(min(3, longest), longest + 1)]
    rings += [(longest, turn) for turn in range(1, RINGS)]
    for cycle, turn in rings:
        found = _on_ring(search, cycle, turn)
        if found is not None:
            return found, "ring+flow"
    return search.balanced(), "balanced"


def _lazily(search: Search, opened: Arcs, chosen: Arcs, *, closes: Closes) -> Arcs | None:
    """Close, solve, again; where no flow is left, with more arcs, each again one way."""
    closed: IntArray = np.zeros(0, dtype=np.int64)
    wider: tuple[int, ...] = WIDER
    for turn in range(ROUNDS):
        bans = Bans(search.problem, opened)
        sets = bans.longer(_places(opened, chosen, search.n))
        if not sets:
            return chosen
        if len(sets) >= AT_ONCE and turn >= PATIENCE:
            return None
        coin = pair_ties(search.seed, "assign/cycle-coin", opened.reviewer, opened.entry)
        closed = np.union1d(closed, bans.key[cheapest(sets, opened.worth, coin)])
        opened = opened.take(~bans.owned | ~member(closed, bans.key))
        flow = search.flow(opened)
        while flow is None and wider:
            opened = with_more(search, opened, closed, wider[0], closes)
            wider = wider[1:]
            flow = search.flow(opened)
        if flow is None:
            return None
        chosen = opened.take(flow.flow > 0)
    return None


def with_more(search: Search, opened: Arcs, closed: IntArray, each: int, closes: Closes) -> Arcs:
    """And the best `each` reviews of every reviewer and entry that are neither closed nor mutual.

    Of two new ways between two entries a secret coin keeps one.
    """
    more = search.pool.best(each) if isinstance(search.pool, DensePool) else search.pool.first()
    more = closes(more)
    owner, n = search.owner, search.n
    mine = owner[opened.reviewer]
    held = np.sort((mine * n + opened.entry)[mine >= 0])
    team = owner[more.reviewer]
    back = more.entry * n + team
    low, high = np.minimum(team, more.entry), np.maximum(team, more.entry)
    coin = pair_ties(search.seed, "assign/cycle-ways", np.maximum(low, 0), high) & 1
    ahead = (team == low) == (coin == 1)
    if search.problem.longest_banned_cycle < MUTUAL:
        return opened.plus(more.take((team < 0) | ~member(closed, team * n + more.entry)), n)
    settled = member(held, team * n + more.entry) | member(closed, back)
    fits = ~member(held, back) & ~member(closed, team * n + more.entry) & (settled | ahead)
    return opened.plus(more.take((team < 0) | fits), n)


def _on_ring(search: Search, cycle: int, turn: int) -> Arcs | None:
    """A great total along the ways of a secret ring that closes cycles up to `cycle`."""
    ways = replace(directions.ring(search.problem, search.seed, turn), cycle=cycle)

    def left(arcs: Arcs) -> Arcs:
        return arcs.take(ways.allow(arcs.reviewer, arcs.entry))

    arcs = left(search.pool.first())
    flow = search.flow(arcs)
    if flow is None:
        everything = search.pool.everything()
        if everything is None:
            return None
        arcs = left(everything)
        flow = search.flow(arcs)
    while flow is not None:
        prices = prices_of(flow)
        wider = arcs.plus(left(search.pool.profitable(prices.reviewer, prices.entry)), search.n)
        if len(wider) == len(arcs):
            return _lazily(search, arcs, arcs.take(flow.flow > 0), closes=left)
        arcs = wider
        flow = search.flow(arcs)
    return None


def cheapest(sets: list[IntArray], worth: IntArray, coin: IntArray) -> IntArray:
    """Arcs of which every set has one: those that hit many sets and are worth little.

    The greedy hitting set (Chvatal, "A greedy heuristic for the set-covering problem", Mathematics
    of Operations Research 4, 1979).
    """
    number = np.repeat(np.arange(len(sets)), [len(s) for s in sets])
    arcs, at = np.unique(np.concatenate(sets), return_inverse=True)
    left: BoolArray = np.ones(len(sets), dtype=np.bool_)
    cost = (worth[arcs] - int(worth[arcs].min()) + 1).astype(np.float64)
    chosen: list[int] = []
    while left.any():
        hits = np.bincount(at[left[number]], minlength=len(arcs))
        best = int(np.lexsort((coin[arcs], -hits / cost))[0])
        chosen.append(int(arcs[best]))
        left[number[at == best]] = False
    return np.array(chosen, dtype=np.int64)


def _places(arcs: Arcs, chosen: Arcs, n: int) -> IntArray:
    """Where the chosen pairs stand among the arcs."""
    return np.flatnonzero(member(np.sort(chosen.keys(n)), arcs.keys(n)))
