"""Simulated worlds: moments, scales, and no dependence on the order of pairs."""

from __future__ import annotations

import numpy as np
import pytest

from concours.peerreview import BadInput, simulate


def test_a_gaussian_world_has_its_moments() -> None:
    world = simulate.gaussian_world(4_000, 5, seed=b"m", quality_sd=2, bias_sd=1, noise_sd=0.5)
    assert world.quality.std() == pytest.approx(2, rel=0.05)
    rest = world.reviews.score - world.quality[world.reviews.entry]
    assert rest.std() == pytest.approx(np.sqrt(1.25), rel=0.05)
    by_reviewer = np.bincount(world.reviews.reviewer, weights=rest) / 5
    assert by_reviewer.std() == pytest.approx(np.sqrt(1 + 0.25 / 5), rel=0.05)


def test_scores_keep_to_their_scale() -> None:
    pairs = [(r, e) for r in range(20) for e in range(20)]
    made = simulate.reviews_for(
        pairs, np.linspace(0, 10, 20), bias_sd=3, noise_sd=3, seed=b"s", low=1, high=5, step=0.5
    )
    assert made.score.min() == 1
    assert made.score.max() == 5
    assert np.all(made.score * 2 == np.rint(made.score * 2))


def test_the_order_of_pairs_does_not_matter() -> None:
    pairs = np.array([(r, e) for r in range(5) for e in range(4)])
    one, two = (
        simulate.reviews_for(p, [1.0, 2, 3, 4], bias_sd=1, noise_sd=1, seed=b"s")
        for p in (pairs, pairs[::-1])
    )
    assert np.array_equal(one.score, two.score)


def test_a_pair_without_quality_is_refused() -> None:
    with pytest.raises(BadInput, match="quality"):
        simulate.reviews_for([(0, 3)], [1.0], bias_sd=1, noise_sd=1, seed=b"s")
