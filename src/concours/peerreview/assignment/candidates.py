"""Candidates for assignments by vectors of expertise: nearest neighbours in blocks.

Beyond some thousand entries not all pairs can be looked at. Vectors are put into blocks of near
ones (`blocks.py`), and each entry and each reviewer keeps its best partners among the nearest
blocks. All products are sums of whole numbers that single precision holds, so that every machine
finds the same candidates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment import blocks
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.keyed_pairs import pair_word
from concours.peerreview.assignment.rules import may_meet
from concours.peerreview.assignment.similarity import UNIT, Similarity
from concours.peerreview.errors import BadInput
from concours.peerreview.jit import kernel
from concours.peerreview.keyed import IntArray, Keyed, WordArray

Numbers = npt.NDArray[np.int32]
Single = npt.NDArray[np.float32]
BLOCK = 800
"""Vectors a block."""
LOOKED_AT = 16_000
"""Partners that each block is compared with."""
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs (p,) that may be assigned, their similarity in units of 1e-6, and how many of the
    truly nearest were found (`recall`, on a keyed sample of entries)."""

    reviewer: Numbers
    entry: Numbers
    units: IntArray
    recall: float


@dataclass(frozen=True, eq=False)
class OneWay:
    """Which of two entries may review the other, settled by secret beforehand.

    kind 0: both ways. 1: a coin for each two entries, so that no two review each other. 2: a ring;
    an entry may review those at most `window` places ahead, so that no cycle of up to
    (n - 1) / window entries exists.
    """

    kind: int
    window: int
    place: Numbers
    key: WordArray

    @classmethod
    def of(cls, n: int, longest_cycle: int, seed: bytes) -> OneWay:
        """What forbids cycles of 2 .. longest_cycle entries."""
        key = Keyed(seed, "assign/ways").words(2)
        if longest_cycle < 3:
            return cls(longest_cycle - 1, 0, np.zeros(0, dtype=np.int32), key)
        place = np.argsort(Keyed(seed, "assign/ring").permutation(n)).astype(np.int32)
        return cls(2, (n - 1) // longest_cycle, place, key)

    def open_to(self, owner: IntArray, entry: IntArray, n: int) -> npt.NDArray[np.bool_]:
        """(p,) whether the team of each owner (-1 = independent) may review each entry."""
        return _mark_ways(owner, entry, n, self.kind, self.window, self.place, self.key)


def candidates(
    eligibility: Eligibility,
    *,
    per_entry: int,
    per_reviewer: int,
    seed: bytes,
    looked_at: int = LOOKED_AT,
    ways: OneWay | None = None,
    progress: Progress | None = None,
) -> Candidates:
    """Each entry's best `per_entry` reviewers and each reviewer's best `per_reviewer` entries.

    Only pairs that may meet, and only along `ways` where they are given. About
    O((n + R) * looked_at * d) time, O(n * per_entry + R * per_reviewer) memory. Needs vectors.
    """
    problem = eligibility.problem
    similarity = problem.similarity
    if similarity is None or similarity.reviewer_vectors is None:
        raise BadInput("candidates: vectors of reviewers and entries expected")
    if similarity.entry_vectors is None:
        raise BadInput("candidates: vectors of entries expected")
    search = _Search(
        eligibility,
        blocks.rounded(similarity.reviewer_vectors),
        blocks.rounded(similarity.entry_vectors),
        OneWay.of(problem.n_entries, 1, seed) if ways is None else ways,
        per_entry=per_entry,
        per_reviewer=per_reviewer,
    )
    search.run(seed, looked_at=looked_at, progress=progress)
    reviewer, entry = search.pairs()
    units = pair_units(similarity, reviewer, entry)
    return Candidates(reviewer, entry, units, search.recall(seed))


def pair_units(similarity: Similarity, reviewer: Numbers, entry: Numbers) -> IntArray:
    """`similarity.units` of vectors without large intermediates."""
    out = np.empty(len(reviewer), dtype=np.int64)
    step = 1 << 20
    for first in range(0, len(out), step):
        here = slice(first, first + step)
        out[here] = similarity.units(reviewer[here].astype(np.int64), entry[here].astype(np.int64))
    return out


class _Search:
    """Best lists of both sides, filled block by block."""

    def __init__(
        self,
        eligibility: Eligibility,
        mine: Single,
        theirs: Single,
        ways: OneWay,
        *,
        per_entry: int,
        per_reviewer: int,
    ) -> None:
        self.rules = eligibility.rules
        self.mine, self.theirs, self.ways = mine, theirs, ways
        self.of_entry = np.full((len(theirs), per_entry), -1, dtype=np.int32)
        self.of_reviewer = np.full((len(mine), per_reviewer), -1, dtype=np.int32)
        self._entry_worth = np.full(self.of_entry.shape, -np.inf, dtype=np.float32)
        self._reviewer_worth = np.full(self.of_reviewer.shape, -np.inf, dtype=np.float32)

    def run(self, seed: bytes, *, looked_at: int, progress: Progress | None) -> None:
        """Fill the lists."""
        n, count = len(self.theirs), len(self.mine)
        number = max(n // BLOCK, 1)
        centroids = blocks.cluster(self.theirs, count=min(number, n), seed=seed)
        entries = blocks.blocks_of(
            self.theirs,
            centroids,
            largest=2 * BLOCK,
            order=Keyed(seed, "assign/block-entries").permutation(n),
        )
        reviewers = blocks.blocks_of(
            self.mine,
            centroids,
            largest=2 * BLOCK,
            order=Keyed(seed, "assign/block-reviewers").permutation(count),
        )
        done = 0
        for block, near in blocks.near_blocks(reviewers, entries, wanted=looked_at):
            people = reviewers.members[block]
            for other in near:
                self._compare(people, entries.members[other])
            done += len(people)
            if progress is not None:
                progress(done, count)

    def _compare(self, people: Numbers, works: Numbers) -> None:
        product = self.mine[people] @ self.theirs[works].T
        _offer_all(
            product,
            people,
            works,
            *self.rules,
            self.ways.kind,
            self.ways.window,
            self.ways.place,
            self.ways.key,
            self._reviewer_worth,
            self.of_reviewer,
            self._entry_worth,
            self.of_entry,
        )

    def pairs(self) -> tuple[Numbers, Numbers]:
        """(p,) reviewers and entries of both kinds of lists, each pair once."""
        most = int((self.of_entry >= 0).sum() + (self.of_reviewer >= 0).sum())
        reviewer = np.empty(most, dtype=np.int32)
        entry = np.empty(most, dtype=np.int32)
        count = _list_pairs(self.of_entry, self.of_reviewer, reviewer, entry)
        return reviewer[:count].copy(), entry[:count].copy()

    def recall(self, seed: bytes, *, sample: int = 200) -> float:
        """Share of the truly best reviewers that the lists of sampled entries hold.

        Alike values count as found.
        """
        n = len(self.theirs)
        chosen = np.sort(Keyed(seed, "assign/recall").permutation(n)[:sample]).astype(np.int32)
        exact = np.full((len(chosen), self.of_entry.shape[1]), -np.inf, dtype=np.float32)
        people = np.arange(len(self.mine), dtype=np.int32)
        step = 65_536
        for first in range(0, len(people), step):
            some = people[first : first + step]
            product = self.mine[some] @ self.theirs[chosen].T
            _best_worths(
                product,
                some,
                chosen,
                *self.rules,
                self.ways.kind,
                self.ways.window,
                self.ways.place,
                self.ways.key,
                exact,
            )
        found = self._entry_worth[chosen]
        wanted = np.isfinite(exact)
        hit = (found[:, :, None] == exact[:, None, :]).any(axis=1) & wanted
        return float(hit.sum() / max(wanted.sum(), 1))


def shortfall_elsewhere(
    eligibility: Eligibility,
    found: Candidates,
    ways: OneWay,
    reviewer_price: IntArray,
    entry_price: IntArray,
    *,
    seed: bytes,
    sample: int = 200,
) -> float:
    """Estimate of how much more total all pairs could bring than the candidates, by their prices.

    Weak duality: the sum over all pairs of the profit above both prices, here of sampled entries
    times n / sample. Candidates have been counted already.
    """
    problem = eligibility.problem
    similarity = problem.similarity
    if similarity is None:
        return 0.0
    n = problem.n_entries
    chosen = np.sort(Keyed(seed, "assign/gap").permutation(n)[:sample])
    known = np.zeros(n, dtype=np.bool_)
    known[chosen] = True
    near = np.flatnonzero(known[found.entry])
    profit = found.units[near] - reviewer_price[found.reviewer[near]]
    profit -= entry_price[found.entry[near]]
    counted = int(np.maximum(profit, 0).sum())
    people = np.arange(problem.n_reviewers, dtype=np.int64)
    total = 0
    for entry in chosen:
        here = np.full(len(people), entry)
        units = similarity.units(people, here)
        gain = units - reviewer_price - entry_price[entry]
        good = np.flatnonzero(gain > 0)
        open_to = eligibility.allowed(people[good], here[: len(good)])
        open_to &= ways.open_to(problem.reviewer_entry[people[good]], here[: len(good)], n)
        total += int(gain[good][open_to].sum())
    return max(total - counted, 0) * n / len(chosen) * UNIT


@kernel
def _open_way(
    kind: int, window: int, place: Numbers, key: WordArray, n: int, own: int, e: int
) -> bool:
    if kind <= 0 or own < 0:
        return True
    if kind == 1:
        low, high = min(own, e), max(own, e)
        forth = pair_word(key[0], key[1], low, high) >> np.uint64(63) == 0
        return bool(forth == (own < e))
    ahead = place[e] - place[own]
    if ahead < 0:
        ahead += n
    return bool(ahead <= window)


@kernel
def _mark_ways(
    owner: IntArray,
    entry: IntArray,
    n: int,
    kind: int,
    window: int,
    place: Numbers,
    key: WordArray,
) -> npt.NDArray[np.bool_]:
    out = np.empty(len(owner), dtype=np.bool_)
    for i in range(len(owner)):
        out[i] = _open_way(kind, window, place, key, n, owner[i], entry[i])
    return out


@kernel
def _insert(worth: Single, index: Numbers, row: int, w: float, item: int) -> None:
    """Into a list that falls; equals stay in the order they came."""
    at = worth.shape[1] - 1
    while at > 0 and worth[row, at - 1] < w:
        worth[row, at] = worth[row, at - 1]
        index[row, at] = index[row, at - 1]
        at -= 1
    worth[row, at] = w
    index[row, at] = item


@kernel
def _offer_all(
    product: Single,
    people: Numbers,
    works: Numbers,
    owner: Numbers,
    mine: Numbers,
    theirs: Numbers,
    start: IntArray,
    blocked: Numbers,
    ring: int,
    kind: int,
    window: int,
    place: Numbers,
    key: WordArray,
    reviewer_worth: Single,
    of_reviewer: Numbers,
    entry_worth: Single,
    of_entry: Numbers,
) -> None:
    n = len(entry_worth)
    last_mine, last_theirs = reviewer_worth.shape[1] - 1, entry_worth.shape[1] - 1
    bar = np.empty(len(works), dtype=np.float32)
    for j in range(len(works)):
        bar[j] = entry_worth[works[j], last_theirs]
    for i in range(len(people)):
        r = people[i]
        own_bar = reviewer_worth[r, last_mine]
        for j in range(len(works)):
            w = product[i, j]
            if w <= own_bar and w <= bar[j]:
                continue
            e = works[j]
            if not _open_way(kind, window, place, key, n, owner[r], e):
                continue
            if not may_meet(owner, mine, theirs, start, blocked, ring, r, e):
                continue
            if w > own_bar:
                _insert(reviewer_worth, of_reviewer, r, w, e)
                own_bar = reviewer_worth[r, last_mine]
            if w > bar[j]:
                _insert(entry_worth, of_entry, e, w, r)
                bar[j] = entry_worth[e, last_theirs]


@kernel
def _best_worths(
    product: Single,
    people: Numbers,
    works: Numbers,
    owner: Numbers,
    mine: Numbers,
    theirs: Numbers,
    start: IntArray,
    blocked: Numbers,
    ring: int,
    kind: int,
    window: int,
    place: Numbers,
    key: WordArray,
    best: Single,
) -> None:
    n = len(theirs)
    last = best.shape[1] - 1
    nobody = np.empty(best.shape, dtype=np.int32)
    for i in range(len(people)):
        r = people[i]
        for j in range(len(works)):
            w = product[i, j]
            if w <= best[j, last]:
                continue
            e = works[j]
            if _open_way(kind, window, place, key, n, owner[r], e) and may_meet(
                owner, mine, theirs, start, blocked, ring, r, e
            ):
                _insert(best, nobody, j, w, r)


@kernel
def _list_pairs(of_entry: Numbers, of_reviewer: Numbers, reviewer: Numbers, entry: Numbers) -> int:
    count = 0
    for e in range(of_entry.shape[0]):
        for x in range(of_entry.shape[1]):
            if of_entry[e, x] >= 0:
                reviewer[count], entry[count] = of_entry[e, x], e
                count += 1
    for r in range(of_reviewer.shape[0]):
        for x in range(of_reviewer.shape[1]):
            e = of_reviewer[r, x]
            if e < 0:
                continue
            known = False
            for y in range(of_entry.shape[1]):
                known = known or of_entry[e, y] == r
            if not known:
                reviewer[count], entry[count] = r, e
                count += 1
    return count
