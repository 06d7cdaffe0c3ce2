"""Two people at once, each with a connection of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction

from concours.platform.awards import domain
from concours.platform.awards.models import (
    Award,
    LedgerLine,
    MoneyRequest,
    Payout,
    Receipt,
    Result,
)
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from tests.factories import awards
from tests.factories.competitions import ACTOR

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(acts: list[Callable[[], object]]) -> list[str]:
    """Start all `acts` together; what became of each: "done", or its refusal's code."""
    start, outcomes = threading.Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            start.wait(timeout=20)
            with clock.frozen_at(awards.RESULT):
                act()
            outcomes.append("done")
        except Refused as refusal:
            outcomes.append(refusal.code)
        except Exception as error:
            outcomes.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(outcomes)


def test_two_organisers_publish(tmp_path: Path) -> None:
    result = awards.computed(folder=tmp_path)
    held = [Result.objects.get(pk=result.pk) for _ in range(2)]
    outcomes = at_once(
        [lambda one=one: domain.publish_result(actor=ACTOR, result=one) for one in held]  # type: ignore[misc]
    )
    assert outcomes == ["done", "result-published"]
    assert Award.objects.count() == 5
    assert sum(line.amount_minor for line in LedgerLine.objects.all()) == 0
    assert Event.objects.filter(verb="result.published").count() == 1
    assert record.verify().holds


def test_two_organisers_compute(tmp_path: Path) -> None:
    """Both get a draft; the numbers differ."""
    track = awards.ready(folder=tmp_path)
    outcomes = at_once([lambda: domain.compute_result(actor=ACTOR, track=track)] * 2)
    assert outcomes == ["done", "done"]
    assert sorted(Result.objects.values_list("number", flat=True)) == [1, 2]


def test_a_pool_is_revised_while_the_result_is_published(tmp_path: Path) -> None:
    """Whoever comes first wins; the ledger balances either way."""
    result = awards.computed(folder=tmp_path)
    pool = result.track.prize_pools.get()
    outcomes = at_once(
        [
            lambda: domain.publish_result(actor=ACTOR, result=result),
            lambda: domain.revise_pool(
                actor=ACTOR, pool=pool, total_minor=3_000_000, prizes=awards.PRIZES
            ),
        ]
    )
    assert outcomes in (["done", "result-published"], ["done", "inputs-changed"])
    pool.refresh_from_db()
    published = Result.objects.get().published
    assert domain.balance_of(pool=pool) == (0 if published else 3_000_000)


def test_two_people_confirm_one_release(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    awards.papers(of=payout)
    request = domain.ask_release(actor=awards.DESK, payout=payout)
    held = [MoneyRequest.objects.get(pk=request.pk) for _ in range(2)]
    outcomes = at_once([lambda one=one: awards.decide(one) for one in held])  # type: ignore[misc]
    assert outcomes == ["decided-already", "done"]
    payout.refresh_from_db()
    assert (payout.held_minor, payout.released_minor) == (0, 1_000_000)
    assert domain.verify_money(pool=payout.pool) == []


def test_two_people_ask_for_one_release(tmp_path: Path) -> None:
    payout = awards.payout(folder=tmp_path)
    awards.papers(of=payout)
    outcomes = at_once([lambda: domain.ask_release(actor=awards.DESK, payout=payout)] * 2)
    assert outcomes == ["asked-already", "done"]
    assert MoneyRequest.objects.count() == 1


def test_two_people_pay_the_same_award(tmp_path: Path) -> None:
    """With references that differ: what is due is due once."""
    payout = awards.released(folder=tmp_path)
    user = payout.shares.get().user
    outcomes = at_once(
        [
            lambda name=name: awards.pay(  # type: ignore[misc]
                of=payout, user=user, amount_minor=1_000_000, reference=name
            )
            for name in ("T-1", "T-2")
        ]
    )
    assert outcomes == ["done", "not-due"]
    payout.refresh_from_db()
    assert payout.paid_minor == 1_000_000
    assert Receipt.objects.count() == 1
    assert domain.verify_money(pool=payout.pool) == []


def test_a_release_while_the_result_is_replaced(tmp_path: Path) -> None:
    """Whoever comes first wins; the books balance either way."""
    result = awards.published(folder=tmp_path)
    track = result.track
    last = Payout.objects.filter(pool__track=track, amount_minor=500_000)[0]
    first = Payout.objects.get(pool__track=track, amount_minor=1_000_000)
    awards.papers(of=first)
    request = domain.ask_release(actor=awards.DESK, payout=first)

    def replace() -> None:
        with transaction.atomic():
            for juror in track.jurors.all():
                domain.correct_jury_score(
                    actor=ACTOR, entry=first.entry, juror=juror, points_milli=0
                )
                domain.correct_jury_score(
                    actor=ACTOR, entry=last.entry, juror=juror, points_milli=100_000
                )
            domain.supersede_result(actor=ACTOR, track=track)

    outcomes = at_once([replace, lambda: awards.decide(request)])
    assert outcomes in (["done", "done"], ["decided-already", "done"])
    pool = track.prize_pools.get()
    assert domain.verify_money(pool=pool) == []
    assert domain.balance_of(pool=pool) == 0
    first.refresh_from_db()
    assert first.amount_minor < 1_000_000
    assert first.held_minor + first.released_minor == first.amount_minor
