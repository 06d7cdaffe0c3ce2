"""The life of a donation in any order: only what all have agreed to is ever entered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
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

from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.donations import domain
from concours.platform.donations.checking import check_donations
from concours.platform.donations.enums import CHANGEABLE, DonationState, Role
from concours.platform.donations.models import AgreementVersion, Donation, Signature
from concours.platform.record import domain as record
from concours.platform.register import domain as register
from tests.examples import examples
from tests.factories import donations
from tests.factories.donations import DAY, SPRING
from tests.factories.people import organiser, person

WHICH = st.integers(0, 7)
STEPS = {
    DonationState.DRAFT: {DonationState.SUBMITTED, DonationState.WITHDRAWN},
    DonationState.SUBMITTED: {
        DonationState.SENT_BACK,
        DonationState.ACCEPTED,
        DonationState.WITHDRAWN,
    },
    DonationState.SENT_BACK: {DonationState.SUBMITTED, DonationState.WITHDRAWN},
    # Without witnesses the last signature completes it at once.
    DonationState.ACCEPTED: {
        DonationState.SIGNED,
        DonationState.COMPLETED,
        DonationState.WITHDRAWN,
    },
    DonationState.SIGNED: {DonationState.COMPLETED},
    DonationState.COMPLETED: set(),
    DonationState.WITHDRAWN: set(),
}


class Life(RuleBasedStateMachine):
    """Every act may be refused; a refused one changes nothing."""

    @initialize(witnesses=st.integers(0, 1), ready=st.booleans(), in_order=st.booleans())
    def begin(self, witnesses: int, *, ready: bool, in_order: bool) -> None:
        self.today, self.staff = DAY, organiser()
        self.seen, self.digests = "draft", set[str]()
        with clock.frozen_at(SPRING):
            make: Any = donations.ready if ready else donations.whole
            fields = {"witnesses": witnesses, "in_order": in_order} if ready else {}
            self.code = make(**fields).code
        self.actor = self.donation.proposed_by
        self.seen = self.donation.state

    @property
    def donation(self) -> Donation:
        return Donation.objects.get(code=self.code)

    def attempt(self, act: Any, *, actor: Any = None, **given: Any) -> None:
        donation, events = self.donation, record.head()
        before = Donation.objects.values().get(), Signature.objects.count()
        try:
            with clock.frozen_at(SPRING + (self.today - DAY)):
                act(actor=actor or self.actor, donation=donation, **given)
        except Refused:
            assert (Donation.objects.values().get(), Signature.objects.count()) == before
            assert record.head() == events

    @rule(share=st.sampled_from(["1/3", "33 %", "1/1", ""]), one=st.sampled_from(["one", "two"]))
    def say_a_share(self, share: str, one: str) -> None:
        self.attempt(domain.add_donor, slug=one, name=donations.NAMES[one], share=share)

    @rule()
    def put_the_shares_right(self) -> None:
        for slug, share in (("one", "1/3"), ("two", "2/3")):
            self.attempt(domain.add_donor, slug=slug, name=donations.NAMES[slug], share=share)

    @rule()
    def submit(self) -> None:
        self.attempt(domain.submit_donation)

    @rule()
    def find_and_send_back(self) -> None:
        self.attempt(domain.raise_finding, actor=self.staff, text="Mend it.")
        self.attempt(domain.send_back, actor=self.staff)

    @rule()
    def settle(self) -> None:
        finding = self.donation.findings.filter(settled_at__isnull=True).first()
        if finding is not None:
            self.attempt(domain.settle_finding, actor=self.staff, finding=finding.pk)

    @rule()
    def accept(self) -> None:
        self.attempt(domain.accept_donation, actor=self.staff, receiver=donations.RECEIVER)

    @rule(days=st.integers(-1, 2), wanted=st.integers(0, 1))
    def plan(self, days: int, wanted: int) -> None:
        day = self.today + timedelta(days=days)
        self.attempt(
            domain.plan_ceremony,
            actor=self.staff,
            place="Beijing",
            held_on=day,
            witnesses_wanted=wanted,
        )

    @rule(donor=st.sampled_from(["one", "two", ""]), days=st.integers(0, 3))
    def mandate(self, donor: str, days: int) -> None:
        def act(*, actor: Any, donation: Donation) -> None:
            made = donations.mandate(
                donation,
                donor,
                by=None if donor else self.staff,
                since=self.today,
                until=self.today + timedelta(days=days),
                confirmed=False,
            )
            domain.confirm_mandate(actor=organiser(), donation=donation, mandate=made.code)

        self.attempt(act)

    @rule(which=WHICH)
    def end_a_mandate(self, which: int) -> None:
        rows = list(self.donation.mandates.filter(ended_at__isnull=True))
        if rows:
            code = rows[which % len(rows)].code
            self.attempt(domain.end_mandate, actor=self.staff, mandate=code)

    @rule()
    def name_a_witness(self) -> None:
        user = person(password=donations.PASSWORD)
        self.attempt(
            domain.name_witness, actor=self.staff, user=user.code, organisation="Authority"
        )

    @rule(which=WHICH, old=st.booleans())
    def sign(self, which: int, *, old: bool) -> None:
        versions = AgreementVersion.objects.filter(donation=self.donation)
        version = versions.first() if old else versions.last()
        with clock.frozen_at(SPRING + (self.today - DAY)):
            signers = donations.signers(self.donation)
        if version is None or not signers:
            return
        seat, user = signers[which % len(signers)]
        self.attempt(
            domain.sign,
            actor=user,
            seat=seat,
            digest=version.digest,
            proof=domain.Proof(password=donations.PASSWORD),
        )

    @rule()
    def sign_all_round(self) -> None:
        for which in range(6):
            self.sign(which=which, old=False)

    @rule()
    def sleep(self) -> None:
        self.today += timedelta(days=1)

    @rule(sure=st.integers(0, 5))
    def withdraw(self, sure: int) -> None:
        if sure == 0:
            self.attempt(domain.withdraw_donation)

    @invariant()
    def it_went_a_way_that_there_is(self) -> None:
        if not hasattr(self, "code"):
            return
        now = DonationState(self.donation.state)
        way = {DonationState(self.seen)}
        # One rule may take two steps: the last side signs, then the witness.
        for _step in range(2):
            way |= {after for before in way for after in STEPS[before]}
        assert now in way
        self.seen = now

    @invariant()
    def a_version_stays_as_it_was_drawn(self) -> None:
        for version in AgreementVersion.objects.all():
            assert version.digest == domain.digest_of(text=version.text, text_zh=version.text_zh)
        numbers = AgreementVersion.objects.order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, len(numbers) + 1))

    @invariant()
    def what_can_still_change_is_not_registered(self) -> None:
        if hasattr(self, "code") and self.donation.state in CHANGEABLE:
            assert register.find_project("tool") is None

    @invariant()
    def the_register_holds_what_all_have_signed(self) -> None:
        if not hasattr(self, "code"):
            return
        donation = self.donation
        done = donation.state == DonationState.COMPLETED
        assert (register.find_project("tool") is not None) == done
        if not done:
            return
        last = domain.latest_version(donation)
        assert last is not None
        by_role = list(last.signatures.values_list("role", flat=True))
        assert by_role.count(Role.DONOR) == donation.parties.count()
        assert by_role.count(Role.FOUNDATION) == 1
        assert by_role.count(Role.WITNESS) >= donation.witnesses_wanted
        assert sum(party.share or 0 for party in donation.parties.all()) == 1
        [checked] = check_donations(record.iterate())
        assert checked.faults == ()
        assert checked.digest == last.digest


class Fresh(Life):
    """Each run in a transaction of its own, taken back afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)
        super().teardown()


@pytest.mark.slow
@pytest.mark.django_db
def test_the_life_of_a_donation() -> None:
    run_state_machine_as_test(
        Fresh,
        settings=settings(
            max_examples=examples(10),
            stateful_step_count=15,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
