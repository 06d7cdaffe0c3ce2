"""Selection: exact size, marginals, and impartiality tried exhaustively."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from concours.peerreview import BadInput, ReviewSet, select, simulate
from concours.peerreview.selection.exact_dollar_partition import systematic
from tests.examples import examples


def chances(rankings: list[tuple[int, ...]], part: list[int], size: int, method: str) -> np.ndarray:
    reviews = ReviewSet.from_rankings(rankings, n_entries=len(part))
    own = np.arange(len(part))
    return select(
        reviews, size=size, part=part, seed=b"t", reviewer_entry=own, method=method
    ).probability


def largest_gain(part: list[int], lists: list[tuple[int, ...]], size: int, method: str) -> float:
    """Over all agents: how far any report, silence included, moves the reporter's own chance."""
    worst = 0.0
    for agent, seen in enumerate(lists):
        own = []
        for length in range(len(seen) + 1):
            for report in itertools.permutations(seen, length):
                told = [report if a == agent else x for a, x in enumerate(lists)]
                own.append(chances(told, part, size, method)[agent])
        worst = max(worst, max(own) - min(own))
    return worst


SMALL = [
    ([0, 0, 0, 1, 1, 1], [(3, 4, 5), (5, 4), (4, 3), (0, 1), (2, 0, 1), (1, 2)]),
    ([0, 0, 1, 1, 2, 2], [(2, 4, 3), (5, 3), (0, 4, 5), (1, 5), (0, 1, 3), (2, 1, 3)]),
    ([0, 1, 0, 1, 2], [(1, 3, 4), (0, 2), (4, 3), (2, 4, 0), (0, 1, 2)]),
]


@pytest.mark.slow
@pytest.mark.parametrize(("part", "lists"), SMALL)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_no_report_moves_the_own_chance(
    part: list[int], lists: list[tuple[int, ...]], size: int
) -> None:
    assert largest_gain(part, lists, size, "exact-dollar-partition") <= 1e-12


def test_the_same_test_catches_the_plain_rule() -> None:
    part, lists = SMALL[1]
    assert max(largest_gain(part, lists, size, "borda") for size in (1, 2, 3)) == 1.0


@settings(max_examples=examples(80), deadline=None)
@given(
    data=st.data(),
    n=st.integers(4, 14),
    parts=st.integers(2, 4),
)
def test_size_and_marginals(data: st.DataObject, n: int, parts: int) -> None:
    part = np.arange(n) % parts
    size = data.draw(st.integers(1, n // 2))
    rows = [
        data.draw(st.permutations([e for e in range(n) if e != a]))[: data.draw(st.integers(0, 5))]
        for a in range(n)
    ]
    reviews = ReviewSet.from_rankings(rows, n_entries=n)
    own = np.arange(n)
    try:
        found = select(reviews, size=size, part=part, seed=b"s", reviewer_entry=own)
    except BadInput as refusal:
        # Refused for the sizes of the parts, whatever the reports.
        assume("too near" not in str(refusal))
        raise
    assert len(found.selected) == size == found.chosen.sum() == found.seats.sum()
    assert found.share.sum() == pytest.approx(1)
    assert found.probability.sum() == pytest.approx(size)
    assert np.all(np.abs(found.seats - found.quota) < 1 + 1e-9)
    assert np.all(found.quota <= np.bincount(part) + 1e-9)
    for p in range(parts):
        assert sorted(found.place[part == p]) == list(range(1, int(np.sum(part == p)) + 1))


def test_rounding_keeps_the_marginals() -> None:
    quota = np.array([1.3, 0.9, 2.25, 0.55])
    seats = np.array([systematic(quota, 5, seed=i.to_bytes(4, "big")) for i in range(4_000)])
    assert np.all(seats.sum(axis=1) == 5)
    assert np.all((seats == np.floor(quota)) | (seats == np.ceil(quota)))
    assert np.allclose(seats.mean(axis=0), quota, atol=0.035)


def test_votes_flow_to_the_better_part() -> None:
    # Entries 0 and 1 (part 0) are below all others in every list.
    rows = [[4, 2], [4, 2], [4, 0], [4, 0], [2, 0], [3, 1]]
    reviews = ReviewSet.from_rankings(rows, n_entries=6)
    part = [0, 0, 1, 1, 2, 2]
    found = select(reviews, size=2, part=part, seed=b"s", reviewer_entry=np.arange(6))
    # Part 2: 0, 1, 2, 3 give entry 4 three quarters of their votes each.
    assert found.share[2] == pytest.approx((4 * 0.75) / 6)
    assert found.share[0] == pytest.approx((0.25 + 0.25 + 0.25 + 0.25) / 6)
    assert found.place[4] == 1


def test_silence_counts_as_an_even_vote() -> None:
    rows: list[list[int]] = [[], [], [], [], [], []]
    reviews = ReviewSet.from_rankings(rows, n_entries=6)
    part = [0, 0, 0, 1, 1, 2]
    found = select(reviews, size=3, part=part, seed=b"s", reviewer_entry=np.arange(6))
    expected = (3 * 2 / 3 + 1 * 2 / 5) / 6
    assert found.share[1] == pytest.approx(expected)


def test_reviews_inside_a_part_do_not_count() -> None:
    own = np.arange(6)
    part = [0, 0, 0, 1, 1, 1]
    outside = [[3, 4], [4, 5], [5, 3], [0, 1], [1, 2], [2, 0]]
    inside = [[1, 3, 4, 2], *outside[1:]]
    one, two = (
        select(
            ReviewSet.from_rankings(rows, n_entries=6),
            size=2,
            part=part,
            seed=b"s",
            reviewer_entry=own,
        )
        for rows in (outside, inside)
    )
    assert np.array_equal(one.probability, two.probability)


def test_recall_in_a_known_world() -> None:
    kept, plain = [], []
    for i in range(10):
        world = simulate.gaussian_world(120, 8, seed=bytes([i]), bias_sd=0, noise_sd=0.5, parts=4)
        best = set(np.argsort(-world.quality)[:30].tolist())
        for method, into in (("exact-dollar-partition", kept), ("borda", plain)):
            found = select(
                world.reviews,
                size=30,
                part=world.assignment.part,
                seed=bytes([i]),
                reviewer_entry=np.arange(120),
                method=method,
            )
            into.append(len(best & set(found.selected.tolist())) / 30)
    assert np.mean(kept) > 0.72
    assert np.mean(plain) - 0.12 < np.mean(kept) <= np.mean(plain) + 0.02


def test_each_reason_fits_its_numbers() -> None:
    world = simulate.gaussian_world(40, 5, seed=b"r", parts=4)
    codes = set()
    for i in range(10):
        found = select(
            world.reviews,
            size=10,
            part=world.assignment.part,
            seed=bytes([i]),
            reviewer_entry=np.arange(40),
        )
        for e in range(40):
            reason = found.reason(e)
            codes.add(reason["code"])
            selected = reason["code"] in {"within-quota", "rounded-up"}
            assert selected == bool(found.chosen[e])
            sure = {"within-quota": 1.0, "below-quota": 0.0}.get(str(reason["code"]))
            chance = float(reason["probability"])
            assert chance == sure if sure is not None else 0 < chance < 1
    assert codes == {"within-quota", "rounded-up", "rounded-down", "below-quota"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size": 0}, "size"),
        ({"size": 7}, "size"),
        ({"part": [0] * 6}, "two parts"),
        ({"part": [0, 0, 0, 2, 2, 2]}, "none of them empty"),
        ({"part": [0, 1]}, "part"),
        ({"part": [-1, 0, 0, 1, 1, 1]}, "part"),
        ({"reviewer_entry": [0]}, "reviewer_entry"),
        ({"reviewer_entry": [0, 1, 2, 3, 4, 9]}, r"reviewer_entry\[5\]"),
        ({"method": "lottery"}, "borda"),
        ({"size": 6, "part": [0, 0, 0, 0, 1, 1]}, "too near|select fewer"),
    ],
)
def test_malformed_tasks_are_named(change: dict[str, object], words: str) -> None:
    rows = [[3], [4], [5], [0], [1], [2]]
    task = {
        "size": 2,
        "part": [0, 0, 0, 1, 1, 1],
        "seed": b"",
        "reviewer_entry": np.arange(6),
    } | change
    with pytest.raises(BadInput, match=words):
        select(ReviewSet.from_rankings(rows, n_entries=6), **task)  # type: ignore[arg-type]
