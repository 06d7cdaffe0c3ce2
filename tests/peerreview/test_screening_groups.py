"""Rings of favours and dense groups: found where planted, and the kernels against plain search."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import ReviewSet
from concours.peerreview.screening import screen
from concours.peerreview.screening.favours import find_rings, grouped
from concours.peerreview.screening.peeling import (
    core,
    degrees,
    densest_by_chance,
    peel,
    shuffled_weights,
)
from concours.peerreview.screening.residuals import Residuals, residuals
from concours.peerreview.screening.rings import find_review
from tests.examples import examples

KEY = np.uint64(7)


def reviewed(n: int, k: int, seed: int, *, pairs: set[tuple[int, int]], boost: float) -> ReviewSet:
    """n entries, one reviewer each with k reviews, `pairs` among them with scores raised."""
    rng = np.random.default_rng(seed)
    given = set(pairs)
    for a in range(n):
        mine = sum(who == a for who, _ in pairs)
        free = [b for b in rng.permutation(n).tolist() if b != a and (a, b) not in pairs]
        given |= {(a, b) for b in free[: k - mine]}
    who, what = (np.array(column) for column in zip(*sorted(given), strict=True))
    raised = np.array([pair in pairs for pair in zip(who.tolist(), what.tolist(), strict=True)])
    score = rng.normal(size=n)[what] + rng.normal(size=n)[who] + rng.normal(size=len(who))
    return ReviewSet(
        n_entries=n, n_reviewers=n, reviewer=who, entry=what, score=score + boost * raised
    )


def clique(size: int) -> set[tuple[int, int]]:
    return set(itertools.permutations(range(size), 2))


def test_a_pair_that_favours_each_other_is_found() -> None:
    found = 0
    for seed in range(10):
        reviews = reviewed(60, 8, seed, pairs={(3, 5), (5, 3)}, boost=4)
        report = screen(reviews, seed=b"s", reviewer_entry=np.arange(60), detectors=["favours"])
        found += any(flag.reviewers == (3, 5) for flag in report.flags)

    assert found >= 6


def test_a_ring_of_three_is_found_and_its_order_told() -> None:
    found = []
    for seed in range(10):
        reviews = reviewed(100, 8, seed, pairs={(3, 5), (5, 9), (9, 3)}, boost=4)
        report = screen(reviews, seed=b"s", reviewer_entry=np.arange(100), detectors=["favours"])
        found += [f for f in report.flags if f.reviewers == (3, 5, 9)]

    assert len(found) >= 6
    assert found[0].evidence["order"] == "3 -> 5 -> 9 -> 3"
    assert found[0].evidence["length"] == 3
    assert found[0].entries == (3, 5, 9)
    assert found[0].evidence["least_residual"] > 0


def test_a_favour_not_returned_is_no_ring() -> None:
    for seed in range(5):
        reviews = reviewed(60, 8, seed, pairs={(3, 5)}, boost=6)
        report = screen(reviews, seed=b"s", reviewer_entry=np.arange(60), detectors=["favours"])
        assert not any({3, 5} <= set(flag.reviewers) for flag in report.flags)


def test_a_dense_group_is_found() -> None:
    members, strangers = [], []
    for seed in range(6):
        reviews = reviewed(150, 10, seed, pairs=clique(5), boost=4)
        report = screen(reviews, seed=b"s", reviewer_entry=np.arange(150), detectors=["group"])
        named = [e for flag in report.flags for e in flag.entries]
        members.append(np.mean(np.isin(np.arange(5), named)))
        strangers.append(np.sum(np.array(named) >= 5))
        for flag in report.flags:
            assert flag.evidence["reviews_inside"] > 4 * float(flag.evidence["expected_inside"])

    assert np.mean(members) > 0.7
    assert np.mean(strangers) < 1


def test_a_clique_that_scores_honestly_is_not_flagged_for_meeting_often() -> None:
    for seed in range(6):
        reviews = reviewed(150, 10, seed, pairs=clique(5), boost=0)
        report = screen(reviews, seed=b"s", reviewer_entry=np.arange(150), detectors=["group"])
        assert report.flags == []


def test_teams_of_two_reviewers_form_rings_through_either() -> None:
    # Reviewers 0, 1 of entry 0 and 2, 3 of entry 1.
    view = fake(
        reviewer=[0, 1, 2, 3], entry=[1, 2, 0, 3], tail=[0.01, 0.01, 0.01, 0.01], n=4, count=4
    )
    number = np.zeros(4, dtype=np.int64)

    rings, complete = find_rings(view, np.array([0, 0, 1, 1]), 0.05, number)

    assert complete
    assert rings == [(0, 2)]
    assert number.tolist() == [1, 0, 1, 0]


def test_without_rings_nobody_is_tested() -> None:
    # Entry e is reviewed by the next two only: rings of two and three need five entries or fewer.
    n = 9
    who = np.repeat(np.arange(n), 2)
    what = (who + np.tile([1, 2], n)) % n
    score = np.random.default_rng(0).normal(size=2 * n)
    reviews = ReviewSet(n_entries=n, n_reviewers=n, reviewer=who, entry=what, score=score)

    summary = screen(reviews, seed=b"s", reviewer_entry=np.arange(n)).test("favours")

    assert summary.untested == {"no-ring": n}
    assert summary.tested == 0


def fake(
    *, reviewer: list[int], entry: list[int], tail: list[float], n: int, count: int
) -> Residuals:
    who, what = np.array(reviewer), np.array(entry)
    zero = np.zeros(len(who))
    return Residuals(
        start=np.concatenate([[0], np.cumsum(np.bincount(who, minlength=count))]),
        review=np.arange(len(who)),
        reviewer=who,
        entry=what,
        others=zero,
        score=zero,
        view=zero,
        rest=zero,
        residual=zero,
        standard=zero,
        tail=np.array(tail),
        slope=np.zeros(count),
        prior_df=1.0,
        prior_variance=1.0,
        fitted=2,
        quality=np.zeros(n),
        part=np.zeros(n, dtype=np.int64),
    )


@st.composite
def small_graphs(draw: st.DrawFn) -> tuple[Residuals, np.ndarray]:
    n, count = draw(st.integers(2, 6)), draw(st.integers(2, 7))
    owner = np.array(draw(st.lists(st.integers(-1, n - 1), min_size=count, max_size=count)))
    cells = st.tuples(st.integers(0, count - 1), st.integers(0, n - 1))
    pairs = sorted(draw(st.sets(cells, min_size=1, max_size=20)))
    tail = draw(
        st.lists(st.sampled_from([0.01, 0.2, 0.6]), min_size=len(pairs), max_size=len(pairs))
    )
    who, what = (list(column) for column in zip(*pairs, strict=True))
    return fake(reviewer=who, entry=what, tail=tail, n=n, count=count), owner


@settings(max_examples=examples(150), deadline=None)
@given(small_graphs())
def test_rings_are_those_of_a_search_through_all(made: tuple[Residuals, np.ndarray]) -> None:
    view, owner = made
    who, what = view.reviewer.tolist(), view.entry.tolist()
    edges = list(range(len(who)))

    def leads(i: int, j: int) -> bool:
        return bool(owner[who[j]] == what[i]) and what[i] != owner[who[i]]

    twos = [
        (i, j)
        for i, j in itertools.permutations(edges, 2)
        if leads(i, j) and leads(j, i) and owner[who[i]] >= 0
    ]
    threes = [
        (i, j, k)
        for i, j, k in itertools.permutations(edges, 3)
        if leads(i, j) and leads(j, k) and leads(k, i)
        and len({owner[who[e]] for e in (i, j, k)}) == 3
        and owner[who[i]] >= 0
    ]  # fmt: skip
    number = np.zeros(len(owner), dtype=np.int64)

    rings, _ = find_rings(view, owner, 0.05, number)

    counted = np.zeros(len(owner), dtype=np.int64)
    for ring in twos + threes:
        counted[who[ring[0]]] += 1
    assert number.tolist() == counted.tolist()
    low = [
        ring
        for ring in twos + threes
        if who[ring[0]] == min(who[e] for e in ring)
        and max(view.tail[list(ring)]) <= 0.05 ** (1 / len(ring))
    ]
    assert sorted(rings) == sorted(low)


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), max_size=20, unique=True), st.integers(0, 30))
def test_a_review_is_found_by_halving(entries: list[int], wanted: int) -> None:
    row = np.array(sorted(entries), dtype=np.int64)

    found = find_review(row, 0, len(row), wanted)

    assert found == (sorted(entries).index(wanted) if wanted in entries else -1)


Graph = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@st.composite
def weighted_graphs(draw: st.DrawFn) -> tuple[Graph, list[tuple[int, int, int]]]:
    n = draw(st.integers(2, 8))
    cells = st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.integers(-9, 30))
    edges = draw(st.lists(cells.filter(lambda c: c[0] != c[1]), min_size=1, max_size=24))
    a, b, w = (np.array(column) for column in zip(*edges, strict=True))
    first, order = grouped(np.concatenate([a, b]), n)
    node = np.concatenate([b, a])[order]
    edge = np.tile(np.arange(len(edges)), 2)[order]
    return (first, node, edge, w), edges


def density(edges: list[tuple[int, int, int]], members: set[int]) -> float:
    return sum(w for a, b, w in edges if a in members and b in members) / max(len(members), 1)


@settings(max_examples=examples(150), deadline=None)
@given(weighted_graphs())
def test_peeling_reaches_half_of_the_densest(
    made: tuple[Graph, list[tuple[int, int, int]]],
) -> None:
    (first, node, edge, w), edges = made
    edges = [(a, b, max(x, 0)) for a, b, x in edges]
    w = np.maximum(w, 0)
    n = len(first) - 1
    best = max(
        density(edges, set(members))
        for size in range(1, n + 1)
        for members in itertools.combinations(range(n), size)
    )

    found, members = peel(first, node, edge, w, np.ones(n, dtype=np.int64))

    assert best / 2 - 1e-9 <= found <= best + 1e-9
    assert density(edges, set(members.tolist())) == pytest.approx(found)


@settings(max_examples=examples(150), deadline=None)
@given(weighted_graphs(), st.integers(1, 40))
def test_weights_below_zero_and_the_bound_by_the_core(
    made: tuple[Graph, list[tuple[int, int, int]]], least: int
) -> None:
    (first, node, edge, w), edges = made
    n = len(first) - 1
    everyone = np.ones(n, dtype=np.int64)

    found, members = peel(first, node, edge, w, everyone)
    alive = core(first, node, edge, w, float(least))

    assert density(edges, set(members.tolist())) == pytest.approx(found)
    assert found >= max(density(edges, set(range(n))), 0) - 1e-9
    # Where the core is empty nothing is as dense as `least`, by any choice of members.
    if not alive.any():
        assert all(
            density(edges, set(chosen)) < least
            for size in range(1, n + 1)
            for chosen in itertools.combinations(range(n), size)
        )
    inside = {v for v in range(n) if alive[v]}
    for v in inside:
        held = sum(max(x, 0) for a, b, x in edges if v in (a, b) and {a, b} <= inside)
        assert held >= least


def test_degrees_and_their_bounds() -> None:
    first, order = grouped(np.array([0, 1, 1, 2]), 3)
    node = np.array([1, 2, 0, 1])[order]
    edge = np.array([0, 1, 0, 1])[order]

    degree, low, high = degrees(first, node, edge, np.array([5, -2]), np.ones(3, dtype=np.int64))

    assert degree.tolist() == [5, 3, -2]
    assert (low, high) == (-2, 5)


def test_weights_are_shuffled_within_reviewers_only() -> None:
    start, weight = np.array([0, 3, 3, 7]), np.arange(7)

    made = [shuffled_weights(start, weight, KEY, draw) for draw in range(50)]

    assert all(sorted(row[:3]) == [0, 1, 2] and sorted(row[3:]) == [3, 4, 5, 6] for row in made)
    assert len({tuple(row) for row in made}) > 30


def test_densities_by_chance_are_those_of_peeling_each_draw() -> None:
    view = residuals(reviewed(30, 6, 1, pairs=set(), boost=0))
    weight = np.rint(16 * (-np.log(view.tail) - 1)).astype(np.int64)
    first, order = grouped(np.concatenate([view.reviewer, view.entry]), 30)
    node = np.concatenate([view.entry, view.reviewer])[order]
    edge = np.tile(np.arange(len(weight)), 2)[order]
    alive = np.ones(30, dtype=np.int64)
    plain = np.array(
        [
            peel(first, node, edge, shuffled_weights(view.start, weight, KEY, d), alive)[0]
            for d in range(20)
        ]
    )
    least = float(np.sort(plain)[10])

    every = densest_by_chance(first, node, edge, view.start, weight, 0.0, KEY, 0, 20, 99, 1e9)
    high = densest_by_chance(first, node, edge, view.start, weight, least, KEY, 0, 20, 99, 1e9)
    early = densest_by_chance(first, node, edge, view.start, weight, 0.0, KEY, 0, 20, 3, least)

    assert np.array_equal(every, plain)
    assert np.array_equal(high, np.where(plain >= least, plain, 0))
    assert np.sum(early >= least) == 3
    assert np.array_equal(early, plain[: len(early)])
