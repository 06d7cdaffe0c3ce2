"""Whatever is told of a reviewer, at least so many others could be meant."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concours.peerreview import BadInput, SeasonRecord, blurred
from tests.examples import examples

records = st.builds(
    lambda kept, more, ratings: SeasonRecord(
        kept=kept, owed=kept + more, ratings=tuple(ratings[:kept])
    ),
    kept=st.integers(0, 6),
    more=st.integers(0, 2),
    ratings=st.lists(st.integers(1, 5), max_size=6),
)
crowds = st.dictionaries(st.integers(0, 10_000), records, max_size=60)


@settings(max_examples=examples(200))
@given(crowd=crowds, fewest=st.integers(1, 12))
def test_nothing_is_told_that_holds_for_fewer(crowd: dict[int, SeasonRecord], fewest: int) -> None:
    told = blurred(crowd, fewest=fewest)

    alike = Counter(told.values())
    assert all(number >= fewest for number in alike.values())
    assert all(one.among >= fewest for one in told.values())
    for one, number in alike.items():
        assert one.among >= number
        if one.usefulness is not None:
            assert one.usefulness.among == number


@settings(max_examples=examples(200))
@given(crowd=crowds, fewest=st.integers(1, 12))
def test_what_is_told_is_true(crowd: dict[int, SeasonRecord], fewest: int) -> None:
    for key, told in blurred(crowd, fewest=fewest).items():
        assert 1 <= told.reviews <= crowd[key].kept
        if told.usefulness is not None:
            assert 0 <= told.usefulness.low <= told.usefulness.mean <= told.usefulness.high <= 1


@settings(max_examples=examples(100))
@given(crowd=crowds, data=st.data())
def test_two_who_did_alike_are_told_of_alike(
    crowd: dict[int, SeasonRecord], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(crowd.items()))))

    first, second = blurred(crowd), blurred(shuffled)

    assert {key: (one.reviews, one.among) for key, one in first.items()} == {
        key: (one.reviews, one.among) for key, one in second.items()
    }
    by_record = {(crowd[key].kept, sorted(crowd[key].ratings).__repr__()): key for key in first}
    for key, one in first.items():
        twin = by_record[crowd[key].kept, sorted(crowd[key].ratings).__repr__()]
        assert first[twin] == one


def test_a_round_in_which_all_did_their_duty() -> None:
    told = blurred({key: SeasonRecord(kept=5, owed=5, ratings=(4, 5)) for key in range(12)})

    assert {one.reviews for one in told.values()} == {5}
    assert all(one.usefulness is not None and one.usefulness.among == 12 for one in told.values())


def test_the_few_who_did_less_are_left_out_and_the_others_keep_what_is_theirs() -> None:
    crowd = {key: SeasonRecord(kept=5, owed=5) for key in range(12)}
    crowd |= {key: SeasonRecord(kept=2, owed=5) for key in range(100, 103)}

    told = blurred(crowd)

    assert sorted(told) == list(range(12))
    assert {(one.reviews, one.among, one.usefulness) for one in told.values()} == {(5, 12, None)}


def test_of_small_rounds_and_of_nothing_done_nothing_is_told() -> None:
    assert blurred({key: SeasonRecord(kept=5, owed=5) for key in range(9)}) == {}
    assert blurred({key: SeasonRecord(kept=0, owed=5) for key in range(50)}) == {}
    assert blurred({}) == {}
    with pytest.raises(BadInput):
        blurred({}, fewest=0)
