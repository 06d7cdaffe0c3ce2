"""Simulated seasons: worlds, behaviours, studies and what they recommend."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import spearmanr

from concours.peerreview import SELECTORS, BadInput, select
from concours.peerreview.simulation import (
    BEHAVIOURS,
    GaussianWorlds,
    MallowsWorlds,
    Study,
    StudyRow,
    play,
    recommend,
    study,
)
from concours.peerreview.simulation.behaviours import CLIQUE, REACH, check_shares, cliques, deal
from concours.peerreview.simulation.measures import NEED_PARTS, spearman
from concours.peerreview.simulation.tables import TOP, mean_and_error
from tests.examples import examples

EVERY = dict.fromkeys([name for name in BEHAVIOURS if name != "honest"], 0.1)


@pytest.mark.parametrize("worlds", [GaussianWorlds(), MallowsWorlds()])
def test_a_season_depends_on_its_seed_alone(worlds: GaussianWorlds | MallowsWorlds) -> None:
    one, two, other = (
        play(entries=30, reviews_per_entry=4, seed=seed, worlds=worlds, behaviours=EVERY)
        for seed in (b"a", b"a", b"b")
    )

    assert np.array_equal(one.reviews.score, two.reviews.score)
    assert np.array_equal(one.seconds, two.seconds)
    assert not np.array_equal(one.reviews.score, other.reviews.score)


def test_designs_share_their_people() -> None:
    few = play(entries=40, reviews_per_entry=3, seed=b"a", behaviours=EVERY)
    many = play(entries=40, reviews_per_entry=6, seed=b"a", behaviours=EVERY, parts=2)

    assert np.array_equal(few.quality, many.quality)
    assert np.array_equal(few.behaviour, many.behaviour)
    assert len(many.reviews) == 2 * len(few.reviews)


def test_a_gaussian_world_has_the_spreads_asked_for() -> None:
    worlds = GaussianWorlds(quality_sd=2, bias_sd=3, noise_sd=0.5, centre=10)

    season = play(entries=2_000, reviews_per_entry=6, seed=b"g", worlds=worlds)

    gap = season.reviews.score - season.quality[season.reviews.entry]
    means = np.bincount(season.reviews.reviewer, weights=gap) / 6
    assert np.std(season.quality) == pytest.approx(2, rel=0.05)
    assert np.mean(season.quality) == pytest.approx(10, abs=0.2)
    assert np.std(means) == pytest.approx(3, rel=0.05)
    assert np.std(gap - means[season.reviews.reviewer]) * np.sqrt(6 / 5) == pytest.approx(
        0.5, rel=0.05
    )


def test_reviewers_differ_in_noise_and_scale_where_asked() -> None:
    def spread(**traits: float) -> float:
        worlds = GaussianWorlds(quality_sd=0, bias_sd=0, **traits)
        season = play(entries=500, reviews_per_entry=12, seed=b"t", worlds=worlds)
        square = np.bincount(season.reviews.reviewer, weights=season.reviews.score**2)
        return float(np.std(np.log(square)) / 2)

    assert spread() == pytest.approx(0.21, abs=0.03)
    assert spread(noise_spread=0.5) > 0.45
    assert spread(scale_spread=0.5) > 0.45


def test_a_coarse_scale_has_its_steps_and_ends() -> None:
    worlds = GaussianWorlds(step=0.5, low=1, high=5, centre=4)

    season = play(entries=100, reviews_per_entry=5, seed=b"c", worlds=worlds)

    assert season.reviews.score.min() == 1
    assert season.reviews.score.max() == 5
    assert np.array_equal(np.rint(2 * season.reviews.score), 2 * season.reviews.score)


def test_a_mallows_world_without_noise_is_the_true_order() -> None:
    season = play(entries=50, reviews_per_entry=6, seed=b"m", worlds=MallowsWorlds(phi=0))

    reviews = season.reviews
    assert reviews.ranked
    for r in range(50):
        mine = reviews.reviewer == r
        true = spearmanr(reviews.score[mine], season.quality[reviews.entry[mine]])
        assert true.statistic == pytest.approx(1)
    assert not np.array_equal(season.place, np.arange(50))


def test_mallows_noise_grows_with_phi() -> None:
    def agreement(phi: float) -> float:
        season = play(entries=60, reviews_per_entry=6, seed=b"m", worlds=MallowsWorlds(phi=phi))
        return float(np.corrcoef(season.reviews.score, season.quality[season.reviews.entry])[0, 1])

    assert agreement(0.3) > agreement(0.9) > agreement(1.0)
    assert abs(agreement(1.0)) < 0.2


# Behaviours


def told(name: str, **arguments: object) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(reviewer, honest, said) where everybody behaves so."""
    season = play(
        entries=40, reviews_per_entry=6, seed=b"b", behaviours={name: 1.0},
        **arguments,  # type: ignore[arg-type]
    )  # fmt: skip
    return season.reviews.reviewer, season.scene.honest, season.reviews.score


def test_the_lazy_give_one_score_or_deal_theirs_at_random() -> None:
    who, honest, said = told("lazy-constant")
    assert all(np.ptp(said[who == r]) < 1e-12 for r in range(40))

    who, honest, said = told("lazy-random")
    assert all(sorted(said[who == r]) == sorted(honest[who == r]) for r in range(40))
    assert not np.array_equal(said, honest)


def test_the_reversed_turn_their_order_around() -> None:
    who, honest, said = told("reversed")

    for r in range(40):
        a, b = honest[who == r], said[who == r]
        assert np.corrcoef(a, b)[0, 1] == pytest.approx(-1)
        assert a.mean() == pytest.approx(b.mean())


def test_the_strategic_lower_rivals_and_nothing_else() -> None:
    season = play(entries=40, reviews_per_entry=6, seed=b"b", behaviours={"strategic": 1.0})
    change = season.reviews.score - season.scene.honest
    gap = np.abs(season.place[season.reviews.entry] - season.place[season.reviews.reviewer])

    assert np.array_equal(change < 0, gap <= REACH * 40)
    assert np.all(change <= 0)


def test_colluders_raise_their_clique_and_nothing_else() -> None:
    season = play(entries=12, reviews_per_entry=5, seed=b"b", behaviours={"colluding": 1.0})
    clique = season.scene.clique
    friends = clique[season.reviews.reviewer] == clique[season.reviews.entry]

    change = season.reviews.score - season.scene.honest
    assert friends.any()
    assert np.array_equal(change > 0, friends)
    assert np.bincount(clique).tolist() == [CLIQUE] * 3


def test_the_lazy_are_hasty() -> None:
    season = play(entries=100, reviews_per_entry=5, seed=b"b", behaviours={"lazy-constant": 0.5})
    lazy = season.who("lazy-constant")[season.reviews.reviewer]

    assert np.median(season.seconds[lazy]) < 0.2 * np.median(season.seconds[~lazy])


def test_shares_are_dealt_exactly_and_not_in_order() -> None:
    names, kind = deal({"reversed": 0.1, "strategic": 0.25}, 40, seed=b"d")

    assert names == ["honest", "reversed", "strategic"]
    assert np.bincount(kind).tolist() == [26, 4, 10]
    assert not np.array_equal(np.sort(kind), kind)


@settings(deadline=None)
@given(count=st.integers(0, 30))
def test_no_clique_is_of_one_unless_there_is_but_one(count: int) -> None:
    found = cliques(np.arange(40) < count, seed=b"c")

    assert np.all(found[count:] == -1)
    sizes = np.bincount(found[:count]) if count else np.zeros(0)
    assert sizes.sum() == count
    assert count == 1 or np.all(sizes != 1)


def test_one_reviewer_can_be_changed_all_else_the_same() -> None:
    season = play(entries=30, reviews_per_entry=4, seed=b"o", behaviours={"reversed": 0.2})

    turned = season.reported("strategic", by=7)

    mine = season.reviews.reviewer == 7
    assert np.array_equal(turned.score[~mine], season.reviews.score[~mine])
    assert np.array_equal(
        season.reported(season.names[season.behaviour[7]], by=7).score, season.reviews.score
    )


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"evil": 0.1}, "no behaviour 'evil'"),
        ({"reversed": -0.1}, "share of 0 to 1"),
        ({"reversed": float("nan")}, "share of 0 to 1"),
        ({"reversed": 0.6, "strategic": 0.6}, "more than 1"),
        ({"honest": 0.5, "reversed": 0.1}, "not 1"),
    ],
)
def test_odd_shares_are_refused(shares: dict[str, float], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_shares(shares)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: GaussianWorlds(noise_sd=-1), "noise_sd"),
        (lambda: GaussianWorlds(noise_sd=float("nan")), "noise_sd"),
        (lambda: GaussianWorlds(step=0), "step"),
        (lambda: GaussianWorlds(low=2, high=1), "low"),
        (lambda: MallowsWorlds(phi=1.5), "phi"),
    ],
)
def test_odd_worlds_are_refused(make: object, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        make()  # type: ignore[operator]


# Studies


@pytest.fixture(scope="module")
def small() -> Study:
    return study(
        entries=40,
        seed=b"s",
        reviews_per_entry=(3, 6),
        parts=(1, 4),
        methods=("mean",),
        selection=("exact-dollar-partition", "peer-nomination", "borda"),
        behaviours=[{}, {"reversed": 0.2, "lazy-constant": 0.1}],
        worlds=8,
        gain_worlds=8,
    )


def test_a_row_for_every_design_and_method(small: Study) -> None:
    # Two crowds and two k: with one part the partition method is left out.
    assert len(small.rows) == 2 * 2 * (3 + 4)
    assert small.size == 10
    assert len(small.where(parts=1, selection="exact-dollar-partition")) == 0
    assert len(small.where(parts=4, selection="exact-dollar-partition")) == 4
    assert {row.worlds for row in small.rows} == {8}
    assert small.table()[0]["reviews_per_entry"] == 3


def test_more_reviews_find_more_and_bad_reviewers_cost(small: Study) -> None:
    def recall(k: int, bad: float) -> float:
        rows = small.where(reviews_per_entry=k, bad_share=bad, consensus="mean")
        return float(np.mean([row.recall for row in rows]))

    assert recall(6, 0.0) > recall(3, 0.0) > 0.4
    assert recall(6, 0.3) < recall(6, 0.0)


def test_impartial_selection_gives_a_strategist_nothing(small: Study) -> None:
    for name in ("exact-dollar-partition", "peer-nomination"):
        assert all(row.gain == 0 and row.gain_se == 0 for row in small.where(selection=name))
    assert any(row.gain != 0 or row.places > 0 for row in small.where(selection=TOP))
    assert np.mean([row.places for row in small.where(selection=TOP)]) > 0


def test_flags_of_the_honest_are_few_and_of_the_lazy_many(small: Study) -> None:
    def share(behaviour: str, kind: str) -> float:
        rows = [
            row
            for row in small.screening
            if row.behaviour == behaviour and row.kind == kind and row.reviews_per_entry == 6
        ]
        return float(np.mean([row.flagged for row in rows]))

    assert share("honest", "any") <= 0.015
    assert share("lazy-constant", "any") > 0.8
    assert {row.reviewers for row in small.screening if row.behaviour == "reversed"} == {8 * 8}


def test_measures_that_a_method_has_not_are_nan(small: Study) -> None:
    borda = small.where(selection="borda")[0]
    mean = small.where(consensus="mean")[0]

    assert np.isnan([borda.spearman, borda.coverage, borda.expected_recall, borda.places]).all()
    assert 0.3 < mean.spearman < 1
    assert mean.recall_se > 0


def test_a_study_is_the_same_again_and_worlds_do_not_depend_on_their_number() -> None:
    def run(count: int) -> Study:
        return study(
            entries=20, seed=b"r", reviews_per_entry=(3,), parts=(1,), methods=("mean",),
            selection=(), worlds=count, gain_worlds=0, screening=False,
        )  # fmt: skip

    one, two, more = run(4), run(4), run(5)
    assert repr(one.table()) == repr(two.table())
    # World 5 is one value more: the mean of five times five less that of four times four.
    last = 5 * more.rows[0].recall - 4 * one.rows[0].recall
    assert last == pytest.approx(round(5 * last) / 5)
    assert one.screening == ()
    assert np.isnan(one.rows[0].gain)


def test_progress_counts_seasons() -> None:
    steps: list[tuple[int, int]] = []

    study(
        entries=20, seed=b"r", reviews_per_entry=(3, 4), parts=(1,), methods=("mean",),
        selection=(), worlds=3, gain_worlds=0, screening=False,
        progress=lambda done, total: steps.append((done, total)),
    )  # fmt: skip

    assert steps == [(i, 6) for i in range(1, 7)]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"size": 0}, "size"),
        ({"size": 20}, "size"),
        ({"worlds": 1}, "worlds"),
        ({"methods": ("oracle",)}, "methods: no 'oracle'"),
        ({"methods": "mean"}, "methods: a list"),
        ({"selection": ("lottery",)}, "selection: no 'lottery'"),
        ({"assignments": ("friends",)}, "assignments: no 'friends'"),
        ({"behaviours": {"evil": 0.5}}, "evil"),
        ({"reviews_per_entry": (0,)}, "reviews_per_entry"),
        ({"entries": 0}, "size|entries"),
    ],
)
def test_odd_studies_are_refused(arguments: dict[str, object], words: str) -> None:
    given_: dict[str, object] = {"entries": 20, "seed": b"r", "worlds": 2} | arguments

    with pytest.raises(BadInput, match=words):
        study(**given_)  # type: ignore[arg-type]


def test_the_methods_that_need_parts_are_those_that_refuse_one() -> None:
    season = play(entries=12, reviews_per_entry=3, seed=b"p")

    def refuses(method: str) -> bool:
        try:
            select(
                season.reviews, size=3, part=np.zeros(12, dtype=int), seed=b"p",
                reviewer_entry=np.arange(12), method=method,
            )  # fmt: skip
        except BadInput as refusal:
            return "two parts" in str(refusal)
        return False

    assert {name for name in SELECTORS if refuses(name)} == NEED_PARTS


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=3, max_size=12), st.randoms(use_true_random=False))
def test_spearman_is_that_of_scipy(values: list[int], random: object) -> None:
    a = np.array(values, dtype=float)
    b = np.array(values[::-1], dtype=float) + np.arange(len(a)) / 7
    if np.ptp(a) == 0 or np.ptp(b) == 0:
        assert np.isnan(spearman(a, b))
    else:
        assert spearman(a, b) == pytest.approx(spearmanr(a, b).statistic)


def test_the_error_of_a_mean() -> None:
    assert mean_and_error([1.0, 3.0, float("nan")]) == pytest.approx((2.0, 1.0))
    assert np.isnan(mean_and_error([])).all()


# Recommendations


def row(k: int, recall: float, *, parts: int = 4, selection: str = "partition") -> StudyRow:
    nan = float("nan")
    return StudyRow(
        world="gaussian", reviews_per_entry=k, parts=parts, assignment="balanced", bad_share=0.0,
        consensus="mean" if selection == TOP else "", selection=selection, worlds=10,
        recall=recall, recall_se=0.01, spearman=nan, spearman_se=nan, coverage=nan,
        coverage_se=nan, expected_recall=nan, expected_recall_se=nan, gain=0.0, gain_se=0.0,
        places=nan, places_se=nan,
    )  # fmt: skip


def of(*rows: StudyRow) -> Study:
    return Study(entries=100, size=25, level=0.01, rows=rows)


def test_the_fewest_reviews_that_come_near_the_best() -> None:
    made = of(row(3, 0.6), row(5, 0.75), row(8, 0.76), row(8, 0.9, selection=TOP))

    chosen = recommend(made, margin=0.02)

    assert (chosen.reviews_per_entry, chosen.selection) == (5, "partition")
    assert chosen.code == "fewest-within-margin"
    assert (chosen.best_recall, chosen.next_recall) == (0.76, 0.6)
    assert "5 reviews an entry in 4 parts" in chosen.message


def test_without_impartiality_the_first_of_a_consensus_is_open() -> None:
    chosen = recommend(of(row(8, 0.76), row(8, 0.9, selection=TOP)), impartial=False)

    assert (chosen.selection, chosen.consensus) == (TOP, "mean")


def test_codes_say_why() -> None:
    made = of(row(3, 0.60), row(8, 0.70))

    assert recommend(made).code == "best"
    assert recommend(made, max_reviews=3).code == "fewest"
    assert recommend(made, margin=0.2).code == "fewest"
    assert np.isnan(recommend(made, max_reviews=3).next_recall)


def test_equal_recalls_go_to_fewer_parts() -> None:
    made = of(row(5, 0.7, parts=4), row(5, 0.7, parts=2))

    assert recommend(made).parts == 2


def test_nothing_open_is_refused() -> None:
    with pytest.raises(BadInput, match="open"):
        recommend(of(row(5, 0.7, selection=TOP)))
    with pytest.raises(BadInput, match="margin"):
        recommend(of(row(5, 0.7)), margin=-1)
