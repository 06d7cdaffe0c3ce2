from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.awards.prizes import PrizePlan, fault_in, settle


def plan(first: int, last: int, amount: int, title: str = "Prize") -> PrizePlan:
    return PrizePlan(place_from=first, place_to=last, amount_minor=amount, title=title)


@st.composite
def pools(draw: st.DrawFn) -> tuple[int, list[PrizePlan]]:
    """A sound plan with a total that covers it."""
    prizes: list[PrizePlan] = []
    place, ceiling = 1, draw(st.integers(0, 10_000_000))
    for _ in range(draw(st.integers(0, 5))):
        last = place + draw(st.integers(0, 4))
        prizes.append(plan(place, last, ceiling))
        place, ceiling = last + 1, draw(st.integers(0, ceiling))
    cost = sum(prize.cost_minor for prize in prizes)
    return cost + draw(st.integers(0, 1_000)), prizes


@st.composite
def podiums(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Codes with standard competition places, from groups of equals."""
    places: list[tuple[str, int]] = []
    for size in draw(st.lists(st.integers(1, 6), max_size=6)):
        place = len(places) + 1
        places += [(f"e{len(places) + number:03}", place) for number in range(size)]
    return places


def test_known_shares() -> None:
    """Three tie for second: prizes 2 and 3 (500 each) and 4 (101) are 1,101, split by three."""
    prizes = [plan(1, 1, 1_000, "First"), plan(2, 3, 500, "Second"), plan(4, 5, 101, "Third")]
    settled = settle(
        total_minor=2_500,
        prizes=prizes,
        places=[("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 5), ("f", 6)],
    )
    told = [(share.code, share.title, share.amount_minor) for share in settled.shares]
    assert told == [
        ("a", "First", 1_000),
        ("b", "Second", 367),
        ("c", "Second", 367),
        ("d", "Second", 367),
        ("e", "Third", 101),
    ]
    assert (settled.rounding_minor, settled.returned_minor) == (0, 298)


def test_what_does_not_split_goes_to_nobody() -> None:
    """100 among three is 33 each; the last unit is rounding, not somebody's."""
    settled = settle(
        total_minor=100, prizes=[plan(1, 1, 100)], places=[("a", 1), ("b", 1), ("c", 1)]
    )
    assert [share.amount_minor for share in settled.shares] == [33, 33, 33]
    assert (settled.rounding_minor, settled.returned_minor) == (1, 0)


def test_prizes_that_nobody_won_are_returned() -> None:
    settled = settle(total_minor=900, prizes=[plan(1, 3, 300)], places=[("a", 1)])
    assert settled.awarded_minor == 300
    assert settled.returned_minor == 600


@given(pools(), podiums())
def test_the_sum_balances_to_the_unit(
    pool: tuple[int, list[PrizePlan]], places: list[tuple[str, int]]
) -> None:
    total, prizes = pool
    settled = settle(total_minor=total, prizes=prizes, places=places)
    assert settled.awarded_minor + settled.rounding_minor + settled.returned_minor == total
    assert settled.rounding_minor >= 0
    assert settled.returned_minor >= 0
    assert all(share.amount_minor >= 0 for share in settled.shares)


@given(pools(), podiums())
def test_equals_get_the_same_and_nobody_gains_by_coming_lower(
    pool: tuple[int, list[PrizePlan]], places: list[tuple[str, int]]
) -> None:
    total, prizes = pool
    got = dict.fromkeys((code for code, _ in places), 0)
    for share in settle(total_minor=total, prizes=prizes, places=places).shares:
        got[share.code] = share.amount_minor
    for better, above in places:
        for worse, below in places:
            if above == below:
                assert got[better] == got[worse]
            if above < below:
                assert got[better] >= got[worse]


@given(pools(), podiums())
def test_less_than_a_unit_a_head_is_lost_to_rounding(
    pool: tuple[int, list[PrizePlan]], places: list[tuple[str, int]]
) -> None:
    total, prizes = pool
    settled = settle(total_minor=total, prizes=prizes, places=places)
    assert settled.rounding_minor < max(1, len(settled.shares))


@pytest.mark.parametrize(
    ("prizes", "total", "fault"),
    [
        ([plan(1, 1, -1)], 10, "amount"),
        ([plan(1, 1, 1)], -1, "amount"),
        ([plan(1, 0, 1)], 10, "places"),
        ([plan(2, 2, 1)], 10, "gap"),
        ([plan(1, 1, 2), plan(3, 3, 1)], 10, "gap"),
        ([plan(1, 2, 2), plan(2, 3, 1)], 10, "gap"),
        ([plan(1, 1, 1), plan(2, 2, 2)], 10, "increasing"),
        ([plan(1, 2, 6)], 11, "too-much"),
        ([plan(1, 2, 6)], 12, None),
        ([], 0, None),
    ],
)
def test_faults_of_a_plan(prizes: list[PrizePlan], total: int, fault: str | None) -> None:
    assert fault_in(prizes, total) == fault
    if fault is not None:
        with pytest.raises(ValueError, match=fault):
            settle(total_minor=total, prizes=prizes, places=[])
