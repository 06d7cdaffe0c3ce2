"""The loops of random effects against dense matrices; ranks on the grid against joint draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import ReviewSet, consensus, simulate
from concours.peerreview.aggregation import linear, model, posterior, ranks, refine, variance
from concours.peerreview.aggregation.calibration import shrunk_noise
from concours.peerreview.aggregation.variance import Variances
from tests.examples import examples


def sparse_reviews(seed: int, n: int = 30, reviewers: int = 25, m: int = 120) -> ReviewSet:
    rng = np.random.Generator(np.random.Philox(seed))
    pair = rng.choice(n * reviewers, size=m, replace=False)
    return ReviewSet(
        n_entries=n,
        n_reviewers=reviewers,
        reviewer=pair // n,
        entry=pair % n,
        score=rng.normal(size=m),
    )


def panels(count: int, size: int, members: int, seed: int = 1) -> ReviewSet:
    """`count` panels: each has `size` entries, all reviewed by the same `members` reviewers."""
    panel, entry, member = np.indices((count, size, members)).reshape(3, -1)
    rng = np.random.Generator(np.random.Philox(seed))
    return ReviewSet(
        n_entries=count * size,
        n_reviewers=count * members,
        reviewer=panel * members + member,
        entry=panel * size + entry,
        score=rng.normal(size=len(panel)),
    )


def truth(data: model.Design, found: Variances) -> tuple[np.ndarray, np.ndarray]:
    """Posterior mean and covariance of quality by generalised least squares, with weights."""
    z = np.zeros((data.m, data.n))
    z[np.arange(data.m), data.member] = 1
    w = np.repeat(np.eye(len(data.given)), np.diff(data.start), axis=0)
    omega = data.omega if len(data.omega) else np.ones(data.m)
    total = np.diag(1 / omega) + found.q * z @ z.T + found.b * w @ w.T
    inverse = np.linalg.inv(total)
    ones = np.ones(data.m)
    known = inverse - np.outer(inverse @ ones, ones @ inverse) / (ones @ inverse @ ones)
    y = (data.score - data.centre) / data.scale
    mean = found.q * z.T @ known @ y
    return mean, found.q * np.eye(data.n) - found.q**2 * z.T @ known @ z


@settings(max_examples=examples(15), deadline=None)
@given(
    seed=st.integers(0, 2**20),
    q=st.floats(0.05, 5),
    b=st.floats(0.05, 5),
    weighted=st.booleans(),
)
def test_both_solutions_are_generalised_least_squares(
    seed: int, q: float, b: float, weighted: bool
) -> None:
    reviews = sparse_reviews(seed)
    rng = np.random.Generator(np.random.Philox(seed))
    omega = rng.uniform(0.1, 2, len(reviews)) if weighted else model.UNWEIGHTED
    data = model.design(reviews, centre=0.3, scale=1.7, omega=omega)
    found = Variances(1.0, q, b, converged=True)
    mean, covariance = truth(data, found)
    dense = posterior.solve(data, found)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posterior, "DENSE", 1)
        sparse = posterior.solve(data, found)
    assert dense.covariance is not None
    assert np.allclose(dense.quality, mean, atol=1e-8)
    assert np.allclose(dense.covariance, covariance, atol=1e-8)
    assert np.allclose(sparse.quality, mean, atol=1e-6)
    assert np.allclose(sparse.bias, dense.bias, atol=1e-6)
    assert np.sum(sparse.quality_variance) == pytest.approx(np.trace(covariance), rel=0.05)


def test_messages_are_exact_on_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    # A chain: reviewer r has entries r and r + 1, and the last has one.
    who = np.repeat(np.arange(6), 2)[:-1]
    what = (who + np.tile([0, 1], 6)[:-1]).astype(int)
    reviews = ReviewSet(n_entries=6, n_reviewers=6, reviewer=who, entry=what, score=what / 3)
    data = model.design(reviews)
    found = Variances(1.0, 2.0, 0.7, converged=True)
    weight = data.weight(found.b)
    monkeypatch.setattr(posterior, "stretched", lambda variance, *_: variance)
    monkeypatch.setattr(posterior, "_stretched_back", lambda *given: given[-1])
    variances, listed, settled = posterior._spread(data, found, weight)
    assert settled
    assert np.allclose(variances, np.diag(np.linalg.inv(data.dense(2.0, weight))), atol=1e-9)
    dense = posterior.solve(data, found)
    assert np.allclose(listed, _without_mean(data, found), atol=1e-9)
    assert np.all(dense.bias_variance >= listed - 1e-12)


def _without_mean(data: model.Design, found: Variances) -> np.ndarray:
    """Posterior variances of the biases where the mean is known."""
    n, count = data.n, len(data.given)
    z = np.zeros((data.m, n + count))
    z[np.arange(data.m), data.member] = 1
    z[np.arange(data.m), n + np.repeat(np.arange(count), np.diff(data.start))] = 1
    prior = np.r_[np.full(n, 1 / found.q), np.full(count, 1 / found.b)]
    return np.diag(np.linalg.inv(z.T @ z + np.diag(prior)))[n:]


def test_variances_of_panels_are_not_understated(monkeypatch: pytest.MonkeyPatch) -> None:
    data = model.design(panels(40, 10, 5))
    found = Variances(1.0, 1.0, 1.0, converged=True)
    dense = posterior.solve(data, found)
    monkeypatch.setattr(posterior, "DENSE", 1)
    sparse = posterior.solve(data, found)
    assert np.allclose(sparse.quality_variance, dense.quality_variance, rtol=0.04)
    assert np.allclose(sparse.bias_variance, dense.bias_variance, rtol=0.06)


def test_gradients_say_when_they_stop_early() -> None:
    matrix = np.diag(np.linspace(1, 50, 20)) + 0.9
    right = np.arange(20.0)
    for steps, done in ((3, False), (100, True)):
        x, converged, _ = linear.conjugate_gradients(
            lambda v: matrix @ v, np.ones(20), right, tolerance=1e-10, steps=steps
        )
        assert converged is done
        assert np.allclose(matrix @ x, right, atol=1e-6) is done


def test_refining_moments_reaches_the_likelihood(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.Generator(np.random.Philox(5))
    n = 100
    chance = rng.pareto(1.2, (n, n)) + 0.2
    pair = rng.choice(n * n, size=600, replace=False, p=(chance / chance.sum()).ravel())
    who, what = pair // n, pair % n
    score = rng.normal(size=n)[what] + rng.normal(size=n)[who] + rng.normal(size=600)
    reviews = ReviewSet(n_entries=n, n_reviewers=n, reviewer=who, entry=what, score=score)
    data = model.design(reviews, centre=float(score.mean()))
    likely = variance.estimate(data)
    monkeypatch.setattr(variance, "SMALL", 1)
    found = variance.estimate(data)
    for _ in range(20):
        found = refine.refined(data, found, posterior.solve(data, found))
    assert refine.apart(found, likely) < 0.08


def test_ranks_of_rankings_have_moments_too() -> None:
    world = simulate.gaussian_world(700, 6, seed=b"r")
    order = [
        world.reviews.entry[world.reviews.reviewer == r][
            np.argsort(-world.reviews.score[world.reviews.reviewer == r])
        ]
        for r in range(700)
    ]
    found = consensus(ReviewSet.from_rankings(order, n_entries=700), top=70)
    truth_rank = np.argsort(np.argsort(-world.quality)) + 1
    assert found.converged
    assert np.isnan(found.variance["bias"])
    assert np.mean((found.rank_low <= truth_rank) & (truth_rank <= found.rank_high)) > 0.92


def test_the_grid_agrees_with_joint_draws() -> None:
    rng = np.random.Generator(np.random.Philox(2))
    n = 300
    error = rng.uniform(0.2, 0.6, n)
    quality = rng.normal(size=n)
    quality[0] = 900.0  # far out of the bulk
    order = np.argsort(-quality)
    both = [
        ranks.spread(
            ranks.Beliefs(
                quality=quality, error=error, prior_sd=1.1, covariance=c, order=order
            ),
            level=0.9, draws=4_000, top=30, seed=b"s",
        )
        for c in (np.diag(error**2), None)
    ]  # fmt: skip
    drawn, grid = both
    assert grid.low[0] == grid.high[0] == 1
    assert np.mean(np.abs(drawn.low - grid.low)) < 2
    assert np.mean(np.abs(drawn.high - grid.high)) < 2
    assert drawn.top_probability is not None
    assert grid.top_probability is not None
    assert np.max(np.abs(drawn.top_probability - grid.top_probability)) < 0.05
    assert grid.turnover == pytest.approx(drawn.turnover, abs=0.02)
    assert grid.recall == pytest.approx(drawn.recall, abs=0.02)


@pytest.mark.parametrize(("n", "k"), [(100, 5), (1_000, 4)])
def test_the_turnover_said_is_that_of_a_second_panel(n: int, k: int) -> None:
    said, real, hoped, got = [], [], [], []
    top = n // 5
    for i in range(8):
        quality = simulate.gaussian_world(n, k, seed=bytes([i])).quality
        found = []
        for panel in (b"a", b"b"):
            pairs = simulate.gaussian_world(n, k, seed=panel + bytes([i])).assignment.pairs
            made = simulate.reviews_for(
                pairs, quality, bias_sd=1, noise_sd=1, seed=panel + bytes([i, 1]), n_reviewers=n
            )
            found.append(consensus(made, top=top, draws=400))
        lists = [set(f.order[:top].tolist()) for f in found]
        real.append(1 - len(lists[0] & lists[1]) / top)
        said += [f.expected_turnover for f in found]
        best = set(np.argsort(-quality)[:top].tolist())
        got += [len(best & one) / top for one in lists]
        hoped += [f.expected_recall for f in found]
    assert np.mean(said) == pytest.approx(np.mean(real), abs=0.05)
    assert np.mean(hoped) == pytest.approx(np.mean(got), abs=0.05)


def test_noise_is_shrunk_by_what_the_data_warrant() -> None:
    rng = np.random.Generator(np.random.Philox(3))
    free = np.full(2_000, 8.0)
    alike, _ = shrunk_noise(rng.chisquare(8, 2_000), free)
    assert np.std(alike) < 0.06
    true = np.where(np.arange(2_000) < 400, 2.0, 0.8)
    differ, error = shrunk_noise(true**2 * rng.chisquare(8, 2_000), free)
    assert np.mean(differ[:400]) > 1.4
    assert np.mean(differ[400:]) < 1.0
    assert np.all(error > 0)
    none, _ = shrunk_noise(np.zeros(3), np.zeros(3))
    assert np.allclose(none, 1)


def test_a_reviewers_scale_is_found_where_there_is_data() -> None:
    world = simulate.gaussian_world(120, 12, seed=b"w", bias_sd=0.5, noise_sd=0.5).reviews
    factor = np.where(np.arange(120) % 2 == 0, 0.4, 1.6)
    wide = ReviewSet(
        n_entries=120,
        n_reviewers=120,
        reviewer=world.reviewer,
        entry=world.entry,
        score=world.score * factor[world.reviewer],
    )
    found = consensus(wide, draws=100)
    assert np.corrcoef(np.log(found.reviewer_scale), np.log(factor))[0, 1] > 0.9
    few = simulate.gaussian_world(60, 5, seed=b"w").reviews
    assert np.all(np.isnan(consensus(few, draws=100).reviewer_scale))
