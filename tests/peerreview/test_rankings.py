"""Review sets as lists; rankings, ties, comparisons and abstentions; choice models on them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from concours.peerreview import BadInput, ReviewSet, consensus, reviews, simulate
from concours.peerreview.aggregation import PlackettLuce, bradley_terry, choice, sorting
from concours.peerreview.aggregation.choice import Ballots, Prior
from tests.examples import examples


def random_reviews(seed: int, n: int, reviewers: int, m: int, levels: int = 4) -> ReviewSet:
    rng = np.random.Generator(np.random.Philox(seed))
    pair = rng.choice(n * reviewers, size=m, replace=False)
    return ReviewSet(
        n_entries=n,
        n_reviewers=reviewers,
        reviewer=pair // n,
        entry=pair % n,
        score=rng.integers(0, levels, m),
    )


def ranked_world(n: int, k: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, k) rankings by Plackett-Luce, each entry in k of them, and the true log worths."""
    rng = np.random.Generator(np.random.Philox(seed))
    theta = 1.2 * rng.normal(size=n)
    offset = rng.permutation(n // 2)[:k] + 1
    met = (np.arange(n)[:, None] + offset[None, :]) % n
    utility = theta[met] + rng.gumbel(size=(n, k))
    return np.take_along_axis(met, np.argsort(-utility, axis=1), axis=1), theta


# --- review sets -----------------------------------------------------------------------------


@settings(max_examples=examples(25), deadline=None)
@given(seed=st.integers(0, 2**20), n=st.integers(1, 9), reviewers=st.integers(1, 9))
def test_compiled_loops_on_lists_equal_numpy(seed: int, n: int, reviewers: int) -> None:
    made = random_reviews(seed, n, reviewers, m=1 + seed % (n * reviewers))
    order = np.random.Generator(np.random.Philox(seed)).permutation(len(made))
    start = np.zeros(reviewers + 1, dtype=np.int64)
    member, value = np.empty(len(made), dtype=np.int32), np.empty(len(made))
    repeated = sorting.sort_lists(
        made.reviewer[order], made.member[order], made.score[order], start, member, value
    )
    share = np.empty(len(made))
    sorting.shares(made.start, made.score, share)
    assert repeated == -1
    assert np.array_equal(start, made.start)
    assert np.array_equal(member, made.member)
    assert np.array_equal(value, made.score)
    assert np.allclose(share, reviews.places(made)[0], atol=1e-15)
    parts = sorting.parts(made.start, made.member, n)
    assert np.array_equal(parts, reviews.components(made))


def test_long_lists_and_large_sets_take_the_compiled_path(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = random_reviews(3, 200, 4, m=600, levels=9)
    rows = np.random.Generator(np.random.Philox(1)).permutation(600)
    monkeypatch.setattr(reviews, "KERNEL", 1)
    fast = ReviewSet(
        n_entries=200,
        n_reviewers=4,
        reviewer=plain.reviewer[rows],
        entry=plain.entry[rows],
        score=plain.score[rows],
    )
    share = reviews.places(fast)[0]
    monkeypatch.setattr(reviews, "KERNEL", 10**9)
    assert np.array_equal(fast.member, plain.member)
    assert np.array_equal(fast.score, plain.score)
    assert np.allclose(share, reviews.places(plain)[0], atol=1e-15)
    monkeypatch.setattr(reviews, "KERNEL", 1)
    with pytest.raises(BadInput, match="review 2: reviewer 0 has entry 1 twice"):
        ReviewSet(n_entries=2, n_reviewers=1, reviewer=[0] * 3, entry=[1, 0, 1], score=[1, 2, 3])


def test_rankings_from_rows_and_from_a_matrix_are_the_same() -> None:
    matrix = np.array([[3, 1, 2], [0, 2, 1]])
    one, two = ReviewSet.from_rankings(matrix), ReviewSet.from_rankings(matrix.tolist())
    assert np.array_equal(one.member, two.member)
    assert np.array_equal(one.score, two.score)


def test_entries_that_tie_share_the_mean_place() -> None:
    made = ReviewSet.from_rankings([[2, [0, 3], 1], [1]])
    score = dict(zip(made.member[:4].tolist(), made.score[:4].tolist(), strict=True))
    assert score[0] == score[3] == pytest.approx(0.0, abs=1e-12)
    assert score[2] == pytest.approx(-score[1])
    all_tie = ReviewSet.from_rankings([[[0, 1]]])
    assert all_tie.score[0] == all_tie.score[1]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([[0, 1], [2, 2]], "reviewer 1 has entry 2 twice"),
        ([[0, 1], [0.5, 2]], r"rankings\[1\]: whole numbers"),
        ([[0, float("nan")]], r"rankings\[0\]: whole numbers"),
        ([[0, -1]], "-1 is not in"),
    ],
)
def test_malformed_rankings_are_named(rows: list[list[float]], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        ReviewSet.from_rankings(rows)


def test_comparisons_are_lists_of_two_and_may_repeat() -> None:
    made = ReviewSet.from_comparisons([4, 0, 0], [0, 4, 4], [1, 1, 1], n_entries=6, n_reviewers=3)
    assert made.n_lists == 3
    assert made.reviewer.tolist() == [1] * 6
    assert made.entry.tolist() == [0, 4] * 3
    found = consensus(made, method="bradley-terry")
    assert found.order[0] == 0
    assert found.reviewer_reviews.tolist() == [0, 6, 0]
    assert found.component.tolist() == [0, -1, -1, -1, 0, -1]


@pytest.mark.parametrize(
    ("winner", "loser", "words"),
    [
        ([1, 2], [0, 2], "comparison 1: entry 2 with itself"),
        ([1, 2], [0], "one length"),
        ([1, 7], [0, 2], r"winner\[1\]: 7"),
        ([1, 2], [0, -3], r"loser\[1\]: -3"),
    ],
)
def test_malformed_comparisons_are_named(winner: list[int], loser: list[int], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        ReviewSet.from_comparisons(winner, loser, n_entries=4)


def test_abstentions_are_counted_and_change_nothing_else() -> None:
    kind = {"n_entries": 3, "n_reviewers": 2, "reviewer": [0, 0, 1], "entry": [0, 1, 1]}
    plain = ReviewSet(**kind, score=[1, 2, 4])  # type: ignore[arg-type]
    shy = ReviewSet(**kind, score=[1, 2, 4], abstentions=[(1, 2), (0, 2)])  # type: ignore[arg-type]
    one, two = consensus(plain), consensus(shy)
    assert np.array_equal(one.estimate, two.estimate)
    assert two.abstentions.tolist() == [0, 0, 2]
    assert two.reviewer_abstentions.tolist() == [1, 1]
    assert one.abstentions.tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        ([(0, 0)], r"abstentions\[0\]: reviewer 0 scored entry 0 as well"),
        ([(1, 0), (1, 0)], r"abstentions\[1\]: reviewer 1 abstains on 0 twice"),
        ([(1, 9)], "abstentions' entry"),
        ([1, 0, 1], "pairs"),
    ],
)
def test_malformed_abstentions_are_named(pairs: list[object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        ReviewSet(
            n_entries=2, n_reviewers=2, reviewer=[0], entry=[0], score=[1], abstentions=pairs
        )  # fmt: skip


# --- choice models ---------------------------------------------------------------------------


def plain_likelihood(theta: np.ndarray, rows: list[list[list[int]]]) -> float:
    """Plackett-Luce with Efron's ties, by the book: `rows` of groups, best first."""
    total = 0.0
    for groups in rows:
        left = [i for group in groups for i in group]
        for group in groups:
            for j in range(len(group)):
                own = sum(math.exp(theta[i]) for i in group)
                whole = sum(math.exp(theta[i]) for i in left)
                total -= math.log(whole - own * j / len(group))
            total += sum(theta[i] for i in group)
            left = [i for i in left if i not in group]
    return total


TIED = [[[2], [0, 3], [1]], [[4, 1]], [[0], [1], [2], [4]], [[3, 4, 0], [2]], [[1]]]


def test_the_kernels_are_the_derivatives_of_the_likelihood() -> None:
    votes = choice.ballots(ReviewSet.from_rankings(TIED))
    theta = np.array([0.3, -0.5, 1.0, 0.2, -0.9])
    value, gradient, curvature = votes.slope(theta)
    assert value == pytest.approx(plain_likelihood(theta, TIED))
    step = 1e-4
    unit = np.eye(5) * step
    for i in range(5):
        ahead, back = (plain_likelihood(theta + s * unit[i], TIED) for s in (1, -1))
        assert gradient[i] == pytest.approx((ahead - back) / (2 * step), abs=1e-6)
    dense = votes.precision(np.exp(theta), np.zeros(5))
    for i, j in itertools.product(range(5), repeat=2):
        corner = [
            plain_likelihood(theta + a * unit[i] + b * unit[j], TIED)
            for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1))
        ]
        second = (corner[0] - corner[1] - corner[2] + corner[3]) / (4 * step**2)
        assert dense[i, j] == pytest.approx(-second, abs=2e-6)
    assert np.allclose(np.diag(dense), curvature)
    x = np.array([1.0, -2, 0.5, 3, -1])
    multiply = votes.multiply(np.exp(theta), np.full(5, 0.7))
    assert np.allclose(multiply(x), dense @ x + 0.7 * x)


def test_a_prior_and_wins_give_the_closed_form() -> None:
    # Two entries, 7 wins to 2: theta_0 = -theta_1 = t with 7 - 9 expit(2 t) = t / variance.
    made = ReviewSet.from_comparisons([0] * 7 + [1] * 2, [1] * 7 + [0] * 2)
    found = choice.fit(choice.ballots(made), Prior("normal", 4.0))
    t = float(found.theta[0])
    assert 7 - 9 / (1 + math.exp(-2 * t)) == pytest.approx(t / 4.0, abs=1e-8)
    assert found.theta[1] == pytest.approx(-t)
    assert found.converged


@pytest.mark.parametrize("shape", [0.1, 1.0])
def test_the_gamma_prior_is_that_of_i_lsr(shape: float) -> None:
    choix = pytest.importorskip("choix")
    matrix, _ = ranked_world(60, 5, seed=1)
    ours = choice.fit(choice.ballots(ReviewSet.from_rankings(matrix)), Prior("gamma", shape))
    theirs = choix.ilsr_rankings(60, matrix.tolist(), alpha=shape / 60)
    assert ours.converged
    assert np.allclose(ours.theta - ours.theta.mean(), theirs - theirs.mean(), atol=1e-5)


def test_plackett_luce_ranks_as_i_lsr_under_the_same_prior() -> None:
    choix = pytest.importorskip("choix")
    matrix, _ = ranked_world(400, 5, seed=3)
    ours = choice.fit(choice.ballots(ReviewSet.from_rankings(matrix)), Prior("gamma", 1.0))
    theirs = choix.ilsr_rankings(400, matrix.tolist(), alpha=1 / 400)
    assert spearmanr(ours.theta, theirs).statistic > 0.999


@pytest.mark.parametrize("method", ["plackett-luce", "bradley-terry"])
def test_iterative_and_dense_fits_agree(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ReviewSet.from_rankings(ranked_world(120, 6, seed=2)[0])
    dense = consensus(made, method=method, top=15)
    monkeypatch.setattr(choice, "DENSE", 1)
    sparse = consensus(made, method=method, top=15)
    assert dense.converged
    assert sparse.converged
    assert sparse.intervals == "normal"
    assert np.allclose(sparse.estimate, dense.estimate, atol=0.04)
    assert np.allclose(sparse.standard_error, dense.standard_error, rtol=0.03)
    assert np.mean(np.abs(sparse.rank_low - dense.rank_low)) < 3


def test_plackett_luce_finds_its_own_world() -> None:
    matrix, theta = ranked_world(200, 8, seed=3)
    found = consensus(ReviewSet.from_rankings(matrix, n_entries=200), method="plackett-luce")
    truth = np.argsort(np.argsort(-theta)) + 1
    assert found.variance["quality"] == pytest.approx(1.44, rel=0.3)
    assert spearmanr(found.estimate, theta).statistic > 0.9
    assert np.mean((found.rank_low <= truth) & (truth <= found.rank_high)) > 0.91
    assert np.all(np.isnan(found.bias))


def test_scores_enter_as_rankings_within_reviewers() -> None:
    world = simulate.gaussian_world(40, 5, seed=b"s").reviews
    wild = ReviewSet(
        n_entries=40,
        n_reviewers=40,
        reviewer=world.reviewer,
        entry=world.entry,
        score=np.exp(world.score) + 100.0 * world.reviewer,
    )
    one, two = (consensus(r, method="plackett-luce", draws=100) for r in (world, wild))
    assert np.array_equal(one.estimate, two.estimate)


def test_pairs_of_a_list_count_as_much_as_the_list_tells() -> None:
    votes = choice.ballots(ReviewSet.from_rankings(ranked_world(200, 6, seed=4)[0]))
    pairs: Ballots = bradley_terry._paired(votes, Prior())
    assert len(pairs.start) - 1 == 200 * 15
    assert 1 / 6 < pairs.weight[0] < 1
    two = choice.ballots(ReviewSet.from_comparisons([0, 1], [1, 2]))
    assert two.longest == 2


def test_a_random_ranker_is_called_noisy() -> None:
    matrix, _ = ranked_world(80, 24, seed=5)
    rng = np.random.Generator(np.random.Philox(9))
    for bad in range(10):
        matrix[bad] = rng.permutation(matrix[bad])
    found = consensus(ReviewSet.from_rankings(matrix), method="plackett-luce")
    assert np.mean(found.reviewer_noise[:10]) > 1.3 * np.mean(found.reviewer_noise[10:])


@pytest.mark.parametrize(
    ("kind", "strength", "words"),
    [("flat", None, "normal or gamma"), ("gamma", 0.0, "above 0"), ("normal", -1.0, "above 0")],
)
def test_malformed_priors_are_named(kind: str, strength: float | None, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        PlackettLuce(prior=Prior(kind, strength))


def test_a_landslide_converges_under_the_prior() -> None:
    made = ReviewSet.from_rankings([[0, 1, 2, 3]] * 30)
    found = consensus(made, method="plackett-luce", top=1)
    assert found.converged
    assert found.order.tolist() == [0, 1, 2, 3]
    assert np.all(np.isfinite(found.estimate))
