"""The draw on facts alone: who may never meet, and what names and orders give away."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from concours.peerreview import InfeasibleAssignment
from concours.platform.competitions.domain import EntryFacts
from concours.platform.review.domain.conflicts import group_columns, shared_groups
from concours.platform.review.domain.drawing import draw
from concours.platform.review.domain.identities import make_aliases, secret_order
from concours.platform.review.domain.problem import Facts, parts_for
from concours.platform.review.enums import AliasKind, ConflictKind


def fact(number: int, *, people: set[int], organisations: set[int], reviewer: int) -> EntryFacts:
    return EntryFacts(
        id=100 + number,
        code=f"e{number}",
        title=f"Entry {number}",
        team_id=number,
        reviewer_id=reviewer,
        member_ids=frozenset(people),
        organisation_ids=frozenset(organisations),
    )


@st.composite
def crowds(draw_: st.DrawFn) -> list[EntryFacts]:
    count = draw_(st.integers(8, 24))
    return [
        fact(
            number,
            people={number * 10} | draw_(st.sets(st.integers(1000, 1006), max_size=1)),
            organisations=draw_(st.sets(st.integers(1, 12), max_size=2)),
            reviewer=draw_(st.sampled_from([number * 10, 2000 + number, 1000])),
        )
        for number in range(count)
    ]


@settings(max_examples=60, deadline=None)
@given(crowd=crowds(), reviews=st.integers(1, 3), seed=st.binary(min_size=32, max_size=32))
def test_nobody_is_drawn_for_a_team_they_share_anything_with(
    crowd: list[EntryFacts], reviews: int, seed: bytes
) -> None:
    facts = Facts(
        entry_ids=tuple(entry.id for entry in crowd),
        groups=tuple(shared_groups(crowd)),
        reviews_per_entry=reviews,
    )
    try:
        _problem, result = draw(facts, seed=seed)
    except InfeasibleAssignment:
        reject()
    assert len(result.pairs) == len(crowd) * reviews
    for mine, theirs in result.pairs.tolist():
        reviewer, judged = crowd[mine], crowd[theirs]
        everyone = reviewer.member_ids | {reviewer.reviewer_id}
        assert mine != theirs
        assert not everyone & (judged.member_ids | {judged.reviewer_id})
        assert not reviewer.organisation_ids & judged.organisation_ids


@given(crowd=crowds())
def test_columns_say_the_same_as_the_groups(crowd: list[EntryFacts]) -> None:
    groups = shared_groups(crowd)
    index = {entry.id: place for place, entry in enumerate(crowd)}
    columns = group_columns(groups, index=index)
    shared = {(one, two) for group in groups for one in group.entry_ids for two in group.entry_ids}
    for one in index:
        for two in index:
            if one == two or columns is None:
                continue
            mine, theirs = columns[index[one]], columns[index[two]]
            assert bool(np.any((mine == theirs) & (mine >= 0))) == ((one, two) in shared)


def test_groups_name_their_cause_and_ignore_what_is_let_pass() -> None:
    crowd = [
        fact(1, people={1, 9}, organisations={5}, reviewer=1),
        fact(2, people={2}, organisations={5}, reviewer=9),
        fact(3, people={3}, organisations={6}, reviewer=3),
    ]
    found = [(group.kind, group.key, group.entry_ids) for group in shared_groups(crowd)]
    assert found == [
        (ConflictKind.PERSON, 9, (101, 102)),
        (ConflictKind.ORGANISATION, 5, (101, 102)),
    ]
    assert [g.key for g in shared_groups(crowd, ignored_organisations={5})] == [9]


@pytest.mark.parametrize(
    ("entries", "reviews", "parts"), [(15, 3, 1), (16, 3, 4), (19, 5, 1), (20, 5, 4)]
)
def test_parts_need_room(entries: int, reviews: int, parts: int) -> None:
    assert parts_for(entries=entries, reviews=reviews) == parts


def test_the_largest_crowd_does_not_grow_with_its_square() -> None:
    crowd = [
        fact(n, people={n}, organisations={1 if n % 2 else 2}, reviewer=n) for n in range(20_000)
    ]
    groups = shared_groups(crowd)
    assert sum(len(group.entry_ids) for group in groups) == 20_000


def test_aliases_are_all_different_and_follow_from_the_key_alone() -> None:
    for kind, shortest in ((AliasKind.ENTRY, 4), (AliasKind.REVIEWER, 2)):
        few = make_aliases(key=b"k" * 32, kind=kind, count=40)
        assert {len(alias) for alias in few} == {shortest}
        assert few == make_aliases(key=b"k" * 32, kind=kind, count=40)
        assert few != make_aliases(key=b"l" * 32, kind=kind, count=40)
        many = make_aliases(key=b"k" * 32, kind=kind, count=20_000)
        assert len(set(many)) == 20_000


def test_the_order_of_the_draw_is_a_permutation_only_the_key_gives() -> None:
    order = secret_order(key=b"k" * 32, count=500)
    assert sorted(order) == list(range(500))
    assert order != list(range(500))
    assert order != secret_order(key=b"l" * 32, count=500)
