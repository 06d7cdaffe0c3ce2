"""The donors' steps through the API, and who is told of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.donations import domain
from concours.platform.donations.models import Donation
from concours.platform.notifications.domain import follow, told_to
from concours.platform.notifications.models import Notification
from tests.factories import donations, register
from tests.factories.donations import DAY, PASSWORD, PDF
from tests.factories.people import operator, organiser, person

pytestmark = pytest.mark.django_db
API = "/api/v1/donations/"


def caller(user: Any) -> Any:
    """POSTs as that person, with a key."""
    scopes = [Scope.READ, Scope.ENTER]
    _token, key = create_token(actor=user, name="tests", scopes=scopes, days=30)

    def post(path: str, body: Any = None, *, kind: str = "application/json") -> Any:
        more = {} if kind == "multipart" else {"content_type": kind}
        return Client().post(
            API + path, body or {}, headers={"authorization": f"Bearer {key}"}, **more
        )

    return post


def test_a_donor_hands_a_project_in() -> None:
    register.project()
    donor, acting = person(), person(password=PASSWORD)
    post = caller(donor)
    begun = post("", {"slug": "tool", "name": "Tool", "summary": "s", "areas": ["storage"],
                      "licence": "mit"})  # fmt: skip
    assert begun.status_code == 201, begun.content
    code = begun.json()["code"]
    assert "donors" in [one["code"] for one in begun.json()["missing"]]
    for path, body in (
        ("donors", {"slug": "one", "name": "One", "share": "1/1"}),
        ("assets", {"kind": "repository", "name": "r", "licence": "MIT", "owner": "One"}),
        ("terms", {"kind": "dco", "on_file": 1, "contributors": 1}),
    ):
        assert post(f"{code}/{path}", body).status_code == 200
    mandate = {"donor": "one", "user": acting.code, "office": "CEO", "valid_from": str(DAY)}
    file = SimpleUploadedFile("m.pdf", PDF)
    sent = post(f"{code}/mandates", {**mandate, "file": file}, kind="multipart")
    assert sent.json()["missing"] == []
    assert post(f"{code}/submit").json()["state"] == "submitted"
    assert caller(person())(f"{code}/withdraw").status_code == 404
    refused = post(f"{code}/submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong-state")


def test_signing_through_the_api_needs_the_password_too() -> None:
    donation = donations.ready(witnesses=0)
    digest = donations.version_of(donation).digest
    for seat, user in donations.signers(donation):
        post = caller(user)
        body = {"seat": seat, "digest": digest}
        assert post(f"{donation.code}/sign", body).json()["code"] == "not-proved"
        assert post(f"{donation.code}/sign", {**body, "password": PASSWORD}).status_code == 200
    answer = Client().get(API + donation.code).json()
    assert answer["state"] == "completed"
    assert [one["role"] for one in answer["signatures"]] == ["donor", "donor", "foundation"]
    assert [one["person"] for one in answer["signatures"]] == ["", "", ""]


def test_those_who_take_part_are_told_and_nobody_else() -> None:
    follow()
    staff, somebody = operator(), person()
    donation = donations.submitted()
    domain.accept_donation(actor=organiser(), donation=donation, receiver="Foundation")
    follow()
    told = {row.user_id for row in Notification.objects.filter(verb="donation.accepted")}
    acting = set(donation.mandates.values_list("user_id", flat=True))
    assert told == {donation.proposed_by_id, *acting}
    assert not Notification.objects.filter(user=somebody).exists()
    [waits] = Notification.objects.filter(user=staff)
    [words] = told_to(staff, [waits])
    assert "The tool" in words.title
    assert words.path == f"/donations/{donation.code}/"
    assert Donation.objects.count() == 1
