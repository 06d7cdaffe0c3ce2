"""Own reviews left out: nobody's reports move their own rank; and what-if."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import BadInput, ReviewSet, consensus, simulate
from concours.peerreview.aggregation import ImpartialRanks, impartial_ranks, what_if
from tests.examples import examples

N = 9
OWNER = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 0, -1])  # entry 0 has two reviewers, one is free


def world(seed: int, liar: int | None = None, lies: list[float] | None = None) -> ReviewSet:
    """11 reviewers score 4 entries each; all reports of `liar`'s reviewers are as told."""
    rng = np.random.Generator(np.random.Philox(seed))
    rows = []
    for reviewer, own in enumerate(OWNER.tolist()):
        others = [e for e in range(N) if e != own]
        for entry in sorted(rng.permutation(others)[:4].tolist()):
            rows.append((reviewer, entry, float(rng.normal() + entry / 4)))
    if liar is not None:
        mine = [i for i, row in enumerate(rows) if OWNER[row[0]] == liar]
        for i, score in zip(mine, (lies or []) * len(mine), strict=False):
            rows[i] = (rows[i][0], rows[i][1], score)
    table = np.array(rows)
    return ReviewSet(
        n_entries=N,
        n_reviewers=len(OWNER),
        reviewer=table[:, 0],
        entry=table[:, 1],
        score=table[:, 2],
    )


def seen(found: ImpartialRanks, entry: int) -> tuple[float, ...]:
    rows = (found.rank, found.rank_low, found.rank_high, found.estimate, found.standard_error)
    return tuple(float(row[entry]) for row in rows)


@settings(max_examples=examples(12), deadline=None)
@given(
    seed=st.integers(0, 2**16),
    entry=st.integers(0, N - 1),
    lies=st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=8),
    method=st.sampled_from(["random-effects", "plackett-luce", "z-scores", "robust"]),
)
def test_no_report_moves_ones_own_rank(
    seed: int, entry: int, lies: list[float], method: str
) -> None:
    honest, false = world(seed), world(seed, entry, lies)
    one, two = (
        impartial_ranks(
            r, reviewer_entry=OWNER, seed=b"s", folds=3, method=method, draws=100
        )
        for r in (honest, false)
    )  # fmt: skip
    assert seen(one, entry) == seen(two, entry)


def test_the_same_test_catches_the_plain_method() -> None:
    caught = 0
    for seed in range(6):
        honest = consensus(world(seed), draws=100)
        false = consensus(world(seed, 0, [1e3, -1e3, 5.0, -70.0]), draws=100)
        caught += bool(honest.rank[0] != false.rank[0])
    assert caught > 0


def test_a_small_field_gives_each_entry_its_own_fit() -> None:
    found = impartial_ranks(world(1), reviewer_entry=OWNER, seed=b"s", draws=100)
    assert found.folds == N
    assert sorted(found.fold.tolist()) == list(range(N))
    left = consensus(world(1).without(OWNER == 4), seed=b"s", draws=100)
    assert seen(found, 4)[:3] == (left.rank[4], left.rank_low[4], left.rank_high[4])


def test_leaving_out_ones_own_costs_little() -> None:
    made = simulate.gaussian_world(80, 6, seed=b"i")
    found = impartial_ranks(made.reviews, reviewer_entry=np.arange(80), seed=b"s", draws=100)
    truth = np.argsort(np.argsort(-made.quality)) + 1
    plain = consensus(made.reviews, seed=b"s", draws=100)
    assert found.folds == 20
    assert found.converged
    assert np.bincount(found.fold).tolist() == [4] * 20
    gone = np.mean(np.abs(found.rank - truth)) / np.mean(np.abs(plain.rank - truth))
    assert gone < 1.1
    assert np.mean((found.rank_low <= truth) & (truth <= found.rank_high)) > 0.9


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reviewer_entry": [0, 1]}, "11 values"),
        ({"reviewer_entry": [*OWNER[:-1], 9]}, r"reviewer_entry\[10\]: 9"),
        ({"folds": 1}, "folds"),
        ({"folds": 10}, "folds"),
    ],
)
def test_malformed_leave_outs_are_named(change: dict[str, object], words: str) -> None:
    asked = {"reviewer_entry": OWNER, "seed": b"s"} | change
    with pytest.raises(BadInput, match=words):
        impartial_ranks(world(1), **asked)  # type: ignore[arg-type]


def test_what_if_adds_replaces_and_removes() -> None:
    made = world(2)
    reviewer = 10
    entry = int(made.entry[made.reviewer == reviewer][0])
    absent = next(e for e in range(N) if e not in made.entry[made.reviewer == reviewer])
    found = what_if(
        made,
        changes=[(reviewer, entry, 50.0), (reviewer, absent, -9.0)],
        draws=100,
    )
    assert found.after.n_reviews.sum() == len(made) + 1
    assert found.rank_change[entry] >= 0
    assert found.after.rank[entry] == 1
    assert np.all(found.rank_change[found.moved] != 0)
    assert np.all(np.diff(np.abs(found.rank_change[found.moved])) <= 0)
    back = what_if(made, changes=[(reviewer, entry, None)], draws=100)
    assert back.after.n_reviews[entry] == back.before.n_reviews[entry] - 1
    same = what_if(made, changes=[], draws=100)
    assert same.moved.size == 0


def test_what_if_takes_whole_rankings() -> None:
    before = ReviewSet.from_rankings([[0, 1, 2], [0, 2, 1]])
    after = ReviewSet.from_rankings([[2, 1, 0], [2, 0, 1]])
    found = what_if(before, changes=after, method="plackett-luce", draws=100)
    assert found.before.order[0] == 0
    assert found.after.order[0] == 2
    with pytest.raises(BadInput, match="whole changed ReviewSet"):
        what_if(before, changes=[(0, 1, 2.0)])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([(0, 1, 2.0), (99, 1, 2.0)], r"changes\[1\]: no reviewer 99"),
        ([(0, 99, 2.0)], r"changes\[0\]: no entry 99"),
        ([(0, 1, 2.0), (0, 1, 3.0)], r"changes\[1\]: reviewer 0 has entry 1 twice"),
        ([(0, 0, None)], "reviewer 0 has no review of 0 to remove"),
        ([(0, 1, float("nan"))], "nan"),
    ],
)
def test_malformed_changes_are_named(
    changes: list[tuple[int, int, float | None]], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        what_if(world(2), changes=changes, draws=100)


def test_a_change_takes_an_abstention_back() -> None:
    shy = ReviewSet(
        n_entries=2, n_reviewers=1, reviewer=[0], entry=[0], score=[1], abstentions=[(0, 1)]
    )
    found = what_if(shy, changes=[(0, 1, 3.0)], draws=100)
    assert found.before.abstentions.tolist() == [0, 1]
    assert found.after.abstentions.tolist() == [0, 0]
