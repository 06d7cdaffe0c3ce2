from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from concours.platform.accounts.models import Organisation
from concours.platform.record.models import Event
from tests.factories.people import operator, organisation, organiser, person

pytestmark = pytest.mark.django_db

EDITABLE = {"user", "organisation"}


def change(kind: str, pk: int) -> str:
    return reverse(f"admin:accounts_{kind}_change", args=[pk])


def organisation_form(of: Organisation, **fields: Any) -> dict[str, Any]:
    given = {"name": of.name, "name_zh": of.name_zh, "kind": of.kind}
    return {**given, **({"abroad": "on"} if of.abroad else {}), **fields}


def test_strangers_are_sent_to_the_one_sign_in_page(client: Client) -> None:
    for path in ("/admin/", "/admin/login/"):
        answer = client.get(path, follow=True)
        assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302


@pytest.mark.parametrize("who", ["person", "organiser", "staff flag alone"])
def test_only_operators_come_in(client: Client, who: str) -> None:
    users = {"person": person, "organiser": organiser}
    make = users.get(who, lambda: person(is_staff=True))
    client.force_login(make())
    target = person()
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    answer = client.post(change("user", target.pk), {"is_superuser": "on"}, follow=True)
    assert answer.status_code == 403
    target.refresh_from_db()
    assert not target.is_superuser


def test_nothing_but_a_few_fields_can_be_changed(rf: Any) -> None:
    request = rf.get("/admin/")
    request.user = operator()
    for model, registered in admin.site._registry.items():
        kind = str(model._meta.model_name)
        if not model.__module__.startswith("concours"):
            continue
        assert not registered.has_add_permission(request), kind
        assert not registered.has_delete_permission(request), kind
        assert registered.has_change_permission(request) is (kind in EDITABLE), kind


def test_a_change_is_recorded_by_field_and_flags_by_value(client: Client) -> None:
    boss, target = operator(), person()
    client.force_login(boss)
    client.post(change("user", target.pk), {})
    target.refresh_from_db()
    assert not target.is_active
    event = Event.objects.get()
    assert (event.verb, event.subject) == ("user.edited-by-operator", f"user:{target.code}")
    assert event.actor == f"user:{boss.code}"
    assert json.loads(event.data) == {"changed": ["is_active"], "values": {"is_active": False}}


def test_what_is_not_editable_is_not_changed_by_posting_it(client: Client) -> None:
    client.force_login(operator())
    target = person(email="before@example.org")
    client.post(
        change("user", target.pk),
        {"is_active": "on", "email": "after@example.org", "code": "x", "password": "y"},
    )
    target.refresh_from_db()
    assert target.email == "before@example.org"
    assert target.code != "x"
    assert not Event.objects.exists()


def test_an_operator_does_not_lock_themselves_out(client: Client) -> None:
    boss = operator()
    client.force_login(boss)
    client.post(change("user", boss.pk), {})
    boss.refresh_from_db()
    assert boss.is_active
    assert boss.is_superuser


def test_an_operators_flag_carries_the_link_to_the_administration(client: Client) -> None:
    client.force_login(operator())
    target = person()
    client.post(change("user", target.pk), {"is_active": "on", "is_superuser": "on"})
    target.refresh_from_db()
    assert target.is_staff
    client.post(change("user", target.pk), {"is_active": "on"})
    target.refresh_from_db()
    assert not target.is_staff


def test_names_are_mended_without_telling_them_to_the_record(client: Client) -> None:
    client.force_login(operator())
    of = organisation(name="Pekin University")
    client.post(change("organisation", of.pk), organisation_form(of, name="Peking University"))
    of.refresh_from_db()
    assert (of.name, of.name_key) == ("Peking University", "pekinguniversity")
    event = Event.objects.get()
    assert event.subject == f"organisation:{of.pk}"
    assert json.loads(event.data) == {"changed": ["name"], "values": {}}


def test_anothers_name_in_another_spelling_is_refused(client: Client) -> None:
    client.force_login(operator())
    organisation(name="Peking University")
    of = organisation(name="Another")
    answer = client.post(
        change("organisation", of.pk), organisation_form(of, name="PEKING-University")
    )
    assert answer.status_code == 200
    of.refresh_from_db()
    assert of.name == "Another"
    assert not Event.objects.exists()


def test_a_crash_of_the_record_undoes_the_change(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(**_kwargs: Any) -> None:
        raise OSError("the disk is full")

    client.force_login(operator())
    target = person()
    monkeypatch.setattr("concours.platform.web.interfaces.admin.record.append", crash)
    with pytest.raises(OSError, match="disk"):
        client.post(change("user", target.pk), {})
    target.refresh_from_db()
    assert target.is_active


def test_the_password_is_changed_where_it_is_recorded(client: Client) -> None:
    client.force_login(operator())
    answer = client.get("/admin/password_change/")
    assert answer["Location"] == reverse("account_change_password")


def test_no_digest_of_a_key_is_shown(client: Client) -> None:
    from concours.platform.accounts.domain import create_token
    from concours.platform.accounts.enums import Scope

    token, _key = create_token(actor=person(), name="k", scopes=[Scope.READ], days=1)
    client.force_login(operator())
    for name in ("changelist", "change"):
        arguments = [token.pk] if name == "change" else []
        page = client.get(reverse(f"admin:accounts_apitoken_{name}", args=arguments))
        assert page.status_code == 200
        assert token.digest not in page.content.decode()
