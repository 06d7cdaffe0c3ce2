"""What is known beside the reviews counts by its weight, and gives nobody a lever."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import BadInput, ReviewSet, SelectionResult, select
from concours.peerreview.selection import field_share
from tests.peerreview.test_selection_impartial import reports

IN_PARTS = ["exact-dollar-partition", "partition", "dollar-partition-raffle"]


def circle(n: int, *, reviews: int = 3, parts: int = 3) -> tuple[ReviewSet, np.ndarray]:
    """Entry e is reviewed by those after it, outside its part; the higher the number the better."""
    part = np.arange(n) % parts
    pairs = [
        (reviewer, entry)
        for reviewer in range(n)
        for entry in ((reviewer + step) % n for step in range(1, n))
        if part[entry] != part[reviewer]
    ]
    kept = [pair for pair in pairs if (pair[1] - pair[0]) % n <= reviews * parts]
    reviewer, entry = np.array(kept, dtype=np.int64).T
    reviews_of = ReviewSet(
        n_entries=n, n_reviewers=n, reviewer=reviewer, entry=entry, score=entry.astype(np.float64)
    )
    return reviews_of, part


def chosen(reviews: ReviewSet, part: np.ndarray, *, size: int = 4, **more: Any) -> SelectionResult:
    owner = np.arange(reviews.n_reviewers)
    return select(reviews, size=size, part=part, seed=b"seed", reviewer_entry=owner, **more)


@pytest.mark.parametrize("method", [*IN_PARTS, "borda"])
def test_a_weight_of_nothing_changes_nothing(method: str) -> None:
    reviews, part = circle(12)

    plain = chosen(reviews, part, method=method)
    mixed = chosen(reviews, part, method=method, beside=-np.arange(12.0), beside_weight=0.0)

    assert mixed.selected.tolist() == plain.selected.tolist()
    assert mixed.quota.tolist() == plain.quota.tolist()


@pytest.mark.parametrize("method", ["exact-dollar-partition", "borda"])
def test_the_whole_weight_chooses_the_best_by_it_alone(method: str) -> None:
    reviews, part = circle(12)
    beside = -np.arange(12.0)
    beside[0] = np.nan

    found = chosen(reviews, part, method=method, beside=beside, beside_weight=1.0)

    # 0 has no number and is last; by number the best are 1 to 4, in parts 1, 2, 0, 1.
    assert found.selected.tolist() == [1, 2, 3, 4]
    if method != "borda":
        assert found.seats.tolist() == [1, 2, 1]


def test_weights_decide_between_reviewers_and_what_is_known() -> None:
    """Reviewers prefer 11, what is known prefers 0; who has more weight has more of their best."""
    reviews, part = circle(12)
    beside = -np.arange(12.0)

    sums = [
        int(chosen(reviews, part, beside=beside, beside_weight=weight).selected.sum())
        for weight in (0.0, 0.25, 0.75, 1.0)
    ]

    assert sums == sorted(sums, reverse=True)
    assert sums[0] > sums[-1]


def test_shares_of_the_field_are_worked_by_hand() -> None:
    share = field_share(np.array([5.0, 1.0, 5.0, np.nan, 3.0]))
    # Below 5: three and half the other 5; nothing is below what is not known.
    assert share.tolist() == [3.5 / 4, 1 / 4, 3.5 / 4, 0.0, 2 / 4]


@settings(max_examples=60)
@given(
    data=st.data(),
    n=st.integers(9, 24),
    parts=st.integers(2, 4),
    weight=st.floats(0, 1),
    method=st.sampled_from(["exact-dollar-partition", "partition"]),
)
def test_the_size_is_exact_and_no_part_overflows(
    data: st.DataObject, n: int, parts: int, weight: float, method: str
) -> None:
    reviews, part = circle(n, parts=parts)
    numbers = st.one_of(st.integers(0, 3).map(float), st.just(float("nan")))
    beside = data.draw(st.lists(numbers, min_size=n, max_size=n))
    size = data.draw(st.integers(1, n // 2))

    found = chosen(reviews, part, size=size, method=method, beside=beside, beside_weight=weight)

    assert len(found.selected) == size
    assert found.quota.sum() == pytest.approx(size)
    assert bool(np.all(found.quota <= np.bincount(part) + 1e-9))


@pytest.mark.parametrize("method", IN_PARTS)
def test_no_report_moves_ones_own_chance(method: str) -> None:
    """Every report of one agent, with a machine that counts most."""
    reviews, part = circle(9)
    beside = np.array([3.0, 1.0, 2.0, 9.0, np.nan, 4.0, 4.0, 0.0, 7.0])
    agent = 4
    own = reviews.reviewer == agent
    seen = tuple(reviews.entry[own].tolist())[:3]
    chances = set()
    for entries, scores in reports(seen):
        told = ReviewSet(
            n_entries=9,
            n_reviewers=9,
            reviewer=np.concatenate(
                [reviews.reviewer[~own], np.full(len(entries), agent, dtype=np.int64)]
            ),
            entry=np.concatenate([reviews.entry[~own], np.array(entries, dtype=np.int64)]),
            score=np.concatenate([reviews.score[~own], np.array(scores, dtype=np.float64)]),
        )
        found = chosen(told, part, size=3, method=method, beside=beside, beside_weight=0.75)
        chances.add(round(float(found.probability[agent]), 9))

    assert len(chances) == 1


@pytest.mark.parametrize("method", ["peer-nomination", "credible-subset"])
def test_methods_of_reviews_alone_refuse(method: str) -> None:
    reviews, part = circle(12)
    with pytest.raises(BadInput, match="counts reviews alone"):
        chosen(reviews, part, method=method, beside=np.arange(12.0), beside_weight=0.5)


@pytest.mark.parametrize(
    ("beside", "weight", "told"),
    [
        ([1.0] * 11, 0.5, "12 numbers"),
        ([np.inf] + [1.0] * 11, 0.5, r"beside\[0\]"),
        ([1.0] * 12, 1.5, "beside_weight"),
        ([1.0] * 12, float("nan"), "beside_weight"),
    ],
)
def test_what_is_no_number_or_weight_is_refused(
    beside: list[float], weight: float, told: str
) -> None:
    reviews, part = circle(12)
    with pytest.raises(BadInput, match=told):
        chosen(reviews, part, beside=beside, beside_weight=weight)
