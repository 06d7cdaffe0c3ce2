"""The search behind `mend`: first only missing reviews are given out, then others move too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy
from scipy import sparse

from concours.peerreview.assignment.broken import Broken, Structures
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds, member
from concours.peerreview.assignment.flow import max_total
from concours.peerreview.assignment.keyed_pairs import pair_ties, pair_words
from concours.peerreview.keyed import IntArray

BoolArray = npt.NDArray[np.bool_]
MAX_VARIABLES = 120_000
CELLS = 50_000_000
ROUNDS = 100
NODES = 2_000
OPTIMAL = 0
REGION = 300
"""Entries in the widest region of a large problem."""
SPARE = 16
"""Candidates of an entry beyond one for each missing review."""


@dataclass(frozen=True, eq=False)
class Changes:
    """All pairs after the change (nk, 2), how they were found, and whether no fewer can change."""

    pairs: IntArray
    route: str
    smallest: bool


class Mending:
    """Kept pairs (p, 2) of a valid assignment, of which those `done` (p,) must stay."""

    def __init__(
        self, eligibility: Eligibility, kept: IntArray, done: BoolArray, seed: bytes
    ) -> None:
        self.eligibility = eligibility
        self.problem = eligibility.problem
        self.kept, self.done, self.seed = kept, done, seed
        self.n, self.k = self.problem.n_entries, self.problem.reviews_per_entry
        self.low, self.high = load_bounds(self.problem, eligibility.part)
        self.load = np.bincount(kept[:, 0], minlength=self.problem.n_reviewers)
        self.missing = self.k - np.bincount(kept[:, 1], minlength=self.n)
        self._keys = np.sort(kept[:, 0] * self.n + kept[:, 1])

    def run(self) -> Changes | None:
        """None where nothing was found."""
        pairs = self._add()
        if pairs is not None:
            return Changes(pairs, "added", smallest=True)
        if not int(self.low.sum()) <= self.problem.n_pairs <= int(self.high.sum()):
            return None
        for entries in self._regions():
            found = self._move(entries, self._helpers(entries))
            if found is not None:
                return found
        return None

    def _is_kept(self, keys: IntArray) -> BoolArray:
        return member(self._keys, keys)

    def _add(self) -> IntArray | None:
        """Every kept pair stays: then as few pairs change as can be."""
        if not self.missing.any():
            return (
                self.kept
                if bool(np.all((self.load >= self.low) & (self.load <= self.high)))
                else None
            )
        reviewer, entry = self._open_arcs()
        if self.problem.similarity is None:
            worth = np.zeros(len(reviewer), dtype=np.int64)
        else:
            worth = self.problem.similarity.units(reviewer, entry)
        tie = pair_ties(self.seed, "assign/mend", reviewer, entry)
        names, at = np.unique(entry, return_inverse=True)
        if len(names) < np.count_nonzero(self.missing):
            return None
        open_to = np.ones(len(reviewer), dtype=np.bool_)
        for _ in range(ROUNDS):
            flow = max_total(
                reviewer[open_to],
                at[open_to],
                worth[open_to],
                need=self.missing[names],
                low=np.maximum(self.low - self.load, 0),
                high=self.high - self.load,
                tie=tie[open_to],
            )
            if flow is None:
                return None
            chosen = np.flatnonzero(open_to)[flow.flow > 0]
            added = np.stack([reviewer[chosen], entry[chosen]], axis=1)
            broken = self._broken(np.concatenate([self.kept, added]), len(self.kept))
            if not broken:
                return np.concatenate([self.kept, added])
            for one in broken:
                mine = [i - len(self.kept) for i in one.pairs if i >= len(self.kept)]
                open_to[chosen[max(mine, key=lambda i: (tie[chosen[i]], i))]] = False
        return None

    def _open_arcs(self) -> tuple[IntArray, IntArray]:
        """New pairs that may fill what is missing.

        For each entry its best reviewers, one for each missing review of all and a few more: more
        are never needed, as all others together take no more of them than that.
        """
        entries = np.flatnonzero(self.missing)
        free = np.flatnonzero(self.high > self.load)
        if len(free) * len(entries) > CELLS:
            words = pair_words(self.seed, "assign/mend-sample", free, np.zeros_like(free))
            few = max(CELLS // len(entries), SPARE)
            must = self.low[free] > self.load[free]
            order = np.lexsort((words, ~must))
            free = np.sort(free[order[:few]])
        most = int(self.missing.sum()) + SPARE
        found = [self._best(int(e), free, most) for e in entries]
        reviewer = np.concatenate(found)
        return reviewer, np.repeat(entries, [len(one) for one in found])

    def _best(self, entry: int, free: IntArray, most: int) -> IntArray:
        here = np.full(len(free), entry, dtype=np.int64)
        ok = self.eligibility.allowed(free, here) & ~self._is_kept(free * self.n + entry)
        able = free[ok]
        if len(able) <= most:
            return able
        words = pair_words(self.seed, "assign/mend", able, here[: len(able)])
        if self.problem.similarity is None:
            worth = np.zeros(len(able), dtype=np.int64)
        else:
            worth = self.problem.similarity.units(able, here[: len(able)])
        must = self.low[able] > self.load[able]
        return able[np.lexsort((words, -worth, ~must))[: most + int(must.sum())]]

    def _broken(self, pairs: IntArray, first_new: int) -> list[Broken]:
        structures = Structures(self.problem, pairs)
        return [one for i in range(first_new, len(pairs)) for one in structures.around(i)]

    def _regions(self) -> list[IntArray]:
        """Growing sets of entries around those that miss reviews; all entries where that is few."""
        entries = np.arange(self.n)
        if self.n * self.problem.n_reviewers <= MAX_VARIABLES:
            return [entries]
        words = pair_words(self.seed, "assign/mend-region", entries, np.zeros_like(entries))
        order = np.lexsort((words, self.missing == 0))
        size = int(np.count_nonzero(self.missing))
        wanted = [min(4 * size + 8, self.n), min(max(4 * size + 8, REGION), self.n)]
        return [np.sort(order[:s]) for s in sorted(set(wanted))]

    def _helpers(self, entries: IntArray) -> IntArray:
        """Reviewers of those entries, and others by lot, as many as the programme holds."""
        everyone = np.arange(self.problem.n_reviewers)
        most = max(MAX_VARIABLES // len(entries), 1)
        if len(everyone) <= most:
            return everyone
        near = np.isin(everyone, self.kept[np.isin(self.kept[:, 1], entries), 0])
        near |= self.load < self.low
        words = pair_words(self.seed, "assign/mend-helpers", everyone, np.zeros_like(everyone))
        order = np.lexsort((words, self.load >= self.high, ~near))
        return np.sort(order[:most])

    def _move(self, entries: IntArray, reviewers: IntArray) -> Changes | None:
        """Fewest changes among the reviews of `entries` by `reviewers`; all others stay."""
        inside = np.isin(self.kept[:, 1], entries) & np.isin(self.kept[:, 0], reviewers)
        fixed = self.kept[~inside | self.done]
        reviewer, entry = self._cells(entries, reviewers, fixed)
        was = self._is_kept(reviewer * self.n + entry)
        rows = _Rows(len(reviewer))
        load = np.bincount(fixed[:, 0], minlength=self.problem.n_reviewers)
        rows.add(reviewer, self.low - load, self.high - load, only=reviewers)
        got = np.bincount(fixed[:, 1], minlength=self.n)
        rows.add(entry, self.k - got, self.k - got, only=entries)
        rows.add_most(self._opposites(reviewer, entry, was))
        fewest, proven = self._solve(rows, (~was).astype(np.float64), reviewer, entry, fixed)
        if fewest is None:
            return None
        rows.add_sum(~was, int(np.sum(fewest & ~was)))
        best, _ = self._solve(rows, -self._preference(reviewer, entry), reviewer, entry, fixed)
        chosen = fewest if best is None else best
        pairs = np.concatenate([fixed, np.stack([reviewer[chosen], entry[chosen]], axis=1)])
        whole = len(entries) == self.n and len(reviewers) == self.problem.n_reviewers
        return Changes(pairs, "moved", smallest=proven and whole)

    def _cells(
        self, entries: IntArray, reviewers: IntArray, fixed: IntArray
    ) -> tuple[IntArray, IntArray]:
        reviewer = np.tile(reviewers, len(entries))
        entry = np.repeat(entries, len(reviewers))
        ok = self.eligibility.allowed(reviewer, entry)
        ok &= ~member(np.sort(fixed[:, 0] * self.n + fixed[:, 1]), reviewer * self.n + entry)
        return reviewer[ok], entry[ok]

    def _preference(self, reviewer: IntArray, entry: IntArray) -> npt.NDArray[np.float64]:
        """Similarity, then a coin too small to outweigh a difference of 1e-4."""
        coin = pair_ties(self.seed, "assign/mend", reviewer, entry) / 2**31
        if self.problem.similarity is None:
            return np.asarray(coin)
        return np.asarray(self.problem.similarity.units(reviewer, entry) / 100 + coin / self.k)

    def _opposites(self, reviewer: IntArray, entry: IntArray, was: BoolArray) -> list[Broken]:
        """New pairs that are mutual with a kept one."""
        if self.problem.longest_banned_cycle < 2:
            return []
        owner = self.problem.reviewer_entry[reviewer]
        back: dict[int, list[int]] = {}
        for i in np.flatnonzero(was & (owner >= 0)).tolist():
            back.setdefault(int(owner[i] * self.n + entry[i]), []).append(i)
        found = []
        for i in np.flatnonzero(~was & (owner >= 0)).tolist():
            others = back.get(int(entry[i] * self.n + owner[i]), ())
            found += [Broken((i, other), 1) for other in others]
        return found

    def _solve(
        self,
        rows: _Rows,
        cost: npt.NDArray[np.float64],
        reviewer: IntArray,
        entry: IntArray,
        fixed: IntArray,
    ) -> tuple[BoolArray | None, bool]:
        """(which variables, whether it is the optimum); broken structures are cut off as met."""
        for _ in range(ROUNDS):
            done = scipy.optimize.milp(
                cost,
                integrality=np.ones(len(cost), dtype=np.int64),
                bounds=scipy.optimize.Bounds(0, 1),
                constraints=rows.constraint(),
                options={"node_limit": NODES, "mip_rel_gap": 0.0},
            )
            if done.x is None:
                return None, False
            chosen = np.asarray(done.x > 0.5)
            column = np.flatnonzero(chosen)
            pairs = np.stack([reviewer[column], entry[column]], axis=1)
            broken = self._broken(np.concatenate([fixed, pairs]), len(fixed))
            if not broken:
                return chosen, bool(done.status == OPTIMAL)
            rows.add_most(
                [
                    Broken(
                        tuple(int(column[i - len(fixed)]) for i in one.pairs if i >= len(fixed)),
                        one.most - sum(i < len(fixed) for i in one.pairs),
                    )
                    for one in broken
                ]
            )
        return None, False


class _Rows:
    """Linear constraints over `width` binary variables."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._blocks: list[tuple[sparse.csr_array, IntArray, IntArray]] = []

    def add(
        self, node: IntArray, low: IntArray, high: IntArray, *, only: IntArray | None = None
    ) -> None:
        """low <= sum of the variables of each node <= high."""
        count = len(low)
        table = sparse.csr_array(
            (np.ones(self.width), (node, np.arange(self.width))), shape=(count, self.width)
        )
        keep = np.arange(count) if only is None else only
        self._blocks.append((table[keep], low[keep], high[keep]))

    def add_most(self, broken: list[Broken]) -> None:
        """At most so many of each."""
        if not broken:
            return
        row = np.repeat(np.arange(len(broken)), [len(one.pairs) for one in broken])
        column = np.concatenate([one.pairs for one in broken]).astype(np.int64)
        table = sparse.csr_array(
            (np.ones(len(row)), (row, column)), shape=(len(broken), self.width)
        )
        most = np.array([one.most for one in broken], dtype=np.int64)
        self._blocks.append((table, np.full(len(broken), -self.width), most))

    def add_sum(self, which: BoolArray, total: int) -> None:
        """Exactly `total` of those."""
        table = sparse.csr_array(which.astype(np.float64)[None, :])
        self._blocks.append((table, np.array([total]), np.array([total])))

    def constraint(self) -> scipy.optimize.LinearConstraint:
        """All of them."""
        tables, lows, highs = zip(*self._blocks, strict=True)
        return scipy.optimize.LinearConstraint(
            sparse.vstack(tables, format="csr"), np.concatenate(lows), np.concatenate(highs)
        )
