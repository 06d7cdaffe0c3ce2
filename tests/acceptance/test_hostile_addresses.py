"""Addresses, cookies and bodies that no browser of good will sends."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.competitions.models import Team
from tests.factories import competitions as make
from tests.factories.people import person

pytestmark = pytest.mark.django_db
PLACES = [
    "/search/?q=a%00b",
    "/search/?q=a&%00=b",
    "/people/%00/",
    "/projects/?q=%00",
    "/record/?season=%00",
    "/record/?subject=%00",
    "/invitations/%00/",
]
API = [
    "/api/v1/seasons/%00",
    "/api/v1/entries/%00",
    "/api/v1/projects/%00",
    "/api/v1/projects/?q=%00",
    "/api/v1/record/events?subject=%00",
    "/api/v1/review/rounds/a/%00",
]


@pytest.mark.parametrize("place", PLACES)
def test_a_null_character_in_an_address_is_refused_in_words(client: Client, place: str) -> None:
    answer = client.get(place)
    assert answer.status_code == 400
    assert "null character" in answer.content.decode()


@pytest.mark.parametrize("place", API)
def test_a_null_character_in_an_address_of_the_api_too(client: Client, place: str) -> None:
    answer = client.get(place)
    assert answer.status_code == 400
    assert answer.json()["code"] == "null-character"


def test_a_cookie_with_a_null_character_is_nobodys(client: Client) -> None:
    client.cookies.load('sessionid="\\000aaaaaaaaaaaaaaa"')
    assert client.get("/").status_code == 200
    assert client.get("/account/").status_code == 302


def _post(user: Any, path: str, body: str) -> Any:
    _token, key = create_token(actor=user, name="k", scopes=list(Scope), days=1)
    return Client().post(
        f"/api/v1{path}",
        body,
        content_type="application/json",
        headers={"authorization": f"Bearer {key}"},
    )


@pytest.mark.parametrize(
    "body",
    [
        '{"season": "s\\u0000", "name": "n"}',
        '{"season": "%(season)s", "name": "n\\u0000"}',
        '{"season": "%(season)s", "name": "n", "more\\u0000": [["\\u0000"]]}',
        '{"season": "%(season)s", "name": "\\ud83d"}',
        '{"season": "%(season)s", "name": "' + "x" * 3_000_000 + '"}',
        '{"season": "%(season)s", "name": "' + "x" * 10_000_000 + '"}',
        "[" * 100_000 + "]" * 100_000,
        '{"season": {"a": 1}, "name": ["x"]}',
        '{"season": "%(season)s", "name": 1e999}',
        "\x00",
        "null",
        "[]",
        "",
    ],
    ids=lambda body: body[:30] + f"…{len(body)}",
)
def test_odd_bodies_are_refused_and_nothing_is_made(spring: Any, body: str) -> None:
    season = make.season()
    answer = _post(person(), "/teams", body.replace("%(season)s", season.slug))
    assert answer.status_code in {400, 409, 413, 422}, answer.content[:300]
    told = json.loads(answer.content)
    assert set(told) >= {"code", "message"}
    assert len(answer.content) < 10_000
    assert not Team.objects.exists()


def test_the_record_names_nobody_to_strangers(client: Client) -> None:
    somebody = person(name="Bait Person")
    create_token(actor=somebody, name="k", scopes=[Scope.READ], days=1)
    from concours.platform.accounts.domain import edit_profile

    edit_profile(actor=somebody, name="Bait Person", biography="x", language="en")
    for place in ("/record/", "/api/v1/record/events", "/record/chain.txt"):
        answer = client.get(place)
        body = b"".join(answer) if answer.streaming else answer.content
        assert somebody.code.encode() not in body, place
    code = {"subject": f"user:{somebody.code}"}
    assert client.get("/api/v1/record/events", code).json()["items"] == []
