from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import AssignmentProblem, BadInput, assign, fill
from tests.examples import examples

SEED = b"\x07" * 32


def plain(n, k, **more):
    return AssignmentProblem(n_entries=n, reviewer_entry=np.arange(n), reviews_per_entry=k, **more)


def lost(pairs, which):
    """(kept, lost) where the pairs at `which` are lost."""
    gone = np.isin(np.arange(len(pairs)), which)
    return pairs[~gone], pairs[gone]


def bans_hold(problem, kept, added, *, barred=(), idle=(), part=None):
    """Every ban, told one by one from the pairs alone."""
    owner = [*problem.reviewer_entry.tolist(), *[-1] * 50]
    old = {tuple(p) for p in kept.tolist()}
    new = [tuple(p) for p in added.tolist()]
    edges = {(owner[r], e) for r, e in [*old, *new] if owner[r] >= 0}
    for r, e in new:
        mine = owner[r]
        assert mine != e
        assert (r, e) not in old
        assert (r, e) not in {tuple(p) for p in barred}
        assert r not in set(idle)
        assert mine < 0 or (e, mine) not in edges
        if part is not None and mine >= 0:
            assert part[mine] != part[e]
        if problem.reviewer_groups is not None and mine >= 0:
            mine_groups = problem.reviewer_groups[r]
            assert not np.any((mine_groups >= 0) & (mine_groups == problem.entry_groups[e]))
    assert len(set(new)) == len(new)


def test_one_lost_review_goes_to_one_other_and_nothing_else_moves():
    problem = plain(12, 3)
    before = assign(problem, seed=SEED)
    kept, gone = lost(before.pairs, [5])

    found = fill(problem, kept, wanted=gone[:, 1], barred=gone, seed=SEED)

    assert found.pairs.shape == (1, 2)
    assert found.pairs[0, 1] == gone[0, 1]
    assert found.pairs[0, 0] != gone[0, 0]
    assert found.uncovered.size == 0
    bans_hold(problem, kept, found.pairs, barred=gone.tolist())


def test_the_least_loaded_takes_it_before_anybody_takes_an_extra():
    problem = plain(40, 3)
    before = assign(problem, seed=SEED)
    kept, gone = lost(before.pairs, [0, 61])  # two reviewers are one review short now
    short = set(gone[:, 0].tolist())

    found = fill(problem, kept, wanted=gone[:, 1], barred=gone, seed=SEED)

    assert set(found.pairs[:, 0].tolist()) == short


def test_the_only_one_left_is_known():
    """Three entries that review in a circle: the lost review has nobody but the third."""
    problem = plain(3, 1, allow_mutual=True)
    kept = np.array([[1, 2], [2, 0]])

    found = fill(problem, kept, wanted=[1], barred=[[0, 1]], seed=SEED)
    assert found.pairs.tolist() == [[2, 1]]

    banned = plain(3, 1)
    alone = fill(banned, kept, wanted=[1], barred=[[0, 1]], seed=SEED)
    assert alone.pairs.size == 0, "2 would review 1 while 1 reviews 2"
    assert alone.uncovered.tolist() == [1]


def test_an_emergency_reviewer_takes_only_what_no_peer_may():
    problem = plain(3, 1)
    kept = np.array([[1, 2], [2, 0]])

    found = fill(problem, kept, wanted=[1], barred=[[0, 1]], seed=SEED, emergency=2)
    assert found.pairs[0, 0] in {3, 4}
    assert found.uncovered.size == 0

    both = fill(problem, kept, wanted=[1], barred=[[0, 1], [3, 1], [4, 1]], seed=SEED, emergency=2)
    assert both.uncovered.tolist() == [1]

    enough = plain(12, 3)
    pairs, gone = lost(assign(enough, seed=SEED).pairs, [4])
    free = fill(enough, pairs, wanted=gone[:, 1], barred=gone, seed=SEED, emergency=2)
    assert free.pairs[0, 0] < 12


def test_two_lost_reviews_are_not_given_to_each_others_reviewers():
    """Only 0 and 1 are free, for each other's entries: one of the two stays uncovered."""
    problem = plain(4, 1)
    kept = np.array([[2, 3]])

    found = fill(problem, kept, wanted=[0, 1], idle=[2, 3], seed=SEED)

    assert len(found.pairs) == 1
    assert len(found.uncovered) == 1


def test_nobody_takes_more_extras_than_is_allowed():
    problem = plain(12, 3)
    before = assign(problem, seed=SEED)
    kept, gone = lost(before.pairs, np.arange(18))
    busy = np.arange(6)

    found = fill(problem, kept, wanted=gone[:, 1], barred=gone, idle=busy, seed=SEED, most_extra=1)

    assert np.bincount(found.pairs[:, 0]).max() == 1
    assert len(found.pairs) + len(found.uncovered) == 18
    bans_hold(problem, kept, found.pairs, barred=gone.tolist(), idle=busy.tolist())


def test_the_order_of_the_inputs_changes_nothing_and_the_seed_does():
    problem = plain(30, 3)
    before = assign(problem, seed=SEED)
    kept, gone = lost(before.pairs, [3, 40, 77])

    first = fill(problem, kept, wanted=gone[:, 1], barred=gone, seed=SEED)
    again = fill(problem, kept[::-1], wanted=gone[::-1, 1], barred=gone[::-1], seed=SEED)
    others = {
        tuple(
            fill(
                problem, kept, wanted=gone[:, 1], barred=gone, idle=gone[:, 0], seed=bytes([i] * 32)
            ).pairs[:, 0]
        )
        for i in range(8)
    }

    assert first.pairs.tolist() == again.pairs.tolist()
    assert first.inputs_digest == again.inputs_digest
    assert len(others) > 1


@pytest.mark.parametrize(
    "bad",
    [
        {"wanted": [12]},
        {"wanted": [-1]},
        {"wanted": [0], "idle": [12]},
        {"wanted": [0], "barred": [[12, 0]]},
        {"wanted": [0], "barred": [[0, 12]]},
        {"wanted": [0], "barred": [1, 2, 3]},
        {"wanted": [0.5]},
    ],
)
def test_odd_numbers_are_refused(bad):
    problem = plain(12, 3)
    with pytest.raises(BadInput):
        fill(problem, assign(problem, seed=SEED).pairs, seed=SEED, **bad)


def best_by_hand(problem, kept, wanted, barred, idle, most):
    """(covered, squares of loads) of the best answer, all answers tried."""
    n = problem.n_entries
    choices = [[*range(n), None] for _ in wanted]
    best = None
    for answer in product(*choices):
        pairs = np.array(
            [(r, e) for r, e in zip(answer, wanted, strict=True) if r is not None]
        ).reshape(-1, 2)
        if pairs.size and np.bincount(pairs[:, 0]).max() > most:
            continue
        try:
            bans_hold(problem, kept, pairs, barred=barred, idle=idle)
        except AssertionError:
            continue
        loads = np.bincount([*kept[:, 0], *pairs[:, 0]], minlength=n)
        value = (-len(pairs), int(np.sum(loads**2)))
        best = value if best is None else min(best, value)
    return best


@given(data=st.data())
@settings(max_examples=examples(60), deadline=None)
def test_no_answer_covers_more_or_is_more_even(data):
    n = data.draw(st.integers(4, 7))
    groups = np.array(data.draw(st.lists(st.integers(-1, 3), min_size=n, max_size=n)))
    problem = plain(n, 1, reviewer_groups=groups, entry_groups=groups)
    edges = [(r, e) for r in range(n) for e in range(n) if r != e]
    kept: list[tuple[int, int]] = []
    for r, e in data.draw(st.lists(st.sampled_from(edges), unique=True, max_size=n)):
        if (e, r) not in kept and (groups[r] < 0 or groups[r] != groups[e]):
            kept.append((r, e))
    barred = data.draw(st.lists(st.sampled_from(edges), unique=True, max_size=4))
    idle = data.draw(st.lists(st.integers(0, n - 1), unique=True, max_size=2))
    wanted = data.draw(st.lists(st.integers(0, n - 1), min_size=1, max_size=3))
    before = np.array(kept, dtype=np.int64).reshape(-1, 2)
    most = data.draw(st.integers(1, 2))

    found = fill(
        problem, before, wanted=wanted, barred=barred, idle=idle, seed=SEED, most_extra=most
    )

    bans_hold(problem, before, found.pairs, barred=barred, idle=idle)
    assert sorted([*found.pairs[:, 1], *found.uncovered]) == sorted(wanted)
    loads = np.bincount([*before[:, 0], *found.pairs[:, 0]], minlength=n)
    told = (-len(found.pairs), int(np.sum(loads**2)))
    assert told == best_by_hand(problem, before, wanted, barred, idle, most)


@given(
    n=st.integers(16, 40),
    seed=st.binary(min_size=32, max_size=32),
    share=st.integers(1, 8),
    parts=st.sampled_from([1, 4]),
    cycles=st.sampled_from([2, 3]),
)
@settings(max_examples=examples(40), deadline=None)
def test_bans_hold_in_drawn_rounds(n, seed, share, parts, cycles):
    problem = plain(n, 3, parts=parts, cycles_up_to=cycles)
    before = assign(problem, seed=seed)
    kept, gone = lost(before.pairs, np.arange(0, len(before.pairs), 3 * share))

    found = fill(
        problem,
        kept,
        wanted=gone[:, 1],
        barred=gone,
        idle=gone[:1, 0],
        part=before.part,
        seed=seed,
    )

    part = before.part if parts > 1 else None
    bans_hold(problem, kept, found.pairs, barred=gone.tolist(), idle=gone[:1, 0], part=part)
    if cycles == 3:
        edges = {tuple(p) for p in [*kept.tolist(), *found.pairs.tolist()]}
        after = {a: {b for x, b in edges if x == a} for a in range(n)}
        for a, b in found.pairs.tolist():
            assert not any(a in after[c] for c in after[b])
