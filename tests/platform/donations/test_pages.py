"""The pages of a donation: a donor's and staff's way through them, and what others see."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from concours.platform.core import clock
from concours.platform.donations import domain
from concours.platform.donations.models import AgreementVersion, Donation
from tests.factories import donations, register
from tests.factories.donations import DAY, PASSWORD, PDF
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
SECRETS = ("BAIT-ADDRESS", "BAIT-REGISTER", "BAIT-OFFICE", "bait-paper.pdf", "BAIT-SIGNER")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"donations:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, donation: Donation, name: str, /, **data: Any) -> Any:
    return client.post(reverse("donations:act", args=[donation.code, name]), data)


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("mandate.pdf", PDF, content_type="application/pdf")


def test_from_the_proposal_to_the_register_by_pages_alone() -> None:
    register.project()
    donor, signer, staff = person(), person(password=PASSWORD), client_of(organiser())
    foundation = person(password=PASSWORD)
    client = client_of(donor)
    begun = {
        "name": "Tool", "slug": "tool", "summary": "It works.", "areas": ["storage"],
        "licence": "Apache-2.0",
    }  # fmt: skip
    assert client.post(reverse("donations:propose"), begun).status_code == 302
    donation = Donation.objects.get()
    steps: list[tuple[Client, str, dict[str, Any]]] = [
        (client, "donor", {"name": "One", "slug": "one", "kind": "legal-entity", "share": "1/1"}),
        (client, "asset", {"kind": "repository", "name": "r", "licence": "MIT", "owner": "One"}),
        (client, "terms", {"kind": "dco", "on_file": 2, "contributors": 2}),
        (client, "mandate", {
            "donor": "one", "user": signer.code, "office": "CEO", "valid_from": DAY, "file": pdf(),
        }),
        (client, "submit", {}),
        (staff, "finding", {"text": "Look again."}),
        (staff, "send-back", {}),
        (client, "submit", {}),
    ]  # fmt: skip
    for who, name, data in steps:
        answer = act(who, donation, name, **data)
        assert answer.status_code == 302, (name, answer.content.decode())
    act(staff, donation, "settle", finding=donation.findings.get().pk)
    act(staff, donation, "confirm-mandate", mandate=donation.mandates.get().code)
    assert act(staff, donation, "accept", receiver="Foundation").status_code == 302
    act(staff, donation, "mandate", donor="", user=foundation.code, office="Secretary",
        valid_from=DAY, file=pdf())  # fmt: skip
    code = donation.mandates.get(party__isnull=True).code
    act(staff, donation, "confirm-mandate", mandate=code)
    planned = {"place": "Beijing", "held_on": DAY, "witnesses_wanted": 0}
    assert act(staff, donation, "ceremony", **planned).status_code == 302

    for user, seat in ((signer, "donor:one"), (foundation, "foundation")):
        who = client_of(user)
        assert "Sign this version" in page(who, "agreement", donation.code)
        digest = donations.version_of(donation).digest
        given = {"seat": seat, "digest": digest}
        url = reverse("donations:sign", args=[donation.code])
        assert who.post(url, {**given, "password": "wrong"}).status_code == 422
        assert who.post(url, {**given, "password": PASSWORD}).status_code == 302

    donation.refresh_from_db()
    assert donation.project is not None
    assert donation.project.stage == "candidate"


def test_a_refused_form_comes_again_with_the_reason_and_what_was_written() -> None:
    donation = donations.draft()
    client = client_of(donation.proposed_by)
    answer = act(
        client, donation, "donor", name="One & Co", slug="one", kind="person", share="120 %"
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Write a share as a fraction or in per cent" in text
    assert 'value="One &amp; Co"' in text
    assert not donation.parties.exists()


def test_a_donation_under_way_is_not_there_for_strangers(client: Client) -> None:
    donation = donations.ready()
    for who in (client, client_of(person())):
        for name in ("donation", "agreement"):
            answer = who.get(reverse(f"donations:{name}", args=[donation.code]))
            assert answer.status_code in {302, 404}
            assert b"The tool" not in answer.content
        assert "The tool" not in page(who, "donations")
        assert act(who, donation, "submit").status_code in {302, 404}


def baited() -> Donation:
    """A completed donation with a secret in all that is not for everybody."""
    donation = donations.draft()
    actor = donation.proposed_by
    domain.add_donor(
        actor=actor, donation=donation, slug="one", name="One", registered_as="BAIT-REGISTER",
        address="BAIT-ADDRESS", share="1/1",
    )  # fmt: skip
    domain.add_asset(
        actor=actor, donation=donation, kind="repository", name="r", licence="MIT", owner="One"
    )
    domain.state_terms(actor=actor, donation=donation, kind="dco", on_file=1, contributors=1)
    made = donations.mandate(
        donation, "one", of=person(name="BAIT-SIGNER", password=PASSWORD), name="bait-paper.pdf"
    )
    made.office = "BAIT-OFFICE"
    made.save()
    staff = organiser()
    domain.submit_donation(actor=actor, donation=donation)
    domain.raise_finding(actor=staff, donation=donation, text="BAIT-FINDING")
    domain.settle_finding(actor=staff, donation=donation, finding=donation.findings.get().pk)
    domain.accept_donation(actor=staff, donation=donation, receiver="Foundation")
    donations.mandate(donation, "")
    domain.plan_ceremony(
        actor=staff, donation=donation, place="Beijing", held_on=DAY, witnesses_wanted=1
    )
    witness = person(name="Wit Ness", password=PASSWORD)
    domain.name_witness(actor=staff, donation=donation, user=witness.code, organisation="Authority")
    for one in donations.signers(donation):
        donations.sign(donation, *one)
    return Donation.objects.get(pk=donation.pk)


def test_everybody_sees_who_gave_when_where_and_by_whom_witnessed_and_no_more(
    client: Client,
) -> None:
    donation = baited()
    digest = donations.version_of(donation).digest
    paper = donation.papers.first()
    assert paper is not None
    for who in (client, client_of(person())):
        text = page(who, "donation", donation.code)
        for shown in ("One", "Beijing", "Wit Ness", "Authority", digest, "Foundation"):
            assert shown in text
        for words in (text, page(who, "donations")):
            assert not [secret for secret in (*SECRETS, "BAIT-FINDING") if secret in words]
        url = reverse("donations:paper", args=[donation.code, paper.code])
        assert who.get(url).status_code in {302, 404}
        assert who.get(reverse("donations:agreement", args=[donation.code])).status_code in {
            302,
            404,
        }
        api = f"/api/v1/donations/{donation.code}"
        answer = who.get(api).content.decode()
        assert digest in answer
        assert not [secret for secret in (*SECRETS, "BAIT-FINDING") if secret in answer]


def test_who_reads_which_paper() -> None:
    donation = donations.ready()
    one, two = (donation.mandates.filter(party__slug=slug)[0] for slug in ("one", "two"))
    witness = donation.witnesses.get().user

    def status(user: Any, mandate: Any) -> int:
        url = reverse("donations:paper", args=[donation.code, mandate.paper.code])
        return int(client_of(user).get(url).status_code)

    assert status(one.user, one) == 200
    assert status(one.user, two) == 404
    assert status(witness, one) == 404
    assert status(organiser(), two) == 200
    assert status(organiser(season=None), one) == 200


def test_a_paper_is_a_file_to_save() -> None:
    donation = donations.ready()
    mandate = donation.mandates.all()[0]
    url = reverse("donations:paper", args=[donation.code, mandate.paper.code])
    answer = client_of(mandate.user).get(url)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == PDF


def test_what_somebody_wrote_runs_nowhere() -> None:
    evil = "<script>alert(1)</script> [x](javascript:alert(2)) **b**"
    donation = donations.accepted()
    domain.add_donor(
        actor=donation.proposed_by, donation=donation, slug="one", name=evil, share="1/3"
    )
    client = client_of(donation.proposed_by)
    for name in ("donation", "agreement"):
        text = page(client, name, donation.code)
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert 'href="javascript:' not in text
        assert "<strong>b</strong>" not in text


def test_changes_of_the_agreement_are_shown_line_by_line() -> None:
    donation = donations.accepted()
    domain.add_donor(
        actor=donation.proposed_by, donation=donation, slug="two", name="Renamed", share="2/3"
    )
    client = client_of(donation.proposed_by)
    text = page(client, "agreement", donation.code)
    assert "<ins>| Renamed | 2/3 |</ins>" in text
    assert "<del>| Two Institute | 2/3 |</del>" in text
    old = page(client, "version", donation.code, 1)
    assert "A newer version has replaced this one." in old
    missing = client.get(reverse("donations:version", args=[donation.code, 3]))
    assert missing.status_code == 404


def test_the_agreement_is_printed_clause_by_clause_in_both_languages() -> None:
    with clock.frozen_at(donations.SPRING):
        donation = donations.ready()
    version = donations.version_of(donation)
    address = reverse("donations:print", args=[donation.code, version.number])

    text = page(client_of(donation.proposed_by), "print", donation.code, version.number)

    assert text.count('<td lang="en">') == text.count('<td lang="zh-Hans">') == 7
    assert f"SHA-256 {version.digest}" in text
    assert text.index("2. What is given") < text.index("二、捐赠内容") < text.index("3. Shares")
    assert "Open Works Foundation" in text
    assert Client().get(address).status_code == 302
    assert client_of(person()).get(address).status_code == 404
    missing = reverse("donations:print", args=[donation.code, 99])
    assert client_of(organiser()).get(missing).status_code == 404


def test_clauses_that_do_not_match_stay_whole() -> None:
    version = AgreementVersion(text="# A\n## B\nx", text_zh="# 甲\ny")
    assert domain.clauses_of(version) == [("# A\n## B\nx", "# 甲\ny")]
