"""The exact flow: optima as an integer programme has them, prices that prove them, ties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from concours.peerreview.assignment.flow import Flow, Limits, max_total
from concours.peerreview.assignment.prices import _relax, _residual_lists
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import Keyed
from tests.examples import examples


def instance(seed: int, values: int) -> dict[str, Any]:
    g = np.random.default_rng(seed)
    reviewers, entries = int(g.integers(1, 7)), int(g.integers(1, 7))
    r, e = np.divmod(np.flatnonzero(g.random(reviewers * entries) < 0.8), entries)
    low = g.integers(0, 3, reviewers)
    return {
        "reviewer": r,
        "entry": e,
        "worth": g.integers(-values, values + 1, len(r)),
        "need": g.integers(0, 4, entries),
        "low": low,
        "high": low + g.integers(0, 4, reviewers),
        "capacity": g.integers(1, 3, len(r)),
    }


def matrices(given_: dict[str, Any]) -> list[LinearConstraint]:
    p = len(given_["reviewer"])
    rows = [
        (np.arange(len(given_[bound]))[:, None] == given_[ends][None, :]).astype(float)
        for bound, ends in (("need", "entry"), ("low", "reviewer"))
    ]
    assert all(m.shape[1] == p for m in rows)
    return [
        LinearConstraint(rows[0], given_["need"], given_["need"]),
        LinearConstraint(rows[1], given_["low"], given_["high"]),
    ]


def by_programme(given_: dict[str, Any], extra: list[LinearConstraint] | None = None) -> int | None:
    p = len(given_["reviewer"])
    if not p:
        fits = not given_["need"].any() and not given_["low"].any()
        return 0 if fits else None
    done = milp(
        -given_["worth"].astype(float),
        integrality=np.ones(p),
        bounds=Bounds(0, given_["capacity"]),
        constraints=matrices(given_) + (extra or []),
    )
    return None if done.x is None else round(-done.fun)


def prices_prove(given_: dict[str, Any], found: Flow) -> bool:
    """Weak duality: the prices bound every feasible total, and the flow meets the bound."""
    assert found.reviewer_price is not None
    assert found.entry_price is not None
    u, v = found.reviewer_price, found.entry_price
    profit = given_["worth"] - u[given_["reviewer"]] - v[given_["entry"]]
    bound = int(given_["capacity"] @ np.maximum(profit, 0)) + int(given_["need"] @ v)
    bound += int(np.maximum(u * given_["low"], u * given_["high"]).sum())
    return bound == found.total


@settings(max_examples=examples(150), deadline=None)
@given(seed=st.integers(0, 2**32), values=st.sampled_from([0, 1, 3, 10**9]))
def test_the_flow_is_the_optimum_and_its_prices_prove_it(seed: int, values: int) -> None:
    given_ = instance(seed, values)
    found = max_total(**given_, prices=True)
    if found is None:
        assert by_programme(given_) is None
        return
    assert by_programme(given_) == pytest.approx(found.total, rel=1e-9)
    assert found.total == int(found.flow @ given_["worth"])
    assert np.all((found.flow >= 0) & (found.flow <= given_["capacity"]))
    count = np.bincount(given_["entry"], found.flow, minlength=len(given_["need"]))
    load = np.bincount(given_["reviewer"], found.flow, minlength=len(given_["low"]))
    assert np.array_equal(count, given_["need"])
    assert np.all((load >= given_["low"]) & (load <= given_["high"]))
    assert prices_prove(given_, found)


@settings(max_examples=examples(80), deadline=None)
@given(seed=st.integers(0, 2**32), values=st.sampled_from([0, 1]))
def test_ties_leave_one_optimum_in_whatever_order_the_arcs_come(seed: int, values: int) -> None:
    given_ = instance(seed, values)
    p = len(given_["reviewer"])
    tie = (Keyed(b"", "tie").words(p) >> np.uint64(33)).astype(np.int64)
    order = Keyed(seed.to_bytes(8, "little"), "order").permutation(p)
    shuffled = {
        key: value[order] if key in ("reviewer", "entry", "worth", "capacity") else value
        for key, value in given_.items()
    }
    plain, first = max_total(**given_), max_total(**given_, tie=tie)
    again = max_total(**shuffled, tie=tie[order])
    if first is None or again is None or plain is None:
        assert first is None
        assert again is None
        assert plain is None
        return
    assert plain.total == first.total
    assert np.array_equal(first.flow[order], again.flow)


def test_the_tie_among_optima_is_the_greatest() -> None:
    """Two reviewers, two entries, all alike: the ties alone choose between the two matchings."""
    ends = {"reviewer": np.array([0, 0, 1, 1]), "entry": np.array([0, 1, 0, 1])}
    one = np.ones(2, dtype=np.int64)
    for tie, chosen in (([1, 0, 0, 0], [1, 0, 0, 1]), ([0, 3, 0, 0], [0, 1, 1, 0])):
        found = max_total(
            **ends,
            worth=np.full(4, 7),
            need=one,
            low=one,
            high=one,
            tie=np.array(tie),
        )
        assert found is not None
        assert found.flow.tolist() == chosen


@settings(max_examples=examples(100), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_limits_hold_inside_entries(seed: int) -> None:
    """Teams of two inside halves: at most 1 of a team and 2 of a half give an entry a review."""
    g = np.random.default_rng(seed)
    given_ = instance(seed, 5) | {"capacity": 1}
    r, e, entries = given_["reviewer"], given_["entry"], len(given_["need"])
    given_["capacity"] = np.ones(len(r), dtype=np.int64)
    team, half = r // 2, r // 4
    most = int(g.integers(1, 3))
    limits = Limits(
        of_arc=team * entries + e,
        parent=np.concatenate(
            [
                4 * entries
                + np.arange(4 * entries) // (2 * entries) * entries
                + np.arange(4 * entries) % entries,
                np.full(2 * entries, -1),
            ]
        ),
        entry=np.arange(6 * entries) % entries,
        capacity=np.repeat([1, most], [4 * entries, 2 * entries]),
    )
    sets = [(half if wide else team) * entries + e for wide in (False, True)]
    rows = [
        LinearConstraint((np.arange(4 * entries)[:, None] == s[None, :]).astype(float), 0, cap)
        for s, cap in zip(sets, (1, most), strict=True)
    ]
    found = max_total(**given_, limits=limits, tie=np.arange(len(r)))
    wanted = by_programme(given_, rows if len(r) else None)
    assert (None if found is None else found.total) == wanted


def test_sums_that_might_overflow_are_refused() -> None:
    ends = {"reviewer": np.array([0]), "entry": np.array([0])}
    one = np.ones(1, dtype=np.int64)
    with pytest.raises(BadInput, match="scale the similarities down"):
        max_total(**ends, worth=np.array([2**61]), need=one, low=one, high=one)


def test_the_kernels_are_their_own_python() -> None:
    g = np.random.default_rng(5)
    tail, head = g.integers(0, 9, 40).astype(np.int32), g.integers(0, 9, 40).astype(np.int32)
    capacity, cost = np.ones(40, dtype=np.int64), g.integers(0, 20, 40)
    flow = np.zeros(40, dtype=np.int64)
    flow[:5] = 1
    cost[:5] = 0
    found = []
    for compiled in (True, False):
        lists, relax = (f if compiled else f.py_func for f in (_residual_lists, _relax))  # type: ignore[attr-defined]
        start, residual = np.zeros(10, dtype=np.int64), np.empty(40, dtype=np.int32)
        level = -np.arange(9) * 7
        lists(tail, head, capacity, flow, start, residual)
        relax(tail, head, cost, start, residual, level)
        found.append((start, residual, level))
    assert all(np.array_equal(a, b) for a, b in zip(*found, strict=True))
    level = found[0][2]
    assert np.all(level[head[5:]] <= level[tail[5:]] + cost[5:])
    assert np.all(level[tail[:5]] <= level[head[:5]])
