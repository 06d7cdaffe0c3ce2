"""Dependent rounding: exact expectations by following every coin, whole nodes in every draw."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview.assignment.flow import Limits
from concours.peerreview.assignment.sampling import (
    SPARE_WORDS,
    FractionalArcs,
    _network,
    _round,
    draw,
    round_arcs,
)
from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import Keyed
from tests.examples import examples

Instance = tuple[np.ndarray, np.ndarray, np.ndarray, int, int, int]


def spread(seed: int, *, reviewers: int, entries: int, k: int, scale: int) -> Instance:
    """Units on a grid: each entry's k * scale units dealt at random over the reviewers."""
    g = np.random.default_rng(seed)
    units = np.zeros((reviewers, entries), dtype=np.int64)
    for e in range(entries):
        cuts = np.full(reviewers, k * scale // reviewers)
        cuts[: k * scale % reviewers] += 1
        for _ in range(reviewers):
            a, b = g.integers(0, reviewers, 2)
            move = min(int(g.integers(0, scale // 2 + 1)), int(cuts[a]), scale - int(cuts[b]))
            if a != b:
                cuts[a] -= move
                cuts[b] += move
        units[:, e] = cuts
    r, e = np.divmod(np.arange(reviewers * entries), entries)
    return r, e, units.ravel(), scale, reviewers, entries


def network(instance: Instance, limits: Limits | None = None) -> FractionalArcs:
    r, e, units, scale, reviewers, entries = instance
    return _network(
        r, e, units, scale=scale, limits=limits, n_reviewers=reviewers, n_entries=entries
    )[1]


def expectation(net: FractionalArcs) -> tuple[list[Fraction], int]:
    """Exact mean of every arc over all ways the coins can fall, and how many ways there are."""
    mean = [Fraction(0)] * len(net.part)
    ways = 0
    branches: list[tuple[list[int], Fraction]] = [([], Fraction(1))]
    while branches:
        words, chance = branches.pop()
        forced = np.array(words + [0] * (len(net.part) + 1), dtype=np.uint64)
        rounded, coins = round_arcs(net, forced)
        for at in range(len(words), len(coins)):
            low, span = int(coins[at, 0]), int(coins[at, 1])
            branches.append(
                ([*words, *([0] * (at - len(words))), low], chance * Fraction(span - low, span))
            )
            chance *= Fraction(low, span)
        ways += 1
        for i, value in enumerate(rounded):
            mean[i] += chance * int(value)
    return mean, ways


@settings(max_examples=examples(40), deadline=None)
@given(seed=st.integers(0, 2**32), scale=st.sampled_from([2, 3, 10, 1024]), k=st.integers(1, 2))
def test_every_arc_keeps_its_expectation_exactly(seed: int, scale: int, k: int) -> None:
    net = network(spread(seed, reviewers=4, entries=2, k=k, scale=scale))

    mean, _ = expectation(net)

    assert mean == [Fraction(int(p)) for p in net.part]


def test_expectations_stay_exact_with_nested_limits() -> None:
    instance = spread(5, reviewers=4, entries=2, k=2, scale=60)
    limits = Limits(
        of_arc=np.array([0, 1, 0, 1, -1, -1, 2, -1]),
        parent=np.array([2, -1, -1]),
        entry=np.array([0, 1, 0]),
        capacity=np.array([2, 2, 2]),
    )
    net = network(instance, limits)

    mean, ways = expectation(net)

    assert mean == [Fraction(int(p)) for p in net.part]
    assert ways > 3


def test_a_coin_that_ignored_the_room_would_be_caught() -> None:
    net = network(spread(1, reviewers=4, entries=2, k=1, scale=10))
    fair = np.zeros(len(net.part))
    for fall in range(2**4):
        words = [np.uint64(2**63 if fall >> i & 1 else 0) for i in range(4)]
        spare = np.zeros(len(net.part), dtype=np.uint64)
        fair += round_arcs(net, np.concatenate([words, spare]).astype(np.uint64))[0] / 2**4

    assert np.abs(fair - net.part).max() > 0.5


@settings(max_examples=examples(60), deadline=None)
@given(
    seed=st.integers(0, 2**32),
    reviewers=st.integers(3, 12),
    entries=st.integers(1, 15),
    k=st.integers(1, 3),
    scale=st.sampled_from([2, 7, 1024, 2**20]),
    key=st.binary(max_size=4),
)
def test_every_draw_has_whole_counts_next_to_their_expectations(
    seed: int, reviewers: int, entries: int, k: int, scale: int, key: bytes
) -> None:
    r, e, units, *_ = spread(seed, reviewers=reviewers, entries=entries, k=k, scale=scale)

    pairs = draw(r, e, units, scale=scale, seed=key, n_reviewers=reviewers, n_entries=entries)

    loads = np.bincount(pairs[:, 0], minlength=reviewers)
    expected = np.bincount(r, weights=units, minlength=reviewers)
    assert np.all(np.bincount(pairs[:, 1], minlength=entries) == k)
    assert np.all(loads >= np.floor(expected / scale))
    assert np.all(loads <= np.ceil(expected / scale))
    chance = units.reshape(reviewers, entries)[pairs[:, 0], pairs[:, 1]]
    assert np.all(chance > 0)
    certain = np.flatnonzero(units == scale)
    assert set(zip(r[certain], e[certain], strict=True)) <= set(map(tuple, pairs))
    assert np.array_equal(pairs, np.unique(pairs, axis=0))


def test_limits_hold_in_every_draw() -> None:
    reviewers, entries, k, scale = 8, 5, 3, 10
    r, e = np.divmod(np.arange(reviewers * entries), entries)
    units = np.where(r < 4, 5, 0) + np.where(r >= 6, 5, 0)
    limits = Limits(
        of_arc=np.where(r < 4, e, -1),
        parent=np.full(entries, -1),
        entry=np.arange(entries),
        capacity=np.full(entries, 2),
    )
    inside = []
    for seed in range(40):
        pairs = draw(
            r,
            e,
            units,
            scale=scale,
            seed=bytes([seed]),
            limits=limits,
            n_reviewers=reviewers,
            n_entries=entries,
        )
        inside.append(np.bincount(pairs[pairs[:, 0] < 4, 1], minlength=entries))
        assert np.all(np.bincount(pairs[:, 1], minlength=entries) == k)

    assert np.all(np.array(inside) == 2)


def test_frequencies_over_seeds_are_the_probabilities() -> None:
    """Seeds are fixed; over all choices of seeds a right sampler would fail once in 10**6."""
    r, e, units, scale, reviewers, entries = spread(3, reviewers=9, entries=8, k=3, scale=1024)
    draws = 3_000
    counts: Counter[tuple[int, int]] = Counter()
    for seed in range(draws):
        key = seed.to_bytes(2, "big")
        pairs = draw(r, e, units, scale=scale, seed=key, n_reviewers=reviewers, n_entries=entries)
        counts.update(map(tuple, pairs.tolist()))
    chance = units / scale
    seen = np.array([counts[a, b] for a, b in zip(r.tolist(), e.tolist(), strict=True)])
    open_ = (chance > 0) & (chance < 1)
    z = (seen - draws * chance)[open_] / np.sqrt(draws * (chance * (1 - chance))[open_])

    # at most 72 pairs, each past 6.1 standard deviations with a chance below 10**-8
    assert np.abs(z).max() < 6.1
    assert np.all(seen[~open_] == draws * chance[~open_])


def test_machine_code_and_python_round_alike() -> None:
    net = network(spread(9, reviewers=6, entries=5, k=2, scale=1024))
    words = Keyed(b"words", "test").words(len(net.part) + SPARE_WORDS)
    compiled, coins = round_arcs(net, words)
    first = np.zeros(net.nodes + 1, dtype=np.int64)
    np.add.at(first, np.concatenate([net.tail, net.head]) + 1, 1)
    part, chances = net.part.copy(), np.zeros((len(net.part), 2), dtype=np.int64)

    with np.errstate(over="ignore"):
        made = _round.py_func(  # type: ignore[attr-defined]
            net.tail, net.head, part, net.scale, np.cumsum(first), words, chances
        )

    assert made == len(coins)
    assert np.array_equal(part, compiled)
    assert np.array_equal(chances[:made], coins)


def test_a_word_of_the_last_short_block_is_thrown_again() -> None:
    net = FractionalArcs(np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([1, 1, 1]), 3, 3)
    biased = np.array([2**64 - 1, 0, 0, 0], dtype=np.uint64)

    rounded, _ = round_arcs(net, biased)

    assert 2**64 % 3 == 1
    assert np.array_equal(rounded, round_arcs(net, np.zeros(4, dtype=np.uint64))[0])


def test_units_that_are_no_probabilities_are_refused() -> None:
    ends = (np.array([0, 1]), np.array([0, 0]))
    counts = {"scale": 4, "seed": b"", "n_reviewers": 2, "n_entries": 1}
    with pytest.raises(BadInput, match=r"units\[1\]: 5 is not in 0\.\.4"):
        draw(*ends, np.array([3, 5]), **counts)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="entry 0 add up to 5, no multiple of 4"):
        draw(*ends, np.array([3, 2]), **counts)  # type: ignore[arg-type]
