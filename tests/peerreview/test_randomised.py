"""Randomised assignment: published optima, caps kept exactly, bans kept in every draw."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from concours.peerreview import (
    AssignmentProblem,
    BadInput,
    InfeasibleAssignment,
    Similarity,
    assign,
    check_assignment,
    verify_assignment,
)
from concours.peerreview.assignment import space as space_module
from concours.peerreview.assignment.directions import free, ring
from concours.peerreview.assignment.eligibility import Eligibility
from concours.peerreview.assignment.least_cap import Spreading, least_cap
from concours.peerreview.assignment.space import Cap, Linear, Space
from tests.examples import examples

DATA = Path(__file__).parents[2] / ".." / "shared" / "data" / "peerreview"
SEED = bytes(range(32))
LOADS = {"preflib1": 6, "preflib2": 7, "aamas2016": 12}
POINTS = {
    "preflib1": (
        (0.448242, 0.8002998),
        (0.541016, 0.8500338),
        (0.661133, 0.9001529),
        (0.818359, 0.9499300),
        (0.927734, 0.9800797),
        (0.963867, 0.9900398),
        (0.982422, 0.9951545),
    ),
    "preflib2": (
        (0.442383, 0.8004414),
        (0.516602, 0.8501408),
        (0.609375, 0.9001215),
        (0.729492, 0.9499589),
        (0.880859, 0.9800029),
        (0.940430, 0.9900014),
        (0.969727, 0.9949188),
    ),
    "aamas2016": (
        (0.475586, 0.8000374),
        (0.565430, 0.8499542),
        (0.676758, 0.9001507),
        (0.819336, 0.9500601),
        (0.927734, 0.9801355),
        (0.963867, 0.9900678),
        (0.982422, 0.9951681),
    ),
}


def published(name: str, cap: float) -> AssignmentProblem:
    path = DATA / f"{name}.in"
    if not path.exists():
        pytest.skip(f"no {name}.in in shared/data/peerreview")
    with path.open() as lines:
        papers, reviewers = map(int, next(lines).split())
        values = np.loadtxt(lines).reshape(papers, reviewers)
    return AssignmentProblem(
        n_entries=papers,
        reviewer_entry=np.full(reviewers, -1),
        reviews_per_entry=3,
        load_min=0,
        load_max=LOADS[name],
        similarity=Similarity.dense(values.T),
        max_probability=cap,
    )


@pytest.mark.parametrize(
    ("name", "cap", "share"), [(name, *point) for name in POINTS for point in POINTS[name]]
)
def test_all_published_points(name: str, cap: float, share: float) -> None:
    exact = round(cap * 1024) / 1024

    facts = assign(published(name, exact), seed=SEED, method="randomised").facts

    assert facts["share"] == pytest.approx(share, abs=1e-6)
    assert facts["max_probability"] == exact


def peers(n: int, k: int, seed: int = 0, **more: Any) -> AssignmentProblem:
    g = np.random.default_rng(seed)
    values = g.random((n, n))
    given_: dict[str, Any] = {
        "n_entries": n,
        "reviewer_entry": np.arange(n),
        "reviews_per_entry": k,
        "similarity": Similarity.dense((values + values.T) / 2),
    }
    return AssignmentProblem(**(given_ | more))


def best_by_programme(problem: AssignmentProblem, part: np.ndarray) -> float | None:
    """The capped optimum (mutual pairs allowed) by another solver."""
    reviewers, n = problem.n_reviewers, problem.n_entries
    r, e = np.divmod(np.arange(reviewers * n), n)
    ok = Eligibility(problem, part).allowed(r, e)
    r, e = r[ok], e[ok]
    if not r.size:
        return None
    assert problem.similarity is not None
    worth = problem.similarity.units(r, e)
    by_entry = (np.arange(n)[:, None] == e[None, :]).astype(float)
    by_reviewer = (np.arange(reviewers)[:, None] == r[None, :]).astype(float)
    rows = [by_reviewer, -by_reviewer]
    bounds = [
        np.broadcast_to(problem.load_max, reviewers),  # type: ignore[arg-type]
        -np.broadcast_to(problem.load_min, reviewers),  # type: ignore[arg-type]
    ]
    if problem.max_per_group is not None and problem.reviewer_groups is not None:
        group = problem.reviewer_groups[r, 0]
        for g in np.unique(group[group >= 0]):
            rows.append(by_entry * (group == g)[None, :])
            bounds.append(np.full(n, problem.max_per_group))
    done = linprog(
        -worth.astype(float),
        A_ub=np.concatenate(rows),
        b_ub=np.concatenate(bounds),
        A_eq=by_entry,
        b_eq=np.full(n, problem.reviews_per_entry),
        bounds=(0, problem.max_probability),
    )
    return None if done.x is None else -done.fun * 1e-6


@st.composite
def capped(draw: st.DrawFn) -> AssignmentProblem:
    g = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, reviewers, k = draw(st.integers(2, 8)), draw(st.integers(2, 9)), draw(st.integers(1, 3))
    values = g.choice([0.0, 0.25, 0.5, 1.0], (reviewers, n)) if draw(st.booleans()) else None
    if values is None:
        values = g.normal(size=(reviewers, n))
    conflicts = np.argwhere(g.random((reviewers, n)) < 0.15)
    groups: dict[str, Any] = {}
    if draw(st.booleans()):
        groups = {
            "reviewer_groups": g.integers(-1, 3, reviewers),
            "entry_groups": np.full(n, -1),
            "max_per_group": draw(st.integers(1, 2)),
        }
    low = g.integers(0, 2, reviewers)
    return AssignmentProblem(
        n_entries=n,
        reviewer_entry=np.where(g.random(reviewers) < 0.3, -1, g.integers(0, n, reviewers)),
        reviews_per_entry=k,
        conflicts=conflicts,
        load_min=low,
        load_max=low + g.integers(0, 5, reviewers),
        allow_mutual=draw(st.booleans()),
        similarity=Similarity.dense(values),
        max_probability=draw(st.sampled_from([0.3, 0.5, 1 / 3, 459 / 1024, 0.9, 1.0])),
        **groups,
    )


def assert_kept(problem: AssignmentProblem, marginals: np.ndarray) -> None:
    """Sums, loads and the cap, from the returned rows alone."""
    r, e, chance = marginals[:, 0].astype(int), marginals[:, 1].astype(int), marginals[:, 2]
    assert chance.min() > 0
    assert chance.max() <= problem.max_probability
    sums = np.bincount(e, weights=chance, minlength=problem.n_entries)
    assert np.allclose(sums, problem.reviews_per_entry, rtol=0, atol=1e-9)
    loads = np.bincount(r, weights=chance, minlength=problem.n_reviewers)
    assert np.all(loads >= np.broadcast_to(problem.load_min, loads.shape) - 1e-9)  # type: ignore[arg-type]
    assert np.all(loads <= np.broadcast_to(problem.load_max, loads.shape) + 1e-9)  # type: ignore[arg-type]


@settings(max_examples=examples(150), deadline=None, suppress_health_check=list(HealthCheck))
@given(problem=capped(), seed=st.binary(max_size=4))
def test_the_optimum_is_that_of_the_linear_programme(
    problem: AssignmentProblem, seed: bytes
) -> None:
    best = best_by_programme(problem, np.zeros(problem.n_entries, dtype=int))
    try:
        found = assign(problem, seed=seed, method="randomised")
    except InfeasibleAssignment:
        assert best is None or not problem.allow_mutual
        return
    assert found.marginals is not None
    assert best is not None
    assert_kept(problem, found.marginals)
    assert check_assignment(problem, found.pairs, part=found.part) == []
    if problem.allow_mutual:
        assert found.facts["expected_total"] == pytest.approx(best, abs=1e-5)
    else:
        assert found.facts["expected_total"] <= best + 1e-5


def directed(problem: AssignmentProblem, marginals: np.ndarray) -> set[tuple[int, int]]:
    """(team, entry) between which a review is possible at all."""
    team = problem.reviewer_entry[marginals[:, 0].astype(int)]
    return {
        (int(a), int(b)) for a, b in zip(team, marginals[:, 1].astype(int), strict=True) if a >= 0
    }


@pytest.mark.parametrize("longest", [2, 3, 4])
def test_no_draw_can_hold_a_banned_cycle(longest: int) -> None:
    problem = peers(30, 3, cycles_up_to=longest, max_probability=0.5)

    found = assign(problem, seed=SEED, method="randomised")

    assert found.marginals is not None
    edges = directed(problem, found.marginals)
    walks = {(a, b) for a, b in edges}
    for _ in range(longest - 1):
        walks = {(a, c) for a, b in walks for b2, c in edges if b == b2}
        assert not any(a == b for a, b in walks)


def test_directions_of_mutual_pairs_cost_less_than_a_ring() -> None:
    problem = peers(60, 3, seed=4, max_probability=0.5)
    eligibility = Eligibility(problem, np.zeros(60, dtype=int))
    on_ring = Space(eligibility, SEED).optimum(ring(problem, SEED, 0), Linear(Cap(1, 2)), 2)
    assert on_ring is not None

    found = assign(problem, seed=SEED, method="randomised")

    assert found.route in {"flow", "flow+ring"}
    assert found.facts["expected_total"] > on_ring.expected_units / 2 * 1e-6


def test_no_draw_can_hold_a_banned_clique() -> None:
    problem = peers(24, 3, cliques_of=3, max_probability=0.6)

    found = assign(problem, seed=SEED, method="randomised")

    assert found.marginals is not None
    joined = {frozenset(edge) for edge in directed(problem, found.marginals)}
    triples = itertools.combinations(range(24), 3)
    assert not any(
        all(frozenset(two) in joined for two in itertools.combinations(t, 2)) for t in triples
    )


@pytest.mark.parametrize(("n", "cycle"), [(9, 2), (10, 2), (10, 3), (13, 4)])
def test_a_ring_leaves_directions_evenly_and_no_cycle(n: int, cycle: int) -> None:
    problem = peers(n, 1, cycles_up_to=cycle)
    everyone = np.arange(n)
    left = np.zeros((n, n))
    rounds = 400
    for turn in range(rounds):
        directions = ring(problem, SEED, turn)
        left += directions.allow(everyone[:, None] + 0 * everyone, everyone + 0 * everyone[:, None])
        one = directions.allow(everyone[:, None] + 0 * everyone, everyone + 0 * everyone[:, None])
        np.fill_diagonal(one, val=False)
        assert not any(
            np.trace(np.linalg.matrix_power(one.astype(int), length))
            for length in range(2, cycle + 1)
        )
    np.fill_diagonal(left, 0)
    share = 0.5 if cycle == 2 else ((n - 1) // cycle) / (n - 1)
    off = left[~np.eye(n, dtype=bool)] / rounds

    # at most 156 shares, each past 6 standard deviations with a chance below 10**-8
    assert np.abs(off - share).max() < 6 * np.sqrt(share * (1 - share) / rounds)
    assert off.mean() == pytest.approx(share)


def test_parts_and_teams_keep_their_limits_in_every_draw() -> None:
    team = np.repeat(np.arange(20), 2)
    g = np.random.default_rng(1)
    problem = AssignmentProblem(
        n_entries=20,
        reviewer_entry=team,
        reviews_per_entry=4,
        parts=3,
        max_per_team=1,
        similarity=Similarity.dense(g.random((40, 20))),
        max_probability=0.7,
    )
    for seed in range(10):
        found = assign(problem, seed=bytes([seed]), method="randomised")
        keys = team[found.pairs[:, 0]] * 20 + found.pairs[:, 1]
        assert len(np.unique(keys)) == len(keys)
        assert check_assignment(problem, found.pairs, part=found.part) == []


def test_many_pairs_are_brought_in_by_their_prices(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = peers(60, 3, seed=2, max_probability=0.25, allow_mutual=True)
    whole = assign(problem, seed=SEED, method="randomised").facts["expected_total"]

    monkeypatch.setattr(space_module, "AT_ONCE", 0)
    monkeypatch.setattr(space_module.math, "ceil", lambda _: 1)
    eligibility = Eligibility(problem, np.zeros(60, dtype=int))
    some = Space(eligibility, SEED)
    started = len(some._held)
    found = some.optimum(free(problem, SEED), Linear(Cap(1, 4)), 4)

    assert found is not None
    assert found.expected_units / 4 * 1e-6 == pytest.approx(whole, abs=1e-9)
    assert started < len(some._held) < 60 * 59


@settings(max_examples=examples(60), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_the_least_cap_is_that_of_the_linear_programme(seed: int) -> None:
    g = np.random.default_rng(seed)
    reviewers, n = int(g.integers(2, 7)), int(g.integers(1, 7))
    r, e = np.divmod(np.flatnonzero(g.random(reviewers * n) < 0.7), n)
    low = g.integers(0, 2, reviewers)
    given_ = Spreading(
        reviewer=r,
        entry=e,
        need=g.integers(1, 3, n),
        low=low,
        high=low + g.integers(0, 4, reviewers),
        limits=None,
    )
    p = len(r)
    by_entry = np.hstack([(np.arange(n)[:, None] == e[None, :]).astype(float), np.zeros((n, 1))])
    by_reviewer = (np.arange(reviewers)[:, None] == r[None, :]).astype(float)
    by_reviewer = np.hstack([by_reviewer, np.zeros((reviewers, 1))])
    under = np.hstack([np.eye(p), -np.ones((p, 1))])
    done = linprog(
        np.append(np.zeros(p), 1.0),
        A_ub=np.concatenate([by_reviewer, -by_reviewer, under]),
        b_ub=np.concatenate([given_.high, -low, np.zeros(p)]),
        A_eq=by_entry,
        b_eq=given_.need,
        bounds=(0, 1),
    )

    found = least_cap(given_) if given_.low.sum() <= given_.need.sum() else None

    if done.x is None:
        assert found is None
    else:
        assert found is not None
        assert float(found) == pytest.approx(done.x[-1], abs=1e-7)


def test_a_cap_too_low_is_refused_with_the_least_one() -> None:
    problem = AssignmentProblem(
        n_entries=6,
        reviewer_entry=np.full(7, -1),
        reviews_per_entry=3,
        load_max=6,
        load_min=0,
        conflicts=np.array([[0, 0], [1, 0]]),
        max_probability=0.5,
    )

    with pytest.raises(InfeasibleAssignment, match=r"3/5, about 0\.600000") as refusal:
        assign(problem, seed=SEED, method="randomised")

    assert refusal.value.code == "max-probability"
    assert Fraction(refusal.value.details["numerator"], refusal.value.details["denominator"]) == (
        Fraction(3, 5)
    )


def test_the_ban_of_mutual_pairs_raises_the_least_cap() -> None:
    problem = peers(13, 3, max_probability=0.45)

    with pytest.raises(InfeasibleAssignment, match=r"secret directions.*1/2") as refusal:
        assign(problem, seed=SEED, method="randomised")

    assert refusal.value.code == "max-probability"
    eased = peers(13, 3, max_probability=0.45, allow_mutual=True)
    assert assign(eased, seed=SEED, method="randomised").facts["max_probability"] <= 0.45


def test_loads_that_fit_no_cap_are_refused_as_such() -> None:
    conflicts = np.argwhere(np.ones((4, 3), dtype=bool) & (np.arange(4) >= 2)[:, None])
    problem = AssignmentProblem(
        n_entries=3,
        reviewer_entry=np.full(6, -1),
        reviews_per_entry=4,
        load_min=0,
        load_max=np.array([1, 1, 9, 9, 1, 1]),
        conflicts=conflicts,
        max_probability=0.9,
    )
    with pytest.raises(InfeasibleAssignment) as refusal:
        assign(problem, seed=SEED, method="randomised")
    assert refusal.value.code != "max-probability"


def test_the_same_inputs_and_seed_give_the_same_draw_and_another_seed_another() -> None:
    problem = peers(40, 3, max_probability=0.5)

    found = assign(problem, seed=SEED, method="randomised")

    assert verify_assignment(problem, found, seed=SEED) == []
    other = assign(problem, seed=b"other", method="randomised")
    assert other.pairs_digest != found.pairs_digest


def test_without_similarity_the_cap_is_kept_all_the_same() -> None:
    problem = peers(20, 3, similarity=None, max_probability=0.4)
    found = assign(problem, seed=SEED, method="randomised")
    assert found.marginals is not None
    assert found.marginals[:, 2].max() <= 0.4
    assert "share" not in found.facts


def test_a_cap_is_the_fraction_it_writes() -> None:
    assert Cap.of(0.3) == Cap(3, 10)
    assert Cap.of(1 / 3) == Cap(1, 3)
    assert Cap.of(459 / 1024) == Cap(459, 1024)
    assert Cap.of(1.0) == Cap(1, 1)
    assert Cap.of(0.3, least_scale=1024) == Cap(309, 1030)
    odd = Cap.of(np.pi / 4)
    assert odd == Cap(int(np.pi / 4 * 2**20), 2**20)


def test_limits_that_are_not_nested_are_refused() -> None:
    groups = np.array([[0, 0], [0, 1], [1, 0], [1, 1], [-1, -1], [-1, -1]])
    problem = AssignmentProblem(
        n_entries=2,
        reviewer_entry=np.full(6, -1),
        reviews_per_entry=2,
        load_min=0,
        load_max=2,
        reviewer_groups=groups,
        entry_groups=np.full((2, 2), -1),
        max_per_group=1,
        max_probability=0.5,
    )
    with pytest.raises(BadInput, match="not nested"):
        assign(problem, seed=SEED, method="randomised")
