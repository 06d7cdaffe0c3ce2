"""How reviewers turn what they think into what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import FloatArray, IntArray, Keyed

BoolArray = npt.NDArray[np.bool_]
CLIQUE = 4
"""Colluders in a clique."""
REACH = 0.15
"""Entries within this share of the true ranking around the own are rivals."""
FORCE = 2.0
"""How far a score is pushed, in standard deviations of honest impressions within a reviewer."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Scene:
    """What a behaviour may look at.

    Attributes, m reviews sorted by reviewer and entry, n entries, R reviewers:
        reviewer, entry: (m,).
        honest: (m,) what an honest reviewer would say.
        spread: standard deviation of honest impressions within a reviewer.
        place: (n,) true place of each entry, 0 = best.
        owner: (R,) the entry of each reviewer, -1 = independent.
        clique: (R,) number of the reviewer's clique, -1 = none.
        seed: keys what is random.
    """

    reviewer: IntArray
    entry: IntArray
    honest: FloatArray
    spread: float
    place: IntArray
    owner: IntArray
    clique: IntArray
    seed: bytes

    def means(self) -> FloatArray:
        """(m,) mean of the reviewer's honest impressions."""
        count = np.maximum(np.bincount(self.reviewer), 1)
        return np.asarray((np.bincount(self.reviewer, weights=self.honest) / count)[self.reviewer])


class Behaviour(Protocol):
    """A way to report."""

    @property
    def name(self) -> str:
        """Name in BEHAVIOURS."""

    @property
    def seconds(self) -> float:
        """Median time spent on a review."""

    def report(self, scene: Scene) -> FloatArray:
        """(m,) what every reviewer would say who behaves so."""


class Honest:
    """Says what it thinks."""

    name = "honest"
    seconds = 600.0

    def report(self, scene: Scene) -> FloatArray:
        """See Behaviour."""
        return scene.honest


class Constant:
    """Lazy: gives every entry the same score, in no time."""

    name = "lazy-constant"
    seconds = 45.0

    def report(self, scene: Scene) -> FloatArray:
        """See Behaviour."""
        return scene.means()


class Random:
    """Lazy: deals plausible scores to the entries at random, in no time."""

    name = "lazy-random"
    seconds = 45.0

    def report(self, scene: Scene) -> FloatArray:
        """See Behaviour."""
        word = Keyed(scene.seed, "simulate/lazy").words(len(scene.honest))
        dealt = np.lexsort((word, scene.reviewer))
        return np.asarray(scene.honest[dealt])


class Strategic:
    """Downgrades rivals: entries whose true place is within REACH of the own."""

    name = "strategic"
    seconds = 600.0

    def report(self, scene: Scene) -> FloatArray:
        """See Behaviour."""
        own = scene.owner[scene.reviewer]
        gap = np.abs(scene.place[scene.entry] - scene.place[np.maximum(own, 0)])
        rival = (own >= 0) & (gap <= REACH * len(scene.place))
        return np.asarray(scene.honest - FORCE * scene.spread * rival)


class Reversed:
    """Turns the own order upside down."""

    name = "reversed"
    seconds = 600.0

    def report(self, scene: Scene) -> FloatArray:
        """See Behaviour."""
        return np.asarray(2 * scene.means() - scene.honest)


class Colluding:
    """Raises the entries of the own clique of CLIQUE reviewers, and scores the rest honestly."""

    name = "colluding"
    seconds = 600.0

    def report(self, scene: Scene) -> FloatArray:
        """See Behaviour."""
        of_entry = np.full(len(scene.place), -1, dtype=np.int64)
        owned = (scene.owner >= 0) & (scene.clique >= 0)
        of_entry[scene.owner[owned]] = scene.clique[owned]
        mine = scene.clique[scene.reviewer]
        friend = (mine >= 0) & (of_entry[scene.entry] == mine)
        return np.asarray(scene.honest + 1.5 * FORCE * scene.spread * friend)


BEHAVIOURS: dict[str, type[Behaviour]] = {
    "honest": Honest,
    "lazy-constant": Constant,
    "lazy-random": Random,
    "strategic": Strategic,
    "reversed": Reversed,
    "colluding": Colluding,
}


def check_shares(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares of reviewers by behaviour, without "honest", which takes the rest. Raises BadInput."""
    for name, share in shares.items():
        if name not in BEHAVIOURS:
            raise BadInput(f"no behaviour {name!r}: {', '.join(BEHAVIOURS)}")
        if not 0 <= share <= 1:
            raise BadInput(f"behaviours: a share of 0 to 1 expected, {name} has {share}")
    others = {name: float(share) for name, share in shares.items() if name != "honest" and share}
    total = sum(others.values())
    if total > 1 + 1e-9:
        raise BadInput(f"behaviours: shares sum to {total:g}, more than 1")
    if "honest" in shares and abs(total + shares["honest"] - 1) > 1e-9:
        raise BadInput(f"behaviours: shares sum to {total + shares['honest']:g}, not 1")
    return dict(sorted(others.items()))


def deal(shares: Mapping[str, float], count: int, *, seed: bytes) -> tuple[list[str], IntArray]:
    """(names, (R,) number of each reviewer's behaviour): shares rounded, dealt by `seed`."""
    names = ["honest", *shares]
    ends = np.rint(np.cumsum([0.0, *shares.values()]) * count).astype(np.int64)
    order = Keyed(seed, "simulate/crowd").permutation(count)
    kind = np.zeros(count, dtype=np.int64)
    for number in range(1, len(names)):
        kind[order[ends[number - 1] : ends[number]]] = number
    return names, kind


def cliques(colluder: BoolArray, *, seed: bytes) -> IntArray:
    """(R,) cliques of CLIQUE colluders each, dealt by `seed`; a rest of one joins the last."""
    members = np.flatnonzero(colluder)
    members = members[Keyed(seed, "simulate/cliques").permutation(len(members))]
    out = np.full(len(colluder), -1, dtype=np.int64)
    number = np.arange(len(members)) // CLIQUE
    if len(members) > CLIQUE and len(members) % CLIQUE == 1:
        number[-1] -= 1
    out[members] = number
    return out
