"""The fairest assignment: the greatest minimum, then the greatest total, against other ways."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from concours.peerreview.assignment import (
    AssignmentProblem,
    AssignmentResult,
    Similarity,
    assign,
    check_assignment,
    verify_assignment,
)
from concours.peerreview.errors import BadInput, InfeasibleAssignment
from tests.examples import examples

DATA = Path(__file__).parents[3] / "shared/data/peerreview"
SEED = bytes(range(32))
UNITS = 1_000_000


def made(values: np.ndarray, k: int, **more: object) -> AssignmentProblem:
    """Independent reviewers (rows) unless `reviewer_entry` says otherwise."""
    owners = np.full(len(values), -1)
    settings_ = {"reviewer_entry": owners, "load_min": 0} | more
    return AssignmentProblem(
        n_entries=values.shape[1],
        reviews_per_entry=k,
        similarity=Similarity.dense(values),
        **settings_,  # type: ignore[arg-type]
    )


def solved(problem: AssignmentProblem) -> AssignmentResult:
    result = assign(problem, seed=SEED, method="fairest")
    assert check_assignment(problem, result.pairs, part=result.part) == []
    return result


def sums_of(values: np.ndarray, result: AssignmentResult) -> np.ndarray:
    reviewer, entry = result.pairs.T
    return np.bincount(entry, weights=values[reviewer, entry])


def best_of_all(values: np.ndarray, k: int, most: int, owner: np.ndarray | None) -> tuple[int, int]:
    """(minimum, total) in units by looking at every assignment; owners ban mutual pairs."""
    cells = np.rint(values * UNITS).astype(int)
    reviewers, n = cells.shape
    best = (-(10**12), 0)
    choices = [
        [c for c in itertools.combinations(range(reviewers), k) if owner is None or e not in c]
        for e in range(n)
    ]
    for chosen in itertools.product(*choices):
        if max(np.bincount([r for c in chosen for r in c])) > most:
            continue
        if owner is not None and any(
            o in chosen[e] and e in chosen[o] for e in range(n) for o in range(e)
        ):
            continue
        sums = [int(sum(cells[r, e] for r in c)) for e, c in enumerate(chosen)]
        best = max(best, (min(sums), sum(sums)))
    return best


tenths = st.integers(0, 10).map(lambda x: x / 10)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(tenths, min_size=20, max_size=20), st.integers(2, 3))
def test_no_assignment_is_fairer(cells: list[float], most: int) -> None:
    values = np.array(cells).reshape(5, 4)
    result = solved(made(values, 2, load_max=most))
    minimum, total = best_of_all(values, 2, most, None)
    facts = result.facts
    assert round(facts["minimum"] * UNITS) == round(facts["minimum_bound"] * UNITS) == minimum
    assert round(facts["total"] * UNITS) == round(facts["bound"] * UNITS) == total
    assert sums_of(values, result).min() == pytest.approx(minimum / UNITS)


@pytest.mark.slow
@settings(max_examples=examples(4), deadline=None)
@given(st.lists(tenths, min_size=25, max_size=25))
def test_with_mutual_pairs_banned_the_bounds_hold(cells: list[float]) -> None:
    values = np.array(cells).reshape(5, 5)
    result = solved(made(values, 2, reviewer_entry=np.arange(5), load_min=2, load_max=2))
    minimum, _ = best_of_all(values, 2, 2, np.arange(5))
    assert round(result.facts["minimum"] * UNITS) <= minimum
    assert round(result.facts["minimum_bound"] * UNITS) >= minimum


@pytest.mark.slow
@pytest.mark.parametrize(
    "ban",
    [
        {"cycles_up_to": 3},
        {"cycles_up_to": 5},
        {"cliques_of": 3},
        {"cliques_of": 3, "allow_mutual": True},
        {"max_per_team": 1, "parts": 3},
    ],
)
@pytest.mark.parametrize("method", ["fairest", "total"])
def test_every_ban_is_kept_and_no_bound_is_below(method: str, ban: dict[str, int]) -> None:
    generator = np.random.default_rng(4)
    vectors = generator.normal(size=(36, 6))
    problem = made(
        vectors @ vectors.T, 3, reviewer_entry=np.arange(36), load_min=3, load_max=3, **ban
    )
    result = assign(problem, seed=SEED, method=method)
    assert check_assignment(problem, result.pairs, part=result.part) == []
    assert verify_assignment(problem, result, seed=SEED) == []
    assert result.facts["total"] <= result.facts["bound"] + 1e-9


def read(name: str) -> np.ndarray:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{path} is absent")
    return np.loadtxt(path, skiprows=1).T


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "most", "total"),
    [("preflib1.in", 6, 124.25), ("preflib2.in", 7, 141.5), ("aamas2016.in", 12, 949.25)],
)
def test_third_party_data_to_the_proven_bound(name: str, most: int, total: float) -> None:
    values = read(name)
    result = solved(made(values, 3, load_max=most))
    minimum = result.facts["minimum"]
    assert result.facts["minimum_bound"] == minimum
    assert result.facts["bound"] == result.facts["total"] == total
    assert not reaches(values, 3, most, minimum + 0.25)


def reaches(values: np.ndarray, k: int, most: int, least: float) -> bool:
    """Whether an integer programme of its own finds an assignment of this minimum."""
    n = values.shape[1]
    ones = np.ones(values.size)
    row, column = np.divmod(np.arange(values.size), n)
    by_entry = sparse.csr_array((ones, (column, np.arange(values.size))))
    by_reviewer = sparse.csr_array((ones, (row, np.arange(values.size))))
    worth = sparse.csr_array((values.ravel(), (column, np.arange(values.size))), (n, values.size))
    done = milp(
        np.zeros(values.size),
        integrality=np.ones(values.size),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(by_entry, k, k),
            LinearConstraint(by_reviewer, 0, most),
            LinearConstraint(worth, least - 1e-6, np.inf),
        ],
    )
    assert done.status in (0, 2)
    return bool(done.status == 0)


def test_a_conference_of_real_numbers_meets_its_proven_bound() -> None:
    """The size of the conference of which Kobren, Saha and McCallum (KDD 2019) tell: 177 x 118."""
    values = np.random.default_rng(7).beta(2, 8, size=(177, 118))
    result = solved(made(values, 3, load_max=2))
    facts = result.facts
    assert facts["minimum"] == facts["minimum_bound"]
    assert facts["total"] == facts["bound"]
    plain = assign(made(values, 3, load_max=2), seed=SEED, method="total")
    assert sums_of(values, plain).min() < facts["minimum"]
    assert plain.facts["total"] > facts["total"]


def test_teams_and_similarities_below_zero() -> None:
    generator = np.random.default_rng(11)
    values = generator.normal(size=(24, 12))
    problem = made(
        values,
        4,
        reviewer_entry=np.repeat(np.arange(12), 2),
        max_per_team=1,
        allow_mutual=True,
    )
    result = solved(problem)
    assert result.facts["minimum"] <= result.facts["minimum_bound"]
    assert sums_of(values, result).min() == pytest.approx(result.facts["minimum"], abs=1e-4)


def test_what_cannot_be_is_refused_with_what_to_loosen() -> None:
    values = np.ones((4, 4))
    with pytest.raises(BadInput, match="randomised"):
        solved(made(values, 2, max_probability=0.5))
    with pytest.raises(InfeasibleAssignment):
        solved(made(values, 3, load_max=2))
    with pytest.raises(InfeasibleAssignment):
        solved(made(values, 2, reviewer_entry=np.arange(4)))


def test_too_many_pairs_are_refused_before_the_start() -> None:
    vectors = np.ones((2_100, 2))
    problem = AssignmentProblem(
        n_entries=2_100,
        reviewer_entry=np.arange(2_100),
        reviews_per_entry=2,
        similarity=Similarity.vectors(vectors, vectors),
    )
    with pytest.raises(BadInput, match='use "total"'):
        assign(problem, seed=SEED, method="fairest")
