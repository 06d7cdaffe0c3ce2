"""The other methods: what each is for, and what none of them may do on poor input."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from concours.peerreview import AGGREGATORS, BadInput, ReviewSet, consensus, simulate
from concours.peerreview.aggregation import Ordinal, RandomEffects, Robust, ordinal

SCORED = sorted(AGGREGATORS)


def with_scores(reviews: ReviewSet, score: np.ndarray) -> ReviewSet:
    return ReviewSet(
        n_entries=reviews.n_entries,
        n_reviewers=reviews.n_reviewers,
        reviewer=reviews.reviewer,
        entry=reviews.entry,
        score=score,
    )


def recall(order: np.ndarray, quality: np.ndarray, top: int) -> float:
    return len(set(order[:top].tolist()) & set(np.argsort(-quality)[:top].tolist())) / top


@pytest.mark.slow
@pytest.mark.parametrize("method", SCORED)
def test_intervals_cover_the_truth(method: str) -> None:
    covered = []
    for i in range(6):
        world = simulate.gaussian_world(100, 6, seed=bytes([i]))
        score = np.clip(np.rint(2 * world.reviews.score), -5, 5)
        found = consensus(with_scores(world.reviews, score), method=method, draws=200)
        truth = np.argsort(np.argsort(-world.quality)) + 1
        covered.append(np.mean((found.rank_low <= truth) & (truth <= found.rank_high)))
        assert found.converged
        assert np.all(found.rank_low <= found.rank)
        assert np.all(found.rank <= found.rank_high)
    assert np.mean(covered) > 0.9


def test_an_odd_score_moves_the_robust_estimate_little() -> None:
    world = simulate.gaussian_world(60, 6, seed=b"o").reviews
    score = world.score.copy()
    score[7] += 30.0
    victim = int(world.entry[7])
    moved = {}
    for method in ("random-effects", "robust"):
        clean = consensus(world, method=method, draws=100)
        dirty = consensus(with_scores(world, score), method=method, draws=100)
        moved[method] = abs(dirty.estimate[victim] - clean.estimate[victim])
        assert dirty.converged
    assert moved["robust"] < 0.4
    assert moved["random-effects"] > 3 * moved["robust"]


def test_robust_finds_the_best_where_noise_has_long_tails() -> None:
    plain, robust = [], []
    for i in range(6):
        world = simulate.gaussian_world(100, 6, seed=bytes([i]), noise_sd=0.5)
        rng = np.random.Generator(np.random.Philox(i))
        odd = rng.random(len(world.reviews)) < 0.06
        score = world.reviews.score + 8 * odd * rng.normal(size=len(odd))
        made = with_scores(world.reviews, score)
        plain.append(recall(consensus(made, draws=100).order, world.quality, 20))
        robust.append(recall(consensus(made, method="robust", draws=100).order, world.quality, 20))
    assert np.mean(robust) > np.mean(plain) + 0.03


def test_the_series_of_a_coarse_scale_is_the_normal_integral() -> None:
    edges = np.array([-np.inf, -1.0, 0.2, 1.4, np.inf])
    share = np.diff(multivariate_normal.cdf(np.clip(edges, -9, 9)[:, None]))
    density = np.exp(-0.5 * np.clip(edges, -40, 40) ** 2) / np.sqrt(2 * np.pi)
    mean = (density[:-1] - density[1:]) / share
    rho = 0.6
    joint = multivariate_normal(cov=[[1, rho], [rho, 1]], abseps=1e-8, releps=1e-8)
    grid = np.clip(edges, -9, 9)
    cdf = np.array([[joint.cdf([a, b]) for b in grid] for a in grid])
    cells = cdf[1:, 1:] - cdf[:-1, 1:] - cdf[1:, :-1] + cdf[:-1, :-1]
    exact = float(mean @ cells @ mean)
    series = ordinal._series(edges)
    assert float(np.sum(series * rho ** np.arange(1, len(series) + 1))) == pytest.approx(
        exact, abs=2e-4
    )
    assert ordinal._correlation(series, exact) == pytest.approx(rho, abs=1e-3)


@pytest.mark.slow
def test_ordinal_finds_hidden_correlations_and_beats_means_at_a_ceiling() -> None:
    plain, coarse = [], []
    for i in range(5):
        world = simulate.gaussian_world(300, 6, seed=bytes([i]))
        score = np.clip(np.rint(world.reviews.score + 4), 1, 5)  # half of the scores are 4 and 5
        made = with_scores(world.reviews, score)
        found = consensus(made, method="ordinal", draws=100)
        ratio = found.variance["quality"] / found.variance["noise"]
        assert 0.6 < ratio < 1.5
        assert 1 <= found.estimate.min() <= found.estimate.max() <= 5
        coarse.append(recall(found.order, world.quality, 30))
        plain.append(recall(consensus(made, draws=100).order, world.quality, 30))
    assert np.mean(coarse) >= np.mean(plain)


def test_ordinal_names_a_severe_reviewer() -> None:
    world = simulate.gaussian_world(60, 6, seed=b"h", bias_sd=0.1, noise_sd=0.5).reviews
    score = np.clip(np.rint(world.score + 3 - 2.5 * (world.reviewer == 7)), 1, 5)
    found = consensus(with_scores(world, score), method="ordinal", draws=100)
    assert int(np.argmin(found.bias)) == 7
    assert found.bias[7] < -1


def test_ordinal_refuses_what_is_not_coarse() -> None:
    world = simulate.gaussian_world(60, 5, seed=b"h").reviews
    with pytest.raises(BadInput, match="at most 64 distinct scores"):
        consensus(world, method="ordinal")
    with pytest.raises(BadInput, match="plackett-luce"):
        consensus(ReviewSet.from_rankings([[0, 1]]), method=Ordinal())


def test_a_scale_for_each_reviewer_helps_where_there_are_enough_reviews() -> None:
    plain, scaled = [], []
    for i in range(4):
        world = simulate.gaussian_world(160, 16, seed=bytes([i]), bias_sd=1, noise_sd=0.7)
        factor = np.exp(0.8 * np.random.Generator(np.random.Philox(i)).normal(size=160))
        made = with_scores(world.reviews, world.reviews.score * factor[world.reviews.reviewer])
        for method, row in ((RandomEffects(), plain), (RandomEffects(scaled=True), scaled)):
            found = consensus(made, method=method, draws=100)
            row.append(np.corrcoef(found.estimate, world.quality)[0, 1])
    assert np.mean(scaled) > np.mean(plain) + 0.01


def test_z_scores_and_borda_are_the_textbook_ones() -> None:
    made = ReviewSet(
        n_entries=3, n_reviewers=2, reviewer=[0, 0, 0, 1, 1], entry=[0, 1, 2, 0, 2],
        score=[1, 2, 3, 10, 30],
    )  # fmt: skip
    z = consensus(made, method="z-scores").estimate
    assert z[0] == pytest.approx((-1 - np.sqrt(0.5)) / 2)
    assert z[1] == pytest.approx(0)
    share = consensus(made, method="borda").estimate
    assert share[0] == pytest.approx((1 / 6 + 1 / 4) / 2)
    assert consensus(made, method="mean").estimate[2] == pytest.approx(16.5)


@pytest.mark.parametrize("method", SCORED)
@pytest.mark.parametrize(
    "rows",
    [
        [],
        [(0, 0, 1.0)],
        [(r, e, 4.0) for r in range(3) for e in range(4)],
        [(0, 0, 1.0), (0, 1, 2.0), (0, 2, 5.0)],
        [(0, 0, 1.0), (1, 1, 2.0), (2, 2, 5.0)],
        [(0, 0, 1.0), (0, 3, 2.0), (1, 1, 3.0), (1, 2, 4.0)],
        [(0, 0, 3.0), (0, 1, 3.0), (1, 0, 1.0), (1, 1, 9.0), (2, 1, 3.0), (2, 2, 2.0)],
        [(0, 0, 1e99), (0, 1, -1e99), (1, 1, 1e99)],
        [(0, 0, 1e-300), (0, 1, 0.0), (1, 1, 2e-300)],
    ],
)
def test_poor_input_gives_finite_honest_answers(
    method: str, rows: list[tuple[int, int, float]]
) -> None:
    table = np.array(rows, dtype=float).reshape(-1, 3)
    made = ReviewSet(
        n_entries=5, n_reviewers=3, reviewer=table[:, 0], entry=table[:, 1], score=table[:, 2]
    )
    found = consensus(made, method=method, draws=100, top=2)
    assert np.all(np.isfinite(found.estimate))
    assert np.all(np.isfinite(found.standard_error))
    assert sorted(found.order.tolist()) == [0, 1, 2, 3, 4]
    assert found.top_probability is not None
    assert np.all((found.top_probability >= 0) & (found.top_probability <= 1))
    assert found.expected_turnover is not None
    assert 0 <= found.expected_turnover <= 1
    assert found.component[4] == -1
    assert found.rank_low[4] <= 2
    assert found.rank_high[4] >= 4


def test_only_the_list_asked_for_has_a_turnover() -> None:
    found = consensus(simulate.gaussian_world(20, 4, seed=b"t").reviews, draws=100)
    assert found.expected_turnover is None
    assert found.expected_recall is None


def test_a_fit_cut_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from concours.peerreview.aggregation import choice, random_effects, robust

    reviews = simulate.gaussian_world(200, 5, seed=b"c").reviews
    monkeypatch.setattr(robust, "STEPS", 1)
    monkeypatch.setattr(choice, "NEWTON", 1)
    monkeypatch.setattr(random_effects, "STEPS", 0)
    for method in ("robust", "plackett-luce", "random-effects"):
        assert not consensus(reviews, method=method, draws=100).converged


def test_options_of_methods_are_checked() -> None:
    with pytest.raises(BadInput, match="freedom"):
        Robust(freedom=0.5)
