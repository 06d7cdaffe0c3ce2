"""Means, intervals and the paired test."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.driving.scoring import compare, mean_score

SCORES = [100.0, 92.5, 0.0, 88.0, 95.5, 61.0, 0.0, 99.0, 87.5, 93.0]


def test_the_mean_with_its_interval() -> None:
    found = mean_score(SCORES, seed=1)

    assert found.estimate == pytest.approx(sum(SCORES) / 10)
    assert 0.0 < found.low < found.estimate < found.high < 100.0
    assert found.level == 0.95


def test_the_interval_is_a_function_of_seed_and_scores_alone() -> None:
    assert mean_score(SCORES, seed=1) == mean_score(SCORES, seed=1)
    assert mean_score(SCORES, seed=1) == mean_score(SCORES[::-1], seed=1)
    assert mean_score(SCORES, seed=1) != mean_score(SCORES, seed=2)


def test_a_higher_level_is_wider() -> None:
    narrow, wide = (mean_score(SCORES, seed=1, level=level) for level in (0.8, 0.99))

    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize("scores", [[70.0], [70.0] * 5])
def test_equal_scores_have_no_width(scores: list[float]) -> None:
    found = mean_score(scores, seed=1)

    assert (found.low, found.estimate, found.high) == (70.0, 70.0, 70.0)


@pytest.mark.parametrize("scores", [[], [math.nan], [1.0, math.inf]])
def test_what_is_no_list_of_scores_is_refused(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="finite"):
        mean_score(scores, seed=1)


def test_levels_outside_are_refused() -> None:
    with pytest.raises(ValueError, match="level"):
        mean_score(SCORES, seed=1, level=1.0)


def test_about_95_of_100_intervals_hold_the_mean() -> None:
    generator = np.random.Generator(np.random.Philox(5))
    held = 0
    for number in range(100):
        sample = 50.0 + 10.0 * generator.standard_normal(25)
        found = mean_score(sample.tolist(), seed=number, resamples=999)
        held += found.low <= 50.0 <= found.high

    assert 87 <= held <= 100


def test_the_exact_test_by_hand() -> None:
    # differences 1, 2, 3: of 8 signs only +++ and --- reach a sum of 6
    found = compare([11.0, 12.0, 13.0], [10.0, 10.0, 10.0], seed=1)

    assert (found.method, found.p, found.count) == ("exact", 0.25, 3)
    assert found.effect.estimate == 2.0


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_the_exact_test_counts_every_sign(differences: list[int]) -> None:
    size = abs(sum(differences))
    signs = itertools.product((-1, 1), repeat=len(differences))
    sums = [abs(sum(s * d for s, d in zip(one, differences, strict=True))) for one in signs]

    found = compare(
        [50.0 + d for d in differences], [50.0] * len(differences), seed=1, resamples=99
    )

    assert found.p == pytest.approx(sum(each >= size for each in sums) / len(sums))


def test_equal_agents_are_not_told_apart() -> None:
    found = compare(SCORES, SCORES, seed=1)

    assert (found.p, found.effect.low, found.effect.high) == (1.0, 0.0, 0.0)


def test_swapping_the_agents_turns_the_effect_and_keeps_p() -> None:
    worse = [max(score - 5.0, 0.0) for score in SCORES]

    one, two = compare(SCORES, worse, seed=1), compare(worse, SCORES, seed=1)

    assert one.effect.estimate == -two.effect.estimate == pytest.approx(4.0)
    assert one.p == two.p == 2 / 2**8  # eight differences are 5, two are 0


def test_many_scenarios_are_sampled_near_the_exact_answer() -> None:
    # 24 differences of 1, all but 5 of them positive: binomial two-sided tail of <= 5 or >= 19
    ones = [51.0] * 19 + [49.0] * 5
    tail = 2 * sum(math.comb(24, k) for k in range(6)) / 2**24

    found = compare(ones, [50.0] * 24, seed=3)

    assert found.method == "sampled"
    assert found.p == pytest.approx(tail, abs=0.003)
    assert found.p == compare(ones, [50.0] * 24, seed=3).p
    assert found.p > 0.0


def test_scores_that_do_not_pair_are_refused() -> None:
    with pytest.raises(ValueError, match="same scenarios"):
        compare([1.0], [1.0, 2.0], seed=1)
