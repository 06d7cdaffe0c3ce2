"""Large flows by prices: optima as an integer programme has them, whatever the first prices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview.assignment import augment as augmenting
from concours.peerreview.assignment import flow, large_flow
from concours.peerreview.assignment.augment import DONE, INFEASIBLE, TIRED, augment
from concours.peerreview.assignment.even_prices import bipartite, even_prices
from concours.peerreview.assignment.flow import max_total
from tests.examples import examples
from tests.peerreview.test_flow import by_programme, instance, prices_prove


def unit_instance(seed: int, values: int) -> dict[str, Any]:
    given_ = instance(seed, values)
    return given_ | {"capacity": np.ones(len(given_["worth"]), dtype=np.int64)}


def without_capacity(given_: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given_.items() if key != "capacity"}


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None)
@given(seed=st.integers(0, 2**32), values=st.sampled_from([0, 1, 3, 10**9]))
def test_by_prices_the_flow_is_the_optimum_and_proven(seed: int, values: int) -> None:
    given_ = unit_instance(seed, values)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "LARGE", 1)
        found = max_total(**without_capacity(given_), prices=True)
    if found is None:
        assert by_programme(given_) is None
        return
    assert by_programme(given_) == pytest.approx(found.total, rel=1e-9)
    count = np.bincount(given_["entry"], found.flow, minlength=len(given_["need"]))
    load = np.bincount(given_["reviewer"], found.flow, minlength=len(given_["low"]))
    assert np.array_equal(count, given_["need"])
    assert np.all((load >= given_["low"]) & (load <= given_["high"]))
    assert prices_prove(given_, found)


@settings(max_examples=examples(150), deadline=None)
@given(seed=st.integers(0, 2**32), values=st.sampled_from([0, 1, 3, 10**9]))
def test_paths_alone_find_the_optimum_from_any_prices(seed: int, values: int) -> None:
    """From a flow that is nothing, and prices that are noise, to the optimum or to a proof."""
    given_ = unit_instance(seed, values)
    arguments = without_capacity(given_)
    net, order = bipartite(**arguments)
    g = np.random.default_rng(seed)
    level = g.integers(-values - 1, values + 2, len(net.low) + len(net.need) + 1)
    used, extra = np.zeros(len(order), dtype=np.uint8), np.zeros(len(net.low), dtype=np.int64)
    state = augment(net, level, used, extra, looks=10**6)
    wanted = by_programme(given_)
    if wanted is None:
        assert state == INFEASIBLE
        return
    assert state == DONE
    assert int(used @ net.worth) == pytest.approx(wanted, rel=1e-9)


def random_flow(n: int, k: int, c: int, values: int) -> dict[str, Any]:
    g = np.random.default_rng(n + values)
    need = np.full(n, k)
    ahead = np.stack([g.permutation(n - 1)[:c] + 1 for _ in range(n)])
    return {
        "reviewer": np.repeat(np.arange(n), c),
        "entry": ((np.arange(n)[:, None] + ahead) % n).ravel(),
        "worth": g.integers(0, values, n * c),
        "need": need,
        "low": need - 1,
        "high": need + 1,
    }


@pytest.mark.parametrize("values", [1, 5, 10**6])
def test_the_first_prices_cost_time_and_nothing_else(
    values: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_ = random_flow(700, 4, 25, values)
    plain = max_total(**given_, prices=True)
    assert plain is not None
    for share in (0.001, 0.01, 0.15, 0.4, 1.0):
        monkeypatch.setattr(augmenting, "OPEN_SHARE", share)
        found, _, state = large_flow.large_flow(**given_)
        assert state == DONE
        assert int(found @ given_["worth"]) == plain.total


def test_prices_by_turns_come_near_the_optimum() -> None:
    given_ = random_flow(700, 4, 25, 10**6)
    plain = max_total(**given_)
    assert plain is not None
    net, _ = bipartite(**given_)
    u, v = even_prices(net)
    profit = net.worth - u[net.tail] - v[net.head]
    bound = int(np.maximum(profit, 0).sum()) + int(net.need @ v)
    bound += int(np.maximum(net.low * u, net.high * u).sum())
    assert plain.total <= bound <= 1.001 * plain.total


def test_paths_that_take_too_long_leave_the_work_to_the_solver(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given_ = random_flow(300, 3, 20, 1_000)
    net, order = bipartite(**given_)
    level, used = np.zeros(601, dtype=np.int64), np.zeros(len(order), dtype=np.uint8)
    assert augment(net, level, used, np.zeros(300, dtype=np.int64), looks=10) == TIRED
    plain = max_total(**given_, prices=True)
    monkeypatch.setattr(flow, "LARGE", 1)
    monkeypatch.setattr(large_flow, "LOOKS", 0)
    again = max_total(**given_, prices=True)
    assert plain is not None
    assert again is not None
    assert again.total == plain.total
