"""All acts on money in any order: the books always balance, here and in the database."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from concours.platform.awards import domain
from concours.platform.awards.books import Move, replay
from concours.platform.awards.domain.paying import due_by_person, owed_by_person
from concours.platform.awards.enums import Account
from concours.platform.awards.models import MoneyRequest, Payout
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record.models import Event
from tests.examples import examples
from tests.factories import awards, competitions

SHARE = st.integers(0, 1_200_000)
WHICH = st.integers(0, 7)


class Money(RuleBasedStateMachine):
    """Every act may be refused; whatever happens, nothing is lost, made or overdrawn."""

    @initialize(reserve=st.sampled_from([0, 150_000]))
    def a_result(self, reserve: int) -> None:
        self.folder = tempfile.TemporaryDirectory()
        track = awards.without_peers(folder=Path(self.folder.name), entries=3, weight_jury=1)
        awards.juror(of=track)
        awards.score_all(track=track)
        self.pool = awards.pool(of=track, reserve_minor=reserve)
        track = competitions.advance(track, to=PhaseKind.RESULT)
        with clock.frozen_at(awards.RESULT):
            result = domain.compute_result(actor=competitions.ACTOR, track=track)
            domain.publish_result(actor=competitions.ACTOR, result=result)
        self.references = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    def payout(self, which: int) -> Payout:
        rows = list(Payout.objects.filter(pool=self.pool))
        return rows[which % len(rows)]

    @rule(which=WHICH)
    def papers(self, which: int) -> None:
        awards.papers(of=self.payout(which))

    @rule(which=WHICH)
    def withdraw_a_paper(self, which: int) -> None:
        paper = self.payout(which).papers.filter(withdrawn_at__isnull=True).first()
        if paper is not None:
            domain.withdraw_paper(actor=awards.DESK, paper=paper)

    @rule(which=WHICH)
    def release(self, which: int) -> None:
        self.attempt(domain.ask_release, payout=self.payout(which))

    @rule(which=WHICH, amount=SHARE)
    def claw_back(self, which: int, amount: int) -> None:
        payout = self.payout(which)
        self.attempt(domain.ask_claw_back, payout=payout, amount_minor=amount, reason="because")

    @rule(which=WHICH, amount=SHARE)
    def grant(self, which: int, amount: int) -> None:
        self.attempt(
            domain.ask_grant,
            pool=self.pool,
            entry=self.payout(which).entry,
            amount_minor=amount,
            reason="because",
            title="After appeal",
        )

    @rule(amount=SHARE)
    def give_back(self, amount: int) -> None:
        self.attempt(domain.ask_give_back, pool=self.pool, amount_minor=amount, reason="over")

    @rule(same=st.booleans(), keep=st.booleans())
    def decide(self, same: bool, keep: bool) -> None:
        for request in MoneyRequest.objects.filter(pool=self.pool, state="open")[:1]:
            act = domain.confirm_request if keep else domain.drop_request
            actor = awards.DESK if same else awards.SECOND
            self.attempt(act, actor=actor, request=request)

    @rule(which=WHICH, part=st.integers(1, 3), over=st.booleans())
    def pay(self, which: int, part: int, over: bool) -> None:
        payout = self.payout(which)
        for share in payout.shares.all():
            due = due_by_person(payout)[share.user_id]
            self.references += 1
            with clock.frozen_at(awards.RESULT):
                self.attempt(
                    domain.pay_member,
                    payout=payout,
                    user=share.user,
                    amount_minor=due + 1 if over else due // part,
                    reference=f"T-{self.references}",
                    paid_on=awards.RESULT.date(),
                )

    @rule(which=WHICH, part=st.integers(1, 2))
    def repay(self, which: int, part: int) -> None:
        payout = self.payout(which)
        owed = owed_by_person(payout)
        for share in payout.shares.all():
            self.references += 1
            self.attempt(
                domain.note_repayment,
                payout=payout,
                user=share.user,
                amount_minor=owed.get(share.user_id, 0) // part,
                reference=f"B-{self.references}",
            )

    @rule(which=WHICH, points=st.integers(0, 100_000))
    def replace_the_result(self, which: int, points: int) -> None:
        entry = self.payout(which).entry

        @transaction.atomic
        def replaced(*, actor: Any) -> None:
            domain.correct_jury_score(
                actor=actor, entry=entry, juror=entry.track.jurors.get(), points_milli=points
            )
            domain.supersede_result(actor=actor, track=entry.track)

        with clock.frozen_at(awards.RESULT):
            self.attempt(replaced)

    def attempt(self, act: Any, *, actor: Any = awards.DESK, **terms: Any) -> None:
        """Act; a refusal changes nothing."""
        before = self.everything()
        try:
            act(actor=actor, **terms)
        except Refused:
            assert self.everything() == before

    def everything(self) -> Any:
        return (
            list(Payout.objects.filter(pool=self.pool).values()),
            self.pool.movements.count(),
            Event.objects.count(),
        )

    @invariant()
    def the_books_balance(self) -> None:
        if not hasattr(self, "pool"):
            return
        self.pool.refresh_from_db()
        assert domain.verify_money(pool=self.pool) == []
        assert domain.balance_of(pool=self.pool) == 0
        (totals,) = domain.totals_in(user=AnonymousUser(), season=self.pool.track.season)
        everywhere = totals.pool + totals.held + totals.released + totals.paid
        assert everywhere + totals.owed + totals.sponsor == totals.awarded + totals.reserved

    @invariant()
    def the_record_tells_the_same(self) -> None:
        if not hasattr(self, "pool"):
            return
        moves = []
        for event in Event.objects.order_by("seq"):
            data = json.loads(event.data)
            kind, _, code = event.subject.partition(":")
            if data.get("pool") == self.pool.code:
                moves += [
                    Move(
                        kind=name,
                        source=source,
                        target=target,
                        amount_minor=amount,
                        payout=code if kind == "payout" else "",
                    )
                    for name, source, target, amount in data["moves"]
                ]
        books = replay(moves)
        assert books.sum == 0
        for payout in Payout.objects.filter(pool=self.pool):
            assert books.balance(Account.HELD, payout.code) == payout.held_minor
            assert books.balance(Account.PAID, payout.code) == payout.paid_minor
            assert books.balance(Account.OWED, payout.code) == payout.owed_minor


@pytest.mark.slow
@pytest.mark.django_db
def test_money_in_any_order() -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Money,
        settings=settings(
            deadline=None,
            max_examples=examples(16),
            stateful_step_count=25,
            suppress_health_check=list(HealthCheck),
        ),
    )
