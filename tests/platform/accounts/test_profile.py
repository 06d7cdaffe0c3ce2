from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.accounts import domain
from concours.platform.accounts.models import User
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories.people import organisation, person

pytestmark = pytest.mark.django_db

BAIT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def edit(user: User, **fields: str) -> User:
    given = {"name": user.name, "biography": user.biography, "language": user.language}
    return domain.edit_profile(actor=user, **{**given, **fields})


def test_the_record_names_the_fields_and_not_their_content() -> None:
    user = person(name="Before")
    edit(user, name="  Lin   Wei ", biography="Writes kernels.", language="zh-hans")
    user.refresh_from_db()
    assert (user.name, user.biography, user.language) == ("Lin Wei", "Writes kernels.", "zh-hans")
    event = Event.objects.get(verb="profile.edited")
    assert json.loads(event.data) == {"changed": ["name", "biography", "language"]}


def test_saving_what_is_there_already_is_no_event() -> None:
    edit(person())
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "name-length"),
        ({"name": "x" * 101}, "name-length"),
        ({"biography": "x" * 2_001}, "biography-length"),
        ({"language": "tlh"}, "unknown-language"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    fields: dict[str, str], code: str
) -> None:
    user = person(name="Before")
    with pytest.raises(Refused) as refusal:
        edit(user, **fields)
    assert refusal.value.code == code
    user.refresh_from_db()
    assert (user.name, user.biography, user.language) == ("Before", "", "en")
    assert not Event.objects.exists()


def test_somebody_inactive_edits_nothing() -> None:
    user = person(name="Before", is_active=False)
    with pytest.raises(NotPermitted):
        edit(user, name="After")
    user.refresh_from_db()
    assert user.name == "Before"


def test_a_crash_leaves_the_profile_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_kwargs: Any) -> None:
        raise OSError("the disk is full")

    user = person(name="Before")
    monkeypatch.setattr("concours.platform.accounts.domain.profile.record.append", crash)
    with pytest.raises(OSError, match="disk"):
        edit(user, name="After")
    user.refresh_from_db()
    assert user.name == "Before"


def test_the_page_saves_and_keeps_what_was_typed_when_refused(client: Client) -> None:
    user = person()
    client.force_login(user)
    url = reverse("accounts:profile")
    client.post(url, {"name": "Lin Wei", "biography": "", "language": "en"})
    user.refresh_from_db()
    assert user.name == "Lin Wei"
    answer = client.post(url, {"name": "", "biography": "A long text", "language": "en"})
    assert answer.status_code == 200
    assert "A long text" in answer.content.decode()


def test_the_public_page_shows_three_things_and_no_address(client: Client) -> None:
    user = person(name="Lin Wei", email="secret@example.org")
    user.biography = f"Writes *kernels*. {BAIT}"
    user.save()
    home = organisation(name="Some <b>University</b>")
    domain.affiliate(actor=user, organisation=home, title=BAIT)
    page = client.get(reverse("people:person", args=[user.code])).content.decode()
    assert "Lin Wei" in page
    assert "<em>kernels</em>" in page
    assert "Some &lt;b&gt;University" in page
    assert "secret@" not in page
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page.replace("onerror=alert(1)&gt;", "")


@pytest.mark.parametrize("state", ["unknown", "inactive"])
def test_who_is_not_there_is_not_found(client: Client, state: str) -> None:
    code = person(is_active=False).code if state == "inactive" else "abcdefghjkmn"
    assert client.get(reverse("people:person", args=[code])).status_code == 404


@pytest.mark.parametrize(
    "name", ["overview", "profile", "affiliations", "new-organisation", "keys", "staff-seasons"]
)
def test_the_account_is_for_who_is_signed_in(client: Client, name: str) -> None:
    answer = client.get(reverse(f"accounts:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


def test_a_name_with_markup_is_text_everywhere(client: Client) -> None:
    user = person(name=BAIT)
    client.force_login(user)
    for name in ("overview", "profile"):
        page = client.get(reverse(f"accounts:{name}")).content.decode()
        assert "<script>alert" not in page
        assert "&lt;script&gt;" in page
