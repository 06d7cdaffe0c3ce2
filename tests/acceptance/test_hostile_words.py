"""Texts that no form would let through, brought to the domain's own door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail

from concours.platform.competitions import domain
from concours.platform.competitions.domain.invitations import MOST_A_DAY, MOST_RESENT, MOST_TO_ONE
from concours.platform.competitions.domain.submissions import MOST_A_DAY as MOST_SUBMISSIONS
from concours.platform.competitions.domain.teams import MOST_LED
from concours.platform.competitions.models import Entry, Invitation, Submission, Team
from concours.platform.core import clock
from concours.platform.core.errors import Refused
from concours.platform.core.wording import one_line, passage, spelling
from concours.platform.record.models import Event
from tests.factories import competitions as make
from tests.factories.people import person

pytestmark = pytest.mark.django_db
OVERRIDE = "Lantern\u202egnimaL"


@pytest.mark.parametrize(
    "text",
    ["nul\0l", OVERRIDE, "\u2066isolate", "zero\u200bwidth", "half \ud83d", "bell\x07", "\x9b"],
)
def test_a_name_holds_nothing_that_hides_or_turns(text: str) -> None:
    with pytest.raises(Refused) as refusal:
        one_line(text, most=100)
    assert refusal.value.code == "bad-text"


@pytest.mark.parametrize(
    "text", ["北斗七星", "Ünïted 🚀", "👩\u200d💻 team", "می\u200cخواهم", "a" * 100]
)
def test_names_of_all_languages_pass(text: str) -> None:
    assert one_line(f"  {text} ", most=100) == text


def test_a_line_break_becomes_a_space_and_no_header() -> None:
    assert one_line("Team\r\nBcc: all@example.org", most=100) == "Team Bcc: all@example.org"


@pytest.mark.parametrize("text", ["nul\0l", "half \ud83d", "escape \x1b[2J"])
def test_a_passage_holds_no_control_characters(text: str) -> None:
    with pytest.raises(Refused):
        passage(text, most=100)


def test_a_passage_keeps_its_lines() -> None:
    assert passage("one\r\n\ttwo\n", most=10) == "one\r\n\ttwo\n"


def test_one_character_too_many_is_refused() -> None:
    assert len(passage("x" * 10, most=10)) == 10
    with pytest.raises(Refused) as refusal:
        passage("x" * 11, most=10)
    assert refusal.value.code == "too-long"


@pytest.mark.parametrize("other", ["lantern", "LANTERN", "Ｌａｎｔｅｒｎ", "  Lan\u0074ern "])
def test_two_teams_are_not_told_apart_by_spelling_alone(spring: Any, other: str) -> None:
    season = make.season()
    make.team(of=season, name="Lantern")
    with pytest.raises(Refused) as refusal:
        make.team(of=season, name=other)
    assert refusal.value.code == "name-taken"
    assert Team.objects.count() == 1
    make.team(of=make.season(), name=other)


def test_the_longest_expansion_of_a_name_is_stored(spring: Any) -> None:
    team = make.team(of=make.season(), name="\ufdfa" * 100)
    assert team.name_key == spelling("\ufdfa" * 100)
    assert len(team.name_key) <= Team._meta.get_field("name_key").max_length


def _title(entry: Entry) -> Callable[[str], Any]:
    captain = make.captain_of(entry.team)
    return lambda text: domain.edit_entry(actor=captain, entry=entry, title=text, abstract="")


def _abstract(entry: Entry) -> Callable[[str], Any]:
    captain = make.captain_of(entry.team)
    return lambda text: domain.edit_entry(actor=captain, entry=entry, title="x", abstract=text)


def _reason(entry: Entry) -> Callable[[str], Any]:
    captain = make.captain_of(entry.team)
    return lambda text: domain.withdraw_entry(actor=captain, entry=entry, reason=text)


def _rules(entry: Entry) -> Callable[[str], Any]:
    return lambda text: domain.publish_rules(actor=make.ACTOR, track=entry.track, text=text)


def _git(entry: Entry) -> Callable[[str], Any]:
    captain = make.captain_of(entry.team)
    return lambda text: domain.submit_git(
        actor=captain, entry=entry, url=f"https://example.org/{text}", revision="main"
    )


def _team(entry: Entry) -> Callable[[str], Any]:
    return lambda text: domain.create_team(actor=person(), season=entry.track.season, name=text)


@pytest.mark.parametrize("door", [_title, _abstract, _reason, _rules, _git, _team])
@pytest.mark.parametrize(("text", "code"), [("x" * 10_000_000, "too-long"), ("a\0b", "bad-text")])
def test_every_door_of_the_domain_refuses(spring: Any, door: Any, text: str, code: str) -> None:
    entry = make.entry(in_track=make.track())
    act = door(entry)
    before = Event.objects.count()
    with pytest.raises(Refused) as refusal:
        act(text)
    assert refusal.value.code == code
    assert Event.objects.count() == before
    entry.refresh_from_db()
    assert (entry.state, entry.state_reason) == ("entered", "")
    assert not Submission.objects.exists()


def test_nobody_fills_mailboxes_by_founding_teams(spring: Any) -> None:
    season, spammer = make.season(), person()
    teams = [make.team(of=season, captain=spammer) for _ in range(4)]
    sent = 0
    with pytest.raises(Refused) as refusal:
        for team in teams:
            for number in range(20):
                domain.invite(actor=spammer, team=team, email=f"v{team.pk}-{number}@example.org")
                sent += 1
    assert refusal.value.code == "invited-too-many"
    assert sent == MOST_A_DAY == Invitation.objects.count()
    with clock.frozen_at(spring + timedelta(days=1, seconds=1)):
        domain.invite(actor=spammer, team=teams[-1], email="tomorrow@example.org")


def test_one_address_is_not_buried_by_many_teams(spring: Any) -> None:
    season = make.season()
    for _ in range(MOST_TO_ONE):
        team = make.team(of=season)
        domain.invite(actor=make.captain_of(team), team=team, email="Victim@example.org")
    team = make.team(of=season)
    with pytest.raises(Refused) as refusal:
        domain.invite(actor=make.captain_of(team), team=team, email="victim@EXAMPLE.org")
    assert refusal.value.code == "invited-too-often"
    assert Invitation.objects.count() == MOST_TO_ONE


def test_an_invitation_is_not_sent_again_without_end(spring: Any) -> None:
    team = make.team(of=make.season())
    captain = make.captain_of(team)
    invitation, _key = domain.invite(actor=captain, team=team, email="victim@example.org")
    for _ in range(MOST_RESENT):
        domain.resend_invitation(actor=captain, invitation=invitation)
    before = Event.objects.count()
    with pytest.raises(Refused) as refusal:
        domain.resend_invitation(actor=captain, invitation=invitation)
    assert refusal.value.code == "resent-too-often"
    assert Event.objects.count() == before
    assert mail.outbox == []


@pytest.mark.parametrize(
    "address", ["", "nobody", "a@b", "a@b.c\r\nBcc: d@e.f", "a@b.cc,d@e.ff", "x\0@b.cc", "<a@b.cc>"]
)
def test_what_is_no_address_gets_no_mail(spring: Any, address: str) -> None:
    team = make.team(of=make.season())
    with pytest.raises(Refused) as refusal:
        domain.invite(actor=make.captain_of(team), team=team, email=address)
    assert refusal.value.code == "no-address"
    assert not Invitation.objects.exists()


def test_nobody_founds_teams_without_end(spring: Any) -> None:
    season, founder = make.season(), person()
    for _ in range(MOST_LED):
        make.team(of=season, captain=founder)
    with pytest.raises(Refused) as refusal:
        make.team(of=season, captain=founder)
    assert refusal.value.code == "too-many-teams"
    make.team(of=make.season(), captain=founder)


def test_a_disk_is_not_filled_by_one_entry(spring: Any, tmp_path: Path) -> None:
    entry = make.entry(in_track=make.track())
    for _ in range(MOST_SUBMISSIONS):
        make.submission(of=entry, folder=tmp_path)
    with pytest.raises(Refused) as refusal:
        make.submission(of=entry, folder=tmp_path)
    assert refusal.value.code == "too-many-submissions"
    with clock.frozen_at(spring + timedelta(days=1)):
        make.submission(of=entry, folder=tmp_path)
    assert Submission.objects.count() == MOST_SUBMISSIONS + 1
