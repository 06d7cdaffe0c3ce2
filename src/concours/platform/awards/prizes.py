"""Sharing out a pool of prizes, free of the database, to the minor unit.

Entries that tie at a place take up as many places as they are; the prizes of those places are put
together and split equally. The minor units that do not split (fewer than there are equals) go to
nobody: equals get exactly the same. They are noted as rounding, and what no entry won is returned,
so that funding = awards + rounding + returned, always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, kw_only=True)
class PrizePlan:
    """A prize of `amount_minor` for each of the places from `place_from` to `place_to`."""

    place_from: int
    place_to: int
    amount_minor: int
    title: str
    title_zh: str = ""

    @property
    def cost_minor(self) -> int:
        return self.amount_minor * (self.place_to - self.place_from + 1)


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one entry gets: the prize's title and an amount in minor units."""

    code: str
    place: int
    title: str
    title_zh: str
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """How a pool ends. `shares` in order of place and code; the three amounts sum to its total."""

    shares: tuple[Share, ...]
    rounding_minor: int
    returned_minor: int

    @property
    def awarded_minor(self) -> int:
        return sum(share.amount_minor for share in self.shares)


def fault_in(prizes: Sequence[PrizePlan], total_minor: int) -> str | None:
    """What is wrong with a plan: "amount", "places", "gap", "increasing" or "too-much"; or None.

    Prizes run from place 1 without gaps and never grow with the place: so nobody can gain by
    coming lower.
    """
    if total_minor < 0 or any(prize.amount_minor < 0 for prize in prizes):
        return "amount"
    expected, ceiling = 1, None
    for prize in sorted(prizes, key=lambda prize: prize.place_from):
        if prize.place_to < prize.place_from:
            return "places"
        if prize.place_from != expected:
            return "gap"
        if ceiling is not None and prize.amount_minor > ceiling:
            return "increasing"
        expected, ceiling = prize.place_to + 1, prize.amount_minor
    if sum(prize.cost_minor for prize in prizes) > total_minor:
        return "too-much"
    return None


def settle(
    *, total_minor: int, prizes: Sequence[PrizePlan], places: Sequence[tuple[str, int]]
) -> Settlement:
    """Share out a pool among entries, given as (code, place) in order of place.

    Raises ValueError for a plan that `fault_in` names. O(entries that win + prizes).
    """
    if fault := fault_in(prizes, total_minor):
        raise ValueError(fault)
    ladder = sorted(prizes, key=lambda prize: prize.place_from)
    last = ladder[-1].place_to if ladder else 0
    shares: list[Share] = []
    rounding = 0
    winners = [(code, place) for code, place in places if place <= last]
    for place, group in groupby(winners, key=lambda pair: pair[1]):
        codes = [code for code, _ in group]
        each, left = divmod(_worth(ladder, place, place + len(codes) - 1), len(codes))
        rounding += left
        prize = next(prize for prize in ladder if prize.place_from <= place <= prize.place_to)
        shares += [
            Share(
                code=code,
                place=place,
                title=prize.title,
                title_zh=prize.title_zh,
                amount_minor=each,
            )
            for code in codes
        ]
    awarded = sum(share.amount_minor for share in shares)
    return Settlement(
        shares=tuple(shares),
        rounding_minor=rounding,
        returned_minor=total_minor - awarded - rounding,
    )


def _worth(ladder: Sequence[PrizePlan], first: int, last: int) -> int:
    """The prizes of the places from `first` to `last` together."""
    return sum(
        prize.amount_minor * max(0, min(last, prize.place_to) - max(first, prize.place_from) + 1)
        for prize in ladder
    )
