from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from concours.platform.accounts import domain
from concours.platform.accounts.enums import Role
from concours.platform.accounts.models import StaffRole
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories.competitions import season
from tests.factories.people import operator, organiser, person

pytestmark = pytest.mark.django_db


def grant(client: Client, url: str, email: str) -> Any:
    return client.post(url, {"email": email, "role": "organiser"})


def test_an_organiser_grants_and_takes_back_by_address(client: Client) -> None:
    one = season()
    boss, helper = organiser(season=one), person(email="helper@example.org")
    client.force_login(boss)
    url = reverse("accounts:staff", args=[one.slug])
    grant(client, url, " Helper@Example.org ")
    role = StaffRole.objects.get(user=helper)
    assert (role.season, role.role) == (one, Role.ORGANISER)
    assert helper.display_name in client.get(url).content.decode()

    client.post(reverse("accounts:revoke-role", args=[one.slug, role.pk]))
    assert not StaffRole.objects.filter(user=helper).exists()
    verbs = list(Event.objects.filter(subject=f"user:{helper.code}").values_list("verb", flat=True))
    assert verbs == ["role.granted", "role.revoked"]
    told = "".join(Event.objects.values_list("data", flat=True))
    assert "example" not in told


def test_an_unknown_address_is_told_to_staff(client: Client) -> None:
    one = season()
    client.force_login(organiser(season=one))
    answer = grant(client, reverse("accounts:staff", args=[one.slug]), "nobody@example.org")
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_staff_of_one_season_are_nobody_in_another(client: Client) -> None:
    one, other = season(), season()
    bait = organiser(season=other)
    client.force_login(organiser(season=one))
    url = reverse("accounts:staff", args=[other.slug])
    assert client.get(url).status_code == 404
    assert grant(client, url, person().email).status_code == 404
    role = StaffRole.objects.get(user=bait)
    for address in (
        reverse("accounts:revoke-role", args=[other.slug, role.pk]),
        reverse("accounts:revoke-role", args=[one.slug, role.pk]),
        reverse("accounts:revoke-everywhere", args=[role.pk]),
        reverse("accounts:staff-everywhere"),
    ):
        assert client.post(address).status_code == 404
    assert StaffRole.objects.filter(pk=role.pk).exists()
    assert other.title not in client.get(reverse("accounts:staff-seasons")).content.decode() or (
        other.title == one.title
    )


def test_people_without_a_role_find_no_staff_pages(client: Client) -> None:
    one = season()
    client.force_login(person())
    for url in (
        reverse("accounts:staff-seasons"),
        reverse("accounts:staff-everywhere"),
        reverse("accounts:staff", args=[one.slug]),
    ):
        assert client.get(url).status_code == 404


def test_an_operator_names_organisers_of_all_seasons(client: Client) -> None:
    client.force_login(operator())
    helper = person()
    grant(client, reverse("accounts:staff-everywhere"), helper.email)
    assert StaffRole.objects.get(user=helper).season is None


def test_a_seasons_organiser_sees_but_cannot_end_a_role_in_all(client: Client) -> None:
    one = season()
    everywhere = organiser()
    client.force_login(organiser(season=one))
    page = client.get(reverse("accounts:staff", args=[one.slug])).content.decode()
    role = StaffRole.objects.get(user=everywhere)
    assert everywhere.display_name in page
    assert reverse("accounts:revoke-everywhere", args=[role.pk]) not in page
    with pytest.raises(NotPermitted):
        domain.revoke_role(actor=organiser(season=one), role=role)
    assert StaffRole.objects.filter(pk=role.pk).exists()


def test_nobody_takes_their_own_role_back() -> None:
    one = season()
    boss = organiser(season=one)
    with pytest.raises(Refused) as refusal:
        domain.revoke_role(actor=boss, role=StaffRole.objects.get(user=boss))
    assert refusal.value.code == "own-role"
    assert StaffRole.objects.filter(user=boss).exists()


def test_a_crash_leaves_the_role(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_kwargs: Any) -> None:
        raise OSError("the disk is full")

    role = StaffRole.objects.get(user=organiser())
    boss = operator()
    monkeypatch.setattr("concours.platform.accounts.domain.staff.record.append", crash)
    with pytest.raises(OSError, match="disk"):
        domain.revoke_role(actor=boss, role=role)
    assert StaffRole.objects.filter(pk=role.pk).exists()
