"""Changes of addresses are on record, without the addresses, and not made without it."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from concours.platform.accounts.models import User
from concours.platform.record import domain as record
from tests.factories.people import person


@pytest.fixture
def somebody() -> User:
    user = person(email="ada@example.org", password="correct-horse-9")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def page(somebody: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(somebody, "django.contrib.auth.backends.ModelBackend")
    client.post("/account/reauthenticate/", {"password": "correct-horse-9"})
    return client


def verbs(user: User) -> list[str]:
    return [event.verb for event in record.iterate() if event.subject == f"user:{user.code}"]


@pytest.mark.django_db
def test_choosing_and_removing_are_events(page: Client, somebody: User) -> None:
    EmailAddress.objects.create(user=somebody, email="new@example.org", verified=True)

    page.post("/account/email/", {"action_primary": "", "email": "new@example.org"})
    page.post("/account/email/", {"action_remove": "", "email": "ada@example.org"})

    found = verbs(somebody)
    somebody.refresh_from_db()
    assert somebody.email == "new@example.org"
    assert "address.changed" in found
    assert "address.removed" in found
    assert not any("@example.org" in line for line in record.export_lines())
    assert record.verify().holds


@pytest.mark.django_db
def test_an_open_browser_alone_adds_no_address(somebody: User) -> None:
    client = Client()
    client.force_login(somebody, "django.contrib.auth.backends.ModelBackend")
    answer = client.post("/account/email/", {"action_add": "", "email": "mine@example.org"})
    assert answer.headers["Location"].startswith("/account/reauthenticate/")
    assert EmailAddress.objects.get(user=somebody).email == "ada@example.org"


@pytest.mark.django_db(transaction=True)
def test_an_address_is_not_changed_without_its_event(
    page: Client, somebody: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    EmailAddress.objects.create(user=somebody, email="new@example.org", verified=True)

    def crash(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(record, "append", crash)
    page.post("/account/email/", {"action_primary": "", "email": "new@example.org"})

    somebody.refresh_from_db()
    assert somebody.email == "ada@example.org"
    assert EmailAddress.objects.get(user=somebody, primary=True).email == "ada@example.org"
