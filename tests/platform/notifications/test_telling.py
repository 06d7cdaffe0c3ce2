"""From events of the record to the notifications of exactly those whom they concern."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from concours.platform.accounts import domain as accounts
from concours.platform.accounts.domain import create_token
from concours.platform.accounts.enums import Scope
from concours.platform.accounts.models import User
from concours.platform.competitions import domain as competitions
from concours.platform.competitions.enums import PhaseKind
from concours.platform.core import clock
from concours.platform.notifications import domain
from concours.platform.notifications.domain import subjects, table
from concours.platform.notifications.enums import Channel, Kind
from concours.platform.notifications.models import Notification
from concours.platform.record import domain as record
from concours.platform.record.models import Follower
from concours.platform.review.domain import close_round, replace_late, send_reminders
from tests.factories import appeals, awards
from tests.factories import competitions as make
from tests.factories import review as make_review
from tests.factories.people import person

pytestmark = pytest.mark.django_db
PASSWORD = "long enough to be one"


def told(user: User) -> list[str]:
    return list(
        Notification.objects.filter(user=user).order_by("pk").values_list("verb", flat=True)
    )


def words(user: User) -> list[str]:
    rows = list(Notification.objects.filter(user=user).order_by("pk"))
    return [f"{one.title} | {one.text} | {one.path}" for one in domain.told_to(user, rows)]


def test_the_others_of_a_team_are_told_and_the_actor_is_not(news: datetime) -> None:
    track = make.track()
    team = make.team(of=track.season, members=3)
    captain = make.captain_of(team)
    outsider = person()
    domain.follow()
    Notification.objects.all().delete()

    entry = make.entry(in_track=track, by=team)
    competitions.withdraw_entry(actor=captain, entry=entry)
    domain.follow()

    others = [row.user for row in team.memberships.exclude(user=captain)]
    assert [told(one) for one in others] == [["entry.withdrawn"]] * 2
    assert told(captain) == told(outsider) == []


def test_following_again_tells_nobody_twice(news: datetime) -> None:
    team = make.team(of=make.season(), members=2)
    domain.follow()
    once = Notification.objects.count()
    Follower.objects.update(seq=0)

    domain.follow()

    assert once > 0
    assert Notification.objects.count() == once
    assert team.memberships.count() == 2


def test_a_new_phase_is_told_to_entrants_alone(news: datetime) -> None:
    track, other = make.track(), make.track()
    inside = make.captain_of(make.entry(in_track=track).team)
    outside = make.captain_of(make.entry(in_track=other).team)
    domain.follow()
    Notification.objects.all().delete()

    make.advance(track, to=PhaseKind.PEER_REVIEW)
    domain.follow()

    assert told(inside) == ["phase.advanced"]
    assert told(outside) == []
    [line] = words(inside)
    assert str(track) in line
    assert "peer review" in line
    assert line.endswith(f"/seasons/{track.season.slug}/tracks/{track.slug}/")
    make.advance(track, to=PhaseKind.FINAL)
    domain.follow()
    assert words(inside)[0] == line
    assert "final" in words(inside)[1]
    assert "1 Jul 2023, 00:00 (UTC)" in words(inside)[1]


def test_reviewers_learn_of_their_duties_without_a_name(tmp_path: Path) -> None:
    round_ = make_review.assigned(entries=8, folder=tmp_path)
    duty = round_.assignments.select_related("reviewer", "entry__team").first()
    assert duty is not None

    with clock.frozen_at(make_review.SPRING):
        Follower.objects.update_or_create(name="notifications", defaults={"seq": 0})
        domain.follow()

    assert "round.assigned" in told(duty.reviewer)
    text = "\n".join(words(duty.reviewer))
    names = {row.entry.team.name for row in round_.assignments.filter(reviewer=duty.reviewer)}
    titles = {row.entry.title for row in round_.assignments.filter(reviewer=duty.reviewer)}
    assert names
    assert not [name for name in names | titles if name in text]
    assert round_.seed_secret not in text


def test_a_reminder_is_in_the_page_of_whom_it_went_to(tmp_path: Path) -> None:
    round_ = make_review.assigned(entries=8, folder=tmp_path)
    with clock.frozen_at(round_.closes_at - timedelta(days=2)):
        Follower.objects.update_or_create(name="notifications", defaults={"seq": record.head()[0]})
        count = send_reminders()
        domain.follow()

    rows = Notification.objects.filter(verb="reminders.sent")
    assert rows.count() == count > 0
    assert set(rows.values_list("wish", flat=True)) == {Channel.PAGE}


def test_late_reviews_and_a_phase_that_ends_are_told_once(tmp_path: Path) -> None:
    round_ = make_review.assigned(entries=8, folder=tmp_path)
    behind = set(round_.assignments.filter(state="pending").values_list("reviewer_id", flat=True))
    with clock.frozen_at(round_.closes_at + timedelta(hours=1)):
        first, second = domain.tell_occasions(), domain.tell_occasions()

    rows = Notification.objects.filter(verb="duty.late")
    assert set(rows.values_list("user_id", flat=True)) == behind
    assert (first, second) == (len(behind), 0)


def test_reviews_that_change_hands_are_told_to_both_sides_and_to_nobody_else(
    tmp_path: Path,
) -> None:
    round_ = make_review.assigned(entries=12, folder=tmp_path)
    late = round_.assignments.select_related("reviewer")[0].reviewer
    for duty in round_.assignments.exclude(reviewer=late).select_related("reviewer"):
        make_review.write(duty)
    with clock.frozen_at(round_.closes_at - timedelta(days=1)):
        Follower.objects.update_or_create(name="notifications", defaults={"seq": record.head()[0]})
        replace_late(actor=make.ACTOR, round=round_)
        domain.follow()

    taken = set(round_.assignments.filter(given_in=1).values_list("reviewer_id", flat=True))
    rows = Notification.objects.all()
    assert taken
    assert set(rows.values_list("user_id", "verb")) == {
        (late.pk, "duties.lost"),
        *((key, "duties.replaced") for key in taken),
    }
    assert set(rows.values_list("wish", flat=True)) == {Channel.PAGE}


def test_the_whole_team_learns_of_reviews_left_undone(tmp_path: Path) -> None:
    round_ = make_review.assigned(entries=8, folder=tmp_path)
    owing = {
        key
        for entry in round_.track.entries.all()
        for key in entry.team.memberships.values_list("user_id", flat=True)
    }
    with clock.frozen_at(round_.closes_at + timedelta(hours=1)):
        Follower.objects.update_or_create(name="notifications", defaults={"seq": record.head()[0]})
        close_round(actor=make.ACTOR, round=round_)
        domain.follow()

    rows = Notification.objects.filter(verb="duty.undone")
    assert set(rows.values_list("user_id", flat=True)) == owing


def test_the_end_of_a_phase_is_told_a_day_before(news: datetime) -> None:
    track = make.track()
    inside = make.captain_of(make.entry(in_track=track).team)
    assert track.phase is not None
    with clock.frozen_at(track.phase.ends_at - timedelta(days=2)):
        assert domain.tell_occasions() == 0
    with clock.frozen_at(track.phase.ends_at - timedelta(hours=3)):
        assert domain.tell_occasions() == 1
        assert domain.tell_occasions() == 0

    assert told(inside)[-1] == "phase.ends-soon"


def test_an_old_event_is_no_news(news: datetime) -> None:
    make.team(of=make.season(), members=2)
    with clock.frozen_at(news + timedelta(days=8)):
        domain.follow()

    assert not Notification.objects.exists()


def test_one_event_that_fails_keeps_no_other_back(
    news: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    team = make.team(of=make.season(), members=2)
    broken = table.LINES["team.joined"].who

    def fails(event: Any, subject: Any) -> Any:
        raise LookupError(subject)

    object.__setattr__(table.LINES["team.joined"], "who", fails)
    try:
        competitions.leave_team(actor=team.memberships.get(captain=False).user, team=team)
        domain.follow()
    finally:
        object.__setattr__(table.LINES["team.joined"], "who", broken)

    assert told(make.captain_of(team)) == ["team.left"]
    assert Follower.objects.get(name="notifications").seq == record.head()[0]


def test_what_was_hidden_since_is_not_said(news: datetime) -> None:
    track = make.track(title="Sekret track")
    inside = make.captain_of(make.entry(in_track=track).team)
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    domain.follow()
    assert any("Sekret" in line for line in words(inside))

    type(track.season).objects.filter(pk=track.season_id).update(state="draft")

    assert not [line for line in words(inside) if "Sekret" in line]


def test_a_draft_concerns_nobody(news: datetime) -> None:
    """Whoever is concerned and may not see the subject is not told, and no count tells of it."""
    track = make.track()
    inside = make.captain_of(make.entry(in_track=track).team)
    domain.follow()
    Notification.objects.all().delete()
    type(track.season).objects.filter(pk=track.season_id).update(state="draft")

    make.advance(track, to=PhaseKind.PEER_REVIEW)
    domain.follow()

    assert told(inside) == []
    assert domain.unread_count(user=inside) == 0


def test_an_invited_person_is_told_once_the_address_is_theirs(news: datetime) -> None:
    team = make.team(of=make.season())
    invited, other = person(), person()
    competitions.invite(actor=make.captain_of(team), team=team, email=invited.email)
    domain.follow()

    assert told(invited) == ["invitation.sent"]
    assert told(other) == []
    assert team.name in words(invited)[0]
    row = Notification.objects.get(user=invited)
    assert subjects.seen_by(other, {row.subject}) == {}
    assert subjects.seen_by(AnonymousUser(), {row.subject}) == {}


def test_every_line_can_be_written_and_every_sort_is_guarded(news: datetime) -> None:
    """No text asks for a value that there is not, whatever the subject; strangers see no private
    subject."""
    known = {
        "track", "phase", "phase_ends", "entry", "number", "team", "appeal", "proposal",
        "closes", "decide_by", "opens", "project", "season", "donation",
    }  # fmt: skip
    for line in table.LINES.values():
        asked = set(re.findall(r"%\((\w+)\)s", f"{line.title}{line.text}"))
        assert asked <= known
    private = {
        "team", "invitation", "submission", "reviewround", "payout", "user", "appeal",
    }  # fmt: skip
    for sort in private:
        for stranger in (AnonymousUser(), person()):
            rows = subjects.SORTS[sort].visible(stranger)
            others = rows.exclude(pk=stranger.pk) if sort == "user" else rows
            assert not others.exists(), sort


def test_telling_many_costs_as_many_queries_as_telling_few(news: datetime) -> None:
    def queries_for(teams: int) -> int:
        track = make.track()
        for _ in range(teams):
            make.entry(in_track=track)
        domain.follow()
        make.advance(track, to=PhaseKind.PEER_REVIEW)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            domain.follow()
        return len(caught)

    assert queries_for(2) == queries_for(12)


def test_security_is_told_to_oneself_by_mail_whatever_was_chosen(news: datetime) -> None:
    user, other = person(), person()
    create_token(actor=user, name="x", scopes=[Scope.READ], days=1)
    domain.follow()

    row = Notification.objects.get(user=user)
    assert (row.kind, row.wish) == (Kind.SECURITY, Channel.MAIL)
    assert row.mail is not None
    assert told(other) == []


@pytest.mark.usefixtures("news")
def test_a_sign_in_from_elsewhere_is_told_and_the_first_is_not() -> None:
    user = person(password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    def sign_in(address: str, browser: str) -> None:
        one = Client(headers={"user-agent": browser}, REMOTE_ADDR=address)
        one.post("/account/login/", {"login": user.email, "password": PASSWORD})
        assert one.get("/account/").status_code == 200

    sign_in("192.0.2.7", "Fox/1.0")
    sign_in("192.0.2.99", "Fox/2.0")
    domain.follow()
    before = told(user)
    sign_in("198.51.100.7", "Fox/2.0")
    sign_in("198.51.100.8", "Fox/2.0")
    domain.follow()

    assert before == []
    assert told(user) == ["session.from-new-place"]
    stored = "".join(event.data for event in record.after(seq=0, size=500))
    assert not [bait for bait in ("192.0.2", "198.51", "Fox") if bait in stored]


def test_an_award_is_told_to_its_team_alone(tmp_path: Path) -> None:
    with clock.frozen_at(datetime(2023, 7, 10, tzinfo=UTC)):
        Follower.objects.update_or_create(name="notifications", defaults={"seq": 0})
        payout = awards.payout(folder=tmp_path)
        domain.follow()

    rows = Notification.objects.filter(subject=f"payout:{payout.code}")
    members = set(payout.entry.team.memberships.values_list("user_id", flat=True))
    assert set(rows.values_list("user_id", flat=True)) == members
    outsider = person()
    assert subjects.seen_by(outsider, {f"payout:{payout.code}"}) == {}


def test_a_change_tells_those_who_move(tmp_path: Path) -> None:
    with clock.frozen_at(appeals.LATER):
        track = appeals.ended(folder=tmp_path)
        Follower.objects.update_or_create(name="notifications", defaults={"seq": record.head()[0]})
        made = appeals.apply(appeals.strike(of=track, entry=appeals.ranked(track)[0]))
        domain.follow()

    made.refresh_from_db()
    moved = {move["code"] for move in made.preview["moves"]}
    expected = set(
        track.entries.filter(code__in=moved).values_list("team__memberships__user_id", flat=True)
    )
    rows = Notification.objects.filter(verb="changes.applied")
    assert set(rows.values_list("user_id", flat=True)) == expected != set()


def test_who_merges_keeps_what_both_were_told_once(
    news: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    kept, other = person(), person()
    for user in (kept, other):
        Notification.objects.create(
            user=user, key="e1", kind=Kind.TEAM, verb="team.left", subject="team:x", at=news,
            wish=Channel.PAGE,
        )  # fmt: skip
        domain.choose(actor=user, channels={"team": "page"}, time_zone="Asia/Shanghai")
    with django_capture_on_commit_callbacks(execute=True):
        ticket = accounts.begin_merge(actor=kept, email=other.email)
    found = re.search(r"^([a-z0-9]{5}-[a-z0-9]{5})$", mail.outbox[-1].body, re.MULTILINE)
    assert found
    accounts.merge_accounts(actor=kept, ticket=ticket, code=found[1])

    assert Notification.objects.get(key="e1").user_id == kept.pk


@pytest.mark.parametrize(
    "verb", ["team.member-removed", "team.captain-passed", "team.merged", "duties.transferred"]
)
def test_what_is_recorded_of_a_team_reaches_its_members(news: datetime, verb: str) -> None:
    track = make.track()
    entry = make.entry(in_track=track, by=make.team(of=track.season, members=2))
    captain = make.captain_of(entry.team)
    other = entry.team.memberships.get(captain=False).user
    domain.follow()
    Notification.objects.all().delete()
    with transaction.atomic():
        record.append(
            actor=captain,
            verb=verb,
            subject=entry if verb == "duties.transferred" else entry.team,
            season=track.season.slug,
            data={"user": other.code},
        )

    domain.follow()

    assert told(other) == [verb]
    assert told(captain) == []
    assert other.name not in words(other)[0]
