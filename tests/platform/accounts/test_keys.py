from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.accounts import domain
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import ApiToken
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories.people import person

pytestmark = pytest.mark.django_db


def make(user: Any, **fields: Any) -> tuple[ApiToken, str]:
    return domain.create_token(
        **{"actor": user, "name": "a key", "scopes": [Scope.READ], "days": 30, **fields}
    )


def test_making_and_revoking_are_recorded_without_the_name() -> None:
    user = person()
    token, _key = make(user, name="for my laptop", scopes=[Scope.REVIEW, Scope.READ])
    domain.revoke_token(actor=user, token=token)
    created, revoked = Event.objects.order_by("seq")
    assert (created.verb, revoked.verb) == ("token.created", "token.revoked")
    assert created.subject == revoked.subject == f"apitoken:{token.code}"
    assert json.loads(created.data)["scopes"] == ["read", "review"]
    assert "laptop" not in created.data


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "name-length"),
        ({"name": "x" * 101}, "name-length"),
        ({"scopes": []}, "no-scope"),
        ({"days": 0}, "days-out-of-range"),
        ({"days": 367}, "days-out-of-range"),
    ],
)
def test_what_does_not_fit_makes_no_key(fields: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        make(person(), **fields)
    assert refusal.value.code == code
    assert not ApiToken.objects.exists()
    assert not Event.objects.exists()


def test_twenty_valid_keys_are_the_most() -> None:
    user = person()
    for _number in range(20):
        token, _key = make(user)
    with pytest.raises(Refused) as refusal:
        make(user)
    assert refusal.value.code == "too-many-tokens"
    domain.revoke_token(actor=user, token=token)
    make(user)


def test_nobody_revokes_anothers_key_and_nobody_twice() -> None:
    user = person()
    token, key = make(user)
    with pytest.raises(NotPermitted):
        domain.revoke_token(actor=person(), token=token)
    assert domain.token_of_key(key) == token
    domain.revoke_token(actor=user, token=token)
    with pytest.raises(Refused) as refusal:
        domain.revoke_token(actor=user, token=token)
    assert refusal.value.code == "revoked-already"


def test_a_crash_makes_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_kwargs: Any) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("concours.platform.accounts.domain.tokens.record.append", crash)
    with pytest.raises(OSError, match="disk"):
        make(person())
    assert not ApiToken.objects.exists()


def test_the_page_shows_the_key_once(client: Client) -> None:
    user = person()
    client.force_login(user)
    url = reverse("accounts:keys")
    answer = client.post(url, {"name": "laptop", "scopes": ["read", "enter"], "days": "90"})
    found = re.search(r"concours_[a-z0-9]{12}_[a-z0-9]{40}", answer.content.decode())
    assert found
    assert "no-store" in answer["Cache-Control"]
    token = domain.token_of_key(found[0])
    assert token is not None
    assert (token.user, token.scopes) == (user, ["read", "enter"])
    assert found[0] not in client.get(url).content.decode()


def test_an_open_browser_alone_makes_no_key(client: Client) -> None:
    user = person(password="correct horse battery")
    client.force_login(user)
    asked = {"name": "x", "scopes": ["read"], "days": "90"}
    answer = client.post(reverse("accounts:keys"), asked)
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert not ApiToken.objects.exists()

    # What was asked for goes on by itself once the password is right.
    page = client.post(answer.headers["Location"], {"password": "correct horse battery"})
    assert "concours_" in page.content.decode()
    assert ApiToken.objects.get().user == user


def test_the_page_revokes(client: Client) -> None:
    user = person()
    token, key = make(user)
    client.force_login(user)
    client.post(reverse("accounts:revoke-key", args=[token.code]))
    assert domain.token_of_key(key) is None


def test_a_guessed_code_of_anothers_key_is_not_found(client: Client) -> None:
    token, key = make(person(), name="nobody else's business")
    client.force_login(person())
    assert client.post(reverse("accounts:revoke-key", args=[token.code])).status_code == 404
    assert domain.token_of_key(key) == token
    assert "business" not in client.get(reverse("accounts:keys")).content.decode()


@pytest.mark.parametrize("scopes", [["root"], []])
def test_the_page_knows_no_other_scopes(client: Client, scopes: list[str]) -> None:
    client.force_login(person())
    client.post(reverse("accounts:keys"), {"name": "x", "scopes": scopes, "days": "90"})
    assert not ApiToken.objects.exists()


def test_a_key_tells_whose_it_is_and_what_it_may(client: Client) -> None:
    user = person(name="Lin Wei", email="secret@example.org")
    _token, key = make(user, scopes=[Scope.READ])
    answer = client.get("/api/v1/account/me", headers={"Authorization": f"Bearer {key}"})
    assert answer.json() == {
        "code": user.code,
        "name": "Lin Wei",
        "language": "en",
        "scopes": ["read"],
    }
    assert client.get("/api/v1/account/me").status_code == 401
    client.force_login(user)
    assert client.get("/api/v1/account/me").json()["scopes"] is None
