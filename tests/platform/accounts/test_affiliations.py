from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.accounts import domain
from concours.platform.accounts.enums import OrganisationKind
from concours.platform.accounts.models import Affiliation, Organisation
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories.people import organisation, person

pytestmark = pytest.mark.django_db


def create(name: str, *, name_zh: str = "", actor: Any = None) -> Organisation:
    return domain.create_organisation(
        actor=actor or person(),
        name=name,
        name_zh=name_zh,
        kind=OrganisationKind.UNIVERSITY,
        abroad=False,
    )


def test_an_organisation_is_made_and_recorded_without_its_name() -> None:
    made = create("Peking University", name_zh="北京大学")
    assert made.slug == "peking-university"
    event = Event.objects.get(verb="organisation.created")
    assert event.subject == f"organisation:{made.pk}"
    assert json.loads(event.data) == {"abroad": False, "kind": "university"}


@pytest.mark.parametrize(
    "spelling",
    [
        "Peking University",
        "peking  university",
        "PEKING-UNIVERSITY",
        "Ｐｅｋｉｎｇ University",
        "Péking University.",
        "北京大学",
    ],
)
def test_another_spelling_is_the_same_organisation(spelling: str) -> None:
    create("Peking University", name_zh="北京大学")
    with pytest.raises(Refused) as refusal:
        create(spelling)
    assert refusal.value.code == "organisation-exists"
    assert Organisation.objects.count() == 1


def test_a_chinese_name_that_is_known_is_refused_too() -> None:
    create("北京大学")
    with pytest.raises(Refused):
        create("Beida", name_zh="北京大学")
    assert Organisation.objects.count() == 1


def test_the_database_itself_refuses_another_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people at once: the second passes the check before the first has written."""
    create("Peking University")
    monkeypatch.setattr(
        "concours.platform.accounts.domain.affiliations.Organisation.objects.filter",
        lambda *_args, **_kwargs: Organisation.objects.none(),
    )
    with pytest.raises(Refused) as refusal:
        create("PEKING UNIVERSITY")
    assert refusal.value.code == "organisation-exists"
    monkeypatch.undo()
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("name", ["", "  ", "!!! ---", "x" * 201])
def test_a_name_without_letters_or_without_end_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        create(name)
    assert refusal.value.code == "name-length"
    assert not Organisation.objects.exists()


def test_names_that_give_one_short_name_are_kept_apart() -> None:
    start = "Institute of " + "very " * 12
    first, second = create(start + "first things"), create(start + "second things")
    assert first.slug != second.slug
    assert second.slug.startswith(first.slug)


def test_search_finds_parts_in_any_case_and_language() -> None:
    made = create("Peking University", name_zh="北京大学")
    create("Another")
    for text in ("peking", "KING uni", "北京"):
        assert domain.search_organisations(text=text) == [made]
    assert domain.search_organisations(text=" !") == []
    assert domain.search_organisations(text="%") == []


def test_joining_and_leaving_are_recorded_by_code() -> None:
    user, home = person(), organisation()
    affiliation = domain.affiliate(actor=user, organisation=home, title=" Professor ")
    assert affiliation.title == "Professor"
    domain.leave_affiliation(actor=user, affiliation=affiliation)
    assert not Affiliation.objects.exists()
    events = list(Event.objects.values_list("verb", "subject", "data"))
    told = json.dumps({"organisation": home.pk}, separators=(",", ":"))
    assert events == [
        ("affiliation.added", f"user:{user.code}", told),
        ("affiliation.removed", f"user:{user.code}", told),
    ]


def test_once_is_enough_and_ten_are_the_most() -> None:
    user, home = person(), organisation()
    domain.affiliate(actor=user, organisation=home)
    with pytest.raises(Refused) as refusal:
        domain.affiliate(actor=user, organisation=home)
    assert refusal.value.code == "affiliated-already"
    for _number in range(9):
        domain.affiliate(actor=user, organisation=organisation())
    with pytest.raises(Refused) as refusal:
        domain.affiliate(actor=user, organisation=organisation())
    assert refusal.value.code == "too-many-affiliations"
    assert user.affiliations.count() == 10


def test_nobody_takes_back_anothers() -> None:
    user, other = person(), person()
    affiliation = domain.affiliate(actor=user, organisation=organisation())
    with pytest.raises(NotPermitted) as refusal:
        domain.leave_affiliation(actor=other, affiliation=affiliation)
    assert refusal.value.hidden
    assert Affiliation.objects.filter(pk=affiliation.pk).exists()


def test_a_crash_leaves_the_affiliation(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_kwargs: Any) -> None:
        raise OSError("the disk is full")

    user = person()
    affiliation = domain.affiliate(actor=user, organisation=organisation())
    monkeypatch.setattr("concours.platform.accounts.domain.affiliations.record.append", crash)
    with pytest.raises(OSError, match="disk"):
        domain.leave_affiliation(actor=user, affiliation=affiliation)
    assert Affiliation.objects.filter(pk=affiliation.pk).exists()


def test_the_page_finds_adds_and_removes(client: Client) -> None:
    user, home = person(), create("Peking University")
    client.force_login(user)
    url = reverse("accounts:affiliations")
    assert "Peking University" not in client.get(url).content.decode()
    fragment = client.get(url, {"q": "peking"}, headers={"HX-Request": "true"}).content.decode()
    assert "Peking University" in fragment
    assert "<html" not in fragment
    assert "<html" in client.get(url, {"q": "peking"}).content.decode()

    client.post(url, {"organisation": home.pk, "title": "Professor"})
    affiliation = user.affiliations.get()
    client.post(reverse("accounts:remove-affiliation", args=[affiliation.pk]))
    assert not user.affiliations.exists()


def test_a_guessed_number_of_anothers_affiliation_is_not_found(client: Client) -> None:
    affiliation = domain.affiliate(actor=person(), organisation=organisation())
    client.force_login(person())
    answer = client.post(reverse("accounts:remove-affiliation", args=[affiliation.pk]))
    assert answer.status_code == 404
    assert Affiliation.objects.filter(pk=affiliation.pk).exists()


def test_a_new_organisation_and_being_of_it_come_together(client: Client) -> None:
    user = person()
    client.force_login(user)
    url = reverse("accounts:new-organisation")
    wanted = {"name": "Open Lab", "kind": "community", "where": "abroad", "title": ""}
    client.post(url, wanted)
    assert user.affiliations.get().organisation.abroad

    for _number in range(9):
        domain.affiliate(actor=user, organisation=organisation())
    before = Organisation.objects.count()
    answer = client.post(url, {**wanted, "name": "One too many"})
    assert answer.status_code == 200
    assert "One too many" in answer.content.decode()
    assert Organisation.objects.count() == before


def test_what_was_searched_for_is_text(client: Client) -> None:
    client.force_login(person())
    bait = "<script>alert(1)</script>"
    page = client.get(reverse("accounts:affiliations"), {"q": bait}).content.decode()
    assert bait not in page
    assert "&lt;script&gt;" in page
