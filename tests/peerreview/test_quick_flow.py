"""The quick flow: it exists where a flow exists, meets loads and needs, and is worth nearly all."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview.assignment.flow import max_total
from concours.peerreview.assignment.quick_flow import Quick, quick_flow
from concours.peerreview.keyed import Keyed
from tests.examples import examples


class Instance:
    """Random arcs between reviewers and entries."""

    def __init__(self, reviewers: int, entries: int, each: int, *, seed: bytes) -> None:
        drawn = Keyed(seed, "test/arcs").below(reviewers, entries * each)
        keys = np.unique(drawn * entries + np.repeat(np.arange(entries), each))
        self.arcs = np.divmod(keys, entries)
        self.worth = Keyed(seed, "test/worth").below(1_000_000, len(keys))
        self.reviewers, self.entries = reviewers, entries

    def bounds(self, need: int, low: int, high: int) -> dict[str, np.ndarray]:
        sizes = {"need": (self.entries, need), "low": (self.reviewers, low)}
        sizes["high"] = (self.reviewers, high)
        return {name: np.full(size, value) for name, (size, value) in sizes.items()}

    def is_met(self, quick: Quick, need: int, low: int, high: int) -> bool:
        reviewer, entry = (ends[quick.flow > 0] for ends in self.arcs)
        got = np.bincount(entry, minlength=self.entries)
        load = np.bincount(reviewer, minlength=self.reviewers)
        return bool(np.all(got == need) and np.all((load >= low) & (load <= high)))


@settings(max_examples=examples(150), deadline=None)
@given(
    reviewers=st.integers(2, 12),
    entries=st.integers(1, 12),
    each=st.integers(1, 6),
    need=st.integers(1, 4),
    low=st.integers(0, 3),
    spare=st.integers(0, 3),
    seed=st.binary(max_size=4),
)
def test_there_is_one_just_where_the_exact_flow_has_one(
    reviewers: int, entries: int, each: int, need: int, low: int, spare: int, seed: bytes
) -> None:
    made = Instance(reviewers, entries, each, seed=seed)
    bounds = made.bounds(need, low, low + spare)
    quick = quick_flow(*made.arcs, made.worth, **bounds)
    exact = max_total(*made.arcs, made.worth, **bounds)
    assert (quick is None) == (exact is None)
    if quick is not None and exact is not None:
        assert made.is_met(quick, need, low, low + spare)
        assert int(made.worth @ quick.flow) <= exact.total


def test_of_many_arcs_it_is_worth_nearly_as_much_as_the_optimum() -> None:
    made = Instance(2_000, 2_000, 25, seed=b"many")
    bounds = made.bounds(5, 5, 5)
    quick = quick_flow(*made.arcs, made.worth, **bounds)
    exact = max_total(*made.arcs, made.worth, **bounds)
    assert quick is not None
    assert exact is not None
    assert made.is_met(quick, 5, 5, 5)
    assert int(made.worth @ quick.flow) >= 0.98 * exact.total
