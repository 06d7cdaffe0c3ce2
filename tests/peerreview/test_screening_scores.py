"""Against the rest, down-scoring and all alike: exact chances, false alarms and power."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import ReviewSet
from concours.peerreview.screening import screen
from concours.peerreview.screening.chance import (
    agreement,
    agreement_tail,
    agreements,
    lower_tail,
)
from concours.peerreview.screening.coins import (
    below,
    borrowed,
    longest_of,
    mixed,
    restore,
    shuffle_head,
    stream,
)
from concours.peerreview.screening.residuals import moderation, residuals
from concours.peerreview.screening.spread import honest_square, middles, snapped
from concours.peerreview.simulation import GaussianWorlds, MallowsWorlds, Season, play
from concours.peerreview.simulation.worlds import Worlds
from tests.examples import examples

KEY = np.uint64(20260101)
MASK = 2**64 - 1


def share(hits: list[np.ndarray], played: list[Season], behaviour: str) -> float:
    return float(np.mean([h[s.who(behaviour)].mean() for h, s in zip(hits, played, strict=True)]))


def seasons(count: int, worlds: Worlds, **arguments: object) -> list[Season]:
    return [
        play(worlds=worlds, seed=b"test/" + bytes([i]), **arguments)  # type: ignore[arg-type]
        for i in range(count)
    ]


def flagged(season: Season, kind: str | None = None, **arguments: object) -> np.ndarray:
    report = screen(
        season.reviews,
        seed=b"s",
        reviewer_entry=season.scene.owner,
        permutations=999,
        **arguments,  # type: ignore[arg-type]
    )
    found = [f for f in report.flags if kind is None or f.kind == kind]
    out = np.zeros(season.reviews.n_reviewers, dtype=bool)
    out[[r for flag in found for r in flag.reviewers]] = True
    return out


HONEST: dict[str, Worlds] = {
    "plain": GaussianWorlds(),
    "noisy and quiet reviewers": GaussianWorlds(noise_spread=0.5),
    "wide and narrow scales": GaussianWorlds(scale_spread=0.4),
    "steps that end": GaussianWorlds(step=1, low=1, high=5, centre=3.5),
    "rankings": MallowsWorlds(phi=0.5),
    "rankings hardly ordered": MallowsWorlds(phi=0.9),
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_reviewers_are_rarely_flagged_by_anything(name: str) -> None:
    # 1,200 honest reviewers; 1.5% are 18 flags, and at most 1% should be 12 +- 3.5.
    played = seasons(10, HONEST[name], entries=120, reviews_per_entry=8)

    hits = [flagged(s, seconds=s.seconds) for s in played]

    assert share(hits, played, "honest") <= 0.015


@pytest.mark.parametrize("kind", ["against-the-rest", "down-scoring", "favours", "all-alike"])
@pytest.mark.parametrize("name", ["noisy and quiet reviewers", "rankings"])
def test_each_test_alone_keeps_its_level(name: str, kind: str) -> None:
    # At level .05 on 960 reviewers the standard error is .007: three of them are allowed.
    played = seasons(8, HONEST[name], entries=120, reviews_per_entry=8)

    hits = [flagged(s, level=0.05, detectors=[kind]) for s in played]

    assert share(hits, played, "honest") <= 0.05 + 3 * 0.007


@pytest.mark.parametrize(
    ("worlds", "least"),
    [(GaussianWorlds(), 0.8), (GaussianWorlds(noise_spread=0.5), 0.8), (MallowsWorlds(), 0.95)],
)
def test_reversed_reviewers_among_five_percent_are_found(worlds: Worlds, least: float) -> None:
    played = seasons(12, worlds, entries=120, reviews_per_entry=10, behaviours={"reversed": 0.05})

    hits = [flagged(s, "against-the-rest") for s in played]

    assert share(hits, played, "reversed") >= least


def test_constant_scores_are_found_and_reversed_are_not_called_constant() -> None:
    played = seasons(
        8,
        GaussianWorlds(step=1, low=1, high=7, centre=4),
        entries=80,
        reviews_per_entry=8,
        behaviours={"lazy-constant": 0.05, "reversed": 0.05},
    )

    hits = [flagged(s, "all-alike") for s in played]

    # The scale leaves no room to tell those who give the highest score to all.
    assert share(hits, played, "lazy-constant") > 0.7
    assert share(hits, played, "reversed") < 0.05


def test_down_scoring_of_rivals_is_found_when_reviews_are_many() -> None:
    played = seasons(
        6, GaussianWorlds(noise_sd=0.5), entries=80, reviews_per_entry=16,
        behaviours={"strategic": 0.05},
    )  # fmt: skip

    hits = [flagged(s, "down-scoring", detectors=["down-scoring"]) for s in played]

    assert share(hits, played, "strategic") > 0.6
    assert share(hits, played, "honest") < 0.02


def test_a_flag_of_down_scoring_names_the_rivals_and_the_test_within() -> None:
    played = seasons(
        1, GaussianWorlds(noise_sd=0.3), entries=80, reviews_per_entry=16,
        behaviours={"strategic": 0.05},
    )[0]  # fmt: skip

    report = screen(played.reviews, seed=b"s", reviewer_entry=np.arange(80))

    flag = next(f for f in report.flags if f.kind == "down-scoring")
    reviewed = played.reviews.entry[played.reviews.reviewer == flag.reviewers[0]]
    assert 1 <= flag.evidence["rivals"] == len(flag.entries) < flag.evidence["reviews"]
    assert set(flag.entries) <= set(reviewed.tolist())
    assert flag.evidence["residual_rivals"] < flag.evidence["residual_others"]
    assert 0 < flag.evidence["p_within"] <= 0.05


def test_an_honest_reviewer_with_a_narrow_or_a_wild_scale_is_not_against_the_rest() -> None:
    season = seasons(1, GaussianWorlds(noise_sd=0.5), entries=80, reviews_per_entry=10)[0]
    said = season.reviews.score.copy()
    said[season.reviews.reviewer == 3] *= 0.1
    said[season.reviews.reviewer == 5] *= 20
    reviews = ReviewSet(
        n_entries=80,
        n_reviewers=80,
        reviewer=season.reviews.reviewer,
        entry=season.reviews.entry,
        score=said,
    )

    p = screen(reviews, seed=b"s").test("against-the-rest").p_value

    assert p[3] > 0.05
    assert p[5] > 0.05


def test_residuals_have_the_worlds_noise_and_no_bias() -> None:
    season = seasons(1, GaussianWorlds(bias_sd=3, noise_sd=0.5), entries=400, reviews_per_entry=10)[
        0
    ]

    view = residuals(season.reviews)

    assert np.abs(view.sums(view.residual)).max() < 1e-9
    # Noise, what the other nine leave open of the entry (1/9), less the own mean (1/10).
    assert np.std(view.residual) == pytest.approx(0.5 * np.sqrt(10 / 9 * 0.9), rel=0.05)
    assert np.corrcoef(view.view, season.quality[view.entry])[0, 1] > 0.9
    assert np.nanmedian(view.slope) == pytest.approx(1, abs=0.05)


def test_a_reviewers_own_score_is_not_in_the_view_it_is_measured_by() -> None:
    season = seasons(1, GaussianWorlds(), entries=60, reviews_per_entry=8)[0]
    base = residuals(season.reviews)
    score = season.reviews.score.copy()
    mine = np.flatnonzero(season.reviews.reviewer == 4)
    score[mine[0]] += 1.0

    moved = residuals(
        ReviewSet(
            n_entries=60,
            n_reviewers=60,
            reviewer=season.reviews.reviewer,
            entry=season.reviews.entry,
            score=score,
        )
    )

    at = np.flatnonzero(base.review == mine[0])[0]
    # Only by way of the others' biases, which is 1 in (k m) = 64.
    assert abs(moved.others[at] - base.others[at]) < 0.05


def test_moderation_finds_the_law_of_variances() -> None:
    rng = np.random.default_rng(1)
    own = 4.0 * 10 / rng.chisquare(10, 20_000)
    df = np.full(20_000, 6)

    prior_df, prior_variance = moderation(own * rng.chisquare(6, 20_000), df)

    assert prior_df == pytest.approx(10, rel=0.15)
    assert prior_variance == pytest.approx(4.0, rel=0.05)


def test_equal_variances_are_taken_as_equal() -> None:
    rng = np.random.default_rng(2)

    prior_df, prior_variance = moderation(rng.chisquare(6, 5_000), np.full(5_000, 6))

    assert prior_df > 100
    assert prior_variance == pytest.approx(1.0, rel=0.05)


# The kernels against plain Python.


def plain_mixed(word: int) -> int:
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    word = (word ^ (word >> 27)) * 0x94D049BB133111EB & MASK
    return word ^ (word >> 31)


def plain_stream(who: int, draw: int) -> int:
    golden = 0x9E3779B97F4A7C15
    start = plain_mixed((int(KEY) + golden * (who + 1)) & MASK)
    return plain_mixed((start + golden * (draw + 1)) & MASK)


def plain_shuffle(size: int, start: int) -> list[int]:
    order = list(range(size))
    for i in range(size):
        word = plain_mixed((start + 0x9E3779B97F4A7C15 * (i + 1)) & MASK)
        j = i + ((word >> 32) * (size - i) >> 32)
        order[i], order[j] = order[j], order[i]
    return order


@settings(deadline=None)
@given(who=st.integers(0, 2**31), draw=st.integers(0, 2**31), size=st.integers(1, 40))
def test_coins_are_those_of_plain_integers(who: int, draw: int, size: int) -> None:
    start = plain_stream(who, draw)
    order, swaps = np.arange(size), np.empty(size, dtype=np.int64)

    assert int(stream(KEY, who, draw)) == start
    assert int(mixed(np.uint64(start))) == plain_mixed(start)
    shuffle_head(order, size, size, np.uint64(start), swaps)
    assert order.tolist() == plain_shuffle(size, start)
    restore(order, size, swaps)
    assert order.tolist() == list(range(size))


def test_shuffles_are_even() -> None:
    count = dict.fromkeys(itertools.permutations(range(3)), 0)
    order, swaps = np.arange(3), np.empty(3, dtype=np.int64)
    for draw in range(6_000):
        shuffle_head(order, 3, 3, np.uint64(stream(KEY, 0, draw)), swaps)
        count[tuple(order.tolist())] += 1
        restore(order, 3, swaps)

    # Standard deviation 29.
    assert all(abs(number - 1_000) < 130 for number in count.values())
    assert {below(KEY, step, 5) for step in range(100)} == set(range(5))


def test_borrowed_residuals_are_the_donors_each_once_around() -> None:
    rest, start = np.array([9.0, 1, 2, 3, 9]), np.array([0, 1, 4, 5])
    order, swaps, out = np.arange(3), np.empty(3, dtype=np.int64), np.empty(7)

    borrowed(rest, start, 1, KEY, order, swaps, out)

    assert sorted(out[:3]) == sorted(out[3:6]) == [1, 2, 3]
    assert out[6] in {1, 2, 3}
    assert longest_of(start, np.array([0, 2])) == 1


@settings(max_examples=examples(25), deadline=None)
@given(data=st.data(), size=st.integers(3, 6))
def test_the_lower_tail_is_that_of_all_orders(data: st.DataObject, size: int) -> None:
    numbers = st.lists(st.integers(-4, 4), min_size=size, max_size=size)
    weight = np.array(data.draw(numbers), dtype=float)
    value = np.array(data.draw(numbers), dtype=float)
    seen = weight @ value
    exact = np.mean([weight @ value[list(p)] <= seen for p in itertools.permutations(range(size))])

    p = lower_tail(np.array([0, size]), np.array([0]), weight, value, KEY, 4_000, 4_001)[0]

    # Five standard deviations of 4,000 draws.
    assert abs(p - exact) < 5 * np.sqrt(exact * (1 - exact) / 4_000) + 1e-3
    assert p >= 1 / 4_001


def test_a_test_that_stops_early_agrees_with_one_that_does_not() -> None:
    rng = np.random.default_rng(3)
    weight, value = rng.normal(size=400), rng.normal(size=400)
    start, chosen = np.arange(0, 401, 8), np.arange(50)

    early = lower_tail(start, chosen, weight, value, KEY, 5_000, 50)
    late = lower_tail(start, chosen, weight, value, KEY, 5_000, 5_001)

    # Fifty hits leave a relative error of a seventh.
    assert np.all(np.abs(np.log(early / late)) < 0.7)
    assert np.any(early != late)


def test_agreement_is_the_moderated_t_of_a_regression() -> None:
    rng = np.random.default_rng(4)
    view, score = rng.normal(size=9), rng.normal(size=9)
    view -= view.mean()
    slope, _ = np.polyfit(view, score, 1)
    left = score - np.polyval(np.polyfit(view, score, 1), view)
    variance = (5 * 2.0 + left @ left) / (5 + 7)

    found = agreement(view, score, 5.0, 2.0)

    assert found == pytest.approx(slope * np.sqrt(view @ view) / np.sqrt(variance))
    assert agreements(np.array([0, 9]), np.array([0]), view, score, 5.0, 2.0)[0] == found


def test_the_chance_of_agreement_is_that_of_the_orders_of_the_donors() -> None:
    rng = np.random.default_rng(5)
    view, rest = rng.normal(size=8), rng.normal(size=8)
    view -= np.repeat([view[:4].mean(), view[4:].mean()], 4)
    start = np.array([0, 4, 8])
    made: list[float] = [
        agreement(view[:4], view[:4] + donor[list(order)], 3.0, 1.0)
        for donor in (rest[:4], rest[4:])
        for order in itertools.permutations(range(4))
    ]
    seen = np.sort(made)[12]

    p = agreement_tail(
        start, np.array([0]), np.array([0, 1]), np.array([0]), 2,
        view, rest, 1.0, np.array([seen]), 3.0, 1.0, KEY, 20_000, 20_001,
    )[0]  # fmt: skip

    assert p == pytest.approx(np.mean(np.array(made) <= seen + 1e-9), abs=0.02)


@pytest.mark.parametrize(
    ("value", "nearest"), [(-3.0, 0.0), (0.4, 0.0), (0.5, 0.0), (0.6, 1.0), (2.2, 3.0), (9.0, 3.0)]
)
def test_a_value_snaps_to_the_nearest_step(value: float, nearest: float) -> None:
    assert snapped(value, np.array([0.0, 1.0, 3.0])) == nearest
    assert snapped(value, np.zeros(0)) == value


def test_the_square_of_an_honest_reviewer_is_that_about_the_mean() -> None:
    view, made = np.array([0.0, 1.0, 2.0]), np.array([0.25, -0.5, 0.125])
    expected = 4 + 2 * (view + made)

    found = honest_square(view, made.copy(), 4.0, 2.0, np.zeros(0))

    assert found == pytest.approx(np.sum((expected - expected.mean()) ** 2))


@pytest.mark.parametrize("mean", [2.0, 3.0, 4.5, 4.9])
def test_the_middle_behind_the_end_of_a_scale(mean: float) -> None:
    view, rest = np.linspace(-1, 1, 5), np.array([0.3, -0.6, 0.2, 0.4, -0.3])
    steps = np.arange(1.0, 6.0)

    found: float = middles(
        np.array([0, 5]), np.array([0]), np.array([0]), np.array([0]), 1,
        view, rest, np.array([mean]), steps, -5.0, 15.0, KEY,
    )[0]  # fmt: skip

    scores = [
        np.mean([snapped(found + v + rest[i], steps) for v, i in zip(view, order, strict=True)])
        for order in itertools.permutations(range(5))
    ]
    assert np.mean(scores) == pytest.approx(mean, abs=0.3)
    assert found > 4.5 or mean < 4.9
