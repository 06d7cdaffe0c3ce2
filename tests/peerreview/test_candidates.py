from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from concours.peerreview import AssignmentProblem, BadInput, Similarity, assign, check_assignment
from concours.peerreview.assignment import blocks, scale
from concours.peerreview.assignment.candidates import candidates
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.open_ways import OneWay
from concours.peerreview.assignment.scale import Effort, solve_at_scale
from concours.peerreview.memory import NotEnoughMemory

SEED = b"\x05" * 32
EFFORT = Effort(per_entry=12, per_reviewer=8, looked_at=10_000)


def vectors(n: int, d: int = 8, *, seed: int = 1):
    x = np.random.Generator(np.random.Philox(seed)).normal(size=(n, d))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def problem_of(n: int, k: int = 3, **more) -> AssignmentProblem:
    x = vectors(n)
    return AssignmentProblem(
        n_entries=n,
        reviewer_entry=np.arange(n),
        reviews_per_entry=k,
        similarity=Similarity.vectors(x, x),
        **more,
    )


def eligibility_of(problem: AssignmentProblem) -> Eligibility:
    return Eligibility(problem, problem.deal_parts(SEED))


def test_products_of_rounded_vectors_are_exact_in_single_precision():
    rows = blocks.rounded(np.rint(vectors(300, 24) * 2**15).astype(np.int32))

    single = rows @ rows.T

    assert np.array_equal(single, rows.astype(np.int64) @ rows.astype(np.int64).T)
    assert np.abs(single).max() < 2**24


def test_all_true_neighbours_are_found_where_all_are_looked_at():
    problem = problem_of(900)
    eligibility = eligibility_of(problem)

    found = candidates(eligibility, per_entry=7, per_reviewer=1, seed=SEED)

    assert found.recall == 1.0
    cells = problem.similarity.units(np.arange(900)[:, None], np.arange(900)[None, :])
    np.fill_diagonal(cells, -(10**9))
    best = np.sort(cells, axis=0)[-7:].sum()
    order = np.lexsort((-found.units, found.entry))
    start = np.searchsorted(found.entry[order], np.arange(900))
    ours = sum(int(found.units[order][s : s + 7].sum()) for s in start)
    # Neighbours are chosen by vectors rounded to 12 bits.
    assert ours == pytest.approx(best, rel=2e-4)


def test_blocks_that_are_far_are_left_out_and_the_recall_says_so():
    problem = problem_of(6_000)
    eligibility = eligibility_of(problem)

    effort = {"per_entry": 8, "per_reviewer": 4, "seed": SEED, "walks": 0}
    few = candidates(eligibility, looked_at=900, **effort)
    many = candidates(eligibility, looked_at=4_000, **effort)

    assert few.recall < many.recall < 1
    assert few.units.mean() < many.units.mean()


def test_a_walk_along_partners_of_partners_finds_nearer_ones():
    eligibility = eligibility_of(problem_of(6_000))
    effort = {"per_entry": 12, "per_reviewer": 6, "seed": SEED, "looked_at": 1_800}

    found = [candidates(eligibility, walks=walks, **effort) for walks in (0, 1, 2)]

    assert found[0].recall + 0.02 < found[1].recall < found[2].recall
    assert found[0].closeness < found[1].closeness < found[2].closeness <= 1


def test_recall_and_closeness_are_those_of_all_products():
    problem = problem_of(3_000)
    found = candidates(
        eligibility_of(problem), per_entry=6, per_reviewer=1, seed=SEED, looked_at=300, walks=0
    )

    cells = problem.similarity.units(np.arange(3_000)[:, None], np.arange(3_000)[None, :])
    np.fill_diagonal(cells, -(10**9))
    best = np.argsort(-cells, axis=0)[:6]
    order = np.lexsort((-found.units, found.entry))
    start = np.searchsorted(found.entry[order], np.arange(3_000))
    ours = found.reviewer[order][start[None, :] + np.arange(6)[:, None]]
    recall = np.mean([len(np.intersect1d(a, b)) / 6 for a, b in zip(best.T, ours.T, strict=True)])
    close = np.take_along_axis(cells, ours, 0).sum() / np.take_along_axis(cells, best, 0).sum()
    # 1,200 sampled places: 6 standard errors
    assert found.recall == pytest.approx(recall, abs=0.1)
    assert found.closeness == pytest.approx(close, abs=0.02)


@pytest.mark.parametrize("count", [1, 7])
def test_the_number_of_processors_is_not_seen_in_the_candidates(count, monkeypatch):
    eligibility = eligibility_of(problem_of(5_000))
    effort = {"per_entry": 6, "per_reviewer": 4, "seed": SEED, "looked_at": 1_500}
    usual = candidates(eligibility, **effort)
    monkeypatch.setattr("concours.peerreview.side_by_side.workers", lambda: count)

    again = candidates(eligibility, **effort)

    assert np.array_equal(usual.reviewer, again.reviewer)
    assert np.array_equal(usual.entry, again.entry)
    assert np.array_equal(usual.units, again.units)


def test_vectors_of_any_dimension_and_reviewers_of_no_entry():
    mine, theirs = vectors(400, 5, seed=3), vectors(900, 5, seed=4)
    problem = AssignmentProblem(
        n_entries=900,
        reviewer_entry=np.full(400, -1),
        reviews_per_entry=2,
        similarity=Similarity.vectors(mine, theirs),
    )

    found = candidates(eligibility_of(problem), per_entry=5, per_reviewer=3, seed=SEED)

    cells = problem.similarity.units(np.arange(400)[:, None], np.arange(900)[None, :])
    keys = set((found.reviewer.astype(np.int64) * 900 + found.entry).tolist())
    wanted = {int(np.argmax(row)) + 900 * r for r, row in enumerate(cells)}
    wanted |= {int(np.argmax(column)) * 900 + e for e, column in enumerate(cells.T)}
    assert found.recall == 1.0
    assert len(wanted - keys) <= len(wanted) // 100  # rounding to 12 bits may turn near ties


def test_who_must_not_meet_is_no_candidate_and_others_take_their_place():
    group = np.arange(400) % 5
    x = vectors(400)
    near = np.argsort(-(x @ x.T), axis=1)[:, 1:4]
    conflicts = np.stack([near.ravel(), np.repeat(np.arange(400), 3)], axis=1)
    problem = problem_of(
        400, conflicts=conflicts, reviewer_groups=group, entry_groups=group, parts=2
    )
    eligibility = eligibility_of(problem)

    found = candidates(eligibility, per_entry=10, per_reviewer=5, seed=SEED)

    pairs = found.reviewer.astype(np.int64), found.entry.astype(np.int64)
    assert bool(eligibility.allowed(*pairs).all())
    assert np.all(np.bincount(found.entry, minlength=400) >= 10)
    assert np.all(np.bincount(found.reviewer, minlength=400) >= 5)
    keys = pairs[0] * 400 + pairs[1]
    assert len(np.unique(keys)) == len(keys)


@pytest.mark.parametrize("longest", [2, 3, 5])
def test_ways_close_every_cycle(longest):
    n = 90
    ways = OneWay.of(n, longest, SEED)
    a, b = np.divmod(np.arange(n * n), n)
    open_to = ways.open_to(a, b, n).reshape(n, n)
    np.fill_diagonal(open_to, 0)

    steps = open_to.astype(np.int64)
    walk = steps.copy()
    for _ in range(longest - 1):
        walk = (walk @ steps > 0).astype(np.int64)
        assert not walk.diagonal().any()
    assert abs(open_to.mean() - 1 / longest) < 0.05
    assert ways.open_to(np.full(n, -1), np.arange(n), n).all()


@pytest.mark.parametrize("more", [{}, {"cycles_up_to": 4}, {"allow_mutual": True}, {"parts": 4}])
def test_the_flow_over_candidates_meets_every_constraint(more):
    problem = problem_of(600, 4, **more)
    eligibility = eligibility_of(problem)

    outcome = solve_at_scale(eligibility, SEED, effort=EFFORT)

    assert check_assignment(problem, outcome.pairs, part=eligibility.part) == []
    assert outcome.facts["total"] == pytest.approx(problem.similarity.total(outcome.pairs))


@pytest.mark.slow
def test_the_estimated_gap_covers_the_true_one():
    problem = problem_of(600, 4, allow_mutual=True)
    exact = assign(problem, seed=SEED, method="total")

    few = solve_at_scale(
        eligibility_of(problem), SEED, effort=Effort(per_entry=6, per_reviewer=6, looked_at=700)
    )

    lost = exact.facts["total"] - few.facts["total"]
    assert 0 <= lost <= few.facts["gap_elsewhere"] * few.facts["total"]


def test_too_few_candidates_are_eked_out_with_random_links():
    """Everybody has the same favourites, whose loads are full."""
    x = vectors(500)
    x[:, 0] += 3
    similarity = Similarity.vectors(x, np.tile(x[:1], (500, 1)))
    problem = replace(problem_of(500, 4), similarity=similarity)
    eligibility = eligibility_of(problem)

    outcome = solve_at_scale(
        eligibility, SEED, effort=Effort(per_entry=5, per_reviewer=5, looked_at=2_000)
    )

    assert check_assignment(problem, outcome.pairs, part=eligibility.part) == []


@pytest.mark.slow
def test_the_same_seed_gives_the_same_pairs_and_another_seed_others():
    problem = problem_of(300, 3)

    pairs = [assign(problem, seed=s, method="total-fast").pairs for s in (SEED, SEED, b"other")]

    assert np.array_equal(pairs[0], pairs[1])
    assert not np.array_equal(pairs[0], pairs[2])


@pytest.mark.slow
def test_the_fast_way_keeps_most_of_the_total():
    problem = problem_of(2_000, 5)

    fast = assign(problem, seed=SEED, method="total-fast")
    best = assign(problem, seed=SEED, method="total")

    assert check_assignment(problem, fast.pairs, part=fast.part) == []
    assert fast.facts["total"] >= 0.9 * best.facts["total"]


def test_all_vectors_alike_still_end():
    x = np.tile(vectors(1), (4_000, 1))
    problem = AssignmentProblem(
        n_entries=4_000,
        reviewer_entry=np.arange(4_000),
        reviews_per_entry=3,
        similarity=Similarity.vectors(x, x),
    )

    found = assign(problem, seed=SEED, method="total-fast")

    assert check_assignment(problem, found.pairs, part=found.part) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [({"cliques_of": 3}, "cliques_of"), ({"max_probability": 0.5}, "randomised")],
)
def test_what_it_cannot_keep_is_refused(more, words):
    with pytest.raises(BadInput, match=words):
        assign(problem_of(100, **more), seed=SEED, method="total-fast")


def test_a_matrix_is_refused_by_the_fast_way():
    problem = replace(problem_of(50), similarity=Similarity.dense(np.ones((50, 50))))

    with pytest.raises(BadInput, match="vectors"):
        assign(problem, seed=SEED, method="total-fast")


def test_memory_that_would_not_suffice_is_said_before_the_work():
    problem = problem_of(200)
    monstrous = replace(EFFORT, per_entry=10**12)

    with pytest.raises(NotEnoughMemory, match="pairs needs about"):
        solve_at_scale(eligibility_of(problem), SEED, effort=monstrous)


def test_thousands_go_by_candidates_where_pairs_are_too_many_to_multiply_out(monkeypatch):
    monkeypatch.setattr("concours.peerreview.assignment.pools.DENSE_CELLS", 100)
    problem = problem_of(700, 3)

    found = assign(problem, seed=SEED, method="total")

    assert check_assignment(problem, found.pairs, part=found.part) == []
    assert found.facts["recall"] == 1.0
    assert found.facts["total"] <= found.facts["bound"]
    assert scale.THOROUGH.per_entry == 24
