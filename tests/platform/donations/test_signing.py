"""The agreement's versions, the ceremony, the signatures, and what enters the register."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.db import IntegrityError, connection, transaction

from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.donations import domain
from concours.platform.donations.domain.agreement import canonical_text
from concours.platform.donations.enums import DonationState, Role
from concours.platform.donations.models import AgreementVersion, Donation, Signature
from concours.platform.register import domain as register
from tests.factories import donations
from tests.factories.donations import DAY, PASSWORD, SPRING
from tests.factories.people import organisation, organiser, person
from tests.factories.register import project as make_project

pytestmark = pytest.mark.django_db


def refused(code: str, act: Any) -> None:
    before = Signature.objects.count()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    assert Signature.objects.count() == before


def test_both_texts_name_parties_shares_and_assets() -> None:
    donation = donations.whole()
    actor = donation.proposed_by
    domain.add_donor(
        actor=actor, donation=donation, slug="one", name="One *Works*", name_zh="一号工坊",
        registered_as="91110000X", address="1 Long Street", share="1/3",
    )  # fmt: skip
    domain.submit_donation(actor=actor, donation=donation)
    donation = domain.accept_donation(
        actor=organiser(), donation=donation, receiver="Foundation", receiver_zh="基金会"
    )

    version = donations.version_of(donation)

    assert "| One \\*Works\\* | 1/3 |" in version.text
    assert "| 一号工坊 | 1/3 |" in version.text_zh
    assert "registered as 91110000X, of 1 Long Street" in version.text
    assert "登记号：91110000X，地址：1 Long Street" in version.text_zh
    place = "https://code.example.org/tool"
    assert (
        f"1. repository **tool**, at {place}, under MulanPSL-2.0, owned by One Works Co., Ltd.\n"
    ) in version.text
    assert f"**tool**，网址 {place}，许可证 MulanPSL-2.0，所有者：One Works" in version.text_zh
    assert "基金会：**基金会**" in version.text_zh
    assert version.digest == domain.digest_of(text=version.text, text_zh=version.text_zh)


def test_the_digest_is_over_both_languages_in_their_canonical_form() -> None:
    same = domain.digest_of(text="Caf\u00e9\nb\n", text_zh="甲\n")
    assert domain.digest_of(text="Cafe\u0301  \r\nb", text_zh="甲\n\n") == same
    assert domain.digest_of(text="Cafe\nb\n", text_zh="甲\n") != same
    assert domain.digest_of(text="Caf\u00e9\nb\n", text_zh="乙\n") != same
    # Computed once by hand: sha256 of {"en":"a\n","zh":"b\n"}.
    assert domain.digest_of(text="a", text_zh="b") == (
        "b6ee90989dd6e6e7d0e424d60dc164b161549d7db71210b1a2ea6b5e80892c08"
    )
    assert canonical_text("a \t\n\n\n") == "a\n"


def test_a_change_makes_a_version_and_no_change_makes_none() -> None:
    donation = donations.ready()
    actor, first = donation.proposed_by, donations.version_of(donation)

    domain.give_undivided(actor=actor, donation=donation, undivided=False)
    assert donations.version_of(donation) == first
    domain.add_asset(
        actor=actor, donation=donation, kind="domain", name="tool.example.org", owner="One"
    )

    second = donations.version_of(donation)
    assert (first.number, second.number) == (1, 2)
    changed = domain.differences(first.text, second.text)
    assert [line for sign, line in changed if sign == "+"] == [
        "2. domain name **tool.example.org**, owned by One"
    ]
    assert AgreementVersion.objects.get(pk=first.pk).text == first.text


def test_all_sign_and_the_project_is_a_candidate() -> None:
    donation = donations.ready(witnesses=2)

    for seat, user in donations.signers(donation):
        donations.sign(donation, seat, user)

    donation.refresh_from_db()
    assert donation.state == DonationState.COMPLETED
    project = register.find_project("tool")
    assert project is not None
    assert (project.stage, project.licence, project.name_zh) == (
        "candidate", "MulanPSL-2.0", "工具",
    )  # fmt: skip
    given = project.donations.values_list("donor__slug", "position", "signed_on")
    assert list(given) == [("one", 1, DAY), ("two", 2, DAY)]
    digests = set(Signature.objects.values_list("version__digest", flat=True))
    assert digests == {donations.version_of(donation).digest}
    assert domain.donation_of(project) == donation
    parties = domain.parties_of(project)
    acting = set(donation.mandates.filter(party__isnull=False).values_list("user_id", flat=True))
    assert parties.people == {donation.proposed_by_id, *acting}
    assert parties.donors == ("one", "two")
    assert "Two Institute" in parties.names


def test_without_witnesses_the_last_side_completes_it() -> None:
    assert donations.completed(witnesses=0).state == DonationState.COMPLETED


def test_signed_by_both_sides_waits_for_witnesses_and_changes_no_more() -> None:
    donation = donations.ready()
    *sides, witness = donations.signers(donation)
    for seat, user in sides:
        donations.sign(donation, seat, user)
    donation.refresh_from_db()
    assert donation.state == DonationState.SIGNED
    assert register.find_project("tool") is None
    actor = donation.proposed_by
    for act in (
        lambda: domain.give_undivided(actor=actor, donation=donation, undivided=True),
        lambda: domain.withdraw_donation(actor=actor, donation=donation),
    ):
        refused("wrong-state", act)
    donations.sign(donation, *witness)
    assert register.find_project("tool") is not None


def test_a_person_without_a_mandate_signs_nothing() -> None:
    donation = donations.ready()
    with pytest.raises(NotPermitted):
        donations.sign(donation, "donor:one", person(password=PASSWORD))
    (_one, _user), (other_seat, other), *_rest = donations.signers(donation)
    assert other_seat == "donor:two"
    refused("no-mandate", lambda: donations.sign(donation, "donor:one", other))
    refused("no-mandate", lambda: donations.sign(donation, "foundation", other))
    refused("no-mandate", lambda: donations.sign(donation, "donor:nobody", other))


@pytest.mark.parametrize(
    ("since", "until", "good"),
    [
        (0, 0, True),
        (-10, None, True),
        (1, None, False),
        (-10, -1, False),
    ],
)
def test_a_mandate_holds_on_its_days_alone(since: int, until: int | None, good: bool) -> None:
    donation, user = donations.ready(), person(password=PASSWORD)
    donations.mandate(
        donation,
        "one",
        of=user,
        since=DAY + timedelta(days=since),
        until=None if until is None else DAY + timedelta(days=until),
    )
    if good:
        assert donations.sign(donation, "donor:one", user).mandate.user == user
    else:
        refused("no-mandate", lambda: donations.sign(donation, "donor:one", user))


def test_a_mandate_that_ran_out_over_night_holds_no_more() -> None:
    donation, user = donations.ready(), person(password=PASSWORD)
    donations.mandate(donation, "one", of=user, until=DAY)
    with clock.frozen_at(SPRING + timedelta(days=1)):
        refused("no-mandate", lambda: donations.sign(donation, "donor:one", user))


def test_an_ended_or_unconfirmed_mandate_does_not_hold() -> None:
    donation, staff = donations.ready(), organiser()
    unconfirmed, ended = person(password=PASSWORD), person(password=PASSWORD)
    donations.mandate(donation, "one", of=unconfirmed, confirmed=False)
    made = donations.mandate(donation, "one", of=ended)
    domain.end_mandate(actor=staff, donation=donation, mandate=made.code)
    refused("no-mandate", lambda: donations.sign(donation, "donor:one", unconfirmed))
    with pytest.raises(NotPermitted):
        donations.sign(donation, "donor:one", ended)


def test_a_version_that_was_replaced_meanwhile_is_not_signed() -> None:
    donation = donations.ready()
    seat, user = donations.signers(donation)[0]
    seen = donations.version_of(donation).digest
    domain.add_donor(
        actor=donation.proposed_by, donation=donation, slug="one", name="Renamed", share="1/3"
    )
    refused("version-replaced", lambda: donations.sign(donation, seat, user, digest=seen))
    donations.sign(donation, seat, user)


def test_signatures_stay_with_the_version_that_they_are_under() -> None:
    donation = donations.ready()
    for seat, user in donations.signers(donation)[:2]:
        donations.sign(donation, seat, user)
    domain.add_donor(
        actor=donation.proposed_by, donation=donation, slug="two", name="Renamed", share="2/3"
    )
    assert [seat.signature for seat in domain.seats_of(donation)] == [None] * 4
    assert Signature.objects.filter(version__number=1).count() == 2
    for seat, user in donations.signers(donation):
        donations.sign(donation, seat, user)
    donation.refresh_from_db()
    assert donation.state == DonationState.COMPLETED


def test_nobody_signs_twice() -> None:
    donation = donations.ready()
    seat, user = donations.signers(donation)[0]
    first = donations.sign(donation, seat, user)
    refused("signed-already", lambda: donations.sign(donation, seat, user))
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(
            version=first.version,
            role=Role.DONOR,
            party=first.party,
            mandate=first.mandate,
            user=user,
            signed_at=SPRING,
        )


def test_a_signature_needs_the_password_or_a_fresh_code() -> None:
    donation = donations.ready()
    seat, user = donations.signers(donation)[0]
    for proof in (domain.Proof(), domain.Proof(password="wrong"), domain.Proof(code="000000")):
        refused("not-proved", lambda proof=proof: donations.sign(donation, seat, user, proof=proof))
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    value = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    assert donations.sign(donation, seat, user, proof=domain.Proof(code=value))
    other_seat, other = donations.signers(donation)[1]
    Authenticator.objects.filter(user=user).update(user=other)
    again = domain.Proof(code="not digits")
    refused("not-proved", lambda: donations.sign(donation, other_seat, other, proof=again))


def test_guessing_ends_after_five() -> None:
    donation = donations.ready()
    seat, user = donations.signers(donation)[0]
    wrong = domain.Proof(password="wrong")
    for _time in range(5):
        refused("not-proved", lambda: donations.sign(donation, seat, user, proof=wrong))
    refused("too-many-attempts", lambda: donations.sign(donation, seat, user))


def test_an_account_with_nothing_to_prove_with_cannot_sign() -> None:
    donation, user = donations.ready(), person()
    donations.mandate(donation, "one", of=user)
    refused("nothing-to-prove-with", lambda: donations.sign(donation, "donor:one", user))


def test_whoever_is_of_a_side_cannot_witness() -> None:
    donation, staff = donations.ready(witnesses=0), organiser()
    member = person()
    organisation(name="One Works Co., Ltd.", members=[member])
    acting = donation.mandates.all()[0].user

    def name(who: Any, authority: str = "Authority") -> Any:
        return domain.name_witness(
            actor=staff, donation=donation, user=who.code, organisation=authority
        )

    refused("witness-is-party", lambda: name(acting))
    refused("witness-is-party", lambda: name(donation.proposed_by))
    refused("witness-is-party", lambda: name(member))
    refused("witness-is-party", lambda: name(person(), "two  INSTITUTE"))
    refused("witness-is-party", lambda: name(person(), donations.RECEIVER))
    witness = name(person(password=PASSWORD))
    refused("is-witness", lambda: donations.mandate(donation, "one", of=witness.user))


def test_a_witness_who_came_to_belong_to_a_side_does_not_sign() -> None:
    donation = donations.ready()
    *sides, (seat, user) = donations.signers(donation)
    for one in sides:
        donations.sign(donation, *one)
    organisation(name="Two Institute", members=[user])
    refused("witness-is-party", lambda: donations.sign(donation, seat, user))


def test_witnesses_come_after_the_sides_and_sides_in_order_where_it_is_wanted() -> None:
    donation = donations.ready(in_order=True)
    first, second, third, witness = donations.signers(donation)
    refused("not-your-turn", lambda: donations.sign(donation, *witness))
    refused("not-your-turn", lambda: donations.sign(donation, *second))
    for one in (first, second, third, witness):
        donations.sign(donation, *one)
    assert Donation.objects.get().state == DonationState.COMPLETED


def test_dates_of_the_ceremony_come_in_order() -> None:
    donation, staff = donations.ready(), organiser()

    def plan(days: int) -> Any:
        return domain.plan_ceremony(
            actor=staff,
            donation=donation,
            place="Beijing",
            held_on=DAY + timedelta(days=days),
            witnesses_wanted=1,
        )

    refused("dates-reversed", lambda: plan(-1))
    plan(2)
    seat, user = donations.signers(donation)[0]
    refused("too-early", lambda: donations.sign(donation, seat, user))
    with clock.frozen_at(SPRING + timedelta(days=3)):
        donations.sign(donation, seat, user)
    refused("signing-begun", lambda: plan(5))


def test_shares_that_came_to_99_per_cent_are_not_signed() -> None:
    donation = donations.ready(one="1/2", two="1/2")
    domain.add_donor(
        actor=donation.proposed_by, donation=donation, slug="two", name="Two", share="49 %"
    )
    seat, user = donations.signers(donation)[0]
    refused("incomplete", lambda: donations.sign(donation, seat, user))


def test_a_name_taken_meanwhile_keeps_the_last_signature_out() -> None:
    donation = donations.ready()
    *others, last = donations.signers(donation)
    for one in others:
        donations.sign(donation, *one)
    make_project(slug="tool")
    refused("name-taken", lambda: donations.sign(donation, *last))
    assert Donation.objects.get().state == DonationState.SIGNED


def test_a_known_donor_stays_as_the_register_has_it() -> None:
    make_project()
    donation = donations.ready(one="1/1")
    assert register.list_register().donors[0].name_zh == "顶点工坊"
    domain.add_donor(
        actor=donation.proposed_by, donation=donation, slug="acme", name="Acme Works",
        name_zh="换了名字", share="1/2",
    )  # fmt: skip
    donations.donors(donation, one="1/2")
    donations.mandate(donation, "acme")
    for one in donations.signers(donation):
        donations.sign(donation, *one)
    assert Donation.objects.get().state == DonationState.COMPLETED
    assert register.list_register().donors[0].name_zh == "顶点工坊"


def test_a_scan_is_kept_beside_and_decides_nothing() -> None:
    donation = donations.ready()
    copy = domain.attach_copy(
        actor=donation.proposed_by, donation=donation, name="signed.pdf", content=donations.PDF
    )
    assert (copy.size, copy.purpose) == (len(donations.PDF), "signed-copy")
    assert Donation.objects.get().state == DonationState.ACCEPTED


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_who_sign_the_same_seat_at_once_sign_once() -> None:
    donation = donations.ready()
    seat, user = donations.signers(donation)[0]
    outcomes: list[str] = []

    def act() -> None:
        try:
            with clock.frozen_at(SPRING):
                donations.sign(donation, seat, user)
            outcomes.append("signed")
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=act) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["signed", "signed-already"]
