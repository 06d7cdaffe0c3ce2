"""Impartiality tried exhaustively: every report of every agent, one seed at a time."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from concours.peerreview import ReviewSet, SelectionResult, select

Lists = Sequence[tuple[int, ...]]
METHODS = [
    "exact-dollar-partition",
    "peer-nomination",
    "partition",
    "credible-subset",
    "dollar-partition-raffle",
]
DRAW_BY_DRAW = ["peer-nomination", "partition"]


def reports(seen: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """(entries, scores) of every weak order of every part of `seen`, silence included."""
    for length in range(len(seen) + 1):
        for entries in itertools.combinations(seen, length):
            for scores in itertools.product(range(length), repeat=length):
                if set(scores) == set(range(len(set(scores)))):
                    yield entries, scores


def outcome(
    lists: Lists,
    agent: int,
    report: tuple[tuple[int, ...], tuple[int, ...]],
    *,
    part: Sequence[int],
    size: int,
    method: str,
    seed: bytes = b"fixed",
) -> SelectionResult:
    """The selection when all rank their lists as they stand but `agent`, who reports `report`."""
    told = [(seen, tuple(range(len(seen), 0, -1))) for seen in lists]
    told[agent] = report
    reviews = ReviewSet(
        n_entries=len(part),
        n_reviewers=len(lists),
        reviewer=np.repeat(np.arange(len(lists)), [len(seen) for seen, _ in told]),
        entry=np.array([e for seen, _ in told for e in seen], dtype=np.int64),
        score=np.array([s for _, scores in told for s in scores], dtype=np.float64),
    )
    owners = [agent if agent < len(part) else -1 for agent in range(len(lists))]
    return select(
        reviews, size=size, part=part, seed=seed, reviewer_entry=owners, method=method, load=4
    )


def gains(
    lists: Lists, *, part: Sequence[int], size: int, method: str, agents: Sequence[int] = ()
) -> tuple[float, bool]:
    """(how far any report moves the reporter's own chance, whether one moves the own selection)."""
    worst, moved = 0.0, False
    for agent in agents or range(len(part)):
        found = [
            outcome(lists, agent, report, part=part, size=size, method=method)
            for report in reports(lists[agent])
        ]
        chance = [result.probability[agent] for result in found]
        worst = max(worst, max(chance) - min(chance))
        moved |= len({bool(result.chosen[agent]) for result in found}) > 1
    return worst, moved


def dealt(n: int, m: int, parts: int) -> tuple[list[tuple[int, ...]], list[int]]:
    """Lists of m that go round the entries outside the own part; parts dealt in turn."""
    part = [i % parts for i in range(n)]
    lists = []
    for i in range(n):
        order = [(i + step * step + step) % n for step in range(3 * n)]
        order += [(i + step) % n for step in range(n)]
        seen = [e for e in dict.fromkeys(order) if part[e] != part[i]]
        lists.append(tuple(seen[:m]))
    return lists, part


CASES = [(6, 3, 3), (7, 3, 2), (8, 2, 4), (9, 3, 3), (12, 3, 4)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("n", "m", "parts"), CASES)
def test_no_report_moves_the_own_chance(n: int, m: int, parts: int, method: str) -> None:
    lists, part = dealt(n, m, parts)
    size = n // parts
    worst, moved = gains(lists, part=part, size=size, method=method)
    assert worst <= 1e-12
    if method in DRAW_BY_DRAW:
        assert not moved


@pytest.mark.parametrize("method", METHODS)
def test_no_report_on_four_entries_moves_the_own_chance(method: str) -> None:
    lists, part = dealt(12, 4, 3)
    worst, moved = gains(lists, part=part, size=4, method=method, agents=[0, 4, 8, 11])
    assert worst <= 1e-12
    assert not moved or method not in DRAW_BY_DRAW


@pytest.mark.parametrize(("n", "m", "parts"), CASES)
def test_the_same_test_catches_the_plain_rule(n: int, m: int, parts: int) -> None:
    lists, part = dealt(n, m, parts)
    found = [gains(lists, part=part, size=size, method="borda") for size in (1, n // parts)]
    assert max(worst for worst, _ in found) == 1.0
    assert any(moved for _, moved in found)


@pytest.mark.parametrize("method", METHODS)
def test_uneven_loads_and_independent_reviewers_leave_no_lever(method: str) -> None:
    lists = [(3, 4), (5,), (3, 4, 5), (0, 1, 2), (), (1, 0), (0, 3, 4), (5, 2)]
    part = [0, 0, 0, 1, 1, 1]
    worst, moved = gains(lists, part=part, size=3, method=method)
    assert worst <= 1e-12
    assert not moved or method not in DRAW_BY_DRAW


def test_uneven_parts_whose_votes_meet_their_limits_leave_no_lever() -> None:
    # Two of eight entries are selected from a part of one entry and two larger ones.
    lists, part = dealt(8, 3, 3)
    part = [0, 1, 1, 1, 1, 1, 2, 2]
    lists = [tuple(e for e in range(8) if part[e] != part[i])[:3] for i in range(8)]
    for size in (2, 3):
        worst, _ = gains(lists, part=part, size=size, method="exact-dollar-partition")
        assert worst <= 1e-12


def test_the_nominations_of_one_seed_are_coins_for_reviewer_and_entry() -> None:
    # A list of 8 with a quota of 2 and a bit: the third place is nominated by a coin. Whatever all
    # others report, the coin of a reviewer and an entry falls the same.
    lists, part = dealt(12, 4, 3)
    chances = set()
    for seed in range(40):
        told = outcome(
            lists, 0, (lists[0], (4, 3, 2, 1)), part=part, size=4, method="peer-nomination",
            seed=bytes([seed]),
        )  # fmt: skip
        silent = outcome(
            lists, 0, ((), ()), part=part, size=4, method="peer-nomination", seed=bytes([seed])
        )
        others = [e for e in range(12) if e not in lists[0]]
        assert np.array_equal(told.chosen[others], silent.chosen[others])
        chances.add(tuple(told.chosen))
    assert len(chances) > 1
