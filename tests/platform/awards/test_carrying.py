"""The money of awards when their result is replaced by another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from concours.platform.awards import domain
from concours.platform.awards.models import MoneyRequest, Payout
from concours.platform.competitions import domain as competing
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record.models import Event
from tests.factories import awards, competitions
from tests.factories.competitions import ACTOR

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


@pytest.fixture
def track(tmp_path: Path) -> Track:
    """Three entries with 60, 70 and 80 points; 1,000,000 for the best, 500,000 for the others."""
    made = awards.without_peers(folder=tmp_path, entries=3, weight_jury=1)
    awards.juror(of=made)
    awards.score_all(track=made)
    awards.pool(of=made, reserve_minor=200_000)
    made = competitions.advance(made, to=PhaseKind.RESULT)
    with clock.frozen_at(awards.RESULT):
        domain.publish_result(actor=ACTOR, result=domain.compute_result(actor=ACTOR, track=made))
    return made


def by_place(track: Track) -> list[Payout]:
    """The payouts of the published result by place, as they are now."""
    result = domain.published_result(track=track)
    assert result is not None
    return [award.payout for award in result.awards.order_by("place", "entry__code")]


@transaction.atomic
def scored(track: Track, entry: Entry, points_milli: int) -> None:
    """Replace the result by the one in which the juror gave the entry so many points."""
    juror = track.jurors.get()
    with clock.frozen_at(awards.RESULT):
        domain.correct_jury_score(actor=ACTOR, entry=entry, juror=juror, points_milli=points_milli)
        domain.supersede_result(actor=ACTOR, track=track)


def holds(track: Track) -> bool:
    pool = track.prize_pools.get()
    result = domain.published_result(track=track)
    assert result is not None
    return (
        domain.verify_money(pool=pool) == []
        and domain.balance_of(pool=pool) == 0
        and domain.verify_result(result=result).holds
    )


def paid(payout: Payout) -> Payout:
    """The payout released and paid whole."""
    awards.papers(of=payout)
    awards.decide(domain.ask_release(actor=awards.DESK, payout=payout))
    payout.refresh_from_db()
    user = payout.shares.get().user
    awards.pay(of=payout, user=user, amount_minor=payout.amount_minor)
    payout.refresh_from_db()
    return payout


def test_held_money_follows_the_new_result(track: Track) -> None:
    first, second, third = by_place(track)
    events = Event.objects.filter(subject=f"payout:{second.code}").count()

    scored(track, third.entry, 90_000)

    assert [one.pk for one in by_place(track)] == [third.pk, first.pk, second.pk]
    assert [one.held_minor for one in by_place(track)] == [1_000_000, 500_000, 500_000]
    assert [one.title for one in by_place(track)] == ["First prize"] + ["Second prize"] * 2
    assert Event.objects.filter(subject=f"payout:{second.code}").count() == events
    told = json.loads(
        Event.objects.get(subject=f"payout:{first.code}", verb="payout.adjusted").data
    )
    assert told["moves"] == [["undo", "held", "prizes", 500_000]]
    assert told["amount_minor"] == 500_000
    assert holds(track)
    pool = track.prize_pools.get()
    assert pool.kept_minor == 200_000


def test_who_was_paid_and_stays_where_they_are_keeps_it(track: Track) -> None:
    first, second, third = by_place(track)
    paid(first)

    scored(track, second.entry, 61_000)
    scored(track, third.entry, 75_000)

    assert by_place(track)[0] == first
    assert by_place(track)[0].paid_minor == 1_000_000
    assert holds(track)


def test_paid_money_is_clawed_back_before_a_result_takes_it(
    track: Track, unchanged: Unchanged
) -> None:
    first, _second, third = by_place(track)
    paid(first)

    with unchanged(), pytest.raises(Refused) as refusal:
        scored(track, third.entry, 90_000)
    assert refusal.value.code == "paid-already"

    awards.decide(
        domain.ask_claw_back(
            actor=awards.DESK, payout=first, amount_minor=500_000, reason="An appeal was upheld"
        )
    )
    with unchanged(), pytest.raises(Refused):
        scored(track, third.entry, 90_000)
    domain.note_repayment(
        actor=awards.DESK,
        payout=first,
        user=first.shares.get().user,
        amount_minor=500_000,
        reference="B-1",
    )
    scored(track, third.entry, 90_000)

    first.refresh_from_db()
    assert (first.amount_minor, first.paid_minor, first.back_minor) == (500_000, 500_000, 0)
    third.refresh_from_db()
    assert third.held_minor == 1_000_000
    assert holds(track)
    assert track.prize_pools.get().kept_minor == 200_000


def test_released_money_is_taken_before_it_is_paid(track: Track, unchanged: Unchanged) -> None:
    first, _second, third = by_place(track)
    awards.papers(of=first)
    awards.decide(domain.ask_release(actor=awards.DESK, payout=first))

    scored(track, third.entry, 90_000)

    first.refresh_from_db()
    assert (first.released_minor, first.amount_minor) == (500_000, 500_000)
    user = first.shares.get().user
    with unchanged(), pytest.raises(Refused) as refusal:
        awards.pay(of=first, user=user, amount_minor=500_001)
    assert refusal.value.code == "not-due"
    awards.pay(of=first, user=user, amount_minor=500_000)
    assert holds(track)


def test_a_request_on_what_changed_falls(track: Track) -> None:
    first, second, third = by_place(track)
    for payout in (first, second):
        awards.papers(of=payout)
        domain.ask_release(actor=awards.DESK, payout=payout)

    scored(track, third.entry, 90_000)

    states = dict(MoneyRequest.objects.values_list("payout_id", "state"))
    assert states == {first.pk: "dropped", second.pk: "open"}
    with pytest.raises(Refused) as refusal:
        awards.decide(first.requests.get())
    assert refusal.value.code == "decided-already"
    awards.decide(domain.ask_release(actor=awards.DESK, payout=first))
    assert holds(track)


def test_an_entry_out_has_an_award_of_nothing_and_gets_it_again(track: Track) -> None:
    first, _second, _third = by_place(track)
    competing.disqualify_entry(actor=ACTOR, entry=first.entry, reason="Copied.")
    with clock.frozen_at(awards.RESULT):
        domain.supersede_result(actor=ACTOR, track=track)

    first.refresh_from_db()
    assert (first.amount_minor, first.held_minor) == (0, 0)
    assert [one.held_minor for one in by_place(track)] == [1_000_000, 500_000]
    assert holds(track)

    competing.reinstate_entry(actor=ACTOR, entry=first.entry, reason="Not copied.")
    with clock.frozen_at(awards.RESULT):
        domain.supersede_result(actor=ACTOR, track=track)

    assert by_place(track)[0] == first
    assert by_place(track)[0].held_minor == 1_000_000
    assert holds(track)


def test_what_was_granted_from_the_pool_stays(track: Track) -> None:
    first, _second, third = by_place(track)
    granted = awards.decide(
        domain.ask_grant(
            actor=awards.DESK,
            pool=first.pool,
            entry=third.entry,
            amount_minor=200_000,
            reason="The appeal was upheld",
            title="After appeal",
        )
    ).payout
    assert granted is not None

    scored(track, third.entry, 90_000)

    granted.refresh_from_db()
    assert (granted.amount_minor, granted.held_minor) == (200_000, 200_000)
    assert track.prize_pools.get().kept_minor == 0
    assert holds(track)
