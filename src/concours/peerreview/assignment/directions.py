"""Secret directions: which of two entries may review the other, settled before probabilities are.

A distribution over assignments can keep every pair's probability exactly, or be free of review
cycles in every draw, but seldom both, unless the pairs it uses cannot form a cycle. So the
directions are drawn first, under the secret seed:

- a ring: entries at random places; the team of the one at place i may review those at most
  (n - 1) / z places ahead. The steps round a cycle add up to a multiple of n, so no cycle has z
  entries or fewer.
- for mutual pairs alone (z = 2) less is closed: one direction of each two entries that would use
  both, the worse one, by a secret coin where they are alike; a ring settles what is left.
- against cliques of c: c - 1 colours, and no review inside a colour.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from concours.peerreview.assignment.eligibility import BoolArray, member
from concours.peerreview.assignment.keyed_pairs import pair_words
from concours.peerreview.assignment.pools import Arcs
from concours.peerreview.assignment.problem import AssignmentProblem
from concours.peerreview.keyed import IntArray, Keyed


def _no_keys() -> IntArray:
    return np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False, kw_only=True)
class Directions:
    """Which arcs the secret directions leave.

    Attributes:
        owner: (R,) entry of each reviewer, -1 = independent: those have no direction.
        n: number of entries.
        forbidden: keys team * n + entry, ascending, that are closed.
        place: (n,) place of each entry on the ring, or None. The ring does not rule two entries of
            whom `forbidden` closes one direction.
        cycle: longest cycle that the ring excludes.
        colour: (n,) colour of each entry, or None.
    """

    owner: IntArray
    n: int
    forbidden: IntArray = field(default_factory=_no_keys)
    place: IntArray | None = None
    cycle: int = 1
    colour: IntArray | None = None

    def allow(self, reviewer: IntArray, entry: IntArray) -> BoolArray:
        """Whether each (reviewer, entry) is left; O(p log m) for m forbidden directions."""
        mine = self.owner[reviewer]
        owned = mine >= 0
        left = ~(owned & member(self.forbidden, mine * self.n + entry))
        if self.place is not None:
            ahead = (self.place[entry] - self.place[mine]) % self.n
            settled = ~owned | member(self.forbidden, entry * self.n + mine)
            left &= settled | (ahead * self.cycle < self.n) | self._across(mine, entry, ahead)
        if self.colour is not None:
            left &= ~owned | (self.colour[mine] != self.colour[entry])
        return np.asarray(left, dtype=np.bool_)

    def _across(self, mine: IntArray, entry: IntArray, ahead: IntArray) -> BoolArray:
        """Entries across the ring, as far forth as back: the one of lower place reviews."""
        if self.place is None or self.cycle > 2:
            return np.zeros(len(mine), dtype=np.bool_)
        across = (2 * ahead == self.n) & (self.place[mine] < self.place[entry])
        return np.asarray(across, dtype=np.bool_)


def free(problem: AssignmentProblem, seed: bytes) -> Directions:
    """No direction closed but those inside colours, where cliques are banned."""
    return Directions(
        owner=problem.reviewer_entry, n=problem.n_entries, colour=_colours(problem, seed)
    )


def ring(
    problem: AssignmentProblem, seed: bytes, turn: int, *, given: Directions | None = None
) -> Directions:
    """A ring against cycles of the problem's length; `turn` numbers the rings of a seed.

    Each direction is left with the same chance, floor((n - 1) / z) / (n - 1), and 1/2 for z = 2.
    For z = 2 it may complete `given`.
    """
    n = problem.n_entries
    place = np.empty(n, dtype=np.int64)
    place[Keyed(seed, f"assign/direction-ring/{turn}").permutation(n)] = np.arange(n)
    return Directions(
        owner=problem.reviewer_entry,
        n=n,
        forbidden=_no_keys() if given is None else given.forbidden,
        place=place,
        cycle=problem.longest_banned_cycle,
        colour=_colours(problem, seed),
    )


def without_mutual(
    given: Directions, used: Arcs, units: IntArray, seed: bytes, *, all_used: bool = False
) -> Directions:
    """`given` less one direction of each two entries between which `used` goes both ways.

    The direction of less worth times units goes; a secret coin decides between equals. With
    `all_used` the reverse of what `used` goes one way is closed too.
    """
    mine = given.owner[used.reviewer]
    inner = (mine >= 0) & (units > 0)
    mine, entry = mine[inner], used.entry[inner]
    worth = used.worth[inner] * units[inner]
    keys, at = np.unique(mine * given.n + entry, return_inverse=True)
    value = np.zeros(len(keys), dtype=np.int64)
    np.add.at(value, at, worth)
    team, other = np.divmod(keys, given.n)
    back = other * given.n + team
    both = np.flatnonzero(member(keys, back) & (team < other))
    there, here = np.searchsorted(keys, back[both]), both
    coin = pair_words(seed, "assign/direction-coin", team[both], other[both]) >> np.uint64(63)
    loses = (value[here] < value[there]) | ((value[here] == value[there]) & (coin == 0))
    closed = np.where(loses, keys[here], keys[there])
    if all_used:
        closed = np.concatenate([closed, back[~member(keys, back)]])
    return Directions(
        owner=given.owner,
        n=given.n,
        forbidden=np.union1d(given.forbidden, closed),
        colour=given.colour,
    )


def has_mutual(given: Directions, used: Arcs, units: IntArray) -> bool:
    """Whether some two entries use both directions."""
    mine = given.owner[used.reviewer]
    inner = (mine >= 0) & (units > 0)
    keys = np.unique(mine[inner] * given.n + used.entry[inner])
    team, other = np.divmod(keys, given.n)
    return bool(member(keys, other * given.n + team).any())


def _colours(problem: AssignmentProblem, seed: bytes) -> IntArray | None:
    """(n,) colours by a random deal; None where no ban, or where the parts serve for colours."""
    colours = problem.cliques_of - 1
    if problem.cliques_of == 0 or 1 < problem.parts <= colours:
        return None
    colour = np.empty(problem.n_entries, dtype=np.int64)
    order = Keyed(seed, "assign/direction-colours").permutation(problem.n_entries)
    colour[order] = np.arange(problem.n_entries) % colours
    return colour
