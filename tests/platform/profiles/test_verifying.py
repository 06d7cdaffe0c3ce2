"""The page on which anyone verifies: hostile files, foreign issuers, plain words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from concours.credentials import Check, Why, did_document
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.profiles import domain
from concours.platform.profiles.phrases import CHECKS, REASONS
from tests.credentials.signed import ISSUER, KEY, signed, with_status
from tests.examples import examples
from tests.factories import governance, profiles

pytestmark = pytest.mark.django_db
URL = "/credentials/verify/"
XSS = "<script>alert(1)</script>"


@pytest.fixture
def member() -> User:
    with clock.frozen_at(governance.NOW):
        governance.charter()
        return governance.members(1)[0]


def brought(**fields: Any) -> str:
    answer = Client().post(URL, fields)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_check_and_every_reason_has_its_words() -> None:
    assert set(CHECKS) == set(Check)
    assert set(REASONS) == set(Why)


def test_ones_own_credential_holds_pasted_and_as_a_file(member: User) -> None:
    credential = profiles.issued(member)
    file = SimpleUploadedFile("c.json", credential.document.encode())

    pasted, uploaded = brought(text=credential.document), brought(text="", file=file)

    for page in (pasted, uploaded):
        assert "It holds." in page
        assert "Member 0" in page
        assert domain.did_of_site() in page


def test_a_changed_or_revoked_one_does_not_hold(member: User) -> None:
    credential = profiles.issued(member)
    changed = brought(text=credential.document.replace("member", "chair"))
    domain.revoke(actor=member, credential=credential)
    revoked = brought(text=credential.document)

    assert "It does not hold." in changed
    assert "something was changed" in changed
    assert "It does not hold." in revoked
    assert "It was revoked." in revoked


def test_what_nobody_signed_is_not_repeated(member: User) -> None:
    profiles.issued(member)
    forged = signed(issuer=domain.did_of_site(), credentialSubject={"id": "x", "name": "Forged Y"})

    page = brought(text=json.dumps(forged))

    assert "It does not hold." in page
    assert "<h3>What it says</h3>" not in page


def test_others_are_verified_by_the_keys_that_are_brought_too() -> None:
    did = json.dumps(did_document(ISSUER, [(KEY.public, None)]))

    by_document = brought(text=json.dumps(signed()), issuer=did)
    by_key = brought(text=json.dumps(with_status()), issuer=KEY.public.multikey)
    without = brought(text=json.dumps(signed()))
    wrong = brought(text=json.dumps(signed()), issuer="somebody")

    assert "nobody has looked" in by_document
    assert "It cannot be revoked" not in by_document
    assert "nobody has looked" in by_key
    assert "It does not hold." in without
    assert "This is no Ed25519 key in Multikey form." in wrong


@pytest.mark.parametrize(
    "text", [XSS, json.dumps({"a": XSS}), "[" * 100_000, '{"a":1,"a":1}', "\ufeff{}"]
)
def test_hostile_text_is_answered_and_escaped(text: str) -> None:
    page = brought(text=text)

    assert "It does not hold." in page
    assert XSS not in page


def test_signed_mark_up_is_shown_as_text() -> None:
    did = KEY.public.multikey
    page = brought(text=json.dumps(signed(credentialSubject={"id": "x", "name": XSS})), issuer=did)

    assert XSS not in page
    assert "&lt;script&gt;" in page


def test_what_is_too_large_or_missing_is_refused_beside_the_field() -> None:
    large = SimpleUploadedFile("c.json", b"x" * ((1 << 20) + 1))

    assert "The file is larger than a credential may be." in brought(text="", file=large)
    assert "Paste a credential, or choose its file." in brought(text="  ")
    assert "at most 1048576 characters" in brought(text="x" * ((1 << 20) + 1))


def test_an_empty_page_asks_for_one() -> None:
    page = Client().get(URL).content.decode()

    assert "Finding" not in page
    assert "Paste the file" in page


class Wild(TestCase):
    @settings(max_examples=examples(60), suppress_health_check=list(HealthCheck))
    @given(text=st.text(max_size=300), issuer=st.text(max_size=60))
    def test_whatever_is_brought_is_answered(self, text: str, issuer: str) -> None:
        answer = Client().post(URL, {"text": text, "issuer": issuer})

        assert answer.status_code == 200
