"""Whoever asks too often waits; nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from tests.factories.people import person

pytestmark = pytest.mark.django_db
PLACES = [("/search/?q=a", "search"), ("/api/v1/record/head", "api")]


@pytest.fixture(autouse=True)
def _nothing_counted() -> None:
    cache.clear()


def answers(client: Client, path: str, times: int, **more: Any) -> list[int]:
    return [client.get(path, **more).status_code for _ in range(times)]


@pytest.mark.parametrize(("path", "action"), PLACES)
def test_an_address_that_asks_too_often_waits(settings: Any, path: str, action: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {action: "3/m/key"}
    first, second = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}
    assert answers(Client(), path, 4, **first) == [200, 200, 200, 429]
    assert answers(Client(), path, 1, **second) == [200]
    refusal = Client().get(path, **first)  # type: ignore[arg-type]
    assert refusal["Retry-After"] == "60"


@pytest.mark.parametrize(("path", "action"), PLACES)
def test_people_are_counted_by_themselves(settings: Any, path: str, action: str) -> None:
    settings.ACCOUNT_RATE_LIMITS = {action: "2/m/key"}
    one, other = Client(), Client()
    one.force_login(person())
    other.force_login(person())
    if action == "search":
        assert answers(one, path, 3) == [200, 200, 429]
        assert answers(other, path, 1) == [200]
    assert answers(Client(), path, 3) == [200, 200, 429]


def test_two_keys_of_a_person_are_one_caller(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"api": "3/m/key"}
    user, path = person(), "/api/v1/account/me"
    keys = [create_token(actor=user, name=n, scopes=[Scope.READ], days=1)[1] for n in "ab"]
    heads = [{"authorization": f"Bearer {key}"} for key in keys]
    seen = [Client(headers=heads[n % 2]).get(path).status_code for n in range(4)]
    assert seen == [200, 200, 200, 429]
    body = Client(headers=heads[0]).get(path).json()
    assert body["code"] == "too-often"
