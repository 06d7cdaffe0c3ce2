from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from concours.platform.awards import domain, triggers
from concours.platform.awards.domain.paying import due_by_person, owed_by_person
from concours.platform.awards.enums import PaperKind
from concours.platform.awards.models import MoneyRequest, Movement, Payout, Receipt
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories import awards, competitions
from tests.factories.people import operator, organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


def balances(payout: Payout) -> tuple[int, int, int, int, int]:
    payout.refresh_from_db()
    return (
        payout.held_minor,
        payout.released_minor,
        payout.paid_minor,
        payout.owed_minor,
        payout.back_minor,
    )


@contextmanager
def refused(code: str) -> Iterator[None]:
    """A block that is refused with that code."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code


def test_a_published_result_holds_every_award(tmp_path: Path) -> None:
    result = awards.published(folder=tmp_path)

    payouts = list(Payout.objects.all())
    assert sorted(one.amount_minor for one in payouts) == sorted(
        award.amount_minor for award in result.awards.all()
    )
    assert all(one.held_minor == one.amount_minor for one in payouts)
    events = Event.objects.filter(verb="payout.held").order_by("seq")
    assert [event.subject for event in events] == [f"payout:{one.code}" for one in payouts]
    assert json.loads(events[0].data)["moves"] == [
        ["hold", "prizes", "held", payouts[0].amount_minor]
    ]
    for pool in result.track.prize_pools.all():
        assert domain.verify_money(pool=pool) == []
    assert domain.verify_result(result=result).holds


def test_a_reserve_stays_in_the_pool(tmp_path: Path) -> None:
    track = awards.ready(folder=tmp_path)
    pool = track.prize_pools.get()
    domain.revise_pool(
        actor=competitions.ACTOR,
        pool=pool,
        total_minor=2_500_000,
        prizes=awards.PRIZES,
        reserve_minor=200_000,
    )
    with clock.frozen_at(awards.RESULT):
        result = domain.compute_result(actor=competitions.ACTOR, track=track)
        result = domain.publish_result(actor=competitions.ACTOR, result=result)

    pool.refresh_from_db()
    assert pool.kept_minor == 200_000
    kinds = {line.kind: line.amount_minor for line in pool.ledger.exclude(kind="award")}
    assert kinds == {"funding": 2_500_000, "reserved": -200_000, "returned": -99_998}
    assert domain.balance_of(pool=pool) == 0
    assert domain.verify_money(pool=pool) == []
    assert domain.verify_result(result=result).holds


def test_a_reserve_is_of_what_prizes_leave() -> None:
    track = competitions.track()
    with refused("reserve-too-large"):
        awards.pool(of=track, reserve_minor=300_000)
    assert not track.prize_pools.exists()


def test_from_hold_to_receipt(tmp_path: Path) -> None:
    payout = awards.released(folder=tmp_path, parts=[2, 1])
    captain, other = [share.user for share in payout.shares.order_by("-parts")]
    assert balances(payout) == (0, 1_000_000, 0, 0, 0)

    first = awards.pay(of=payout, user=captain, amount_minor=400_000)
    second = awards.pay(of=payout, user=captain, amount_minor=266_667, reference="T-2")
    third = awards.pay(of=payout, user=other, amount_minor=333_333)

    assert balances(payout) == (0, 0, 1_000_000, 0, 0)
    assert due_by_person(payout) == {captain.pk: 0, other.pk: 0}
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    content = json.loads(third.content)
    assert content["payee"] == {"code": other.code, "name": other.display_name}
    assert (content["amount_minor"], content["currency"]) == (333_333, "CNY")
    told = json.loads(Event.objects.filter(verb="payout.paid").latest("seq").data)
    assert told["receipt_digest"] == third.digest
    assert domain.verify_money(pool=payout.pool) == []


def test_the_record_names_no_payee(tmp_path: Path) -> None:
    payout = awards.released(folder=tmp_path, parts=[1, 1])
    member = payout.shares.last().user
    awards.pay(of=payout, user=member, amount_minor=1_000, reference="Transfer-of-Person")
    events = Event.objects.filter(subject=f"payout:{payout.code}")
    said = " ".join(event.data for event in events)
    assert events.count() >= 8
    for secret in (member.code, member.display_name, member.email, "Transfer-of-Person"):
        assert secret not in said


@pytest.mark.parametrize("kind", list(PaperKind))
def test_no_paper_no_money(tmp_path: Path, kind: PaperKind, unchanged: Unchanged) -> None:
    payout = awards.payout(folder=tmp_path, members=2)
    awards.share(of=payout)
    awards.papers(of=payout)
    paper = payout.papers.filter(kind=kind).last()
    domain.withdraw_paper(actor=awards.DESK, paper=paper)

    with unchanged(), refused("papers-missing"):
        domain.ask_release(actor=awards.DESK, payout=payout)

    domain.confirm_paper(
        actor=awards.DESK, payout=payout, kind=kind, user=paper.user, what="another one"
    )
    request = domain.ask_release(actor=awards.DESK, payout=payout)
    domain.withdraw_paper(actor=awards.DESK, paper=payout.papers.get(note="another one"))
    with unchanged(), refused("papers-missing"):
        awards.decide(request)


def test_a_paper_withdrawn_after_release_stops_payment(
    tmp_path: Path, unchanged: Unchanged
) -> None:
    payout = awards.released(folder=tmp_path)
    user = payout.shares.get().user
    domain.withdraw_paper(actor=awards.DESK, paper=payout.papers.get(kind="tax"))
    with unchanged(), refused("papers-missing"):
        awards.pay(of=payout, user=user, amount_minor=1)


def test_who_asks_does_not_confirm(tmp_path: Path, unchanged: Unchanged) -> None:
    payout = awards.payout(folder=tmp_path)
    awards.papers(of=payout)
    request = domain.ask_release(actor=awards.DESK, payout=payout)
    with unchanged(), refused("same-person"):
        domain.confirm_request(actor=awards.DESK, request=request)
    request = awards.decide(request)
    assert (request.state, request.decided_by) == ("confirmed", "system:second")
    with unchanged(), refused("decided-already"):
        awards.decide(request)
    back = domain.ask_claw_back(
        actor=awards.DESK, payout=payout, amount_minor=1, reason="Disqualified"
    )
    with unchanged(), refused("same-person"):
        domain.confirm_request(actor=awards.DESK, request=back)


def test_the_database_holds_four_eyes_too(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    awards.papers(of=payout)
    request = domain.ask_release(actor=awards.DESK, payout=payout)
    with pytest.raises(IntegrityError), transaction.atomic():
        MoneyRequest.objects.filter(pk=request.pk).update(
            state="confirmed", decided_by=request.asked_by, decided_at=clock.now()
        )


def test_one_person_is_enough_where_an_operator_says_so(
    tmp_path: Path, unchanged: Unchanged
) -> None:
    payout = awards.payout(folder=tmp_path)
    season = payout.pool.track.season
    awards.papers(of=payout)
    staff = organiser(season=season)
    with unchanged(), pytest.raises(NotPermitted):
        domain.set_four_eyes(actor=staff, season=season, wanted=False)
    held = domain.ask_release(actor=staff, payout=payout)
    domain.set_four_eyes(actor=operator(), season=season, wanted=False)
    assert Event.objects.latest("seq").verb == "money.four-eyes-off"
    with refused("same-person"):
        domain.confirm_request(actor=staff, request=held)
    domain.drop_request(actor=staff, request=held)
    domain.confirm_request(actor=staff, request=domain.ask_release(actor=staff, payout=payout))
    assert balances(payout) == (0, 1_000_000, 0, 0, 0)


def test_nobody_sees_to_their_own_award(tmp_path: Path, unchanged: Unchanged) -> None:
    payout = awards.payout(folder=tmp_path)
    awards.papers(of=payout)
    member = payout.entry.team.memberships.get().user
    member.staff_roles.create(role="organiser", season=payout.pool.track.season)
    request = domain.ask_release(actor=awards.DESK, payout=payout)
    with unchanged():
        for act in (
            lambda: domain.confirm_request(actor=member, request=request),
            lambda: domain.ask_claw_back(actor=member, payout=payout, amount_minor=1, reason="x"),
            lambda: domain.withdraw_paper(actor=member, paper=payout.papers.first()),
            lambda: domain.ask_grant(
                actor=member,
                pool=payout.pool,
                entry=payout.entry,
                amount_minor=1,
                reason="x",
                title="x",
            ),
        ):
            with refused("own-award"):
                act()


def test_only_organisers_of_the_season_move_money(tmp_path: Path, unchanged: Unchanged) -> None:
    payout = awards.payout(folder=tmp_path)
    request = domain.ask_claw_back(
        actor=awards.DESK, payout=payout, amount_minor=1, reason="Disqualified"
    )
    winner = payout.entry.team.memberships.get().user
    elsewhere = organiser(season=competitions.season())
    with unchanged():
        for actor in (person(), winner, elsewhere):
            for act in (
                lambda actor=actor: domain.ask_release(actor=actor, payout=payout),
                lambda actor=actor: domain.confirm_request(actor=actor, request=request),
                lambda actor=actor: domain.drop_request(actor=actor, request=request),
                lambda actor=actor: domain.confirm_paper(
                    actor=actor, payout=payout, kind=PaperKind.LICENCE, what="x"
                ),
                lambda actor=actor: domain.ask_give_back(
                    actor=actor, pool=payout.pool, amount_minor=1, reason="x"
                ),
                lambda actor=actor: domain.pay_member(
                    actor=actor,
                    payout=payout,
                    user=winner,
                    amount_minor=1,
                    reference="x",
                    paid_on=awards.RESULT.date(),
                ),
            ):
                with pytest.raises(NotPermitted):
                    act()


def test_a_claw_back_takes_what_is_there_first(tmp_path: Path) -> None:
    payout = awards.released(folder=tmp_path, parts=[1, 1])
    one, two = [share.user for share in payout.shares.all()]
    awards.pay(of=payout, user=one, amount_minor=500_000)
    awards.pay(of=payout, user=two, amount_minor=100_000)

    awards.decide(
        domain.ask_claw_back(
            actor=awards.DESK, payout=payout, amount_minor=700_000, reason="Disqualified"
        )
    )

    assert balances(payout) == (0, 0, 300_000, 300_000, 400_000)
    assert owed_by_person(payout) == {one.pk: 250_000, two.pk: 50_000}
    payout.pool.refresh_from_db()
    assert payout.pool.kept_minor == 400_000
    domain.note_repayment(
        actor=awards.DESK, payout=payout, user=one, amount_minor=250_000, reference="B-1"
    )
    with refused("not-owed"):
        domain.note_repayment(
            actor=awards.DESK, payout=payout, user=one, amount_minor=1, reference="B-2"
        )
    assert balances(payout) == (0, 0, 300_000, 50_000, 650_000)
    assert domain.verify_money(pool=payout.pool) == []
    event = Event.objects.get(verb="payout.clawed-back")
    assert json.loads(event.data)["reason"] == "Disqualified"


def test_what_came_back_is_granted_and_given_back(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    pool = payout.pool
    awards.decide(
        domain.ask_claw_back(
            actor=awards.DESK, payout=payout, amount_minor=1_000_000, reason="Disqualified"
        )
    )
    entry = Payout.objects.exclude(pk=payout.pk)[0].entry
    granted = awards.decide(
        domain.ask_grant(
            actor=awards.DESK,
            pool=pool,
            entry=entry,
            amount_minor=600_000,
            reason="The appeal was upheld",
            title="After appeal",
        )
    ).payout
    assert granted is not None
    assert balances(granted) == (600_000, 0, 0, 0, 0)
    with refused("not-enough"):
        domain.ask_give_back(actor=awards.DESK, pool=pool, amount_minor=400_001, reason="Over")
    awards.decide(
        domain.ask_give_back(actor=awards.DESK, pool=pool, amount_minor=400_000, reason="Over")
    )
    pool.refresh_from_db()
    assert pool.kept_minor == 0
    assert domain.verify_money(pool=pool) == []
    totals = domain.totals_in(user=person(), season=pool.track.season)
    assert [(one.currency, one.sponsor, one.pool, one.held) for one in totals] == [
        ("CNY", 400_000, 0, 1_800_002)
    ]
    assert totals[0].awarded == 2_200_002


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_minor": 0}, "not-due"),
        ({"amount_minor": 1_000_001}, "not-due"),
        ({"reference": " "}, "bad-text"),
        ({"reference": "x" * 101}, "bad-text"),
        ({"reference": "GB82 WEST 1234 5698 7654 32"}, "private-number"),
        ({"paid_on": (awards.RESULT + timedelta(days=1)).date()}, "not-yet"),
        ({"user": None}, "not-due"),
    ],
)
def test_payments_that_are_refused(
    tmp_path: Path, change: dict[str, Any], code: str, unchanged: Unchanged
) -> None:
    payout = awards.released(folder=tmp_path)
    terms = {
        "user": payout.shares.get().user,
        "amount_minor": 10,
        "reference": "T-1",
        "paid_on": awards.RESULT.date(),
        **change,
    }
    terms["user"] = terms["user"] or person()
    with clock.frozen_at(awards.RESULT), unchanged(), refused(code):
        domain.pay_member(actor=awards.DESK, payout=payout, **terms)


def test_a_payment_is_noted_once(tmp_path: Path, unchanged: Unchanged) -> None:
    payout = awards.released(folder=tmp_path)
    user = payout.shares.get().user
    awards.pay(of=payout, user=user, amount_minor=10, reference="T-9")
    with unchanged(), refused("noted-already"):
        awards.pay(of=payout, user=user, amount_minor=10, reference="T-9")


def test_shares_are_the_captains_and_fixed_by_the_release(
    tmp_path: Path, unchanged: Unchanged
) -> None:
    payout = awards.payout(folder=tmp_path, members=2)
    captain, member = [row.user for row in payout.entry.team.memberships.order_by("-captain", "pk")]
    with unchanged():
        with pytest.raises(NotPermitted):
            domain.declare_shares(actor=member, payout=payout, shares={member: 1})
        for shares, code in (
            ({}, "not-members"),
            ({person(): 1}, "not-members"),
            ({member: 0}, "bad-parts"),
            ({member: True}, "bad-parts"),
            ({member: 10_001}, "bad-parts"),
        ):
            with refused(code):
                domain.declare_shares(actor=captain, payout=payout, shares=shares)
    domain.declare_shares(actor=captain, payout=payout, shares={captain: 3, member: 1})
    awards.papers(of=payout)
    domain.ask_release(actor=awards.DESK, payout=payout)
    with unchanged(), refused("shares-fixed"):
        domain.declare_shares(actor=captain, payout=payout, shares={member: 1})


def test_the_database_refuses_what_does_not_balance(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    rows = Payout.objects.filter(pk=payout.pk)
    for change in (
        {"held_minor": 1},
        {"held_minor": 1_000_001, "released_minor": -1},
        {"amount_minor": -1, "held_minor": -1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    for fields in (
        {"kind": "hold", "source": "prizes", "target": "paid", "amount_minor": 1},
        {"kind": "hold", "source": "prizes", "target": "held", "amount_minor": 0},
        {"kind": "pay", "source": "released", "target": "paid", "amount_minor": 1},
        {"kind": "give-back", "source": "pool", "target": "sponsor", "amount_minor": 1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Movement.objects.create(pool=payout.pool, payout=payout, at=clock.now(), **fields)


def test_movements_are_only_added(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    triggers.install(connection)
    try:
        for statement in (
            "UPDATE awards_movement SET amount_minor = 1",
            "DELETE FROM awards_movement",
        ):
            with (
                pytest.raises(Exception, match="only added"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    finally:
        triggers.remove(connection)
    assert payout.movements.get().amount_minor == 1_000_000


def test_verification_sees_what_was_changed_behind_it(tmp_path: Path) -> None:
    payout = awards.released(folder=tmp_path)
    receipt = awards.pay(of=payout, user=payout.shares.get().user, amount_minor=10)
    Receipt.objects.filter(pk=receipt.pk).update(content=receipt.content.replace(":10,", ":11,"))
    assert domain.verify_money(pool=payout.pool) == [
        f"the receipt {receipt.code} does not match its digest"
    ]
    Payout.objects.filter(pk=payout.pk).update(released_minor=999_980, held_minor=10)
    assert f"the balances of {payout.code} do not follow from its movements" in (
        domain.verify_money(pool=payout.pool)
    )


def test_a_crash_leaves_nothing_half_done(
    tmp_path: Path, unchanged: Unchanged, request: pytest.FixtureRequest
) -> None:
    payout = awards.payout(folder=tmp_path)
    crash = request.getfixturevalue("crash")
    with unchanged(), pytest.raises(crash):
        domain.ask_claw_back(actor=awards.DESK, payout=payout, amount_minor=1, reason="x")
    with unchanged(), pytest.raises(crash):
        domain.confirm_paper(actor=awards.DESK, payout=payout, kind=PaperKind.LICENCE, what="seen")
