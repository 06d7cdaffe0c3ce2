"""Candidates for assignments by vectors of expertise: near partners in blocks, then along these.

Beyond some thousand entries not all pairs can be looked at. Vectors are put into blocks of near
ones (`blocks.py`), and each entry and each reviewer keeps its best partners among the nearest
blocks. Then each entry looks at the reviewers of those entries that its own reviewers know: near
ones of near ones are near (Dong, Moses, Li, "Efficient k-nearest neighbor graph construction for
generic similarity measures", WWW 2011). Loops and sums are such that every machine finds the same
candidates (`nearest.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from concours.peerreview.assignment import blocks
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.nearest import (
    Lists,
    Meeting,
    hand_over,
    list_pairs,
    scan,
    walk,
)
from concours.peerreview.assignment.open_ways import OneWay
from concours.peerreview.assignment.similarity import UNIT, Similarity
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray, Keyed
from concours.peerreview.side_by_side import each, spans

Numbers = npt.NDArray[np.int32]
BLOCK = 800
"""Vectors a block."""
LOOKED_AT = 16_000
"""Partners in the blocks that each block is compared with."""
FEWER = 2
WALKS = 1
STEPS = (12, 8, 24)
"""Of how many partners how many are asked for how many of theirs."""
AT_ONCE = 4_096
SAMPLE = 200
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Candidates:
    """Pairs (p,) that may be assigned, and their similarity in units of 1e-6.

    On a keyed sample of entries: `recall`, how many of the truly best reviewers were found, and
    `closeness`, the mean similarity of those found over that of the truly best.
    """

    reviewer: Numbers
    entry: Numbers
    units: IntArray
    recall: float
    closeness: float


def candidates(
    eligibility: Eligibility,
    *,
    per_entry: int,
    per_reviewer: int,
    seed: bytes,
    looked_at: int = LOOKED_AT,
    walks: int = WALKS,
    ways: OneWay | None = None,
    progress: Progress | None = None,
) -> Candidates:
    """Each entry's best `per_entry` reviewers and each reviewer's best `per_reviewer` entries.

    Only pairs that may meet, and only along `ways` where they are given. About
    O((n + R) * (looked_at + walks * 1,000) * d) time, O(n * per_entry + R * per_reviewer) memory.
    Needs vectors.
    """
    problem = eligibility.problem
    similarity = problem.similarity
    if similarity is None or similarity.reviewer_vectors is None:
        raise BadInput("candidates: vectors of reviewers and entries expected")
    if similarity.entry_vectors is None:
        raise BadInput("candidates: vectors of entries expected")
    search = _Search(
        eligibility,
        similarity,
        OneWay.of(problem.n_entries, 1, seed) if ways is None else ways,
        per_entry=per_entry,
        per_reviewer=per_reviewer,
        seed=seed,
    )
    search.scan(looked_at, progress)
    for _ in range(walks):
        search.walk()
    reviewer, entry = search.pairs()
    units = pair_units(similarity, reviewer, entry)
    return Candidates(reviewer, entry, units, *search.recall(seed))


def pair_units(similarity: Similarity, reviewer: Numbers, entry: Numbers) -> IntArray:
    """`similarity.units` of vectors without large intermediates."""
    out = np.empty(len(reviewer), dtype=np.int64)

    def some(first: int, last: int) -> None:
        here = slice(first, last)
        out[here] = similarity.units(reviewer[here].astype(np.int64), entry[here].astype(np.int64))

    each(some, spans(len(out), 1 << 18))
    return out


class _Search:
    """Best lists of both sides, of vectors numbered by block."""

    def __init__(
        self,
        eligibility: Eligibility,
        similarity: Similarity,
        ways: OneWay,
        *,
        per_entry: int,
        per_reviewer: int,
        seed: bytes,
    ) -> None:
        if similarity.reviewer_vectors is None or similarity.entry_vectors is None:
            raise AssertionError("looked at before")
        mine = blocks.rounded(similarity.reviewer_vectors)
        theirs = blocks.rounded(similarity.entry_vectors)
        n, count = len(theirs), len(mine)
        centroids = blocks.cluster(theirs, count=min(max(n // BLOCK, 1), n), seed=seed)
        self.entries, self.reviewers = (
            blocks.blocks_of(
                vectors,
                centroids,
                largest=2 * BLOCK,
                order=Keyed(seed, f"assign/block-{name}").permutation(len(vectors)),
            )
            for name, vectors in (("entries", theirs), ("reviewers", mine))
        )
        rules = eligibility.rules
        self.meeting = Meeting(
            self.reviewers.order,
            self.entries.order,
            *rules,
            ways.kind,
            ways.window,
            ways.place,
            ways.key,
        )
        owner = rules.owner[self.reviewers.order]
        own = np.where(owner >= 0, self.entries.place[np.maximum(owner, 0)], -1)
        self.own = own.astype(np.int32)
        self.of_entry = Lists.empty(n, per_entry)
        self.of_reviewer = Lists.empty(count, per_reviewer)

    def scan(self, looked_at: int, progress: Progress | None) -> None:
        """Fill the lists from the nearest blocks.

        Reviewers get what the entries found and look at fewer themselves.
        """
        total = len(self.of_entry.partner) + len(self.of_reviewer.partner)
        done = self._scan_side(
            looked_at, lambda count: progress and progress(count, total), by_entry=True
        )
        hand_over(self.of_entry, self.of_reviewer)
        wanted = max(looked_at // FEWER, min(looked_at, BLOCK))
        self._scan_side(
            wanted, lambda count: progress and progress(done + count, total), by_entry=False
        )

    def _scan_side(self, wanted: int, tell: Callable[[int], object], *, by_entry: bool) -> int:
        sides = (self.entries, self.reviewers), (self.reviewers, self.entries)
        here, others = sides[not by_entry]
        lists = self.of_entry if by_entry else self.of_reviewer
        bounds = list(zip(here.start[:-1].tolist(), here.start[1:].tolist(), strict=True))
        where = dict(zip(here.start.tolist(), here.near(others, wanted=wanted), strict=False))

        def some(first: int, last: int) -> None:
            rows = np.arange(first, last)
            scan(
                self.meeting, by_entry, here.vectors, rows, others.vectors, where[first],
                lists, rows,
            )  # fmt: skip

        step = max(len(bounds) // 50, 8)
        for first in range(0, len(bounds), step):
            each(some, bounds[first : first + step])
            tell(bounds[min(first + step, len(bounds)) - 1][1])
        return len(here.order)

    def walk(self) -> None:
        """Better lists of the entries, along those there are."""
        mine = self.reviewers.vectors.astype(np.int16)
        theirs = self.entries.vectors.astype(np.int16)
        forth = self.of_entry.partner.copy()

        def some(first: int, last: int) -> None:
            walk(
                self.meeting, theirs, mine, self.own, forth, self.of_reviewer.partner, STEPS,
                self.of_entry, first, last,
            )  # fmt: skip

        each(some, spans(len(forth), AT_ONCE))
        hand_over(self.of_entry, self.of_reviewer)

    def pairs(self) -> tuple[Numbers, Numbers]:
        """(p,) reviewers and entries of both kinds of lists, each pair once."""
        of_entry, of_reviewer = self.of_entry.partner, self.of_reviewer.partner
        most = int((of_entry >= 0).sum() + (of_reviewer >= 0).sum())
        reviewer, entry = np.empty((2, most), dtype=np.int32)
        count = list_pairs(of_entry, of_reviewer, reviewer, entry)
        numbers = self.reviewers.order[reviewer[:count]], self.entries.order[entry[:count]]
        return numbers[0].astype(np.int32), numbers[1].astype(np.int32)

    def recall(self, seed: bytes) -> tuple[float, float]:
        """Recall and closeness of the lists of sampled entries; alike values count as found."""
        n, most = self.of_entry.partner.shape
        chosen = np.sort(Keyed(seed, "assign/recall").permutation(n)[:SAMPLE])
        rows = self.entries.place[chosen]
        exact, by_entry = Lists.empty(len(rows), most), True
        everybody = np.array([[0, len(self.reviewers.order)]])

        def some(first: int, last: int) -> None:
            scan(
                self.meeting, by_entry, self.entries.vectors, rows[first:last],
                self.reviewers.vectors, everybody, exact, np.arange(first, last),
            )  # fmt: skip

        each(some, spans(len(rows), 50))
        found = self.of_entry.worth[rows]
        wanted = np.isfinite(exact.worth)
        hit = (found[:, :, None] == exact.worth[:, None, :]).any(axis=1) & wanted
        best = float(exact.worth[wanted].sum(dtype=np.float64))
        ours = float(found[np.isfinite(found)].sum(dtype=np.float64))
        return float(hit.sum() / max(wanted.sum(), 1)), ours / best if best > 0 else 1.0


def shortfall_elsewhere(
    eligibility: Eligibility,
    found: Candidates,
    ways: OneWay,
    reviewer_price: IntArray,
    entry_price: IntArray,
    *,
    seed: bytes,
    sample: int = SAMPLE,
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
    total = np.zeros(len(chosen), dtype=np.int64)

    def some(first: int, last: int) -> None:
        for i in range(first, last):
            entry = chosen[i]
            gain = similarity.units(people, entry) - reviewer_price - entry_price[entry]
            good = np.flatnonzero(gain > 0)
            here = np.full(len(good), entry)
            open_to = eligibility.allowed(people[good], here)
            open_to &= ways.open_to(problem.reviewer_entry[people[good]], here, n)
            total[i] = int(gain[good][open_to].sum())

    each(some, spans(len(chosen), 10))
    return max(int(total.sum()) - counted, 0) * n / len(chosen) * UNIT
