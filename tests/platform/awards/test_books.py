from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concours.platform.awards.books import ROUTES, Move, dues, replay, split, take_back
from concours.platform.awards.enums import Account, MovementKind

AMOUNTS = st.integers(0, 10**15)
PARTS = st.dictionaries(st.integers(1, 50), st.integers(1, 10_000), min_size=1, max_size=8)


@given(AMOUNTS, PARTS)
def test_a_split_is_exact_and_fair(amount: int, parts: dict[int, int]) -> None:
    shares = split(amount, parts)
    whole = sum(parts.values())

    assert sum(shares.values()) == amount
    for key, part in parts.items():
        assert abs(shares[key] * whole - amount * part) < whole


@given(AMOUNTS, PARTS)
def test_a_split_depends_on_no_order(amount: int, parts: dict[int, int]) -> None:
    turned = dict(reversed(parts.items()))
    assert split(amount, turned) == split(amount, parts)


def test_equal_remainders_go_by_key() -> None:
    assert split(100, {3: 1, 1: 1, 2: 1}) == {1: 34, 2: 33, 3: 33}


@pytest.mark.parametrize("parts", [{}, {1: 0}, {1: -1, 2: 3}])
def test_what_cannot_be_split(parts: dict[int, int]) -> None:
    with pytest.raises(ValueError, match="parts"):
        split(10, parts)


@given(
    st.integers(0, 1_000),
    st.integers(0, 1_000),
    st.lists(st.integers(0, 500), max_size=5),
    st.data(),
)
def test_a_claw_back_takes_all_and_from_nobody_too_much(
    held: int, released: int, paid: list[int], data: st.DataObject
) -> None:
    got = dict(enumerate(paid))
    whole = held + released + sum(paid)
    if whole == 0:
        return
    amount = data.draw(st.integers(1, whole))

    taken = take_back(amount, held=held, released=released, paid=got)

    assert taken.held + taken.released + sum(taken.demanded.values()) == amount
    assert taken.held <= held
    assert taken.released <= released
    assert all(0 < part <= got[key] for key, part in taken.demanded.items())
    if taken.demanded:
        assert (taken.held, taken.released) == (held, released)


@given(st.integers(0, 10**9), PARTS, st.data())
def test_dues_end_with_the_shares(
    standing: int, parts: dict[int, int], data: st.DataObject
) -> None:
    shares = split(standing, parts)
    paid = {key: data.draw(st.integers(0, share)) for key, share in shares.items()}
    owing = dues(standing, parts=parts, paid=paid)
    assert {key: paid[key] + owing[key] for key in parts} == shares


@given(st.lists(st.tuples(st.sampled_from(list(MovementKind)), st.integers(0, 1), AMOUNTS)))
def test_books_sum_to_zero_and_are_never_overdrawn(
    tries: list[tuple[MovementKind, int, int]],
) -> None:
    books = replay([])
    for kind, way, amount in tries:
        source, target = ROUTES[kind][way % len(ROUTES[kind])]
        move = Move(kind=kind, source=source, target=target, amount_minor=amount, payout="p")
        before = books.balance(source, "p") if source == Account.HELD else None
        try:
            books.post(move)
        except ValueError:
            assert before is None or before < amount or amount == 0
        assert books.sum == 0
        assert all(books.total(name) >= 0 for name in Account if name != Account.PRIZES)


@pytest.mark.parametrize(
    "move",
    [
        Move(kind="hold", source="prizes", target="held", amount_minor=0, payout="p"),
        Move(kind="hold", source="prizes", target="paid", amount_minor=5, payout="p"),
        Move(kind="gift", source="prizes", target="held", amount_minor=5, payout="p"),
        Move(kind="pay", source="released", target="paid", amount_minor=5, payout="p"),
    ],
)
def test_moves_that_are_none(move: Move) -> None:
    with pytest.raises(ValueError, match=r"not allowed|takes 5 out of released"):
        replay([move])


def test_awards_do_not_share_an_account() -> None:
    hold = Move(kind="hold", source="prizes", target="held", amount_minor=5, payout="one")
    other = Move(kind="release", source="held", target="released", amount_minor=5, payout="two")
    with pytest.raises(ValueError, match="held two, which holds 0"):
        replay([hold, other])
