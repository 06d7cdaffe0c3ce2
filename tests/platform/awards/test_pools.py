from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from concours.platform.awards import domain
from concours.platform.awards.models import LedgerLine, PrizePool
from concours.platform.competitions.models import Track
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories import awards, competitions
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


@pytest.fixture
def track() -> Track:
    return competitions.track()


def prize(first: int = 1, last: int = 1, amount: int = 10, title: str = "P") -> domain.PrizePlan:
    return domain.PrizePlan(place_from=first, place_to=last, amount_minor=amount, title=title)


def test_funding_is_in_the_ledger_and_the_record(track: Track) -> None:
    staff = organiser(season=track.season)
    pool = domain.fund_pool(
        actor=staff, track=track, currency="cny", total_minor=2_500_000, prizes=awards.PRIZES
    )
    assert (pool.currency, pool.prizes.count()) == ("CNY", 3)
    assert [(line.kind, line.amount_minor) for line in pool.ledger.all()] == [
        ("funding", 2_500_000)
    ]
    assert domain.balance_of(pool=pool) == 2_500_000
    event = Event.objects.latest("seq")
    assert (event.verb, event.subject) == ("pool.funded", f"prizepool:{pool.code}")


def test_only_organisers_fund(track: Track, unchanged: Unchanged) -> None:
    other = organiser(season=competitions.season())
    pool = awards.pool(of=track)
    for actor in (person(), other):
        with unchanged():
            with pytest.raises(NotPermitted):
                domain.fund_pool(actor=actor, track=track, currency="CNY", total_minor=1, prizes=[])
            with pytest.raises(NotPermitted):
                domain.revise_pool(actor=actor, pool=pool, total_minor=1, prizes=[])


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"currency": "XXX"}, "unknown-currency"),
        ({"currency": ""}, "unknown-currency"),
        ({"total_minor": -1}, "prizes-amount"),
        ({"total_minor": 10**15 + 1}, "prizes-too-large"),
        ({"prizes": [prize(2, 2)]}, "prizes-gap"),
        ({"prizes": [prize(1, 0)]}, "prizes-places"),
        ({"prizes": [prize(1, 2_000_000, 0)]}, "prizes-too-large"),
        ({"prizes": [prize(1, 1, 5), prize(2, 2, 6)]}, "prizes-increasing"),
        ({"prizes": [prize(1, 3, 1_000_000)]}, "prizes-too-much"),
        ({"prizes": [prize(title="  ")]}, "empty"),
    ],
)
def test_refusals(track: Track, terms: dict[str, Any], code: str, unchanged: Unchanged) -> None:
    with unchanged(), pytest.raises(Refused) as refusal:
        awards.pool(of=track, **terms)
    assert refusal.value.code == code


def test_a_revision_moves_the_difference(track: Track) -> None:
    pool = awards.pool(of=track)
    pool = domain.revise_pool(
        actor=competitions.ACTOR, pool=pool, total_minor=3_000_000, prizes=[prize(1, 2, 7)]
    )
    pool = domain.revise_pool(
        actor=competitions.ACTOR, pool=pool, total_minor=14, prizes=[prize(1, 2, 7)], title="New"
    )
    assert [(line.kind, line.amount_minor) for line in pool.ledger.all()] == [
        ("funding", 2_500_000),
        ("funding", 500_000),
        ("returned", -2_999_986),
    ]
    assert domain.balance_of(pool=pool) == pool.total_minor == 14
    assert PrizePool.objects.get().title == "New"
    assert pool.prizes.get().amount_minor == 7


def test_a_refused_revision_keeps_the_prizes(track: Track, unchanged: Unchanged) -> None:
    pool = awards.pool(of=track)
    with unchanged(), pytest.raises(Refused):
        domain.revise_pool(
            actor=competitions.ACTOR, pool=pool, total_minor=5, prizes=[prize(1, 1, 6)]
        )


def test_the_ledger_is_empty_of_nothings(track: Track) -> None:
    pool = awards.pool(of=track, total_minor=0, prizes=[prize(1, 3, 0, "Certificate")])
    domain.revise_pool(actor=competitions.ACTOR, pool=pool, total_minor=0, prizes=[])
    assert not LedgerLine.objects.exists()
