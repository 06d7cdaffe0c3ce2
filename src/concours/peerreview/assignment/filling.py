"""Giving lost reviews to others while every other review stays where it is.

`mend` restores a whole assignment and may move reviews that nobody lost. Here nothing moves, and
what nobody may take is told instead of refused: the change to make while people are reviewing.
"""

from __future__ import annotations

import hashlib
import heapq
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment.broken import Structures
from concours.peerreview.assignment.eligibility import Eligibility, member
from concours.peerreview.assignment.flow import Limits, max_total
from concours.peerreview.assignment.keyed_pairs import pair_ties
from concours.peerreview.assignment.mend import with_rows
from concours.peerreview.assignment.problem import ENGINE_VERSION, AssignmentProblem, integers
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray

MOST_EXTRA = 2
BRANCHES = 200
"""Partial answers looked at before the search no longer goes back."""
SPARE = 16
"""Candidates of an entry beyond one for each lost review."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Filled:
    """Who takes the lost reviews.

    Attributes:
        pairs: (f, 2) new pairs (reviewer, entry), ascending; reviewers from `first_emergency` on
            are emergency reviewers.
        uncovered: (u,) the entry of each review that nobody may take, ascending.
        first_emergency: number of the first emergency reviewer, the problem's R.
        engine_version, inputs_digest: as of an AssignmentResult.
    """

    pairs: IntArray
    uncovered: IntArray
    first_emergency: int
    engine_version: str
    inputs_digest: str


def fill(
    problem: AssignmentProblem,
    kept: npt.ArrayLike,
    *,
    wanted: npt.ArrayLike,
    seed: bytes,
    part: npt.ArrayLike | None = None,
    barred: npt.ArrayLike = (),
    idle: npt.ArrayLike = (),
    emergency: int = 0,
    most_extra: int = MOST_EXTRA,
) -> Filled:
    """Reviewers for the entries `wanted` (m,), one for each time an entry is named.

    All pairs of `kept` (p, 2) stay. The new ones keep the problem's bans (own entry, conflicts,
    groups, parts, mutual pairs and longer circles, limits of teams and groups), never repeat a kept
    pair and avoid `barred` (b, 2). `idle` reviewers take nothing; nobody takes more than
    `most_extra`. Loads are not bounds here: as many reviews as can be are taken, then loads are as
    even as can be, then pairs as similar, then keyed coins decide.
    `emergency` further reviewers R, R + 1, ... without an entry of their own take only what no
    other may; `barred` may name them. O(m**2) beside the bans for m wanted reviews.
    Raises BadInput for numbers that are of no entry or reviewer.
    """
    wanted_, kept_ = integers(wanted, "wanted").ravel(), _pairs(kept, "kept")
    barred_, idle_ = _pairs(barred, "barred"), np.unique(integers(idle, "idle").ravel())
    parts = np.zeros(problem.n_entries, dtype=np.int64) if part is None else integers(part, "part")
    first = problem.n_reviewers
    _require_known(problem, wanted_, kept_, barred_, idle_, first + emergency)
    wider = _with_emergency(problem, barred_, emergency)
    filling = _Filling(Eligibility(wider, parts), kept_, seed, most_extra)
    peers = np.setdiff1d(np.arange(first), idle_)
    others = np.setdiff1d(np.arange(first, first + emergency), idle_)
    left = np.sort(wanted_)
    for group in (peers, others):
        left = filling.give(left, group)
    pairs = np.array(sorted(filling.given), dtype=np.int64).reshape(-1, 2)
    return Filled(
        pairs=pairs,
        uncovered=left,
        first_emergency=first,
        engine_version=ENGINE_VERSION,
        inputs_digest=_digest(
            wider.digest(seed=seed, method="fill"),
            [kept_, np.sort(wanted_), idle_, parts, np.array([first, emergency, most_extra])],
        ),
    )


class _Filling:
    """One search; `given` grows with the pairs found."""

    def __init__(
        self, eligibility: Eligibility, kept: IntArray, seed: bytes, most_extra: int
    ) -> None:
        self.eligibility, self.problem = eligibility, eligibility.problem
        self.kept, self.seed, self.most_extra = kept, seed, most_extra
        self.n = self.problem.n_entries
        self.given: list[tuple[int, int]] = []

    def give(self, wanted: IntArray, reviewers: IntArray) -> IntArray:
        """The wanted entries that none of these reviewers may take."""
        if not (wanted.size and reviewers.size):
            return wanted
        names, need = np.unique(wanted, return_counts=True)
        reviewer, entry = self._arcs(names, reviewers, len(wanted))
        if not reviewer.size:
            return wanted
        chosen = self._search(reviewer, entry, names, need)
        self.given += zip(reviewer[chosen].tolist(), entry[chosen].tolist(), strict=True)
        taken = np.bincount(np.searchsorted(names, entry[chosen]), minlength=len(names))
        return np.repeat(names, need - taken)

    def _standing(self) -> IntArray:
        return np.concatenate([self.kept, np.array(self.given, dtype=np.int64).reshape(-1, 2)])

    def _arcs(self, names: IntArray, reviewers: IntArray, most: int) -> tuple[IntArray, IntArray]:
        """Pairs that could be; of each entry its best, one for each wanted review and a few more:
        all others together never take more of them than that."""
        standing = self._standing()
        keys = np.sort(standing[:, 0] * self.n + standing[:, 1])
        load = np.bincount(standing[:, 0], minlength=self.problem.n_reviewers)
        owner = self.problem.reviewer_entry
        back = np.sort(owner[standing[:, 0]] + standing[:, 1] * self.n)
        found = []
        for name in names.tolist():
            here = np.full(len(reviewers), name, dtype=np.int64)
            ok = self.eligibility.allowed(reviewers, here)
            ok &= ~member(keys, reviewers * self.n + name)
            if not self.problem.allow_mutual:
                mine = owner[reviewers]
                ok &= (mine < 0) | ~member(back, name + mine * self.n)
            able = reviewers[ok]
            if len(able) > most + SPARE:
                same = np.full(len(able), name, dtype=np.int64)
                order = np.lexsort((-self._coin(able, same), -self._fit(able, same), load[able]))
                able = np.sort(able[order[: most + SPARE]])
            found.append(able)
        return np.concatenate(found), np.repeat(names, [len(one) for one in found])

    def _fit(self, reviewer: IntArray, entry: IntArray) -> IntArray:
        if self.problem.similarity is None:
            return np.zeros(len(reviewer), dtype=np.int64)
        return self.problem.similarity.units(reviewer, entry)

    def _coin(self, reviewer: IntArray, entry: IntArray) -> IntArray:
        return pair_ties(self.seed, "assign/fill", reviewer, entry)

    def _search(
        self, reviewer: IntArray, entry: IntArray, names: IntArray, need: IntArray
    ) -> IntArray:
        """The best arcs that break nothing together: best first over which of them are closed."""
        flow = _Slots(self, reviewer, entry, names, need)
        order = count()
        waiting = [(*flow.best(frozenset()), next(order), frozenset[int]())]
        for looked in count():
            _cost, _ties, chosen, _number, closed = heapq.heappop(waiting)
            broken = self._broken(reviewer[list(chosen)], entry[list(chosen)])
            if not broken:
                return np.array(chosen, dtype=np.int64)
            if looked >= BRANCHES:
                waiting = []
            for place in broken:
                further = closed | {chosen[place]}
                heapq.heappush(waiting, (*flow.best(further), next(order), further))
        raise AssertionError("closing arcs ends where none is left")

    def _broken(self, reviewer: IntArray, entry: IntArray) -> list[int]:
        """The places of the new pairs in one ban that is broken; [] where all holds."""
        standing = self._standing()
        new = np.stack([reviewer, entry], axis=1)
        structures = Structures(self.problem, np.concatenate([standing, new]))
        for place in range(len(standing), len(standing) + len(new)):
            for one in structures.around(place):
                return [i - len(standing) for i in one.pairs if i >= len(standing)]
        return []


class _Slots:
    """The flow: a reviewer is slots, each a level dearer than the last; an entry meets one."""

    def __init__(
        self, of: _Filling, reviewer: IntArray, entry: IntArray, names: IntArray, need: IntArray
    ) -> None:
        self.need, self.arcs, self.most = need, len(reviewer), of.most_extra
        self.wanted = int(need.sum())
        people, place = np.unique(reviewer, return_inverse=True)
        load = np.bincount(of._standing()[:, 0], minlength=of.problem.n_reviewers)
        slot = np.tile(np.arange(self.most), self.arcs)
        self.arc = np.repeat(np.arange(self.arcs), self.most)
        self.node = np.repeat(place, self.most) * self.most + slot
        self.at = np.repeat(np.searchsorted(names, entry), self.most)
        fit = np.repeat(of._fit(reviewer, entry), self.most)
        span = 1 + 2 * self.wanted * int(np.abs(fit).max(initial=0))
        level = np.repeat(load[reviewer], self.most) + slot
        self.worth = fit - level * span
        self.missed = -(int(np.abs(self.worth).max(initial=0)) * 2 + 1) * (self.wanted + 1)
        self.tie = np.repeat(of._coin(reviewer, entry), self.most)
        self.nodes = len(people) * self.most
        self.once = np.searchsorted(names, entry)

    def best(self, closed: frozenset[int]) -> tuple[int, int, tuple[int, ...]]:
        """(cost, ties against it, arcs used): the least cost with those arcs closed."""
        open_to = np.flatnonzero(~np.isin(self.arc, list(closed)))
        entries = np.arange(len(self.need))
        nobody = np.full(len(entries), self.nodes)
        high = np.append(np.ones(self.nodes, dtype=np.int64), self.wanted)
        tie = np.concatenate([self.tie[open_to], np.zeros(len(entries), dtype=np.int64)])
        flow = max_total(
            np.concatenate([self.node[open_to], nobody]),
            np.concatenate([self.at[open_to], entries]),
            np.concatenate([self.worth[open_to], np.full(len(entries), self.missed)]),
            need=self.need,
            low=np.zeros(self.nodes + 1, dtype=np.int64),
            high=high,
            capacity=np.append(np.ones(len(open_to), dtype=np.int64), self.need),
            tie=tie,
            limits=Limits(
                of_arc=np.append(self.arc[open_to], np.full(len(entries), -1)),
                parent=np.full(self.arcs, -1, dtype=np.int64),
                entry=self.once,
                capacity=np.ones(self.arcs, dtype=np.int64),
            ),
        )
        if flow is None:
            raise AssertionError("nobody takes what no one may take")
        used = open_to[flow.flow[: len(open_to)] > 0]
        return -flow.total, -int(self.tie[used].sum()), tuple(np.sort(self.arc[used]).tolist())


def _with_emergency(
    problem: AssignmentProblem, barred: IntArray, emergency: int
) -> AssignmentProblem:
    """Emergency reviewers have no entry, no group and no similarity."""
    groups = problem.reviewer_groups
    if groups is not None:
        blank = np.full((emergency, groups.shape[1]), -1, dtype=np.int64)
        groups = np.concatenate([groups, blank])
    return replace(
        problem,
        reviewer_entry=np.append(problem.reviewer_entry, np.full(emergency, -1, dtype=np.int64)),
        reviewer_groups=groups,
        conflicts=np.concatenate([problem.conflicts, barred]),
        load_min=0,
        load_max=problem.n_entries,
        similarity=with_rows(problem.similarity, emergency),
    )


def _pairs(values: npt.ArrayLike, name: str) -> IntArray:
    rows = integers(values, name)
    if rows.size == 0:
        return np.zeros((0, 2), dtype=np.int64)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise BadInput(f"{name}: shape (m, 2) expected, got {rows.shape}")
    return np.unique(rows, axis=0)


def _require_known(
    problem: AssignmentProblem,
    wanted: IntArray,
    kept: IntArray,
    barred: IntArray,
    idle: IntArray,
    reviewers: int,
) -> None:
    for name, values, bound in (
        ("wanted", wanted, problem.n_entries),
        ("kept", kept[:, 1], problem.n_entries),
        ("barred", barred[:, 1], problem.n_entries),
        ("kept", kept[:, 0], reviewers),
        ("barred", barred[:, 0], reviewers),
        ("idle", idle, reviewers),
    ):
        out = values[(values < 0) | (values >= bound)]
        if out.size:
            raise BadInput(f"{name}: no reviewer or entry {out[0]}")


def _digest(head: str, arrays: list[IntArray]) -> str:
    whole = hashlib.sha256(head.encode())
    for array in arrays:
        whole.update(len(array).to_bytes(8, "little"))
        whole.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    return whole.hexdigest()
