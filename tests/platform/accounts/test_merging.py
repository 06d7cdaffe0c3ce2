"""Two accounts of one person become one, or stay apart and say why."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from concours.platform.accounts import domain
from concours.platform.accounts.domain.moving import references
from concours.platform.accounts.enums import Role, Scope
from concours.platform.accounts.models import User
from concours.platform.competitions.domain.permissions import visible_tracks
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.record import domain as record
from concours.platform.record.models import Event
from concours.platform.review.domain.verifying import verify_standings
from concours.platform.review.models import Assignment
from tests.factories import awards, competitions, review
from tests.factories.people import operator, organisation, organiser, person

pytestmark = pytest.mark.django_db
Captured = Callable[..., AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def _no_limits_of_others() -> None:
    cache.clear()


def code_sent() -> str:
    found = re.search(r"^([a-z0-9]{5}-[a-z0-9]{5})$", mail.outbox[-1].body, re.MULTILINE)
    assert found, mail.outbox[-1].body
    return found[1]


def merge(kept: User, other: User, capture: Captured) -> User:
    with capture(execute=True):
        ticket = domain.begin_merge(actor=kept, email=other.email)
    return domain.merge_accounts(actor=kept, ticket=ticket, code=code_sent())


def test_from_the_form_to_one_account(
    client: Client, django_capture_on_commit_callbacks: Captured
) -> None:
    kept, other = person(), person()
    client.force_login(kept)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:merge"), {"email": other.email.upper()})
    assert mail.outbox[-1].to == [other.email]
    answer = client.post(reverse("accounts:merge-code"), {"code": code_sent().upper()}, follow=True)
    assert "The two accounts are one now." in answer.content.decode()
    other.refresh_from_db()
    assert (other.is_active, other.name, other.merged_into) == (False, "", kept)
    assert other.email == f"{other.code}@closed.invalid"
    event = Event.objects.get(verb="account.merged")
    assert event.subject == event.actor == f"user:{kept.code}"
    assert json.loads(event.data)["from"] == f"user:{other.code}"


def test_an_open_browser_alone_begins_no_merge(client: Client) -> None:
    client.force_login(person(password="correct horse battery"))
    answer = client.post(reverse("accounts:merge"), {"email": person().email})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert mail.outbox == []


def test_an_address_without_an_account_looks_the_same(
    client: Client, django_capture_on_commit_callbacks: Captured
) -> None:
    client.force_login(person())
    pages = []
    for address in (person().email, "nobody@example.org"):
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("accounts:merge"), {"email": address}, follow=True)
        pages.append(re.sub(r'(csrfmiddlewaretoken" value|data-now)="[^"]*"', "", shown(answer)))
        assert client.post(reverse("accounts:merge-code"), {"code": "x"}).context["form"].errors
    assert pages[0] == pages[1]
    assert len(mail.outbox) == 1


def shown(answer: Any) -> str:
    page = answer.content.decode()
    return re.sub(r"<time.*?</time>", "", page)


def test_a_code_is_over_after_five_tries_or_a_quarter_of_an_hour(
    client: Client, django_capture_on_commit_callbacks: Captured
) -> None:
    kept, other = person(), person()
    client.force_login(kept)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:merge"), {"email": other.email})
    right = code_sent()
    for _try in range(5):
        client.post(reverse("accounts:merge-code"), {"code": "wrong-wrong"})
    client.post(reverse("accounts:merge-code"), {"code": right})
    other.refresh_from_db()
    assert other.is_active

    with django_capture_on_commit_callbacks(execute=True):
        ticket = domain.begin_merge(actor=kept, email=other.email)
    with (
        clock.frozen_at(clock.now() + timedelta(minutes=16)),
        pytest.raises(Refused, match="This code is over"),
    ):
        domain.merge_accounts(actor=kept, ticket=ticket, code=code_sent())


def test_a_ticket_is_its_owners_alone(django_capture_on_commit_callbacks: Captured) -> None:
    kept, other, thief = person(), person(), person()
    with django_capture_on_commit_callbacks(execute=True):
        ticket = domain.begin_merge(actor=kept, email=other.email)
    with pytest.raises(Refused, match="This code is over"):
        domain.merge_accounts(actor=thief, ticket=ticket, code=code_sent())


def test_few_codes_an_hour(client: Client) -> None:
    client.force_login(person())
    for _time in range(5):
        client.post(reverse("accounts:merge"), {"email": "a@example.org"})
    answer = client.post(reverse("accounts:merge"), {"email": "a@example.org"})
    assert "try again in an hour" in answer.content.decode()


def test_an_hour_is_an_hour_whatever_the_cache_forgets_earlier(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": tmp_path, "TIMEOUT": 0.05}}
    client.force_login(person())
    for _time in range(5):
        client.post(reverse("accounts:merge"), {"email": "a@example.org"})
    time.sleep(0.1)

    answer = client.post(reverse("accounts:merge"), {"email": "a@example.org"})

    assert "try again in an hour" in answer.content.decode()


def test_two_who_merge_crosswise_leave_one_account_open(
    django_capture_on_commit_callbacks: Captured,
) -> None:
    one, two = person(), person()
    with django_capture_on_commit_callbacks(execute=True):
        into_one = domain.begin_merge(actor=one, email=two.email)
    code_of_two = code_sent()
    with django_capture_on_commit_callbacks(execute=True):
        into_two = domain.begin_merge(actor=two, email=one.email)
    code_of_one = code_sent()
    # As the request that comes second still has it.
    stale = User.objects.get(pk=two.pk)
    domain.merge_accounts(actor=one, ticket=into_one, code=code_of_two)

    with pytest.raises(Refused, match="Your own account is closed"):
        domain.merge_accounts(actor=stale, ticket=into_two, code=code_of_one)

    one.refresh_from_db()
    assert one.is_active


def test_everything_follows_and_both_ways_in_lead_to_one(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    kept, other = person(), person()
    with clock.frozen_at(review.SPRING):
        track = competitions.track()
        team = competitions.team(of=track.season, captain=other)
        entry = review.ready_entry(track, tmp_path, by=team)
    works = organisation(members=[kept, other])
    also = organisation(members=[other])
    EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
    SocialAccount.objects.create(user=other, provider="there", uid="lin")
    domain.grant_role(actor=operator(), user=other, role=Role.ORGANISER, season=track.season)
    _token, key = domain.create_token(actor=other, name="k", scopes=[Scope.READ], days=3)

    merge(kept, other, django_capture_on_commit_callbacks)

    assert competitions.captain_of(team) == kept
    entry.refresh_from_db()
    assert entry.reviewer == kept
    assert entry.participations.get().user == kept
    assert entry.submissions.get().submitted_by == kept
    names = kept.affiliations.values_list("organisation_id", flat=True)
    assert sorted(names) == sorted([works.pk, also.pk])
    assert SocialAccount.objects.get().user == kept
    assert kept.staff_roles.get().season == track.season
    assert domain.token_of_key(key) is None
    assert not EmailAddress.objects.filter(user=other).exists()
    assert [
        model for model, field in references() if model._base_manager.filter(**{field: other})
    ] == []
    assert visible_tracks(kept).exists()
    assert record.verify().faults == ()


def test_both_in_one_track_stay_apart(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    kept, other = person(), person()
    with clock.frozen_at(review.SPRING):
        track = competitions.track(title="The shared one")
        for user in (kept, other):
            competitions.entry(in_track=track, by=competitions.team(of=track.season, captain=user))
    before = Event.objects.count()
    with pytest.raises(Refused) as refused:
        merge(kept, other, django_capture_on_commit_callbacks)
    assert "Both accounts take part in the track “The shared one”." in str(refused.value)
    other.refresh_from_db()
    assert other.is_active
    assert Event.objects.count() == before


def test_who_judges_the_other_stays_apart(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    juror = person()
    track = awards.in_final(folder=tmp_path, entries=6)
    awards.juror(of=track, user=juror)
    entrant = track.participations.order_by("pk")[0].user
    told = domain.why_apart(kept=entrant, other=juror)
    assert any("of the jury" in reason for reason in told)
    assert any("of the jury" in reason for reason in domain.why_apart(kept=juror, other=entrant))


def test_scores_of_a_juror_keep_their_account(tmp_path: Path) -> None:
    track = awards.in_final(folder=tmp_path, entries=6)
    seat = awards.juror(of=track)
    awards.score(by=seat, entry=awards.finalists(track)[0])
    told = domain.why_apart(kept=person(), other=seat.user)
    assert told == [
        "The other account has scored as a juror: sign in to that one and merge this one."
    ]
    assert domain.why_apart(kept=seat.user, other=person()) == []


@pytest.mark.parametrize("which", ["kept", "other"])
def test_accounts_that_run_the_installation_stay(which: str) -> None:
    people = {"kept": person(), "other": person(), which: operator()}
    assert domain.why_apart(**people) == ["An account that runs the installation is not merged."]


def test_a_mailbox_does_not_prove_an_account_with_a_second_factor() -> None:
    other = person()
    TOTP.activate(other, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    (reason,) = domain.why_apart(kept=person(), other=other)
    assert "second factor" in reason


def test_standings_compute_as_before_when_a_reviewer_merges(
    tmp_path: Path, django_capture_on_commit_callbacks: Captured
) -> None:
    snapshot = review.published(entries=8, folder=tmp_path)
    reviewer = Assignment.objects.filter(round=snapshot.round).order_by("pk")[0].reviewer
    kept = person()
    assert verify_standings(snapshot=snapshot) == []
    merge(kept, reviewer, django_capture_on_commit_callbacks)
    assert Assignment.objects.filter(round=snapshot.round, reviewer=kept).exists()
    assert verify_standings(snapshot=snapshot) == []


def test_every_kind_of_row_that_names_people_is_known() -> None:
    """Rows whose way back has no name are not forgotten: who submitted, who entered."""
    known = {f"{model._meta.label}.{field}" for model, field in references()}
    assert {
        "accounts.Affiliation.user",
        "competitions.Submission.submitted_by",
        "competitions.Entry.entered_by",
        "review.RoundEntry.reviewer",
        "account.EmailAddress.user",
    } <= known


def test_staff_of_a_season_keep_it_once(django_capture_on_commit_callbacks: Captured) -> None:
    of = competitions.season()
    kept, other = organiser(season=of), organiser(season=of)
    merge(kept, other, django_capture_on_commit_callbacks)
    assert kept.staff_roles.count() == 1
