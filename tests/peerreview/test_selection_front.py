"""Selection from outside: batches, reasons, expected recall, recommendations, bad input."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest

from concours.peerreview import SELECTORS, BadInput, ReviewSet, SelectionResult, select, simulate
from concours.peerreview.selection import (
    agreement_of,
    expected_recall,
    recommend,
    select_batch,
)

PART = np.arange(12) % 3


def contests(count: int, *, n: int = 20, m: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(count, n, m) lists of which some places are empty, scores with ties, (count, n) parts."""
    rng = np.random.Generator(np.random.Philox(7))
    part = np.array([rng.permutation(n) % 3 for _ in range(count)])
    lists = np.full((count, n, m), -1)
    for c in range(count):
        for a in range(n):
            outside = np.flatnonzero(part[c] != part[c, a])
            given = rng.integers(0, m + 1)
            lists[c, a, :given] = rng.choice(outside, given, replace=False)
    score = rng.integers(1, 5, lists.shape).astype(float)
    score[lists < 0] = math.nan
    return lists, score, part


@pytest.mark.parametrize("method", sorted(SELECTORS))
def test_a_batch_is_contest_by_contest_what_select_says(method: str) -> None:
    lists, score, part = contests(12)
    seeds = [bytes([i]) for i in range(12)]
    chosen = select_batch(
        entry=lists, score=score, n_entries=20, size=6, part=part, reviewer_entry=np.arange(20),
        seeds=seeds, method=method, agreement=0.8,
    )  # fmt: skip
    assert chosen.shape == (12, 20)
    assert chosen.dtype == np.bool_
    for i in range(12):
        given = lists[i] >= 0
        reviews = ReviewSet(
            n_entries=20,
            n_reviewers=20,
            reviewer=np.repeat(np.arange(20), given.sum(axis=1)),
            entry=lists[i][given],
            score=score[i][given],
        )
        one = select(
            reviews, size=6, part=part[i], seed=seeds[i], reviewer_entry=np.arange(20),
            method=method, agreement=0.8,
        )  # fmt: skip
        assert np.array_equal(np.flatnonzero(chosen[i]), one.selected)


def test_a_batch_of_rankings_needs_no_scores() -> None:
    lists, _, part = contests(4)
    ranked = select_batch(
        entry=lists, n_entries=20, size=6, part=part, reviewer_entry=np.arange(20),
        seeds=[b"a"] * 4,
    )  # fmt: skip
    for i in range(4):
        rows = [row[row >= 0] for row in lists[i]]
        one = select(
            ReviewSet.from_rankings(rows, n_entries=20), size=6, part=part[i], seed=b"a",
            reviewer_entry=np.arange(20),
        )  # fmt: skip
        assert np.array_equal(np.flatnonzero(ranked[i]), one.selected)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"entry": [[1, 2]]}, "entry: "),
        ({"entry": [[[1, 1], [0, -1]]]}, r"entry\[0, 0, 1\]: entry 1 is twice"),
        ({"entry": [[[1, 7], [0, -1]]]}, r"entry\[0, 0, 1\]: no entry 7"),
        ({"score": [[[1.0, math.nan], [0.0, 0.0]]]}, r"score\[0, 0, 1\]: nan"),
        ({"score": [[1.0]]}, "score: the shape"),
        ({"seeds": []}, "seeds: 1 expected"),
        ({"part": [[0, 1, 1], [0, 1, 1]]}, "1 rows expected"),
        ({"reviewer_entry": [0, 9]}, r"reviewer_entry\[1\]"),
        ({"size": 4}, "size"),
        ({"entry": np.zeros((1, 0, 1))}, "reviewer"),
    ],
)
def test_malformed_batches_are_named(change: dict[str, object], words: str) -> None:
    task: dict[str, object] = {
        "entry": [[[1, 2], [0, -1]]],
        "n_entries": 3,
        "size": 1,
        "part": [0, 1, 1],
        "reviewer_entry": [0, 1],
        "seeds": [b"s"],
    }
    with pytest.raises(BadInput, match=words):
        select_batch(**(task | change))  # type: ignore[arg-type]


@pytest.mark.parametrize("method", sorted(SELECTORS))
def test_results_do_not_depend_on_the_order_of_reviews(method: str) -> None:
    world = simulate.gaussian_world(20, 4, seed=b"o", parts=2)
    shuffled = np.random.Generator(np.random.Philox(1)).permutation(len(world.reviews))
    found = [
        select(
            ReviewSet(
                n_entries=20, n_reviewers=20, reviewer=world.reviews.reviewer[order],
                entry=world.reviews.entry[order], score=world.reviews.score[order],
            ),
            size=5, part=world.assignment.part, seed=b"o", reviewer_entry=np.arange(20),
            method=method,
        )
        for order in (np.arange(len(world.reviews)), shuffled)
    ]  # fmt: skip
    one, two = (
        {f.name: getattr(r, f.name) for f in dataclasses.fields(SelectionResult)} for r in found
    )
    assert all(np.array_equal(one[name], two[name]) for name in one)


CODES = {
    "exact-dollar-partition": {"within-quota", "rounded-up", "rounded-down", "below-quota"},
    "partition": {"within-quota", "rounded-up", "rounded-down", "below-quota"},
    "dollar-partition-raffle": {"within-seats", "beyond-seats"},
    "credible-subset": {"drawn", "not-drawn", "nobody-drawn", "not-credible"},
    "peer-nomination": {
        "nominated", "nominated-by-coin", "not-nominated-by-coin", "not-nominated", "no-reviews",
    },
    "borda": {"within-quota", "below-quota"},
}  # fmt: skip
SELECTED = {
    "within-quota", "rounded-up", "within-seats", "drawn", "nominated", "nominated-by-coin",
}  # fmt: skip


@pytest.mark.parametrize("method", sorted(SELECTORS))
def test_reasons_of_each_method_fit_its_numbers(method: str) -> None:
    seen = set()
    for i in range(30):
        world = simulate.gaussian_world(22, 3, seed=bytes([i]), parts=3)
        keep = world.reviews.entry != 4  # an entry without reviews
        found = select(
            world.reviews.subset(keep), size=7, part=world.assignment.part, seed=bytes([i]),
            reviewer_entry=np.arange(22), method=method,
        )  # fmt: skip
        reasons = found.reasons(digits=9)
        for entry, reason in enumerate(reasons):
            code, alone = str(reason["code"]), found.reason(entry)
            seen.add(code)
            assert alone["code"] == code
            assert alone == pytest.approx(reason, abs=1e-9)
            assert list(alone) == list(reason)
            assert (code in SELECTED) == bool(found.chosen[entry])
            chance = float(reason["probability"])
            if code in {"within-quota", "nominated"}:
                assert chance == 1
            if code in {"below-quota", "not-nominated", "no-reviews", "not-credible"}:
                assert chance == 0
        if method == "peer-nomination":
            assert reasons[4]["code"] == "no-reviews"
            enough = found.chosen[np.arange(22) != 4] > 0
            given = [(r["nominations"], r["needed"]) for e, r in enumerate(reasons) if e != 4]
            assert [float(has) >= float(needs) for has, needs in given] == enough.tolist()
    assert seen == CODES[method]


def test_equals_go_by_the_order_given() -> None:
    rows: list[list[int]] = [[] for _ in range(12)]
    reviews = ReviewSet.from_rankings(rows, n_entries=12)
    order = np.array([5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 7, 6])
    found = select(
        reviews, size=3, part=PART, seed=b"s", reviewer_entry=np.arange(12), method="borda",
        tie_order=order,
    )  # fmt: skip
    assert found.selected.tolist() == [3, 4, 5]
    with pytest.raises(BadInput, match=r"tie_order\[1\]: 5 is given twice"):
        select(
            reviews, size=3, part=PART, seed=b"s", reviewer_entry=np.arange(12),
            tie_order=[5, 5, *range(10)],
        )  # fmt: skip


@pytest.mark.parametrize("method", sorted(SELECTORS))
def test_all_scores_equal_leave_everybody_the_same_chance(method: str) -> None:
    world = simulate.gaussian_world(24, 4, seed=b"e", parts=3)
    same = ReviewSet(
        n_entries=24,
        n_reviewers=24,
        reviewer=world.reviews.reviewer,
        entry=world.reviews.entry,
        score=np.full(len(world.reviews), 3.0),
    )
    hits = np.zeros(24)
    for seed in range(400):
        hits += select(
            same, size=8, part=world.assignment.part, seed=seed.to_bytes(2, "big"),
            reviewer_entry=np.arange(24), method=method, load=4,
        ).chosen  # fmt: skip
    mean = hits.mean() / 400
    assert np.allclose(hits / 400, mean, atol=0.11)
    if method in {"peer-nomination", "credible-subset"}:  # their size is not exact
        assert 0.2 < mean < 0.5
    else:
        assert mean == pytest.approx(8 / 24)


def test_comparisons_are_lists_of_wins() -> None:
    world = simulate.gaussian_world(12, 3, seed=b"c", parts=3)
    rows = [world.reviews.entry[world.reviews.reviewer == a] for a in range(12)]
    winner, loser, who = [], [], []
    for a, row in enumerate(rows):
        for i in range(len(row)):
            for j in range(i + 1, len(row)):
                winner.append(row[i])
                loser.append(row[j])
                who.append(a)
    compared = ReviewSet.from_comparisons(winner, loser, who, n_entries=12, n_reviewers=12)
    for method in sorted(SELECTORS):
        found, ranked = (
            select(
                reviews, size=4, part=world.assignment.part, seed=b"c",
                reviewer_entry=np.arange(12), method=method,
            )
            for reviews in (compared, ReviewSet.from_rankings(rows, n_entries=12))
        )  # fmt: skip
        assert np.array_equal(found.probability, ranked.probability)
        assert np.array_equal(found.selected, ranked.selected)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method": "peer-nomination", "own": True}, "review 0: reviewer 0 reviews the own entry"),
        ({"method": "credible-subset", "own": True}, "leave it out"),
        ({"method": "borda", "own": True}, "own entry 0"),
        ({"method": "partition", "part": [0] * 12}, "at least two parts, got one"),
        ({"method": "dollar-partition-raffle", "part": [0] * 12}, "deal the entries to parts"),
        ({"method": "dollar-partition-raffle", "size": 5}, "fewer than the size 5"),
        ({"part": [0, 1, 9, *[1] * 9]}, "part 2 has no entry"),
        ({"part": [0, 1, 12, *[1] * 9]}, r"part\[2\]: 12"),
        ({"part": [0, 1, -1, *[1] * 9]}, r"part\[2\]: -1"),
        ({"part": [0.5] * 12}, "part: whole numbers"),
        ({"part": [0, *[1] * 11], "size": 12}, "too near"),
        ({"size": 13}, "size: 1 to 12 expected, got 13"),
        ({"reviewer_entry": [-2] * 12}, r"reviewer_entry\[0\]"),
        ({"agreement": 0.5}, "agreement"),
        ({"agreement": math.nan}, "agreement"),
        ({"load": -1}, "load"),
        ({"tie_order": [1, 2]}, "tie_order: 12"),
    ],
)
def test_malformed_tasks_say_what_and_where(change: dict[str, object], words: str) -> None:
    own = change.pop("own", False)
    rows = [[(a + 1) % 12, (a + 2) % 12] for a in range(12)]
    if own:
        rows[0] = [0, 1]
    task = {"size": 4, "part": PART, "seed": b"", "reviewer_entry": np.arange(12)} | change
    with pytest.raises(BadInput, match=words):
        select(ReviewSet.from_rankings(rows, n_entries=12), **task)  # type: ignore[arg-type]


def test_no_reviewer_at_all_is_refused() -> None:
    with pytest.raises(BadInput, match="at least one reviewer"):
        select(
            ReviewSet.from_rankings([], n_entries=4), size=1, part=[0, 0, 1, 1], seed=b"",
            reviewer_entry=np.zeros(0, dtype=np.int64),
        )  # fmt: skip


@pytest.mark.parametrize("method", sorted(SELECTORS))
def test_silence_of_all_is_no_fault(method: str) -> None:
    reviews = ReviewSet.from_rankings([[] for _ in range(12)], n_entries=12)
    found = select(
        reviews, size=3, part=PART, seed=b"q", reviewer_entry=np.arange(12), method=method
    )
    assert len(found.selected) == (0 if method == "peer-nomination" else 3)
    assert np.all(np.isfinite(found.probability))


@pytest.mark.parametrize("noise", [0.5, 1.0, 2.0])
def test_agreement_is_found_from_reviews(noise: float) -> None:
    truth = 0.5 + math.asin(1 / (1 + noise**2)) / math.pi
    found = [
        agreement_of(
            simulate.gaussian_world(150, 8, seed=bytes([i]), bias_sd=2, noise_sd=noise).reviews
        )
        for i in range(12)
    ]
    assert np.mean(found) == pytest.approx(truth, abs=0.015)


def test_agreement_without_shared_entries_is_the_least() -> None:
    reviews = ReviewSet.from_rankings([[0, 1], [2, 3]], n_entries=4)
    assert agreement_of(reviews) == 0.505


@pytest.mark.parametrize("method", ["exact-dollar-partition", "peer-nomination", "borda"])
def test_expected_recall_is_what_other_worlds_give(method: str) -> None:
    n, m, size, real = 60, 6, 15, []
    for i in range(60):
        world = simulate.gaussian_world(n, m, seed=bytes([i]), bias_sd=0, parts=3)
        found = select(
            world.reviews, size=size, part=world.assignment.part, seed=bytes([i]),
            reviewer_entry=np.arange(n), method=method, agreement=2 / 3,
        )  # fmt: skip
        best = np.argsort(-world.quality)[:size]
        real.append(np.isin(best, found.selected).mean())
    told = expected_recall(
        world.reviews, size=size, part=world.assignment.part, reviewer_entry=np.arange(n),
        seed=b"e", method=method, agreement=2 / 3,
    )  # fmt: skip
    assert told.worlds == 200
    error = math.hypot(told.error, np.std(real) / math.sqrt(60))
    assert told.recall == pytest.approx(np.mean(real), abs=3.5 * error)
    assert told.selected == pytest.approx(size, abs=0.6)
    again = expected_recall(
        world.reviews, size=size, part=world.assignment.part, reviewer_entry=np.arange(n),
        seed=b"e", method=method, agreement=2 / 3,
    )  # fmt: skip
    assert again == told


def test_recall_falls_with_disagreement_and_by_default_follows_the_reviews() -> None:
    world = simulate.gaussian_world(60, 6, seed=b"w", bias_sd=0, parts=2)
    told = [
        expected_recall(
            world.reviews, size=15, part=world.assignment.part, reviewer_entry=np.arange(60),
            seed=b"w", agreement=agreement, worlds=60,
        )
        for agreement in (0.9, None, 0.55)
    ]  # fmt: skip
    assert told[0].recall > told[1].recall > told[2].recall
    assert told[1].agreement == agreement_of(world.reviews)
    with pytest.raises(BadInput, match="worlds"):
        expected_recall(
            world.reviews, size=15, part=world.assignment.part, reviewer_entry=np.arange(60),
            seed=b"w", worlds=1,
        )  # fmt: skip


def test_recommendations_give_method_parts_and_reason() -> None:
    noisy = recommend(entries=60, reviews_per_entry=5, size=15, worlds=80)
    assert (noisy.method, noisy.parts, noisy.code) == (
        "exact-dollar-partition", 2, "parts-find-more",
    )  # fmt: skip
    agreed = recommend(entries=60, reviews_per_entry=12, size=15, agreement=0.95, worlds=80)
    assert (agreed.method, agreed.parts, agreed.code) == (
        "peer-nomination", 1, "nominations-find-more",
    )  # fmt: skip
    exact = recommend(
        entries=60, reviews_per_entry=12, size=15, agreement=0.95, exact_size=True, worlds=40
    )
    assert exact.code == "exact-size"
    assert exact.parts >= 2
    tight = recommend(entries=13, reviews_per_entry=6, size=3, worlds=40)
    assert (tight.method, tight.code) == ("peer-nomination", "no-room-for-parts")
    for found in (noisy, agreed, exact, tight):
        assert f"{found.expected.recall:.0%}" in found.sentence
        assert 0 < found.expected.recall < 1
        assert found.expected in [other.expected for other in found.candidates]
    assert recommend(entries=60, reviews_per_entry=5, size=15, worlds=80).expected == noisy.expected


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"entries": 1}, "entries"),
        ({"size": 14}, "size"),
        ({"reviews_per_entry": 13}, "reviews_per_entry"),
        ({"worlds": 1}, "worlds"),
        ({"agreement": 2.0}, "agreement"),
        ({"exact_size": True}, "no room for parts"),
    ],
)
def test_recommendations_refuse_what_cannot_be(change: dict[str, object], words: str) -> None:
    task = {"entries": 13, "reviews_per_entry": 6, "size": 3, "worlds": 10} | change
    with pytest.raises(BadInput, match=words):
        recommend(**task)  # type: ignore[arg-type]
