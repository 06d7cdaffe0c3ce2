from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from concours.platform.accounts.domain import revoke_token, token_of_key
from concours.platform.accounts.enums import Scope
from concours.platform.core import clock
from concours.platform.record.models import Event
from tests.factories.people import person

pytestmark = pytest.mark.django_db
Key = Callable[..., tuple[Any, str]]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_a_key_acts_as_its_owner(probed: Client, key_of: Key) -> None:
    user = person()
    _token, key = key_of(user, Scope.READ)
    answer = probed.get("/api/v1/read", headers=bearer(key))
    assert (answer.status_code, answer.json()) == (200, {"who": user.code})


def test_only_the_digest_is_stored_and_recorded(key_of: Key) -> None:
    token, key = key_of(person())
    secret = key.rsplit("_", 1)[1]
    assert key.startswith(f"concours_{token.code}_")
    assert len(secret) == 40
    token.refresh_from_db()
    assert secret not in str(vars(token))
    assert secret not in "".join(Event.objects.values_list("data", flat=True))


def test_a_key_lacking_the_scope_is_refused(probed: Client, key_of: Key) -> None:
    _token, key = key_of(person(), Scope.READ, Scope.ORGANISE)
    answer = probed.post("/api/v1/enter", headers=bearer(key))
    assert answer.status_code == 403
    assert answer.json()["code"] == "scope-missing"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer concours__",
        "Bearer concours_abcdefghjkmn_",
        "Bearer concours_abcdefghjkmn_wrong",
        "Basic dXNlcjpwYXNz",
        "Bearer \u00e9\u00ff",
    ],
)
def test_nonsense_is_no_key(probed: Client, header: str) -> None:
    answer = probed.get("/api/v1/read", HTTP_AUTHORIZATION=header)
    assert answer.status_code == 401
    assert answer.json()["code"] == "not-signed-in"
    assert answer["WWW-Authenticate"] == "Bearer"


def test_one_wrong_character_is_no_key(probed: Client, key_of: Key) -> None:
    _token, key = key_of(person())
    wrong = key[:-1] + ("2" if key[-1] != "2" else "3")
    assert probed.get("/api/v1/read", headers=bearer(wrong)).status_code == 401


def test_the_secret_of_another_key_does_not_open_this_one(probed: Client, key_of: Key) -> None:
    mine, _key = key_of(person())
    _other, other_key = key_of(person())
    mixed = f"concours_{mine.code}_{other_key.rsplit('_', 1)[1]}"
    assert probed.get("/api/v1/read", headers=bearer(mixed)).status_code == 401


def test_an_expired_key_is_refused_from_its_moment_on(key_of: Key) -> None:
    token, key = key_of(person(), days=1)
    with clock.frozen_at(token.expires_at - timedelta(microseconds=1)):
        assert token_of_key(key) == token
    with clock.frozen_at(token.expires_at):
        assert token_of_key(key) is None


def test_a_revoked_key_is_refused(probed: Client, key_of: Key) -> None:
    user = person()
    token, key = key_of(user)
    revoke_token(actor=user, token=token)
    assert probed.get("/api/v1/read", headers=bearer(key)).status_code == 401


def test_a_key_of_somebody_inactive_is_refused(probed: Client, key_of: Key) -> None:
    user = person()
    _token, key = key_of(user)
    user.is_active = False
    user.save()
    assert probed.get("/api/v1/read", headers=bearer(key)).status_code == 401
    assert probed.get("/api/v1/public", headers=bearer(key)).status_code == 401


def test_use_is_noted_at_most_once_an_hour(key_of: Key, spring: Any) -> None:
    token, key = key_of(person())
    seen = []
    for minutes in (0, 30, 60, 61):
        with clock.frozen_at(spring + timedelta(minutes=minutes)):
            token_of_key(key)
        token.refresh_from_db()
        seen.append((token.last_used_at - spring) / timedelta(minutes=1))
    assert seen == [0, 0, 0, 61]


def test_a_key_is_never_subject_to_csrf(probed: Client, key_of: Key) -> None:
    user = person()
    _token, key = key_of(user, Scope.ENTER)
    probed.force_login(person())
    answer = probed.post("/api/v1/enter", headers=bearer(key))
    assert (answer.status_code, answer.json()) == (200, {"who": user.code})


def test_a_wrong_key_does_not_fall_back_on_the_cookie(probed: Client) -> None:
    probed.force_login(person())
    assert probed.get("/api/v1/read", headers=bearer("concours_x_y")).status_code == 401
    assert probed.get("/api/v1/public", headers=bearer("concours_x_y")).status_code == 401


def test_a_cookie_alone_reads_and_changes_nothing(probed: Client) -> None:
    user = person()
    probed.force_login(user)
    assert probed.get("/api/v1/read").json() == {"who": user.code}
    for path in ("/api/v1/enter", "/api/v1/public"):
        answer = probed.post(path)
        assert answer.status_code == 403
        assert answer.json()["code"] == "csrf"


def test_a_cookie_with_the_csrf_token_may_change(probed: Client) -> None:
    user = person()
    probed.force_login(user)
    token = "a" * 32
    probed.cookies["csrftoken"] = token
    answer = probed.post("/api/v1/enter", headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json()) == (200, {"who": user.code})


def test_nobody_is_asked_who_they_are_where_all_may_come(probed: Client, key_of: Key) -> None:
    user = person()
    _token, key = key_of(user, Scope.READ)
    _weak, weak_key = key_of(user, Scope.REVIEW)
    assert probed.get("/api/v1/public").json() == {"who": ""}
    assert probed.get("/api/v1/public", headers=bearer(key)).json() == {"who": user.code}
    assert probed.get("/api/v1/public", headers=bearer(weak_key)).json() == {"who": ""}
    assert probed.get("/api/v1/read").status_code == 401


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("refused", 409, "too-late"),
        ("forbidden", 403, "not-permitted"),
        ("hidden", 404, "not-found"),
        ("missing", 404, "not-found"),
    ],
)
def test_refusals_have_one_form(probed: Client, kind: str, status: int, code: str) -> None:
    answer = probed.get(f"/api/v1/raise/{kind}")
    assert answer.status_code == status
    assert set(answer.json()) == {"code", "message"}
    assert answer.json()["code"] == code
    assert "name would tell" not in answer.content.decode()
    assert "other team" not in answer.content.decode()


def test_what_does_not_fit_the_form_is_named(probed: Client) -> None:
    answer = probed.post("/api/v1/sum", data={"left": "one"}, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid"
    assert {tuple(error["where"][-1:]) for error in answer.json()["errors"]} == {
        ("left",),
        ("right",),
    }
    assert "one" not in str([error["what"] for error in answer.json()["errors"]])


def test_what_is_no_json_is_refused(probed: Client) -> None:
    answer = probed.post("/api/v1/sum", data=b"{", content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "http-400"
