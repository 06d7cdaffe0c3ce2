"""Screening as a whole: what it reports, what it refuses, and what it says of its own reach."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from concours.peerreview import BadInput, ReviewSet, simulate
from concours.peerreview.screening import DETECTORS, LIMITS, UNTESTED, aligned, screen
from concours.peerreview.screening.report import q_values

N = 60


def honest(n: int = N, k: int = 8, seed: bytes = b"world") -> ReviewSet:
    return simulate.gaussian_world(n, k, seed=seed).reviews


def with_scores(reviews: ReviewSet, score: np.ndarray) -> ReviewSet:
    return ReviewSet(
        n_entries=reviews.n_entries,
        n_reviewers=reviews.n_reviewers,
        reviewer=reviews.reviewer,
        entry=reviews.entry,
        score=score,
    )


def reverse(reviews: ReviewSet, reviewer: int) -> ReviewSet:
    mine = reviews.reviewer == reviewer
    return with_scores(reviews, np.where(mine, -10 * reviews.score, reviews.score))


def test_the_same_inputs_and_seed_give_the_same_report() -> None:
    reviews = honest()

    one, two = (screen(reviews, seed=b"s", reviewer_entry=np.arange(N)) for _ in range(2))

    assert one.flags == two.flags
    for a, b in zip(one.tests, two.tests, strict=True):
        assert np.array_equal(a.p_value, b.p_value, equal_nan=True)


def test_the_order_of_reviews_is_no_input() -> None:
    reviews = honest()
    turned = ReviewSet(
        n_entries=N,
        n_reviewers=N,
        reviewer=reviews.reviewer[::-1],
        entry=reviews.entry[::-1],
        score=reviews.score[::-1],
    )

    one = screen(reviews, seed=b"s", reviewer_entry=np.arange(N), level=0.2)
    two = screen(turned, seed=b"s", reviewer_entry=np.arange(N), level=0.2)

    assert one.flags == two.flags
    assert one.flags


@pytest.mark.parametrize(("scale", "shift"), [(1e-6, 0.0), (1e5, 3e6), (1.0, -50.0)])
def test_the_scale_of_the_scores_is_no_evidence(scale: float, shift: float) -> None:
    reviews = reverse(honest(), 7)
    other = with_scores(reviews, shift + scale * reviews.score)

    one = screen(reviews, seed=b"s", reviewer_entry=np.arange(N))
    two = screen(other, seed=b"s", reviewer_entry=np.arange(N))

    assert [(f.kind, f.reviewers) for f in one.flags] == [(f.kind, f.reviewers) for f in two.flags]
    assert (7,) in {f.reviewers for f in two.flags}


def test_a_flag_carries_its_evidence_and_the_chance_of_a_false_alarm() -> None:
    report = screen(reverse(honest(), 7), seed=b"s", reviewer_entry=np.arange(N))

    flag = next(f for f in report.of(7) if f.kind == "against-the-rest")
    assert flag.evidence["correlation"] < -0.3
    assert flag.evidence["reviews"] == 8
    assert 0 < flag.p_value <= flag.false_alarm < 0.01
    assert flag.p_value <= flag.q_value <= 1
    assert not flag.weak
    assert "Reviewer 7" in flag.message
    assert 7 in report.flagged_reviewers


def test_the_level_is_shared_by_the_tests_that_run() -> None:
    report = screen(honest(), seed=b"s", level=0.02)

    ran = [t for t in report.tests if t.ran]
    assert {t.kind for t in ran} == {"against-the-rest", "all-alike"}
    assert sum(t.level for t in ran) == pytest.approx(0.02)
    assert [t.kind for t in report.tests] == list(DETECTORS)
    favours = report.test("favours")
    assert favours.untested == {"no-reviewer-entry": N}
    assert np.isnan(favours.p_value).all()
    assert report.test("bids").untested == {"no-bids": N, "no-similarity": N}


def test_expected_false_alarms_are_stated() -> None:
    summary = screen(honest(), seed=b"s", level=0.02).test("all-alike")

    assert summary.tested == N
    assert summary.expected_false_alarms == pytest.approx(summary.level * N)


def test_progress_reaches_the_end() -> None:
    steps: list[tuple[int, int]] = []

    screen(honest(20, 4), seed=b"s", progress=lambda done, total: steps.append((done, total)))

    assert steps[0] == (0, len(DETECTORS))
    assert steps[-1] == (len(DETECTORS), len(DETECTORS))


def test_few_reviews_are_called_weak() -> None:
    few = screen(honest(k=4), seed=b"s")
    many = screen(honest(k=8), seed=b"s")

    assert few.weak
    assert "fewer than 8" in few.weak_reason
    assert not many.weak
    assert many.weak_reason == ""


def test_two_reviews_are_not_tested() -> None:
    report = screen(honest(k=2), seed=b"s", reviewer_entry=np.arange(N))

    assert report.test("against-the-rest").untested == {"few-reviews": N}
    assert report.test("all-alike").untested == {"few-reviews": N}
    assert report.test("down-scoring").untested == {"few-reviews": N}


def test_reviewers_without_reviews_are_counted_apart() -> None:
    reviews = honest(20, 6)
    more = ReviewSet(
        n_entries=21,
        n_reviewers=25,
        reviewer=reviews.reviewer,
        entry=reviews.entry,
        score=reviews.score,
    )

    report = screen(more, seed=b"s", reviewer_entry=np.r_[np.arange(20), [20, -1, -1, -1, 20]])

    assert report.test("against-the-rest").untested["no-reviews"] == 5
    assert report.test("down-scoring").untested["no-reviews"] == 5
    assert np.isnan(report.test("against-the-rest").p_value[20:]).all()


def test_all_scores_equal_flag_nobody_and_are_named() -> None:
    reviews = honest(30, 5)

    report = screen(
        with_scores(reviews, np.full(len(reviews), 3.0)), seed=b"s", reviewer_entry=np.arange(30)
    )

    assert report.flags == []
    assert any("All scores are equal" in note for note in report.notes)


def test_no_review_at_all() -> None:
    empty = ReviewSet(n_entries=4, n_reviewers=3, reviewer=[], entry=[], score=[])

    report = screen(empty, seed=b"s", reviewer_entry=[0, 1, 2], seconds=[], comments=[])

    assert report.flags == []
    assert report.weak
    assert report.test("against-the-rest").untested == {"no-reviews": 3}


def test_parts_without_a_common_reviewer_are_said_and_own_entries_elsewhere_not_used() -> None:
    left, right = honest(20, 5, b"l"), honest(20, 5, b"r")
    both = ReviewSet(
        n_entries=40,
        n_reviewers=40,
        reviewer=np.r_[left.reviewer, right.reviewer + 20],
        entry=np.r_[left.entry, right.entry + 20],
        score=np.r_[left.score, right.score + 100],
    )

    across = np.r_[np.arange(20, 40), np.arange(20)]
    report = screen(both, seed=b"s", reviewer_entry=across)

    assert any("2 parts" in note for note in report.notes)
    assert report.test("down-scoring").untested == {"own-entry-apart": 40}
    assert report.test("against-the-rest").tested == 40


def test_a_second_part_changes_no_flag_of_the_first() -> None:
    left = reverse(honest(40, 8, b"l"), 3)
    alone = screen(left, seed=b"s", reviewer_entry=np.arange(40))
    both = ReviewSet(
        n_entries=80,
        n_reviewers=80,
        reviewer=np.r_[left.reviewer, left.reviewer + 40],
        entry=np.r_[left.entry, left.entry + 40],
        score=np.r_[left.score, left.score + 1_000],
    )

    report = screen(both, seed=b"s", reviewer_entry=np.arange(80))

    assert {f.reviewers for f in alone.flags} >= {(3,)}
    assert {f.reviewers for f in report.flags} >= {(3,), (43,)}


def test_codes_and_limits_are_sentences() -> None:
    report = screen(honest(20, 2), seed=b"s", reviewer_entry=np.full(20, -1))

    codes = {code for test in report.tests for code in test.untested}
    assert codes <= set(UNTESTED)
    assert len(LIMITS) > 5
    assert all(sentence.endswith(".") for sentence in LIMITS)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"level": 0}, "level"),
        ({"level": 0.3}, "level"),
        ({"level": float("nan")}, "level"),
        ({"permutations": 10}, "permutations"),
        ({"detectors": ["gossip"]}, "no detector 'gossip'"),
        ({"detectors": "haste"}, "a list"),
        ({"detectors": []}, "at least one"),
        ({"detectors": ["haste", "haste"]}, "twice"),
        ({"reviewer_entry": [0, 1]}, "reviewer_entry: 10 numbers"),
        ({"reviewer_entry": [0] * 9 + [10]}, r"reviewer_entry\[9\]: no entry 10"),
        ({"reviewer_entry": [0.5] * 10}, "reviewer_entry: whole numbers"),
        ({"seconds": [1.0]}, "seconds: 30 numbers"),
        ({"seconds": [1.0] * 29 + [0.0]}, r"seconds\[29\]"),
        ({"seconds": [1.0] * 29 + [float("inf")]}, r"seconds\[29\]"),
        ({"seconds": ["soon"] * 30}, "seconds: numbers"),
        ({"comments": ["a"]}, "comments: one text"),
        ({"comments": "a" * 30}, "comments: one text"),
        ({"comments": ["a"] * 29 + [3]}, r"comments\[29\]"),
        ({"bids": np.zeros((3, 3))}, "bids: shape"),
        ({"bids": np.full((10, 10), np.nan)}, r"bids\[0, 0\]"),
        ({"bids": [["x"]]}, "bids: a matrix"),
        ({"bids": sparse.csr_array((3, 3))}, "bids: shape"),
        ({"similarity": np.zeros((3, 3))}, "similarity: shape"),
        ({"similarity": np.full((10, 10), np.inf)}, "similarity"),
    ],
)
def test_bad_input_is_named(arguments: dict[str, object], words: str) -> None:
    reviews = honest(10, 3)

    with pytest.raises(BadInput, match=words):
        screen(reviews, seed=b"s", **arguments)  # type: ignore[arg-type]


def test_comparisons_are_refused() -> None:
    reviews = ReviewSet.from_comparisons([0, 1, 0], [1, 2, 2], reviewer=[0, 0, 1])

    with pytest.raises(BadInput, match="comparisons cannot be screened"):
        screen(reviews, seed=b"s")


def test_values_are_put_in_the_order_of_the_reviews() -> None:
    reviews = ReviewSet(
        n_entries=3, n_reviewers=2, reviewer=[1, 0, 1], entry=[2, 1, 0], score=[1.0, 2, 3]
    )

    found = aligned(reviews, reviewer=[1, 0], entry=[2, 1], values=["late", "early"])

    assert found == ["early", None, "late"]


@pytest.mark.parametrize(
    ("reviewer", "entry", "words"),
    [
        ([0], [0], "no review of entry 0"),
        ([0, 0], [1, 1], "given twice"),
        ([0], [1, 2], "one length"),
    ],
)
def test_values_for_nothing_are_refused(reviewer: list[int], entry: list[int], words: str) -> None:
    reviews = ReviewSet(n_entries=3, n_reviewers=2, reviewer=[0], entry=[1], score=[1.0])

    with pytest.raises(BadInput, match=words):
        aligned(reviews, reviewer=reviewer, entry=entry, values=["x"] * len(reviewer))


def test_q_values_are_those_of_benjamini_and_hochberg() -> None:
    # The fifteen p-values of their paper (1995): four are rejected at .05.
    p = np.array(
        [.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719,
         .6528, .7590, 1.0]
    )  # fmt: skip

    q = q_values(np.r_[p, np.nan], p)

    assert int(np.sum(q <= 0.05)) == 4
    assert q[0] == pytest.approx(0.0015)
    assert np.all(np.diff(q) >= 0)
