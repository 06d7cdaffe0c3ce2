"""Sign-up, sign-in and password reset, end to end with real forms and mail."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from concours.platform.accounts.domain.profile import address_digest
from concours.platform.accounts.interfaces import adapter
from concours.platform.accounts.models import User
from concours.platform.record.models import Event
from tests.factories.people import person

pytestmark = pytest.mark.django_db

ADDRESS = "lin.wei@example.org"
PASSWORD = "correct horse battery"
BAIT = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def _no_limits_of_others() -> None:
    cache.clear()


def sign_up(client: Client, **fields: str) -> Any:
    data = {
        "name": "Lin Wei",
        "email": ADDRESS,
        "password1": PASSWORD,
        "password2": PASSWORD,
        **fields,
    }
    return client.post(reverse("account_signup"), data, follow=True)


def code_in(message: Any) -> str:
    """The code stands alone on its line."""
    found = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", message.body, re.MULTILINE)
    assert found, message.body
    return found[1]


def with_address(password: str = PASSWORD, **fields: Any) -> User:
    user = person(password=password, **fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, email: str, password: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def test_from_the_form_to_being_signed_in(client: Client) -> None:
    sign_up(client)
    (message,) = mail.outbox
    assert message.to == [ADDRESS]
    assert "_auth_user_id" not in client.session

    client.post(reverse("account_email_verification_sent"), {"code": code_in(message)})

    user = User.objects.get(email=ADDRESS)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.name == "Lin Wei"
    assert EmailAddress.objects.get(user=user).verified


def test_the_wrong_code_opens_nothing(client: Client) -> None:
    sign_up(client)
    answer = client.post(reverse("account_email_verification_sent"), {"code": "WRONG1"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session
    assert not EmailAddress.objects.get(email=ADDRESS).verified


def test_an_unverified_address_does_not_sign_in(client: Client) -> None:
    sign_up(client)
    other = Client()
    sign_in(other, ADDRESS, PASSWORD)
    assert "_auth_user_id" not in other.session


def test_signing_up_is_recorded_and_names_nobody(client: Client) -> None:
    sign_up(client)
    event = Event.objects.get(verb="user.signed-up")
    user = User.objects.get(email=ADDRESS)
    assert event.subject == f"user:{user.code}"
    assert event.actor == f"user:{user.code}"
    assert set(json.loads(event.data)) == {"address_digest"}
    for row in Event.objects.all():
        told = str(vars(row)).lower()
        assert "lin" not in told.replace("line", "")
        assert "example" not in told
        assert "wei" not in told


def test_a_crash_while_signing_up_leaves_nothing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(**_kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("concours.platform.accounts.domain.profile.record.append", crash)
    with pytest.raises(OSError, match="disk"):
        sign_up(client)
    assert not User.objects.exists()
    assert not EmailAddress.objects.exists()


def test_a_name_is_asked_for(client: Client) -> None:
    answer = sign_up(client, name="  ")
    assert answer.context["form"].errors.keys() == {"name"}
    assert not User.objects.exists()


@pytest.mark.parametrize("password", ["short1!", "password", "12345678901", ADDRESS])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    answer = sign_up(client, password1=password, password2=password)
    assert answer.context["form"].errors
    assert not User.objects.exists()


def test_mail_speaks_the_language_in_which_one_signed_up(client: Client) -> None:
    client.cookies["django_language"] = "zh-hans"
    sign_up(client)
    assert User.objects.get(email=ADDRESS).language == "zh-hans"
    assert re.search(r"[\u4e00-\u9fff]", mail.outbox[0].body)


class Counting(MD5PasswordHasher):
    """Counts how often a password is made into a digest, which is what takes time."""

    algorithm = "counting"
    count = 0

    def encode(self, password: str, salt: str) -> str:
        Counting.count += 1
        return super().encode(password, salt)


def test_how_long_signing_up_takes_does_not_tell_who_is_here(client: Client, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    with_address(email=ADDRESS)
    counts = []
    for email in (ADDRESS, "nobody@example.org"):
        Counting.count = 0
        sign_up(Client(), email=email)
        counts.append(Counting.count)

    assert counts[0] == counts[1] > 0


def test_signing_up_again_looks_the_same_and_tells_the_owner_alone(client: Client) -> None:
    with_address(email=ADDRESS)
    known = sign_up(client)
    unknown = sign_up(Client(), email="nobody@example.org")
    assert known.redirect_chain == unknown.redirect_chain
    assert known.status_code == unknown.status_code
    known_page = known.content.decode().replace(ADDRESS, "·")
    unknown_page = unknown.content.decode().replace("nobody@example.org", "·")
    assert strip_tokens(known_page) == strip_tokens(unknown_page)
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert [message.to for message in mail.outbox] == [[ADDRESS], ["nobody@example.org"]]
    assert PASSWORD not in mail.outbox[0].body


def strip_tokens(page: str) -> str:
    """The page without what differs at each request: CSRF tokens, the clock, the record's head."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    page = re.sub(r"<time.*?</time>|data-now=\"[^\"]+\"|data-clock=\"[^\"]+\"", "", page)
    page = re.sub(r"[0-9a-f]{64}|[0-9a-f]{12,16}", "", page)
    return re.sub(r"\d+ events?", "", page)


def test_signing_in_and_out(client: Client) -> None:
    user = with_address()
    sign_in(client, user.email.upper(), PASSWORD)
    assert client.session["_auth_user_id"] == str(user.pk)
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_wrong_passwords_and_unknown_addresses_look_alike(client: Client) -> None:
    user = with_address()
    wrong = sign_in(client, user.email, "not the password")
    unknown = sign_in(client, "nobody@example.org", "not the password")
    assert wrong.context["form"].errors == unknown.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_wrong_passwords_are_limited(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}
    user = with_address()
    for _attempt in range(5):
        sign_in(client, user.email, "not the password")
    sign_in(client, user.email, PASSWORD)
    assert "_auth_user_id" not in client.session
    sign_in(client, with_address().email, PASSWORD)
    assert "_auth_user_id" in client.session


def test_an_inactive_person_does_not_sign_in(client: Client) -> None:
    user = with_address(is_active=False)
    sign_in(client, user.email, PASSWORD)
    assert "_auth_user_id" not in client.session


def reset(client: Client, email: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email}, follow=True)


def test_a_forgotten_password_is_replaced(client: Client) -> None:
    user = with_address()
    reset(client, user.email)
    (message,) = mail.outbox
    link = re.search(r"https?://[^/\s]+(/\S+)", message.body)
    assert link
    page = client.get(link[1], follow=True)
    new = "a quite different one"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert Event.objects.filter(verb="password.changed", subject=f"user:{user.code}").count() == 1
    user.refresh_from_db()
    assert user.check_password(new)
    again = Client().get(link[1], follow=True)
    assert again.redirect_chain == []
    assert again.context["token_fail"]


def test_a_reset_does_not_tell_whether_the_address_is_known(client: Client) -> None:
    user = with_address()
    known = reset(client, user.email)
    unknown = reset(Client(), "nobody@example.org")
    assert known.redirect_chain == unknown.redirect_chain
    assert strip_tokens(known.content.decode()) == strip_tokens(unknown.content.decode())


def test_what_is_typed_comes_back_as_text(client: Client) -> None:
    answer = sign_up(client, name=BAIT, email="no address")
    assert BAIT not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()


def test_the_digest_of_an_address_needs_the_secret(settings: Any) -> None:
    first = address_digest("A@Example.org ")
    assert first == address_digest("a@example.org")
    settings.SECRET_KEY = "another"
    assert first != address_digest("a@example.org")


def test_the_adapter_is_the_one_in_use() -> None:
    assert isinstance(get_adapter(), adapter.AccountAdapter)
