"""Mending an assignment after the draw: the smallest change that keeps every constraint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from concours.peerreview.assignment.check import check_assignment
from concours.peerreview.assignment.eligibility import Eligibility, load_bounds, member
from concours.peerreview.assignment.mending import Changes, Mending
from concours.peerreview.assignment.problem import (
    ENGINE_VERSION,
    AssignmentProblem,
    AssignmentResult,
    Violation,
    integers,
)
from concours.peerreview.assignment.similarity import Similarity
from concours.peerreview.errors import BadInput, InfeasibleAssignment
from concours.peerreview.keyed import IntArray

MOST_WIDENING = 3
METHOD = "mend"


@dataclass(frozen=True, eq=False, kw_only=True)
class Mended:
    """The assignment after the change.

    Attributes:
        problem: the problem as it is now: new conflicts, loads, emergency reviewers R, R + 1, ...
        result: the assignment now; method "mend", route "added" (only missing reviews were given
            out anew) or "moved" (others had to move too).
        removed, added: (a, 2) and (b, 2) pairs (reviewer, entry), ascending.
        widened: by how much the bounds of loads had to be widened, 0 = not at all.
        smallest: whether it is proven that no fewer pairs can change under these bounds.
    """

    problem: AssignmentProblem
    result: AssignmentResult
    removed: IntArray
    added: IntArray
    widened: int
    smallest: bool


def mend(
    problem: AssignmentProblem,
    result: AssignmentResult,
    *,
    seed: bytes,
    gone: npt.ArrayLike = (),
    conflicts: npt.ArrayLike = (),
    done: npt.ArrayLike = (),
    emergency: npt.ArrayLike = (),
) -> Mended:
    """The assignment that differs from `result` in the fewest pairs and meets all constraints.

    gone: reviewers who leave; their own entries stay. conflicts: (m, 2) pairs (reviewer, entry)
    declared late. done: (d, 2) pairs of `result` whose reviews are written and stay, even of a
    reviewer who leaves. emergency: the entry of each added reviewer, -1 = independent.

    Among equal numbers of changes the greatest total similarity wins, then keyed coins. Where no
    load was stated, the even load of those who remain holds. Bounds are widened one by one, up to
    3, where there is no other way. Usually O(missing reviews * R); where reviews have to move, an
    integer programme of up to 120,000 pairs around them.
    Raises InfeasibleAssignment, and BadInput for pairs that are not of the result or a review that
    is written and now conflicts.
    """
    change = _Change.of(problem, result, gone=gone, conflicts=conflicts, done=done)
    now = _problem_now(problem, result.part, change, integers(emergency, "emergency").ravel())
    for widened in range(MOST_WIDENING + 1):
        wider = _widened(now, change, widened)
        found = Mending(Eligibility(wider, result.part), change.kept, change.done, seed).run()
        if found is not None:
            return _mended(wider, result, found, change=change, seed=seed, widened=widened)
    raise InfeasibleAssignment(
        "not-found",
        f"no change was found that meets all constraints, even with loads {MOST_WIDENING} beyond "
        "their bounds: add emergency reviewers or let a conflict pass",
    )


def verify_mend(
    problem: AssignmentProblem,
    result: AssignmentResult,
    mended: Mended,
    *,
    seed: bytes,
    gone: npt.ArrayLike = (),
    conflicts: npt.ArrayLike = (),
    done: npt.ArrayLike = (),
    emergency: npt.ArrayLike = (),
) -> list[Violation]:
    """Compute the change again and compare, and check every constraint; [] if all holds."""
    found = check_assignment(mended.problem, mended.result.pairs, part=mended.result.part)
    again = mend(
        problem,
        result,
        seed=seed,
        gone=gone,
        conflicts=conflicts,
        done=done,
        emergency=emergency,
    )
    if again.result.inputs_digest != mended.result.inputs_digest:
        found.append(Violation("inputs", "the inputs or the seed are not those of the change"))
    if not np.array_equal(again.result.pairs, mended.result.pairs):
        found.append(Violation("pairs-differ", "the pairs are not those the change gives"))
    return found


@dataclass(frozen=True, eq=False, kw_only=True)
class _Change:
    """What happened: `kept` (p, 2) pairs that may stay, of which `done` (p,) must."""

    gone: IntArray
    conflicts: IntArray
    kept: IntArray
    done: npt.NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        problem: AssignmentProblem,
        result: AssignmentResult,
        *,
        gone: npt.ArrayLike,
        conflicts: npt.ArrayLike,
        done: npt.ArrayLike,
    ) -> _Change:
        n = problem.n_entries
        left = np.unique(integers(gone, "gone").ravel())
        out = left[(left < 0) | (left >= problem.n_reviewers)]
        if out.size:
            raise BadInput(f"gone: no reviewer {out[0]}")
        late, written = _pair_rows(conflicts, "conflicts"), _pair_rows(done, "done")
        keys = result.pairs[:, 0] * n + result.pairs[:, 1]
        written_keys = np.unique(written[:, 0] * n + written[:, 1])
        strange = written_keys[~member(np.sort(keys), written_keys)]
        if strange.size:
            pair = divmod(int(strange[0]), n)
            raise BadInput(f"done: reviewer {pair[0]} has no entry {pair[1]}")
        late_keys = np.unique(late[:, 0] * n + late[:, 1])
        clash = written_keys[np.isin(written_keys, late_keys)]
        if clash.size:
            pair = divmod(int(clash[0]), n)
            raise BadInput(
                f"conflicts: reviewer {pair[0]} has reviewed entry {pair[1]}: take that review out "
                "of `done` first"
            )
        fixed = member(written_keys, keys)
        leaves = member(left, result.pairs[:, 0])
        stays = fixed | ~(leaves | member(late_keys, keys))
        return cls(gone=left, conflicts=late, kept=result.pairs[stays], done=fixed[stays])


def _pair_rows(values: npt.ArrayLike, name: str) -> IntArray:
    rows = integers(values, name)
    if rows.size == 0:
        return np.zeros((0, 2), dtype=np.int64)
    if rows.ndim != 2 or rows.shape[1] != 2:
        raise BadInput(f"{name}: shape (m, 2) expected, got {rows.shape}")
    return rows


def _problem_now(
    problem: AssignmentProblem, part: IntArray, change: _Change, emergency: IntArray
) -> AssignmentProblem:
    """Loads stated for every reviewer; new reviewers have no group and no similarity stated."""
    low, high = load_bounds(problem, part)
    staying = problem.n_reviewers - len(change.gone) + len(emergency)
    mean = problem.n_pairs / max(staying, 1)
    if problem.load_min is None:
        low = np.minimum(low, int(mean))
    if problem.load_max is None:
        high = np.maximum(high, int(np.ceil(mean)))
    written = np.bincount(change.kept[change.done, 0], minlength=problem.n_reviewers)
    high = np.maximum(high, written)
    low[change.gone] = high[change.gone] = written[change.gone]
    most = int(high.max())
    groups = problem.reviewer_groups
    if groups is not None:
        blank = np.full((len(emergency), groups.shape[1]), -1, dtype=np.int64)
        groups = np.concatenate([groups, blank])
    return replace(
        problem,
        reviewer_entry=np.concatenate([problem.reviewer_entry, emergency]),
        conflicts=np.concatenate([problem.conflicts, change.conflicts]),
        reviewer_groups=groups,
        load_min=np.concatenate([low, np.zeros_like(emergency)]),
        load_max=np.concatenate([high, np.full_like(emergency, most)]),
        similarity=with_rows(problem.similarity, len(emergency)),
    )


def with_rows(similarity: Similarity | None, more: int) -> Similarity | None:
    """The same with `more` reviewers at the end of whom nothing is stated."""
    if similarity is None or not more:
        return similarity
    shape = (similarity.shape[0] + more, similarity.shape[1])
    if similarity.cells is not None:
        blank = np.zeros((more, shape[1]), dtype=np.int64)
        return replace(similarity, shape=shape, cells=np.concatenate([similarity.cells, blank]))
    if similarity.rows is not None:
        rows = similarity.rows
        start = np.concatenate([rows.indptr, np.full(more, rows.indptr[-1])])
        longer = sparse.csr_array((rows.data, rows.indices, start), shape=shape)
        return replace(similarity, shape=shape, rows=longer)
    mine = similarity.reviewer_vectors
    if mine is None:
        return similarity
    blank_rows = np.zeros((more, mine.shape[1]), dtype=mine.dtype)
    return replace(similarity, shape=shape, reviewer_vectors=np.concatenate([mine, blank_rows]))


def _widened(problem: AssignmentProblem, change: _Change, by: int) -> AssignmentProblem:
    if not by:
        return problem
    low, high = np.array(problem.load_min), np.array(problem.load_max)
    free = ~np.isin(np.arange(problem.n_reviewers), change.gone)
    low[free] = np.maximum(low[free] - by, 0)
    high[free] += by
    return replace(problem, load_min=low, load_max=high)


def _mended(
    problem: AssignmentProblem,
    before: AssignmentResult,
    found: Changes,
    *,
    change: _Change,
    seed: bytes,
    widened: int,
) -> Mended:
    n = problem.n_entries
    old = before.pairs[:, 0] * n + before.pairs[:, 1]
    new = np.sort(found.pairs[:, 0] * n + found.pairs[:, 1])
    removed, added = old[~member(new, old)], new[~member(np.sort(old), new)]
    pairs = np.stack(np.divmod(new, n), axis=1)
    facts = {
        "removed": float(len(removed)),
        "added": float(len(added)),
        "widened": float(widened),
        "smallest": float(found.smallest),
    }
    result = AssignmentResult(
        pairs=pairs,
        part=before.part,
        method=METHOD,
        route=found.route,
        engine_version=ENGINE_VERSION,
        inputs_digest=_digest(
            [problem.digest(seed=seed, method=METHOD), before.pairs_digest],
            [change.kept, change.done],
        ),
        facts=facts,
    )
    return Mended(
        problem=problem,
        result=result,
        removed=np.stack(np.divmod(removed, n), axis=1),
        added=np.stack(np.divmod(added, n), axis=1),
        widened=widened,
        smallest=found.smallest,
    )


def _digest(words: Iterable[str], arrays: Iterable[npt.NDArray[np.generic]]) -> str:
    whole = hashlib.sha256("\n".join(words).encode())
    for array in arrays:
        whole.update(np.ascontiguousarray(array, dtype="<i8").tobytes())
    return whole.hexdigest()
