"""The mail server is down: a sentence instead of a fault, and nothing half done."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from concours.platform.accounts.models import User
from tests.factories.mailboxes import Mailbox
from tests.factories.people import person

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
ANN = "ann@example.org"
SENTENCE = "The mail could not be sent just now."


@pytest.fixture(autouse=True)
def _down(mailbox: Mailbox) -> None:
    cache.clear()


@pytest.fixture
def ann() -> User:
    user = person(email=ANN, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=ANN, verified=True, primary=True)
    return user


@pytest.fixture
def signed_in(client: Client, ann: User) -> Client:
    client.post(reverse("account_login"), {"login": ANN, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def post(client: Client, page: str, **data: str) -> Any:
    address = reverse(page)
    return client.post(address, data, follow=True, HTTP_REFERER=f"http://testserver{address}")


def test_no_account_is_left_without_its_code(client: Client) -> None:
    answer = post(
        client,
        "account_signup",
        name="Bo",
        email="bo@example.org",
        password1=PASSWORD,
        password2=PASSWORD,
    )

    assert SENTENCE in answer.content.decode()
    assert not User.objects.exists()
    assert client.get(reverse("account_email_verification_sent"), follow=True).status_code == 200


@pytest.mark.parametrize("email", [ANN, "nobody@example.org"])
def test_a_new_password_cannot_be_asked_for_now(client: Client, ann: User, email: str) -> None:
    answer = post(client, "account_reset_password", email=email)

    assert answer.status_code == 200
    assert SENTENCE in answer.content.decode()


def test_an_address_is_not_added(signed_in: Client, ann: User) -> None:
    answer = post(signed_in, "account_email", action_add="", email="ann@example.net")

    assert SENTENCE in answer.content.decode()
    assert [one.email for one in EmailAddress.objects.filter(user=ann)] == [ANN]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("page", ["accounts:erase", "accounts:merge"])
def test_a_code_is_not_sent(signed_in: Client, page: str) -> None:
    person(email="other@example.org")

    answer = post(signed_in, page, email="other@example.org")

    assert answer.status_code == 200
    assert SENTENCE in answer.content.decode()


def test_a_new_password_stands_though_nobody_can_be_told(signed_in: Client, ann: User) -> None:
    answer = post(
        signed_in,
        "account_change_password",
        oldpassword=PASSWORD,
        password1=f"{PASSWORD} staple",
        password2=f"{PASSWORD} staple",
    )

    assert answer.status_code == 200
    ann.refresh_from_db()
    assert ann.check_password(f"{PASSWORD} staple")
