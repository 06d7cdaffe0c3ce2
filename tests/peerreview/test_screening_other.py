"""Haste, copied comments and bids."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from concours.peerreview import ReviewSet, Similarity, simulate
from concours.peerreview.screening import ScreeningReport, screen
from concours.peerreview.screening.text import near_pairs, phrases
from tests.examples import examples

N, K = 40, 6


@pytest.fixture
def reviews() -> ReviewSet:
    return simulate.gaussian_world(N, K, seed=b"other").reviews


def only(reviews: ReviewSet, kind: str, **arguments: object) -> ScreeningReport:
    return screen(reviews, seed=b"s", detectors=[kind], **arguments)  # type: ignore[arg-type]


# Haste


def times(reviews: ReviewSet, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    own = 0.4 * rng.normal(size=N)
    return 600 * np.exp(own[reviews.reviewer] + 0.5 * rng.normal(size=len(reviews)))


def test_one_who_takes_seconds_is_flagged(reviews: ReviewSet) -> None:
    seconds = times(reviews)
    seconds[reviews.reviewer == 8] /= 60

    report = only(reviews, "haste", seconds=seconds)

    assert [flag.reviewers for flag in report.flags] == [(8,)]
    evidence = report.flags[0].evidence
    assert float(evidence["median_seconds"]) < 60 < float(evidence["usual_seconds"])


def test_usual_times_are_rarely_flagged(reviews: ReviewSet) -> None:
    hits = [len(only(reviews, "haste", seconds=times(reviews, i)).flags) for i in range(60)]

    # 2,400 reviewers at level .01.
    assert sum(hits) <= 36


def test_slowness_and_one_pause_are_not_haste(reviews: ReviewSet) -> None:
    seconds = times(reviews)
    seconds[reviews.reviewer == 8] *= 100
    seconds[np.flatnonzero(reviews.reviewer == 9)[0]] = 1.0

    report = only(reviews, "haste", seconds=seconds)

    assert not {8, 9} & set(report.flagged_reviewers.tolist())


def test_unknown_times_are_not_tested(reviews: ReviewSet) -> None:
    seconds = times(reviews)
    seconds[reviews.reviewer == 8] = np.nan

    summary = only(reviews, "haste", seconds=seconds).test("haste")

    assert summary.untested == {"no-times": 1}
    assert np.isnan(summary.p_value[8])


def test_few_reviewers_cannot_be_compared() -> None:
    few = simulate.gaussian_world(8, 3, seed=b"few").reviews

    summary = only(few, "haste", seconds=np.full(len(few), 60.0)).test("haste")

    assert summary.untested == {"few-reviewers": 8}


def test_equal_times_flag_nobody(reviews: ReviewSet) -> None:
    assert only(reviews, "haste", seconds=np.full(len(reviews), 300.0)).flags == []


# Copied comments

ENGLISH = (
    "The method is sound but the evaluation covers one data set only, and the baseline that the "
    "authors compare with is five years old, so I cannot tell whether the gain would hold."
)
CHINESE = (
    "方法部分写得清楚,但实验只用了一个数据集,对比的基线是五年前的工作,"
    "因此看不出改进在别的场景下是否成立,建议补充。"
)


def words(seed: int, count: int = 40) -> str:
    rng = np.random.default_rng(seed)
    return " ".join(f"w{x}" for x in rng.integers(0, 3_000, count))


def texts(reviews: ReviewSet) -> list[str | None]:
    return [words(i) for i in range(len(reviews))]


@pytest.mark.parametrize("copied", [ENGLISH, CHINESE])
def test_a_comment_of_two_reviewers_is_flagged(reviews: ReviewSet, copied: str) -> None:
    comments = texts(reviews)
    comments[7], comments[100] = copied, copied.replace("five", "six").replace("五年", "六年")

    report = only(reviews, "copied-comments", comments=comments)

    assert len(report.flags) == 1
    flag = report.flags[0]
    who = {int(reviews.reviewer[7]), int(reviews.reviewer[100])}
    assert set(flag.reviewers) == who
    assert set(flag.entries) == {int(reviews.entry[7]), int(reviews.entry[100])}
    assert 0.5 <= float(flag.evidence["jaccard"]) < 1
    assert (flag.evidence["first_review"], flag.evidence["second_review"]) == (7, 100)
    assert flag.evidence["same_reviewer"] == 0
    assert flag.p_value < 1e-6


def test_the_same_text_in_other_letters_is_the_same(reviews: ReviewSet) -> None:
    comments = texts(reviews)
    comments[7], comments[100] = ENGLISH, ENGLISH.upper().replace(",", " —").replace(" ", "\n ")

    report = only(reviews, "copied-comments", comments=comments)

    assert report.flags[0].evidence["jaccard"] == 1


def test_one_who_pastes_one_comment_everywhere_is_one_flag(reviews: ReviewSet) -> None:
    comments = texts(reviews)
    mine = np.flatnonzero(reviews.reviewer == 5)
    for i in mine:
        comments[i] = ENGLISH

    report = only(reviews, "copied-comments", comments=comments)

    assert [flag.reviewers for flag in report.flags] == [(5,)]
    assert report.flags[0].evidence["comments"] == len(mine)
    assert report.flags[0].evidence["same_reviewer"] == 1
    assert "repeats one comment" in report.flags[0].message


@pytest.mark.parametrize("short", ["Good work, well done.", "写得很好,继续努力。", "", None])
def test_short_comments_are_not_copies(reviews: ReviewSet, short: str | None) -> None:
    comments: list[str | None] = [short] * len(reviews)

    report = only(reviews, "copied-comments", comments=comments)

    assert report.flags == []
    assert report.test("copied-comments").untested == {"no-long-comments": N}


def test_a_template_that_all_fill_in_is_boilerplate(reviews: ReviewSet) -> None:
    frame = "Summary of the work as I understand it, then strengths, then weaknesses in order: "
    comments = [frame + words(i, 25) for i in range(len(reviews))]

    report = only(reviews, "copied-comments", comments=comments)

    assert report.flags == []
    assert "boilerplate" in report.test("copied-comments").note


def test_independent_texts_of_few_words_in_common_are_not_copies(reviews: ReviewSet) -> None:
    rng = np.random.default_rng(1)
    usual = ["the", "paper", "is", "clear", "and", "method", "good", "but", "data", "weak", "of"]
    comments = [" ".join(rng.choice(usual, 40)) for _ in range(len(reviews))]

    assert only(reviews, "copied-comments", comments=comments).flags == []


@settings(max_examples=examples(60), deadline=None)
@given(
    st.lists(st.lists(st.sampled_from("abcde"), min_size=0, max_size=12), min_size=2, max_size=9)
)
def test_near_pairs_are_those_of_a_comparison_of_all(rows: list[list[str]]) -> None:
    made = [" ".join(row) for row in rows]
    sets = [{tuple(row[i : i + 3]) for i in range(len(row) - 2)} for row in rows]
    expected = {
        (i, j): len(sets[i] & sets[j]) / len(sets[i] | sets[j])
        for i, j in itertools.combinations(range(len(rows)), 2)
        if sets[i] and sets[j] and len(sets[i] & sets[j]) >= 0.5 * len(sets[i] | sets[j])
    }

    found = near_pairs(phrases(made, np.arange(len(rows))), least=0.5)

    assert {(i, j): jaccard for i, j, _, jaccard in found} == expected


# Bids


def wished(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(bids, similarity): everybody wishes for four entries of the best eighth."""
    rng = np.random.default_rng(seed)
    similarity = rng.random((N, N))
    bids = np.zeros((N, N))
    for r in range(N):
        best = np.argsort(-similarity[r])
        bids[r, rng.choice(best[best != r][:6], 4, replace=False)] = 1
    return bids, similarity


def test_a_wish_for_an_unfitting_entry_is_flagged(reviews: ReviewSet) -> None:
    bids, similarity = wished()
    bids[3] = 0
    bids[3, 9], bids[9, 3] = 1, 1
    similarity[3, 9] = -1

    report = only(
        reviews, "bids", bids=bids, similarity=similarity, reviewer_entry=np.arange(N), level=0.05
    )

    flag = next(f for f in report.flags if f.reviewers == (3,))
    assert flag.entries == (9,)
    assert flag.evidence["wishes"] == 1
    assert flag.evidence["returned"] == 1
    assert flag.statistic < 0.05


def test_wishes_that_follow_similarity_are_rarely_flagged(reviews: ReviewSet) -> None:
    hits = 0
    for seed in range(30):
        bids, similarity = wished(seed)
        hits += len(only(reviews, "bids", bids=bids, similarity=similarity, level=0.05).flags)

    # 1,200 reviewers at .05, standard error .0063.
    assert hits / 1_200 <= 0.05 + 3 * 0.0063


def test_bids_come_dense_or_sparse_and_similarity_as_matrix_or_object(reviews: ReviewSet) -> None:
    bids, similarity = wished()
    bids[3, 30] = 2
    similarity[3, 30] = -1

    one = only(reviews, "bids", bids=bids, similarity=similarity)
    two = only(
        reviews, "bids", bids=sparse.coo_array(bids), similarity=Similarity.dense(similarity)
    )

    assert np.array_equal(one.tests[0].p_value, two.tests[0].p_value, equal_nan=True)


def test_bids_below_zero_are_no_wishes(reviews: ReviewSet) -> None:
    bids, similarity = wished()
    bids[3] = -1

    summary = only(reviews, "bids", bids=bids, similarity=similarity).test("bids")

    assert summary.untested == {"no-wishes": 1}


def test_few_wishes_cannot_be_compared(reviews: ReviewSet) -> None:
    bids, similarity = np.zeros((N, N)), np.zeros((N, N))
    bids[0, 1] = 1

    summary = only(reviews, "bids", bids=bids, similarity=similarity).test("bids")

    assert summary.tested == 0
    assert summary.untested == {"no-wishes": N - 1, "few-reviewers": 1}


def test_where_nobody_can_stand_for_an_honest_reviewer_nothing_is_tested():
    """Nobody's scores have a slope on the others' view, so nobody gives residuals to borrow."""
    reviewer = np.repeat(np.arange(13), [2, *[3] * 11, 1])
    entry = np.array(
        [
            7,
            11,
            4,
            6,
            8,
            0,
            7,
            11,
            1,
            5,
            10,
            0,
            2,
            9,
            1,
            6,
            8,
            4,
            8,
            9,
            3,
            10,
            11,
            2,
            4,
            9,
            0,
            2,
            7,
            1,
            5,
            6,
            3,
            5,
            10,
            3,
        ]
    )
    score = np.array(
        [
            0.0,
            16.667,
            33.333,
            50.0,
            66.667,
            83.333,
            20.0,
            36.667,
            53.333,
            70.0,
            86.667,
            66.667,
            3.333,
            20.0,
            36.667,
            53.333,
            70.0,
            86.667,
            23.333,
            40.0,
            56.667,
            73.333,
            53.333,
            70.0,
            6.667,
            23.333,
            40.0,
            56.667,
            73.333,
            90.0,
            26.667,
            43.333,
            60.0,
            40.0,
            56.667,
            73.333,
        ]
    )
    reviews = ReviewSet(n_entries=12, n_reviewers=13, reviewer=reviewer, entry=entry, score=score)
    report = screen(reviews, seed=b"\1" * 32, reviewer_entry=[*range(12), -1], level=0.01)
    assert [flag for flag in report.flags if flag.kind == "down-scoring"] == []
