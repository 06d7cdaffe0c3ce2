"""Consensus: closed forms, coverage, third-party data, and inputs that say little or nothing."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from concours.peerreview import BadInput, ReviewSet, borda, consensus, simulate
from concours.peerreview.aggregation import model, posterior, ranking, variance
from tests.examples import examples


def reviews_of(rows: list[tuple[int, int, float]], n: int, reviewers: int) -> ReviewSet:
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return ReviewSet(
        n_entries=n,
        n_reviewers=reviewers,
        reviewer=table[:, 0],
        entry=table[:, 1],
        score=table[:, 2],
    )


def true_rank(quality: np.ndarray) -> np.ndarray:
    return np.argsort(np.argsort(-quality)) + 1


def dense_truth(reviews: ReviewSet, q: float, b: float) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and covariance of quality from the textbook formula, noise variance 1."""
    m = len(reviews)
    z = np.eye(reviews.n_entries)[reviews.entry]
    w = np.eye(reviews.n_reviewers)[reviews.reviewer]
    total = np.linalg.inv(q * z @ z.T + b * w @ w.T + np.eye(m))
    ones = np.ones(m)
    known = total - np.outer(total @ ones, ones @ total) / (ones @ total @ ones)
    mean = q * z.T @ known @ reviews.score
    return mean, q * np.eye(reviews.n_entries) - q * z.T @ known @ z * q


def test_the_solution_is_the_textbook_blup() -> None:
    reviews = simulate.gaussian_world(25, 4, seed=b"w").reviews
    data = model.design(reviews, reviews.score)
    fit = posterior.solve(data, variance.Variances(1.0, 0.7, 0.4, converged=True))
    mean, covariance = dense_truth(reviews, 0.7, 0.4)
    assert np.allclose(fit.quality, mean, atol=1e-10)
    assert fit.covariance is not None
    assert np.allclose(fit.covariance, covariance, atol=1e-10)


def test_dense_and_sparse_solutions_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    reviews = simulate.gaussian_world(400, 6, seed=b"w").reviews
    data, found = (
        model.design(reviews, reviews.score),
        variance.Variances(1.0, 0.9, 1.1, converged=True),
    )
    dense = posterior.solve(data, found)
    monkeypatch.setattr(posterior, "DENSE", 1)
    sparse = posterior.solve(data, found)
    assert sparse.covariance is None
    assert np.allclose(sparse.quality, dense.quality, atol=1e-8)
    assert np.allclose(sparse.bias, dense.bias, atol=1e-8)
    assert np.allclose(sparse.quality_variance, dense.quality_variance, rtol=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("n", [300, 3_000])
def test_hidden_variances_and_ranks_are_found(n: int) -> None:
    world = simulate.gaussian_world(n, 8, seed=b"v", quality_sd=2.0, bias_sd=1.0, noise_sd=1.5)
    found = consensus(world.reviews, seed=b"s", top=n // 10)
    assert found.converged
    assert found.variance["quality"] == pytest.approx(world.quality.var(), rel=0.25)
    assert found.variance["bias"] == pytest.approx(1.0, rel=0.4)
    assert found.variance["noise"] == pytest.approx(2.25, rel=0.1)
    truth = true_rank(world.quality)
    assert np.mean((found.rank_low <= truth) & (truth <= found.rank_high)) > 0.91
    inside = np.abs(found.estimate - world.quality) < 1.96 * found.standard_error + 0.2
    assert np.mean(inside) > 0.92
    assert found.top_probability is not None
    assert found.top_probability.sum() == pytest.approx(n // 10, rel=0.02)
    ours = spearmanr(found.estimate, world.quality).statistic
    assert ours > spearmanr(borda(world.reviews), world.quality).statistic


def test_intervals_cover_over_many_worlds() -> None:
    covered = []
    for i in range(12):
        world = simulate.gaussian_world(60, 6, seed=bytes([i]))
        found = consensus(world.reviews, draws=400)
        truth = true_rank(world.quality)
        covered.append(np.mean((found.rank_low <= truth) & (truth <= found.rank_high)))
    assert 0.92 < np.mean(covered) < 0.99


def test_a_severe_reviewer_is_named_and_does_no_harm() -> None:
    world = simulate.gaussian_world(60, 6, seed=b"h", bias_sd=0.1, noise_sd=0.3)
    score = world.reviews.score - 3.0 * (world.reviews.reviewer == 7)
    harsh = ReviewSet(
        n_entries=60,
        n_reviewers=60,
        reviewer=world.reviews.reviewer,
        entry=world.reviews.entry,
        score=score,
    )
    found = consensus(harsh)
    assert int(np.argmin(found.bias)) == 7
    assert found.bias[7] < -2
    assert spearmanr(found.estimate, world.quality).statistic > 0.95


def test_third_party_rankings_beat_plain_borda() -> None:
    shared = Path(os.environ.get("CONCOURS_SHARED", Path(__file__).parents[3] / "shared"))
    path = shared / "data" / "peerreview" / "data_n_1000_k_6.csv"
    if not path.exists():
        pytest.skip(f"third-party rankings are absent: {path}")
    with path.open(newline="") as file:
        rows = [[int(x) - 1 for x in row] for row in csv.reader(file)]
    reviews = ReviewSet.from_rankings(rows, n_entries=1_000)
    found = consensus(reviews)
    truth = -np.arange(1_000)
    ours = spearmanr(found.estimate, truth).statistic
    plain = spearmanr(borda(reviews), truth).statistic
    assert ours > 0.945
    assert ours > plain + 0.01
    place = np.arange(1, 1_001)
    assert np.mean((found.rank_low <= place) & (place <= found.rank_high)) > 0.92


def test_an_entry_without_review_is_known_by_the_prior_alone() -> None:
    rows = [(r, e, float(e + 3 * r)) for r in range(4) for e in range(5)]
    found = consensus(reviews_of(rows, 6, 4), seed=b"s")
    assert found.n_reviews[5] == 0
    assert found.component[5] == -1
    assert found.estimate[5] == pytest.approx(found.mean)
    assert np.argmax(found.standard_error) == 5
    width = found.rank_high - found.rank_low
    assert width[5] == width.max()


def test_scores_all_alike_tell_nothing() -> None:
    rows = [(r, e, 4.2) for r in range(3) for e in range(4)]
    found = consensus(reviews_of(rows, 4, 3), top=2)
    assert set(found.rank) == {1}
    assert set(found.rank_low) == {1}
    assert set(found.rank_high) == {4}
    assert np.allclose(found.estimate, 4.2)
    assert found.top_probability is not None
    assert np.allclose(found.top_probability, 0.5)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(0, 0, 1.0)],
        [(0, 0, 1.0), (0, 1, 2.0), (0, 2, 5.0)],
        [(0, 0, 1.0), (1, 1, 2.0), (2, 2, 5.0)],
        [(0, 0, 1.0), (1, 0, 2.0)],
        [(0, 0, 1e99), (0, 1, -1e99), (1, 1, 1e99)],
        [(0, 0, 1e-300), (0, 1, 0.0), (1, 1, 2e-300)],
    ],
)
def test_too_little_to_fit_still_gives_finite_answers(rows: list[tuple[int, int, float]]) -> None:
    found = consensus(reviews_of(rows, 3, 3), top=1)
    for values in (found.estimate, found.standard_error, found.bias, found.bias_standard_error):
        assert np.all(np.isfinite(values))
    assert sorted(found.order.tolist()) == [0, 1, 2]


def test_one_reviewer_gives_the_order_of_the_scores() -> None:
    found = consensus(reviews_of([(0, e, float(s)) for e, s in enumerate([3, 9, 5, 1])], 4, 1))
    assert found.order.tolist() == [1, 2, 0, 3]


def test_parts_that_cannot_be_compared_are_named() -> None:
    rows = [(0, 0, 1.0), (0, 3, 2.0), (1, 1, 3.0), (1, 2, 4.0), (2, 3, 2.5)]
    found = consensus(reviews_of(rows, 5, 3))
    assert [c.tolist() for c in found.components] == [[0, 3], [1, 2]]
    assert found.component.tolist() == [0, 1, 1, 0, -1]


@settings(max_examples=examples(20), deadline=None)
@given(
    shift=st.floats(-1e3, 1e3),
    scale=st.floats(1e-3, 1e3),
    order=st.randoms(use_true_random=False),
)
def test_scale_shift_and_order_of_lines_do_not_matter(
    shift: float, scale: float, order: object
) -> None:
    world = simulate.gaussian_world(20, 4, seed=b"q").reviews
    rows = list(zip(world.reviewer, world.entry, world.score * scale + shift, strict=True))
    order.shuffle(rows)  # type: ignore[attr-defined]
    one, two = consensus(world, draws=100), consensus(reviews_of(rows, 20, 20), draws=100)
    assert np.array_equal(one.rank, two.rank)
    assert np.allclose(one.estimate * scale + shift, two.estimate, rtol=1e-3, atol=1e-3 * scale)


def test_ties_share_a_rank_and_are_ordered_by_the_seed() -> None:
    values = [1.0, 3.0, 3.0 + 1e-13, 2.0]
    order, rank = ranking(values, seed=b"a")
    assert rank.tolist() == [4, 1, 1, 3]
    assert order.tolist()[2:] == [3, 0]
    orders = {tuple(ranking(values, seed=bytes([i]))[0].tolist()) for i in range(20)}
    assert len(orders) == 2


def test_the_draws_are_keyed() -> None:
    reviews = simulate.gaussian_world(30, 4, seed=b"q").reviews
    one, same, other = (consensus(reviews, seed=s, draws=100, top=3) for s in (b"a", b"a", b"b"))
    assert np.array_equal(one.top_probability, same.top_probability)  # type: ignore[arg-type]
    assert not np.array_equal(one.top_probability, other.top_probability)  # type: ignore[arg-type]
    assert np.array_equal(one.rank, other.rank)


def test_rankings_become_normal_scores() -> None:
    reviews = ReviewSet.from_rankings([[2, 0, 1], [], [1, 0]])
    first = {int(e): s for r, e, s in zip(reviews.reviewer, reviews.entry, reviews.score) if r == 0}  # noqa: B905
    assert first[2] == pytest.approx(0.8694, abs=1e-3)
    assert first[0] == pytest.approx(0.0, abs=1e-12)
    assert first[1] == pytest.approx(-first[2])
    assert reviews.n_reviewers == 3
    assert borda(reviews).tolist() == pytest.approx([(0.5 + 0.25) / 2, (1 / 6 + 0.75) / 2, 5 / 6])


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([(0, 0, 1.0), (0, 1, float("nan"))], r"score\[1\]: nan"),
        ([(0, 0, 1e101)], r"score\[0\]: 1e\+101 is beyond"),
        ([(0, 0, float("inf"))], r"score\[0\]: inf"),
        ([(0, 5, 1.0)], r"entry\[0\]: 5"),
        ([(-1, 0, 1.0)], r"reviewer\[0\]: -1"),
        ([(0, 0, 1.0), (1, 1, 1.0), (0, 0, 2.0)], "review 2: reviewer 0 has entry 0 twice"),
    ],
)
def test_malformed_reviews_are_named(rows: list[tuple[int, int, float]], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        reviews_of(rows, 2, 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "median"}, "random-effects"),
        ({"level": 1.0}, "level"),
        ({"draws": 5}, "draws"),
        ({"top": 0}, "top"),
        ({"top": 9}, "top"),
    ],
)
def test_malformed_questions_are_named(change: dict[str, object], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        consensus(reviews_of([(0, 0, 1.0)], 2, 1), **change)  # type: ignore[arg-type]
