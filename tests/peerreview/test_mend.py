from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import (
    AssignmentProblem,
    BadInput,
    InfeasibleAssignment,
    Similarity,
    assign,
)
from concours.peerreview.assignment import check_assignment
from concours.peerreview.assignment.mend import Mended, mend, verify_mend
from tests.examples import examples

SEED = b"\x07" * 32


def plain(n, k, **more):
    return AssignmentProblem(n_entries=n, reviewer_entry=np.arange(n), reviews_per_entry=k, **more)


def nearer_ones(problem: AssignmentProblem, part, before, done, *, below: int) -> list[set]:
    """Every valid assignment of a small problem with fewer than `below` new pairs, tried one by
    one."""
    kept = [set(before[before[:, 1] == e, 0].tolist()) for e in range(problem.n_entries)]
    rows = [
        [(len(set(c) - kept[e]), c) for c in combinations(range(problem.n_reviewers), len(kept[e]))]
        for e in range(problem.n_entries)
    ]
    rows = [[row for row in some if row[0] < below] for some in rows]
    found = []
    for chosen in product(*rows):
        if sum(new for new, _ in chosen) >= below:
            continue
        pairs = {(r, e) for e, (_, row) in enumerate(chosen) for r in row}
        if {tuple(p) for p in done} <= pairs:
            array = np.array(sorted(pairs))
            found += [pairs] if not check_assignment(problem, array, part=part) else []
    return found


def assert_sound(mended: Mended, *, gone=(), conflicts=(), done=()):
    assert check_assignment(mended.problem, mended.result.pairs, part=mended.result.part) == []
    pairs = {tuple(p) for p in mended.result.pairs.tolist()}
    assert {tuple(p) for p in done} <= pairs
    assert not pairs & {tuple(p) for p in conflicts}
    left = [p for p in pairs if p[0] in set(gone)]
    assert set(left) <= {tuple(p) for p in done}


@pytest.mark.parametrize("cycles", [2, 3])
@pytest.mark.parametrize("parts", [1, 4])
def test_one_who_leaves_costs_only_their_own_reviews(cycles, parts):
    problem = plain(40, 4, cycles_up_to=cycles, parts=parts)
    before = assign(problem, seed=SEED)

    mended = mend(problem, before, seed=SEED, gone=[3])

    assert_sound(mended, gone=[3])
    assert (len(mended.removed), len(mended.added)) == (4, 4)
    assert mended.smallest
    assert set(mended.removed[:, 0].tolist()) == {3}
    assert mended.result.route == "added"


def test_a_late_conflict_moves_one_review_and_no_load_leaves_its_bounds():
    problem = plain(30, 3, load_min=2, load_max=4)
    before = assign(problem, seed=SEED)
    late = before.pairs[17]

    mended = mend(problem, before, seed=SEED, conflicts=[late])

    assert_sound(mended, conflicts=[late])
    assert np.array_equal(mended.removed, [late])
    assert len(mended.added) == 1
    assert mended.widened == 0


def test_equal_loads_of_all_make_another_move_where_a_conflict_comes_late():
    """Everybody does exactly 3: who loses an entry must get one, and nobody may get more."""
    problem = plain(20, 3)
    before = assign(problem, seed=SEED)
    late = before.pairs[0]

    mended = mend(problem, before, seed=SEED, conflicts=[late])

    assert_sound(mended, conflicts=[late])
    assert mended.smallest
    assert mended.widened == 0
    assert len(mended.added) == 2
    assert np.all(np.bincount(mended.result.pairs[:, 0]) == 3)


def test_written_reviews_stay_even_of_one_who_leaves():
    problem = plain(24, 3)
    before = assign(problem, seed=SEED)
    done = before.pairs[before.pairs[:, 0] == 5][:2]

    mended = mend(problem, before, seed=SEED, gone=[5], done=done)

    assert_sound(mended, gone=[5], done=done.tolist())
    assert len(mended.removed) == 1


def test_an_emergency_reviewer_takes_over():
    groups = np.array([0] * 6 + [1] * 6)
    problem = plain(12, 2, load_max=2, reviewer_groups=groups, entry_groups=groups)
    before = assign(problem, seed=SEED)

    mended = mend(problem, before, seed=SEED, gone=[0], emergency=[-1])

    assert_sound(mended, gone=[0])
    assert mended.problem.n_reviewers == 13
    assert set(mended.added[:, 0].tolist()) == {12}
    assert mended.widened == 0


def test_loads_are_widened_only_where_there_is_no_other_way():
    problem = plain(12, 2, load_min=2, load_max=2)
    before = assign(problem, seed=SEED)

    mended = mend(problem, before, seed=SEED, gone=[4])

    assert mended.widened == 1
    assert_sound(mended, gone=[4])
    assert mended.result.facts["widened"] == 1


def test_the_best_fitting_free_reviewer_is_taken():
    similarity = np.zeros((20, 20))
    similarity[11, :] = 1
    problem = plain(20, 3, load_min=0, load_max=5, similarity=Similarity.dense(similarity))
    before = assign(plain(20, 3, load_min=0, load_max=5), seed=SEED)
    late = next(
        p for p in before.pairs.tolist()
        if p[0] != 11 and not {(11, p[1]), (p[1], 11)} & {tuple(q) for q in before.pairs.tolist()}
        and p[1] != 11
    )  # fmt: skip

    mended = mend(problem, before, seed=SEED, conflicts=[late])

    assert np.array_equal(mended.added, [[11, late[1]]])


@settings(max_examples=examples(25), deadline=None)
@given(st.data())
def test_no_other_assignment_is_nearer(data):
    n = data.draw(st.integers(4, 5))
    extra = data.draw(st.integers(0, 2))
    owner = np.array([*range(n), *([-1] * extra)])
    tight = data.draw(st.booleans())
    problem = AssignmentProblem(
        n_entries=n,
        reviewer_entry=owner,
        reviews_per_entry=2,
        load_min=None if tight else 0,
        load_max=None if tight else 3,
        allow_mutual=n == 4 or data.draw(st.booleans()),
        max_per_team=data.draw(st.sampled_from([None, 1])),
    )
    try:
        before = assign(problem, seed=SEED)
    except InfeasibleAssignment:
        return
    gone = data.draw(st.lists(st.integers(0, len(owner) - 1), max_size=1))
    rows = st.sampled_from(before.pairs.tolist())
    late = data.draw(st.lists(rows, max_size=2, unique_by=tuple))
    late_set = {tuple(p) for p in late}
    done = [p for p in data.draw(st.lists(rows, max_size=2)) if tuple(p) not in late_set]

    try:
        mended = mend(problem, before, seed=SEED, gone=gone, conflicts=late, done=done)
    except InfeasibleAssignment:
        return

    assert_sound(mended, gone=gone, conflicts=late, done=done)
    assert mended.smallest
    below = min(len(mended.added), 3)
    assert nearer_ones(mended.problem, mended.result.part, before.pairs, done, below=below) == []


def test_cliques_and_longer_cycles_stay_forbidden():
    problem = plain(60, 4, cycles_up_to=4, load_min=0, load_max=6)
    before = assign(problem, seed=SEED)
    late = before.pairs[::20]

    mended = mend(problem, before, seed=SEED, conflicts=late, gone=[1, 2])

    assert_sound(mended, gone=[1, 2], conflicts=late.tolist())


def test_the_change_can_be_computed_again_and_a_false_one_is_noticed():
    problem = plain(30, 3)
    before = assign(problem, seed=SEED)
    mended = mend(problem, before, seed=SEED, gone=[2])

    assert verify_mend(problem, before, mended, seed=SEED, gone=[2]) == []
    codes = {v.code for v in verify_mend(problem, before, mended, seed=b"other", gone=[2])}
    assert "inputs" in codes


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"gone": [99]}, "no reviewer 99"),
        ({"done": [[0, 0]]}, "has no entry 0"),
        ({"conflicts": [1, 2, 3]}, "shape"),
    ],
)
def test_what_cannot_be_meant_is_refused(what, words):
    problem = plain(12, 2)
    before = assign(problem, seed=SEED)

    with pytest.raises(BadInput, match=words):
        mend(problem, before, seed=SEED, **what)


def test_a_written_review_that_now_conflicts_is_for_people_to_decide():
    problem = plain(12, 2)
    before = assign(problem, seed=SEED)
    pair = before.pairs[:1]

    with pytest.raises(BadInput, match="has reviewed entry"):
        mend(problem, before, seed=SEED, conflicts=pair, done=pair)


def test_what_no_change_can_mend_says_so():
    problem = plain(5, 4, allow_mutual=True)
    before = assign(problem, seed=SEED)

    with pytest.raises(InfeasibleAssignment, match="emergency"):
        mend(problem, before, seed=SEED, gone=[0])
