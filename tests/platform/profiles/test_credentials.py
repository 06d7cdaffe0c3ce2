"""Signed, verified elsewhere, revoked; and keys that change."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client

from concours.credentials import Check, SigningKey, Why, methods_of, verify
from concours.platform.accounts.domain import say_under_age
from concours.platform.accounts.models import User
from concours.platform.core.actors import System
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.notifications.domain import follow
from concours.platform.notifications.models import Notification
from concours.platform.profiles import domain
from concours.platform.profiles.domain import issuing, keyfile, status
from concours.platform.profiles.models import Credential, IssuerKey
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from tests.factories import governance, profiles
from tests.factories.people import operator, organiser, person
from tests.factories.profiles import LATER

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
OPERATOR = System("tests")


@pytest.fixture
def member() -> User:
    """Somebody with a seat to tell of."""
    from concours.platform.core import clock

    with clock.frozen_at(governance.NOW):
        governance.charter()
        return governance.members(1)[0]


def reasons(credential: Credential, **more: Any) -> list[tuple[Check, Why | None]]:
    """What does not hold, for somebody elsewhere who fetched did.json."""
    keys = methods_of(Client().get("/.well-known/did.json").json())
    verdict = verify(credential.document, keys=keys, now=LATER, **more)
    return [(one.check, one.why) for one in verdict.checks if one.holds is False]


def published_list(credential: Credential) -> str:
    return Client().get(f"/credentials/status/{credential.number}/").content.decode()


def refused(code: str, act: Callable[[], object]) -> None:
    before = record.head()
    with pytest.raises(Refused) as refusal:
        act()
    assert refusal.value.code == code
    assert record.head() == before


def test_what_was_issued_is_verified_elsewhere(member: User) -> None:
    credential = profiles.issued(member, "committees")

    document = profiles.document(credential)

    assert reasons(credential) == []
    assert reasons(credential, status=published_list(credential)) == []
    assert document["issuer"] == domain.did_of_site()
    assert document["credentialSubject"]["name"] == member.name
    assert document["credentialSubject"]["id"].startswith("urn:uuid:")
    assert document["credentialSubject"]["committees"][0]["role"] == "member"
    event = Event.objects.get(verb="member.seated")
    assert [(one["seq"], one["digest"]) for one in document["evidence"]] == [
        (event.seq, event.digest)
    ]
    issued = Event.objects.get(verb="credential.issued")
    assert json.loads(issued.data)["digest"] == credential.digest
    assert issued.subject == f"credential:{credential.code}"


def test_only_what_was_chosen_is_in_it(tmp_path: Path) -> None:
    user = profiles.winner(profiles.decided(folder=tmp_path))

    credential = profiles.issued(user, "entries", named=False)

    subject = profiles.document(credential)["credentialSubject"]
    assert set(subject) == {"id", "entries"}
    assert "First prize" not in credential.document
    assert user.name not in credential.document
    assert user.code not in credential.document


def test_two_credentials_do_not_say_that_they_are_of_one_person(member: User) -> None:
    first, second = (profiles.issued(member, named=False) for _ in range(2))

    ids = {profiles.document(one)["credentialSubject"]["id"] for one in (first, second)}

    assert len(ids) == 2
    assert (first.number, first.index) != (second.number, second.index)


def test_a_holder_may_bring_a_key_of_their_own(member: User) -> None:
    did = SigningKey(bytes(32)).public.did

    credential = profiles.issued(member, did=did)

    assert profiles.document(credential)["credentialSubject"]["id"] == did
    for wrong in ("did:web:example.org", "did:key:z6Mk", "z6Mk", "me"):
        refused(
            "bad-did",
            lambda wrong=wrong: domain.issue(  # type: ignore[misc]
                actor=member, sections=["committees"], did=wrong
            ),
        )


def test_what_says_nothing_is_not_signed(member: User) -> None:
    refused("nothing-to-say", lambda: domain.issue(actor=person(), sections=profiles.ALL))
    refused("nothing-to-say", lambda: domain.issue(actor=member, sections=["entries"]))
    refused("nothing-to-say", lambda: domain.issue(actor=member, sections=["money"]))
    with pytest.raises(NotPermitted):
        domain.issue(actor=Client().get("/").wsgi_request.user, sections=["committees"])


def test_people_under_age_take_one_once_a_guardian_consents(member: User) -> None:
    domain.key_in_use()
    member = say_under_age(actor=member, under_age=True)

    refused("consent-needed", lambda: profiles.issued(member))


def test_there_is_an_end_to_how_many_stand(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "MOST_STANDING", 1)
    first = profiles.issued(member)

    refused("too-many-credentials", lambda: profiles.issued(member))
    domain.revoke(actor=member, credential=first)

    assert profiles.issued(member).pk != first.pk


def test_a_holder_takes_it_back(member: User) -> None:
    credential, other = profiles.issued(member), profiles.issued(member)
    before = published_list(credential)

    domain.revoke(actor=member, credential=credential)

    after = published_list(credential)
    assert reasons(credential, status=before) == []
    assert reasons(credential, status=after) == [(Check.STATUS, Why.REVOKED)]
    assert reasons(other, status=after) == []
    refused("revoked-already", lambda: domain.revoke(actor=member, credential=credential))


def test_a_list_that_was_kept_clears_nobody_for_long(member: User) -> None:
    credential = profiles.issued(member)
    kept = published_list(credential)
    keys = methods_of(domain.issuer_document())

    verdict = verify(credential.document, keys=keys, now=LATER + status.VALID_FOR, status=kept)

    assert verdict.checks[-1].why is Why.LIST_NOT_HELD


def test_staff_revoke_with_a_reason_that_the_holder_reads(member: User, signed_in: SignIn) -> None:
    credential, staff = profiles.issued(member), organiser()

    refused("reason-needed", lambda: domain.revoke(actor=staff, credential=credential))
    url = f"/credentials/{credential.code}/"
    asked = signed_in(staff).post(f"{url}revoke/", {"reason": ""})
    assert "This field is required" in asked.content.decode()
    signed_in(staff).post(f"{url}revoke/", {"reason": "Signed by mistake."})
    follow()

    assert reasons(credential, status=published_list(credential)) == [(Check.STATUS, Why.REVOKED)]
    assert "Signed by mistake." in signed_in(member).get(url).content.decode()
    told = Notification.objects.get(verb="credential.revoked")
    assert told.user == member
    assert "Signed by mistake." not in "".join(Event.objects.values_list("data", flat=True))


def test_nobody_else_sees_or_revokes_it(member: User, signed_in: SignIn) -> None:
    credential, stranger = profiles.issued(member), person()
    staff = organiser()

    with pytest.raises(NotPermitted):
        domain.revoke(actor=stranger, credential=credential)
    for path in ("", "file/"):
        url = f"/credentials/{credential.code}/{path}"
        assert signed_in(stranger).get(url).status_code == 404
        assert Client().get(url).status_code == 404
    assert signed_in(stranger).post(f"/credentials/{credential.code}/revoke/").status_code == 404
    # Staff see that there is one and whose, not what it says.
    assert signed_in(staff).get(f"/credentials/{credential.code}/file/").status_code == 404
    page = signed_in(staff).get(f"/credentials/{credential.code}/").content.decode()
    assert member.name in page
    assert "Committee work" not in page
    credential.refresh_from_db()
    assert credential.revoked_at is None


def test_the_file_is_taken_from_its_page(member: User, signed_in: SignIn) -> None:
    browser = signed_in(member)

    made = browser.post("/account/credentials/", {"sections": ["committees"], "named": "on"})
    credential = Credential.objects.get()
    file = browser.get(f"/credentials/{credential.code}/file/")

    assert made["Location"] == f"/credentials/{credential.code}/"
    assert file.content.decode() == credential.document
    assert file["Content-Disposition"] == (
        f'attachment; filename="credential-{credential.code}.json"'
    )
    listed = browser.get("/account/credentials/").content.decode()
    assert credential.code in listed
    assert "Committee work" in listed
    refusal = browser.post("/account/credentials/", {"sections": ["entries"]})
    assert "There is nothing in what you chose." in refusal.content.decode()


def test_the_secret_is_one_file_for_its_owner_alone(member: User) -> None:
    secret, row = domain.key_in_use()

    path = configured.CONFIG.data_dir / "credential_key"
    assert path == keyfile.path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.glob(".credential_key*")) == []
    assert secret.public.multikey == row.multikey
    assert domain.key_in_use()[0] == secret
    assert secret.multikey not in json.dumps(domain.issuer_document())
    assert Event.objects.filter(verb="credential-key.in-use").count() == 1


def test_what_a_retired_key_signed_holds_and_what_a_leaked_one_signed_does_not(
    member: User,
) -> None:
    first = profiles.issued(member)
    domain.change_key(actor=OPERATOR)
    second = profiles.issued(member)
    between = [reasons(first), reasons(second)]
    domain.change_key(actor=OPERATOR, leaked=True)
    third = profiles.issued(member)

    assert between == [[], []]
    assert [reasons(one) for one in (first, second, third)] == [
        [],
        [(Check.ISSUER, Why.KEY_REVOKED)],
        [],
    ]
    assert IssuerKey.objects.count() == 3
    with pytest.raises(NotPermitted):
        domain.change_key(actor=person())


def test_a_key_that_a_backup_brings_back_signs_again_unless_it_was_revoked(
    member: User,
) -> None:
    first, _row = domain.key_in_use()
    domain.change_key(actor=OPERATOR)
    keyfile.replace(first)
    again = profiles.issued(member)
    domain.change_key(actor=OPERATOR, leaked=True)
    keyfile.replace(first)

    assert reasons(again) == [(Check.ISSUER, Why.KEY_REVOKED)]
    refused("key-revoked", lambda: profiles.issued(member))


def test_a_lost_key_is_made_anew_and_the_one_before_retires(member: User) -> None:
    credential = profiles.issued(member)
    keyfile.path().unlink()

    fresh = profiles.issued(member)

    assert fresh.key != credential.key
    assert [reasons(credential), reasons(fresh)] == [[], []]


def test_a_full_list_is_followed_by_the_next(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "FULLEST", 1)

    first, second = profiles.issued(member), profiles.issued(member)

    assert (first.number, second.number) == (1, 2)
    assert Client().get("/credentials/status/2/").status_code == 200
    for number in (0, 3, 10**12):
        assert Client().get(f"/credentials/status/{number}/").status_code == 404


def test_before_the_first_credential_there_is_no_list_and_no_key() -> None:
    assert Client().get("/credentials/status/1/").status_code == 404
    assert Client().get("/.well-known/did.json").json()["assertionMethod"] == []
    assert not keyfile.path().exists()


def test_programs_of_other_sites_may_read_keys_and_lists(member: User) -> None:
    profiles.issued(member)

    for path in ("/.well-known/did.json", "/credentials/status/1/"):
        answer = Client().get(path)
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert answer["Cache-Control"] == "public, max-age=300"


def test_the_admin_does_not_show_what_somebody_did(member: User, signed_in: SignIn) -> None:
    credential = profiles.issued(member)
    admin = signed_in(operator())

    listed = admin.get("/admin/profiles/credential/").content.decode()
    one = admin.get(f"/admin/profiles/credential/{credential.pk}/change/").content.decode()

    assert credential.code in listed
    assert "committees" not in listed + one
    assert "urn:uuid" not in one
    assert admin.get("/admin/profiles/issuerkey/").status_code == 200
