"""The order in which reviews are met: whole, in blocks, and without a trace in the result."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import ConsensusResult, ReviewSet, consensus, simulate
from concours.peerreview.aggregation import tour


@settings(deadline=None)
@given(
    member=st.lists(st.integers(0, 40), max_size=80).map(lambda m: np.array(m, dtype=np.int32)),
    width=st.integers(1, 50),
)
def test_a_tour_meets_every_review_once_block_by_block(member: np.ndarray, width: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tour, "WIDTH", width)
        found = tour.toured(member, 41)
    assert np.array_equal(found.entry, member[found.place])
    assert np.array_equal(found.place, np.argsort(member // width, kind="stable"))


def test_numbers_reach_their_entries_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "WIDTH", 7)
    rng = np.random.Generator(np.random.Philox(1))
    member, x, told = rng.integers(0, 50, 300).astype(np.int32), rng.normal(size=50), np.arange(300)
    found = tour.toured(member, 50)
    out = np.ones(50)
    found.add(told.astype(float), out)
    assert np.array_equal(found.collected(x), x[member])
    assert np.array_equal(out, 1 + np.bincount(member, weights=told, minlength=50))


@pytest.mark.parametrize("method", ["random-effects", "robust", "plackett-luce"])
def test_blocks_leave_no_bit_changed(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Arrange: enough entries that nothing is solved densely, some with ties
    reviews = simulate.gaussian_world(600, 6, seed=b"tour").reviews
    rounded = ReviewSet(
        n_entries=600, n_reviewers=600, reviewer=reviews.reviewer, entry=reviews.entry,
        score=np.round(reviews.score),
    )  # fmt: skip
    whole = consensus(rounded, method=method, top=60)
    # Act
    monkeypatch.setattr(tour, "WIDTH", 64)
    blocks = consensus(rounded, method=method, top=60)
    # Assert
    for field in fields(ConsensusResult):
        np.testing.assert_equal(getattr(blocks, field.name), getattr(whole, field.name))
