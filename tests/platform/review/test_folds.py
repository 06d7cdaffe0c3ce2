"""Standings as a pure function: own reviews left out, every method, nobody told apart."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview.keyed import Keyed
from concours.platform.competitions.domain import disqualify_entry
from concours.platform.review.domain import inputs as judged
from concours.platform.review.domain.computing import Row, compute
from concours.platform.review.domain.folds import FEWEST, LEAST, MOST, deal_folds
from concours.platform.review.methods import available
from concours.platform.review.models import RoundEntry
from tests.factories import review as make

COIN = bytes(range(32))


def made_inputs(
    *, entries: int = 24, reviews: int = 4, parts: int = 4, left_out: bool = True, **settings_: Any
) -> Any:
    """Inputs of a round without defaults; reviewer i is of entry i, all drawn by number."""
    part = [entry % parts for entry in range(entries)]
    words = Keyed(b"made", "scores").below(6, entries * reviews).tolist()
    rows = []
    for reviewer in range(entries):
        others = [e for e in range(entries) if parts == 1 or part[e] != part[reviewer]]
        others = [e for e in others if e != reviewer]
        step = max(1, len(others) // reviews)
        for place in range(reviews):
            entry = others[(reviewer * 7 + place * step) % len(others)]
            rows.append([reviewer, entry, [words[reviewer * reviews + place]]])
    unique = {(who, what): [who, what, points] for who, what, points in rows}
    folds = deal_folds(part, seed=COIN) if left_out else None
    return {
        "criteria": [{"key": "all", "weight": 1, "max_points": 5}],
        "entries": [f"e{entry}" for entry in range(entries)],
        "parts": part,
        "barred": {},
        "reviewers": [f"R{reviewer}" for reviewer in range(entries)],
        "reviewer_parts": part,
        "reviews": sorted(unique.values()),
        "ranked": False,
        "size": entries // 4,
        "level": 0.95,
        "draws": 100,
        "method": "random-effects",
        "selection": "exact-dollar-partition",
        **({"folds": folds, "reviewer_folds": folds, "coin": COIN.hex()} if folds else {}),
        **settings_,
    }


def row_of(inputs: Any, entry: int) -> Row:
    computed = compute(inputs, seed=judged.seed_for(inputs, revealed=COIN.hex()))
    return next(row for row in computed.rows if row.index == entry)


def said_of(row: Row) -> tuple[Any, ...]:
    """All that own reviews must not move; bit for bit."""
    return (row.rank, row.rank_low, row.rank_high, row.chance, row.estimate, row.standard_error)


@settings(max_examples=8, deadline=None)
@given(reviewer=st.integers(0, 23), points=st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_nothing_a_reviewer_writes_moves_their_own_entry(reviewer: int, points: list[int]) -> None:
    inputs = made_inputs()
    changed = copy.deepcopy(inputs)
    own = [row for row in changed["reviews"] if row[0] == reviewer]
    for row, given_ in zip(own, points, strict=False):
        row[2] = [given_]
    assert said_of(row_of(changed, reviewer)) == said_of(row_of(inputs, reviewer))


def test_silence_does_not_move_it_either_and_plain_ranks_are_caught_moving() -> None:
    for folds, still in ((True, True), (False, False)):
        inputs = made_inputs(left_out=folds)
        silent = {**inputs, "reviews": [row for row in inputs["reviews"] if row[0] != 5]}
        silent["barred"] = {"5": {"owed": 4, "defaulted": 4}}
        assert (said_of(row_of(silent, 5)) == said_of(row_of(inputs, 5))) is still


def test_ranks_without_own_reviews_are_near_the_plain_ones() -> None:
    rows = compute(made_inputs(entries=60, reviews=6), seed=b"s").rows
    plain = compute(made_inputs(entries=60, reviews=6, left_out=False), seed=b"s").rows
    mine = {row.index: row.rank for row in rows}
    theirs = {row.index: row.rank for row in plain}
    order = range(60)
    together = np.corrcoef([mine[i] for i in order], [theirs[i] for i in order])[0, 1]
    assert together > 0.97
    ranks = [row.rank for row in rows]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize("method", available("consensus"))
def test_each_consensus_gives_standings(method: str) -> None:
    inputs = made_inputs(method=method)
    computed = compute(inputs, seed=b"s" * 32)
    assert sorted(row.index for row in computed.rows) == list(range(24))
    for row in computed.rows:
        assert 1 <= row.rank_low <= row.rank <= row.rank_high <= 24
        assert 0 <= row.points_milli <= 100_000
        assert row.chance is not None
        assert 0 <= row.chance <= 1
    assert computed.turnover is not None
    assert 0 <= computed.turnover <= 1
    assert compute(inputs, seed=b"s" * 32).digest == computed.digest


@pytest.mark.parametrize("method", available("consensus"))
def test_weighted_criteria_make_many_steps_and_each_method_takes_them(method: str) -> None:
    inputs = made_inputs(method=method, left_out=False)
    inputs["criteria"] = [
        {"key": "one", "weight": 37, "max_points": 10},
        {"key": "two", "weight": 23, "max_points": 100},
    ]
    words = Keyed(b"many", "steps").below(41, 2 * len(inputs["reviews"])).tolist()
    for place, row in enumerate(inputs["reviews"]):
        good = 60 * row[1] // 23
        row[2] = [(good + words[2 * place]) // 10, good + words[2 * place + 1]]
    computed = compute(inputs, seed=b"s" * 32)
    points = [row.points_milli for row in computed.rows]
    assert max(points) > 55_000
    assert min(points) < 45_000
    assert len(set(points)) > 10


@pytest.mark.parametrize("method", available("consensus"))
def test_reviews_all_alike_or_none_at_all_are_ranked_as_ties(method: str) -> None:
    inputs = made_inputs(method=method, left_out=False)
    alike = {**inputs, "reviews": [[who, what, [3]] for who, what, _p in inputs["reviews"]]}
    for odd in (alike, {**inputs, "reviews": []}):
        assert {row.rank for row in compute(odd, seed=b"s" * 32).rows} == {1}


@pytest.mark.parametrize("method", available("selection"))
def test_each_selection_chooses_and_gives_reasons(method: str) -> None:
    computed = compute(made_inputs(selection=method, left_out=False), seed=b"s" * 32)
    chosen = [row for row in computed.rows if row.finalist]
    assert computed.selection == method
    if method != "peer-nomination":
        assert len(chosen) == 6
    assert 1 <= len(chosen) < 24
    assert all(row.reason["code"] for row in computed.rows)


def test_in_one_part_a_method_in_parts_falls_to_ranks_and_says_so() -> None:
    computed = compute(made_inputs(parts=1, left_out=False), seed=b"s" * 32)
    assert (computed.selection, computed.impartial) == ("rank", False)
    assert [row.finalist for row in computed.rows] == [True] * 6 + [False] * 18


class TestDealing:
    @given(entries=st.integers(1, 300), parts=st.integers(1, 6), seed=st.binary(max_size=8))
    def test_a_reviewer_hides_among_enough_within_one_part(
        self, entries: int, parts: int, seed: bytes
    ) -> None:
        part = [entry % parts for entry in range(entries)]
        folds = deal_folds(part, seed=seed)
        if folds is None:
            assert entries < 4 * LEAST or parts in {2, 3, 5, 6}
            return
        sizes, of_part = Counter(folds), Counter(part)
        assert FEWEST <= len(sizes) <= max(MOST, parts)
        assert sorted(sizes) == list(range(len(sizes)))
        for entry, fold in enumerate(folds):
            assert sizes[fold] >= min(LEAST, of_part[part[entry]])
        assert len(set(zip(folds, part, strict=True))) == len(sizes)

    def test_few_entries_get_none(self) -> None:
        assert deal_folds([0] * 19, seed=COIN) is None
        assert len(set(deal_folds([0] * 20, seed=COIN) or ())) == 4

    def test_the_seed_deals(self) -> None:
        one, two = deal_folds([0] * 60, seed=b"1"), deal_folds([0] * 60, seed=b"2")
        assert one != two
        assert one == deal_folds([0] * 60, seed=b"1")


@pytest.mark.django_db
def test_published_inputs_tell_a_fold_and_no_more(tmp_path: Path) -> None:
    round_ = make.closed(entries=20, folder=tmp_path)
    before, entries, reviewers = judged.gather(round_)
    owner = dict(RoundEntry.objects.filter(round=round_).values_list("reviewer_id", "entry_id"))
    for reviewer, fold in zip(reviewers, before["reviewer_folds"], strict=True):
        assert before["folds"][entries.index(owner[reviewer])] == fold
    assert min(Counter(before["reviewer_folds"]).values()) >= 4
    gone = round_.track.entries.order_by("pk")[3]
    disqualify_entry(actor=make.ACTOR, entry=gone, reason="Not theirs")
    after, left, _reviewers = judged.gather(round_)
    assert gone.pk not in left
    assert after["reviewer_folds"] == before["reviewer_folds"]
    assert min(Counter(after["reviewer_folds"]).values()) >= 4
