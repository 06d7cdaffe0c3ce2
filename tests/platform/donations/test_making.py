"""A donation in the making: what is said of it, what it lacks, and its review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage

from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.donations import domain
from concours.platform.donations.enums import DonationState, Duty
from concours.platform.donations.models import Donation, Paper
from concours.platform.record.models import Event
from tests.factories import donations, register
from tests.factories.donations import DAY, PDF
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db


def codes(donation: Donation) -> list[str]:
    return [one.code for one in domain.missing(donation)]


def test_a_bare_proposal_is_told_all_that_it_lacks() -> None:
    donation = donations.draft(summary="", areas=[], licence="")

    lacking = domain.missing(donation)

    assert [one.code for one in lacking] == [
        "summary", "licence", "areas", "donors", "repository", "terms",
    ]  # fmt: skip
    assert {one.duty for one in lacking} == {Duty.DONORS}
    with pytest.raises(Refused) as refusal:
        domain.submit_donation(actor=donation.proposed_by, donation=donation)
    assert refusal.value.code == "incomplete"


def test_a_whole_one_is_submitted_accepted_and_each_step_is_an_event() -> None:
    donation = donations.accepted()

    assert donation.state == DonationState.ACCEPTED
    told = Event.objects.filter(subject=f"donation:{donation.code}").order_by("seq")
    verbs = [event.verb for event in told]
    assert verbs[0] == "donation.proposed"
    assert verbs[-3:] == ["donation.submitted", "donation.accepted", "donation.agreement-drawn"]
    # The record may be read by others before the donation may.
    assert not any(word in event.data for event in told for word in ("tool", "Works", "Director"))


@pytest.mark.parametrize(
    ("shares", "lacking"),
    [
        ({"one": "1/3", "two": "2/3"}, []),
        ({"one": "33.3 %", "two": "66.7%"}, []),
        ({"one": "1/3", "two": "1/3", "three": "1/3"}, []),
        ({"one": "33 %", "two": "66 %"}, ["shares"]),
        ({"one": "50 %", "two": "51 %"}, ["shares"]),
        ({"one": "1/2", "two": ""}, ["shares"]),
    ],
)
def test_shares_add_up_exactly(shares: dict[str, str], lacking: list[str]) -> None:
    assert codes(donations.whole(**shares)) == lacking


@pytest.mark.parametrize(
    "share", ["0/3", "4/3", "1/0", "-1/2", "101 %", "0%", "half", "1e3", "١/٢"]
)
def test_what_is_no_share_is_refused(share: str) -> None:
    donation = donations.draft()
    with pytest.raises(Refused) as refusal:
        donations.donors(donation, one=share)
    assert refusal.value.code == "bad-share"
    assert not donation.parties.exists()


def test_undivided_is_said_instead_of_shares() -> None:
    donation = donations.whole(one="", two="")
    assert codes(donation) == ["shares"]
    domain.give_undivided(actor=donation.proposed_by, donation=donation, undivided=True)
    donation.refresh_from_db()
    assert codes(donation) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("licence", "My Own Licence", "unknown-licence"),
        ("homepage", "javascript:alert(1)", "bad-address"),
        ("slug", "Not A Slug", "bad-slug"),
        ("areas", ["nowhere"], "unknown-area"),
        ("name", "  ", "empty"),
        ("name", "Evil\u202eemaN", "bad-text"),
    ],
)
def test_what_cannot_be_kept_is_refused(field: str, value: Any, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        donations.draft(**{field: value})
    assert refusal.value.code == code
    assert not Donation.objects.exists()


def test_licences_are_spelt_as_spdx_spells_them() -> None:
    assert donations.draft(licence="mulanpsl-2.0 or apache-2.0").licence == (
        "MulanPSL-2.0 OR Apache-2.0"
    )


@pytest.mark.parametrize("kind", ["repository", "hardware"])
def test_code_and_designs_need_a_licence(kind: str) -> None:
    donation = donations.draft()
    with pytest.raises(Refused) as refusal:
        domain.add_asset(
            actor=donation.proposed_by, donation=donation, kind=kind, name="x", owner="One"
        )
    assert refusal.value.code == "licence-needed"


def test_an_asset_moves_step_by_step_with_evidence_and_staff_confirm() -> None:
    donation = donations.whole()
    actor, staff = donation.proposed_by, organiser()
    code = donation.assets.get().code

    def move(who: Any, state: str, **more: Any) -> Any:
        return domain.move_asset(actor=who, donation=donation, asset=code, state=state, **more)

    with pytest.raises(Refused, match="one step"):
        move(actor, "transferred", evidence="See the log.")
    move(actor, "agreed")
    with pytest.raises(Refused, match="how the transfer"):
        move(actor, "transferred")
    moved = move(actor, "transferred", name="proof.pdf", content=PDF)
    assert moved.paper.name == "proof.pdf"
    with pytest.raises(NotPermitted):
        move(actor, "confirmed")
    with pytest.raises(NotPermitted):
        move(actor, "named")
    assert move(staff, "confirmed").state == "confirmed"


def test_a_known_donor_is_not_renamed_by_a_donation() -> None:
    register.project()
    donation = donations.draft()
    domain.add_donor(
        actor=donation.proposed_by, donation=donation, slug="acme", name="Another", share="1/1"
    )
    assert "donor-known" in codes(donation)


def test_a_taken_name_is_told() -> None:
    taken = register.project()
    assert "name-taken" in codes(donations.draft(slug=taken.slug))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mandate.pdf", b"MZ\x90\x00 a program"),
        ("mandate.pdf", b"<html>%PDF-1.7 %%EOF</html>"),
        ("mandate.png", PDF),
        ("mandate.html", b"<script>"),
        ("mandate.pdf.exe", PDF),
        ("mandate.pdf", b""),
        ("mandate.pdf", b"%PDF-" + b"0" * 5 * 1024 * 1024 + b"%%EOF"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(name: str, content: bytes) -> None:
    donation = donations.draft()
    donations.donors(donation, one="1/1")
    with pytest.raises(Refused) as refusal:
        donations.mandate(donation, "one", name=name, content=content)
    assert refusal.value.code in {"file-kind", "empty", "too-large"}
    assert not Paper.objects.exists()


def test_a_refused_mandate_leaves_no_file() -> None:
    donation = donations.draft()
    with pytest.raises(Refused) as refusal:
        donations.mandate(donation, "nobody")
    assert refusal.value.code == "no-such-donor"
    assert not Paper.objects.exists()
    folders = default_storage.listdir("donations")[0]
    assert all(default_storage.listdir(f"donations/{one}")[1] == [] for one in folders)


def test_a_mandate_that_ends_before_it_begins_is_refused() -> None:
    donation = donations.draft()
    donations.donors(donation, one="1/1")
    with pytest.raises(Refused) as refusal:
        donations.mandate(donation, "one", since=DAY, until=DAY - timedelta(days=1))
    assert refusal.value.code == "dates-reversed"


def test_nobody_confirms_their_own_mandate() -> None:
    donation, staff = donations.accepted(), organiser()
    made = donations.mandate(donation, "", of=staff, confirmed=False)
    with pytest.raises(Refused) as refusal:
        domain.confirm_mandate(actor=staff, donation=donation, mandate=made.code)
    assert refusal.value.code == "own-mandate"


def test_nobody_acts_for_both_sides() -> None:
    donation = donations.accepted()
    acting = donation.mandates.filter(party__isnull=False)[0].user
    with pytest.raises(Refused) as refusal:
        donations.mandate(donation, "", of=acting)
    assert refusal.value.code == "both-sides"


def test_staff_confirm_mandates_before_they_accept() -> None:
    donation = donations.submitted(confirmed=False)
    lacking = domain.missing(donation)
    assert [(one.code, one.duty) for one in lacking] == [("mandate-unconfirmed", Duty.STAFF)] * 2
    with pytest.raises(Refused) as refusal:
        domain.accept_donation(actor=organiser(), donation=donation, receiver="The Foundation")
    assert refusal.value.code == "incomplete"


def test_it_is_sent_back_with_a_finding_and_comes_again() -> None:
    donation, staff = donations.submitted(), organiser()
    with pytest.raises(Refused) as refusal:
        domain.send_back(actor=staff, donation=donation)
    assert refusal.value.code == "finding-needed"

    finding = domain.raise_finding(actor=staff, donation=donation, text="The mark is missing.")
    donation = domain.send_back(actor=staff, donation=donation)
    again = domain.submit_donation(actor=donation.proposed_by, donation=donation)
    assert codes(again) == ["finding"]
    domain.settle_finding(actor=staff, donation=again, finding=finding.pk)

    assert domain.accept_donation(actor=staff, donation=again, receiver="F").state == "accepted"


ACTS: dict[str, Callable[[Any, Donation], Any]] = {
    "edit": lambda who, it: domain.edit_donation(actor=who, donation=it, slug="x", name="X"),
    "donor": lambda who, it: domain.add_donor(actor=who, donation=it, slug="x", name="X"),
    "drop": lambda who, it: domain.drop_donor(actor=who, donation=it, slug="one"),
    "undivided": lambda who, it: domain.give_undivided(actor=who, donation=it, undivided=True),
    "asset": lambda who, it: domain.add_asset(
        actor=who, donation=it, kind="domain", name="x", owner="X"
    ),
    "terms": lambda who, it: domain.state_terms(
        actor=who, donation=it, kind="icla", on_file=0, contributors=0
    ),
    "submit": lambda who, it: domain.submit_donation(actor=who, donation=it),
    "withdraw": lambda who, it: domain.withdraw_donation(actor=who, donation=it),
    "mandate": lambda who, it: donations.mandate(it, "one", by=who),
    "copy": lambda who, it: domain.attach_copy(actor=who, donation=it, name="a.pdf", content=PDF),
}


@pytest.mark.parametrize("act", ACTS)
def test_strangers_do_nothing(act: str) -> None:
    donation = donations.whole()
    before, events = Donation.objects.values().get(), Event.objects.count()
    with pytest.raises(NotPermitted):
        ACTS[act](person(), donation)
    assert Donation.objects.values().get() == before
    assert Event.objects.count() == events


@pytest.mark.parametrize("act", sorted(set(ACTS) - {"withdraw", "mandate", "copy"}))
def test_what_is_under_review_stays_as_it_is(act: str) -> None:
    donation = donations.submitted()
    with pytest.raises(Refused) as refusal:
        ACTS[act](donation.proposed_by, donation)
    assert refusal.value.code == "wrong-state"


def test_donors_do_not_review() -> None:
    donation = donations.submitted()
    for act in (domain.send_back, lambda **it: domain.raise_finding(text="x", **it)):
        with pytest.raises(NotPermitted):
            act(actor=donation.proposed_by, donation=donation)
