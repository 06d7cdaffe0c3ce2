"""People who merge accounts, go, or take their data along."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from concours.credentials import Why
from concours.platform.accounts import domain as accounts
from concours.platform.accounts.models import User
from concours.platform.core import clock
from concours.platform.governance import domain as governing
from concours.platform.profiles import domain
from concours.platform.profiles.domain.people import HOLDING
from concours.platform.profiles.models import Credential, Profile
from tests.factories import governance, profiles
from tests.factories.people import person

pytestmark = pytest.mark.django_db
Captured = Callable[..., AbstractContextManager[Any]]


def code_sent() -> str:
    found = re.search(r"^([a-z0-9]{5}-[a-z0-9]{5})$", mail.outbox[-1].body, re.MULTILINE)
    assert found
    return found[1]


def merge(kept: User, other: User, capture: Captured) -> None:
    with capture(execute=True):
        ticket = accounts.begin_merge(actor=kept, email=other.email)
    accounts.merge_accounts(actor=kept, ticket=ticket, code=code_sent())


def erase(user: User, capture: Captured) -> None:
    with capture(execute=True):
        ticket = accounts.begin_erasure(actor=user)
    accounts.erase_person(actor=user, ticket=ticket, code=code_sent())


@pytest.fixture
def former() -> User:
    """Somebody who had a seat, and so has something to tell and no duty."""
    with clock.frozen_at(governance.NOW):
        governance.charter()
        [member] = governance.members(1)
    governing.unseat_member(actor=governance.ACTOR, membership=member.body_memberships.get())
    return member


def seen(user: User) -> int:
    return int(Client().get(f"/people/{user.code}/profile/").status_code)


def test_a_merged_account_moves_with_what_it_did_and_showed(
    former: User, django_capture_on_commit_callbacks: Captured
) -> None:
    kept = person()
    profiles.shown(former)
    credential = profiles.issued(former)

    merge(kept, former, django_capture_on_commit_callbacks)

    assert (seen(former), seen(kept)) == (404, 200)
    page = Client().get(f"/people/{kept.code}/profile/").content.decode()
    assert "Committee work" in page
    credential.refresh_from_db()
    assert credential.user == kept
    assert (
        profiles.document(profiles.issued(kept))["evidence"]
        == profiles.document(credential)["evidence"]
    )


def test_of_two_profiles_that_of_the_account_that_stays_counts(
    former: User, django_capture_on_commit_callbacks: Captured
) -> None:
    kept = person()
    profiles.shown(former)
    domain.choose(actor=kept, sections=["awards"], indexed=False)

    merge(kept, former, django_capture_on_commit_callbacks)

    assert seen(kept) == 404
    assert Profile.objects.get().sections == ["awards"]


def test_an_erased_person_has_no_profile_and_no_credential_that_holds(
    former: User, django_capture_on_commit_callbacks: Captured
) -> None:
    profiles.shown(former)
    credential = profiles.issued(former)
    text, name = credential.document, former.name

    erase(former, django_capture_on_commit_callbacks)

    assert seen(former) == 404
    assert not Profile.objects.exists()
    credential.refresh_from_db()
    assert (credential.document, credential.reason) == ("", "")
    assert domain.check(given=text).checks[-1].why is Why.REVOKED
    assert name not in "".join(str(row) for row in Credential.objects.values())


def test_everything_is_taken_along(former: User) -> None:
    profiles.shown(former, "committees")
    credential = profiles.issued(former)

    data = HOLDING.exported(former).data

    assert data["profile"][0]["sections"] == ["committees"]
    assert data["credentials"][0]["document"] == credential.document
    assert HOLDING.exported(person()).data == {"profile": [], "credentials": []}
