"""Taking one's data along, and being erased: bait that names the person is in every place."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from concours.platform.accounts import domain
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.awards import domain as awards_domain
from concours.platform.awards.domain.verifying import verify_result
from concours.platform.competitions import domain as competitions_domain
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Invitation
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review.domain.verifying import verify_standings
from concours.platform.review.models import StandingSnapshot
from tests.factories import awards, competitions, review
from tests.factories.competitions import ACTOR
from tests.factories.people import operator, organisation, person

pytestmark = pytest.mark.django_db
Captured = Callable[..., AbstractContextManager[Any]]

NAME = "Baitford Quux"
ADDRESS = "baitford.quux@bait.example"
SECOND = "second-mailbox@bait.example"
BAITS = (NAME, ADDRESS, SECOND, "Baitford", "bait.example")


@pytest.fixture(autouse=True)
def _no_limits_of_others() -> None:
    cache.clear()


@pytest.fixture
def baited(tmp_path: Path) -> User:
    """Somebody whose name stands wherever somebody's can, in a season that is over."""
    user = person(name=NAME, email=ADDRESS, biography=f"{NAME} writes to {ADDRESS}.")
    for address, primary in ((ADDRESS, True), (SECOND, False)):
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=primary)
    organisation(members=[user])
    user.affiliations.update(title=f"Chair {NAME}")
    SocialAccount.objects.create(user=user, provider="there", uid=ADDRESS, extra_data={"n": NAME})
    TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    domain.create_token(actor=user, name=f"key of {NAME}", scopes=[Scope.READ], days=3)
    UserSession.objects.create(user=user, ip="192.0.2.7", session_key="x" * 32, user_agent=NAME)
    LogEntry.objects.create(
        user=operator(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=NAME,
        action_flag=CHANGE,
    )
    with clock.frozen_at(review.SPRING):
        of = competitions.season()
        track = competitions.track(
            of=competitions.batch(of=of),
            reviews_per_entry=2,
            finalists=3,
            weight_peer=100,
            weight_jury=0,
        )
        team = competitions.team(of=of, captain=user, name=f"Team {NAME.upper()}")
        entry = competitions.entry(in_track=track, by=team, title=f"Work of {NAME}")
        competitions_domain.edit_entry(
            actor=user, entry=entry, title=f"Work of {NAME}", abstract=f"Ask {ADDRESS}."
        )
        competitions.submission(of=entry, folder=tmp_path, files={"README": NAME.encode()})
        others = competitions.team(of=of)
        competitions_domain.invite(actor=competitions.captain_of(others), team=others, email=SECOND)
    snapshot = review.published(track=track, entries=5, folder=tmp_path)
    competitions.advance(snapshot.round.track, to=PhaseKind.RESULT)
    with clock.frozen_at(awards.RESULT):
        result = awards_domain.compute_result(actor=ACTOR, track=snapshot.round.track)
        awards_domain.publish_result(actor=ACTOR, result=result)
    return user


def erase(user: User, capture: Captured) -> None:
    with capture(execute=True):
        ticket = domain.begin_erasure(actor=user)
    with capture(execute=True):
        domain.erase_person(actor=user, ticket=ticket, code=code_sent())


def code_sent() -> str:
    found = re.search(r"^([a-z0-9]{5}-[a-z0-9]{5})$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def places_of(baits: tuple[str, ...]) -> list[str]:
    """Every table's column and every file in which one of `baits` stands, in any case."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.values():
            for column, value in row.items():
                text = str(value).casefold()
                found += [
                    f"{model._meta.label}.{column}" for bait in baits if bait.casefold() in text
                ]
    for path in Path(django_settings.MEDIA_ROOT).rglob("*"):
        if path.is_file():
            content = unpacked(path.read_bytes()).lower()
            found += [str(path) for bait in baits if bait.lower().encode() in content]
    return sorted(set(found))


def unpacked(content: bytes) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(name.encode() + archive.read(name) for name in archive.namelist())


def test_the_bait_is_everywhere_before_and_nowhere_in_the_record(baited: User) -> None:
    """Were the bait not there, its absence afterwards would show nothing."""
    places = places_of(BAITS)
    models = {place.partition(".")[0] for place in places if "." in place}
    assert {"accounts", "account", "socialaccount", "usersessions", "admin"} <= models
    assert {"competitions.Team.name", "competitions.Entry.title"} <= set(places)
    assert {"competitions.Entry.abstract", "competitions.Invitation.email"} <= set(places)
    assert any("submissions" in place for place in places)
    assert not any(place.startswith("record.") for place in places)


def test_nothing_names_an_erased_person(
    baited: User, django_capture_on_commit_callbacks: Captured
) -> None:
    erase(baited, django_capture_on_commit_callbacks)
    assert places_of(BAITS) == []
    baited.refresh_from_db()
    assert baited.erased_at is not None
    assert (baited.name, baited.biography, baited.is_active) == ("", "", False)
    assert not baited.has_usable_password()


def test_the_record_standings_and_awards_hold_afterwards(
    baited: User, django_capture_on_commit_callbacks: Captured
) -> None:
    snapshot = StandingSnapshot.objects.get(published=True)
    before = [(row.entry.code, row.rank) for row in snapshot.standings.order_by("position")]
    erase(baited, django_capture_on_commit_callbacks)
    report = record.verify()
    assert report.faults == ()
    snapshot = StandingSnapshot.objects.get(pk=snapshot.pk)
    assert verify_standings(snapshot=snapshot) == []
    after = [(row.entry.code, row.rank) for row in snapshot.standings.order_by("position")]
    assert after == before
    result = snapshot.round.track.results.get(state="published")
    assert verify_result(result=result).holds
    last = Event.objects.get(verb="person.erased")
    assert (last.subject, last.data) == (f"user:{baited.code}", "{}")


def test_pages_still_open_after_an_erasure(
    client: Client, baited: User, django_capture_on_commit_callbacks: Captured
) -> None:
    entry = Entry.objects.get(team__memberships__user=baited)
    submission = entry.submissions.get()
    erase(baited, django_capture_on_commit_callbacks)
    assert client.get(reverse("people:person", args=[baited.code])).status_code == 404
    client.force_login(operator())
    for path in (f"/entries/{entry.code}/", f"/record/?subject=user:{baited.code}"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not any(bait in answer.content.decode() for bait in BAITS)
    assert client.get(f"/submissions/{submission.code}/download/").status_code == 404


def test_nobody_signs_in_afterwards(
    client: Client, baited: User, django_capture_on_commit_callbacks: Captured
) -> None:
    baited.set_password("correct horse battery")
    baited.save()
    client.force_login(baited)
    erase(baited, django_capture_on_commit_callbacks)
    assert client.get(reverse("accounts:overview")).status_code == 302
    sign_in = {"login": ADDRESS, "password": "correct horse battery"}
    client.post(reverse("account_login"), sign_in)
    assert "_auth_user_id" not in client.session


def test_larger_teams_keep_their_archives(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    with clock.frozen_at(review.SPRING):
        track = competitions.track()
        team = competitions.team(of=track.season, members=2)
        entry = review.ready_entry(track, tmp_path, by=team)
        competitions_domain.withdraw_entry(
            actor=competitions.captain_of(team), entry=entry, reason="over"
        )
    member = team.memberships.get(captain=False).user
    erase(member, django_capture_on_commit_callbacks)
    submission = entry.submissions.get()
    with submission.file.open("rb") as stored:
        assert stored.read(2) == b"PK"


def test_from_the_page_to_the_end(
    client: Client, django_capture_on_commit_callbacks: Captured
) -> None:
    user = person(name=NAME, email=ADDRESS)
    client.force_login(user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:erase"))
    code = code_sent()
    client.post(reverse("accounts:erase-code"), {"code": code})  # not sure
    assert User.objects.get(pk=user.pk).is_active
    client.post(reverse("accounts:erase-code"), {"code": "aaaaa-aaaaa", "sure": "on"})
    assert User.objects.get(pk=user.pk).is_active
    answer = client.post(reverse("accounts:erase-code"), {"code": code, "sure": "on"}, follow=True)
    assert "Your account was erased." in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert places_of((NAME, ADDRESS)) == []


def test_duties_keep_one_here(client: Client, tmp_path: Path) -> None:
    round_ = review.assigned(entries=8, folder=tmp_path)
    reviewer = round_.assignments.order_by("pk")[0].reviewer
    with clock.frozen_at(review.DURING):
        reasons = domain.why_not_erased(user=reviewer)
        assert len(reasons) == 2  # the entry under way, and the reviews
        assert any("You owe reviews in the track" in reason for reason in reasons)
        assert any("You take part in the track" in reason for reason in reasons)
        with pytest.raises(Refused, match="You owe reviews"):
            domain.begin_erasure(actor=reviewer)
        client.force_login(reviewer)
        page = client.get(reverse("accounts:erase")).content.decode()
    assert all(reason in page for reason in reasons)
    assert "Send me a code" not in page


def test_jurors_and_operators_are_kept_too(tmp_path: Path) -> None:
    track = awards.in_final(folder=tmp_path, entries=6)
    seat = awards.juror(of=track)
    assert any("jury" in reason for reason in domain.why_not_erased(user=seat.user))
    assert len(domain.why_not_erased(user=operator())) == 1


def test_a_duty_that_came_after_the_code_counts(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    user = person()
    with django_capture_on_commit_callbacks(execute=True):
        ticket = domain.begin_erasure(actor=user)
    with clock.frozen_at(review.SPRING):
        track = competitions.track()
        competitions.entry(in_track=track, by=competitions.team(of=track.season, captain=user))
    with pytest.raises(Refused, match="You take part in the track"):
        domain.erase_person(actor=user, ticket=ticket, code=code_sent())


def test_the_archive_of_ones_data(client: Client, baited: User) -> None:
    client.force_login(baited)
    answer = client.post(reverse("accounts:export"))
    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        account = json.loads(archive.read("account.json"))
        competed = json.loads(archive.read("competitions.json"))
        reviews = json.loads(archive.read("review.json"))["reviews"]
        (stored,) = [name for name in names if name.startswith("competitions/submissions/")]
        with zipfile.ZipFile(io.BytesIO(archive.read(stored))) as inner:
            assert inner.read("README") == NAME.encode()
    assert account["name"] == NAME
    assert {row["email"] for row in account["addresses"]} == {ADDRESS, SECOND}
    assert competed["entries"][0]["abstract"] == f"Ask {ADDRESS}."
    assert len(reviews) == 2
    assert Event.objects.filter(verb="person.exported", subject=f"user:{baited.code}").count() == 1


def test_the_archive_holds_nobody_elses_secrets(client: Client, baited: User) -> None:
    """No key, no password, no second factor; no entry's code beside a review of it."""
    codes = set(
        Entry.objects.exclude(team__memberships__user=baited).values_list("code", flat=True)
    )
    others = set(User.objects.exclude(pk=baited.pk).values_list("email", "name", "code"))
    client.force_login(baited)
    content = b"".join(client.post(reverse("accounts:export")).streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = "".join(
            archive.read(name).decode() for name in archive.namelist() if name.endswith(".json")
        )
    (token,) = baited.api_tokens.all()
    for bait in (token.digest, baited.password, "JBSWY3DPEHPK3PXP"):
        assert bait not in text
    assert not [code for code in codes if code in text]
    assert not [told for row in others for told in row if told in text]


def test_data_and_exit_are_for_those_signed_in(client: Client) -> None:
    for name in ("export", "erase", "erase-code", "merge", "merge-code", "sessions"):
        answer = client.get(reverse(f"accounts:{name}"))
        assert answer.status_code == 302
        assert reverse("account_login") in answer.headers["Location"]


def test_an_invitation_forgets_the_address_alone(
    baited: User, django_capture_on_commit_callbacks: Captured
) -> None:
    invitation = Invitation.objects.get(email=SECOND)
    erase(baited, django_capture_on_commit_callbacks)
    invitation.refresh_from_db()
    assert invitation.email == f"{invitation.code}-erased@closed.invalid"
