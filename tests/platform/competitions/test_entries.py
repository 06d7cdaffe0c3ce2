"""Teams and entries: deadlines to the second, one team a person, nothing half done."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from concours.platform.competitions import domain
from concours.platform.competitions.domain.invitations import find_invitation
from concours.platform.competitions.domain.teams import add_member
from concours.platform.competitions.enums import EntryState, PhaseKind
from concours.platform.competitions.models import Entry, Participation, Submission, Team
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record import domain as record
from tests.factories import competitions as make
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("offset", "taken"), [(-1, True), (0, False), (1, False)], ids=["before", "on", "after"]
)
def test_registration_closes_to_the_second(offset: int, taken: bool) -> None:
    track = make.track()
    team = make.team(of=track.season)

    with clock.frozen_at(track.registration_closes_at + timedelta(seconds=offset)):
        if taken:
            make.entry(in_track=track, by=team)
        else:
            with pytest.raises(Refused) as refused:
                make.entry(in_track=track, by=team)
            assert refused.value.code == "registration-closed"

    assert Entry.objects.count() == int(taken)
    assert Participation.objects.count() == int(taken)


@pytest.mark.parametrize(("offset", "taken"), [(-1, False), (0, True)], ids=["before", "on"])
def test_registration_opens_to_the_second(offset: int, taken: bool) -> None:
    track = make.track()
    team = make.team(of=track.season)

    with clock.frozen_at(track.registration_opens_at + timedelta(seconds=offset)):
        if taken:
            make.entry(in_track=track, by=team)
        else:
            with pytest.raises(Refused, match="not opened"):
                make.entry(in_track=track, by=team)

    assert Entry.objects.count() == int(taken)


def test_entering_accepts_the_current_rules_by_number(spring: datetime) -> None:
    track = make.track()
    team = make.team(of=track.season)
    captain = make.captain_of(team)
    domain.publish_rules(actor=make.ACTOR, track=track, text="Stricter")

    with pytest.raises(Refused) as refused:
        domain.enter_track(actor=captain, track=track, team=team, title="T", accepted_rules=1)
    entry = domain.enter_track(actor=captain, track=track, team=team, title="T", accepted_rules=2)

    assert refused.value.code == "rules-changed"
    assert entry.rules_version.number == 2


def test_only_the_captain_enters_a_team(spring: datetime) -> None:
    track = make.track()
    team = make.team(of=track.season, members=2)
    member = team.memberships.get(captain=False).user

    for actor in (member, person(), organiser(season=track.season)):
        with pytest.raises(NotPermitted):
            domain.enter_track(actor=actor, track=track, team=team, title="T", accepted_rules=1)

    assert Entry.objects.count() == 0


def test_a_team_enters_a_track_once(spring: datetime) -> None:
    track = make.track()
    team = make.team(of=track.season)
    make.entry(in_track=track, by=team)

    with pytest.raises(Refused) as refused:
        make.entry(in_track=track, by=team)

    assert refused.value.code == "entered-already"
    assert Entry.objects.count() == 1


def test_a_person_in_two_teams_of_one_track_is_refused_and_nothing_is_half_done(
    spring: datetime,
) -> None:
    track = make.track()
    both = person(name="Both")
    first, second = make.team(of=track.season), make.team(of=track.season)
    with transaction.atomic():
        add_member(actor=both, team=first, user=both)
        add_member(actor=both, team=second, user=both)
    make.entry(in_track=track, by=first)
    events = record.head()[0]

    with pytest.raises(Refused) as refused:
        make.entry(in_track=track, by=second)

    assert refused.value.code == "in-two-teams"
    assert "Both" in str(refused.value.message)
    assert Entry.objects.filter(team=second).count() == 0
    assert Participation.objects.filter(entry__team=second).count() == 0
    assert record.head()[0] == events


def test_joining_a_second_team_of_a_track_is_refused(spring: datetime) -> None:
    track = make.track()
    first, second = make.team(of=track.season), make.team(of=track.season)
    make.entry(in_track=track, by=first)
    make.entry(in_track=track, by=second)
    captain = make.captain_of(first)
    _, key = domain.invite(actor=make.captain_of(second), team=second, email=captain.email)

    with pytest.raises(Refused) as refused:
        domain.accept_invitation(actor=captain, key=key)

    assert refused.value.code == "in-two-teams"
    assert second.memberships.count() == 1
    assert find_invitation(key=key).state == "open"


@pytest.mark.django_db(transaction=True)
def test_two_teams_that_enter_the_same_person_at_once_let_in_one() -> None:
    with clock.frozen_at(make.day(2023, 2, 1)):
        track = make.track()
        both = person()
        teams = [make.team(of=track.season) for _ in range(4)]
        for team in teams:
            with transaction.atomic():
                add_member(actor=both, team=team, user=both)

    def enter(team: Team) -> str:
        try:
            with clock.frozen_at(make.day(2023, 2, 1)):
                make.entry(in_track=track, by=team, title="T")
        except Refused as refused:
            return refused.code
        finally:
            connection.close()
        return "entered"

    with ThreadPoolExecutor(max_workers=4) as pool:
        outcomes = sorted(pool.map(enter, teams))

    assert outcomes == ["entered"] + ["in-two-teams"] * 3
    assert Entry.objects.count() == 1
    assert record.verify().holds


@pytest.mark.parametrize(("members", "fits"), [(1, False), (2, True), (3, True), (4, False)])
def test_team_sizes_are_kept(members: int, fits: bool, spring: datetime) -> None:
    track = make.track(team_size_min=2, team_size_max=3)
    team = make.team(of=track.season, members=members)

    if fits:
        make.entry(in_track=track, by=team)
    else:
        with pytest.raises(Refused) as refused:
            make.entry(in_track=track, by=team)
        assert refused.value.code == "team-size"

    assert Entry.objects.count() == int(fits)


def test_a_full_team_takes_nobody_else(spring: datetime) -> None:
    track = make.track(team_size_max=1)
    team = make.team(of=track.season)
    make.entry(in_track=track, by=team)
    _, key = domain.invite(actor=make.captain_of(team), team=team, email="late@example.org")

    with pytest.raises(Refused) as refused:
        domain.accept_invitation(actor=person(), key=key)

    assert refused.value.code == "team-too-large"


def test_the_reviewer_named_is_of_the_team(spring: datetime) -> None:
    track = make.track()
    team = make.team(of=track.season)

    with pytest.raises(Refused) as refused:
        make.entry(in_track=track, by=team, reviewer=person())

    assert refused.value.code == "reviewer-not-of-team"


def test_invitations_are_for_once_and_for_a_time(spring: datetime) -> None:
    team = make.team(of=make.season())
    captain = make.captain_of(team)
    _, key = domain.invite(actor=captain, team=team, email="New@Example.org ")
    with pytest.raises(Refused, match="open invitation"):
        domain.invite(actor=captain, team=team, email="new@example.org")

    domain.accept_invitation(actor=person(), key=key)
    with pytest.raises(Refused) as used:
        domain.accept_invitation(actor=person(), key=key)
    _, late = domain.invite(actor=captain, team=team, email="new@example.org")
    with clock.frozen_at(spring + timedelta(days=14)), pytest.raises(Refused) as expired:
        domain.accept_invitation(actor=person(), key=late)
    with pytest.raises(NotPermitted) as unknown:
        domain.accept_invitation(actor=person(), key="guess")

    assert used.value.code == expired.value.code == "invitation-over"
    assert unknown.value.hidden
    assert team.memberships.count() == 2


def test_a_key_is_not_stored(spring: datetime) -> None:
    team = make.team(of=make.season())

    invitation, key = domain.invite(actor=make.captain_of(team), team=team, email="new@example.org")

    stored = {str(value) for value in vars(invitation).values()}
    assert key not in stored
    assert all(key not in line for line in record.export_lines())


def test_leaving_keeps_the_team_able(spring: datetime) -> None:
    track = make.track(team_size_min=2)
    team = make.team(of=track.season, members=2)
    captain, member = make.captain_of(team), team.memberships.get(captain=False).user
    make.entry(in_track=track, by=team)

    with pytest.raises(Refused) as stays:
        domain.leave_team(actor=captain, team=team)
    with pytest.raises(Refused) as small:
        domain.leave_team(actor=member, team=team)
    with pytest.raises(NotPermitted):
        domain.leave_team(actor=person(), team=team)

    assert (stays.value.code, small.value.code) == ("captain-stays", "team-too-small")
    assert team.memberships.count() == 2


def test_a_team_is_frozen_when_registration_has_closed() -> None:
    with clock.frozen_at(make.day(2023, 2, 1)):
        track = make.track()
        team = make.team(of=track.season, members=2)
        make.entry(in_track=track, by=team)
    member = team.memberships.get(captain=False).user

    with clock.frozen_at(track.registration_closes_at):
        with pytest.raises(Refused, match="stays as it is"):
            domain.leave_team(actor=member, team=team)
        with pytest.raises(Refused, match="stays as it is"):
            domain.invite(actor=make.captain_of(team), team=team, email="x@example.org")


def test_a_withdrawn_team_frees_its_people(spring: datetime, tmp_path: Path) -> None:
    track = make.track()
    team = make.team(of=track.season)
    entry = make.entry(in_track=track, by=team)
    captain = make.captain_of(team)

    domain.withdraw_entry(actor=captain, entry=entry)
    again = make.entry(in_track=track, by=make.team(of=track.season, captain=captain))

    assert again.state == EntryState.ENTERED
    with pytest.raises(Refused, match="no longer"):
        make.submission(of=entry, folder=tmp_path)


def test_disqualifying_needs_staff_and_a_reason(spring: datetime) -> None:
    entry = make.entry(in_track=make.track())
    staff = organiser(season=entry.track.season)

    with pytest.raises(NotPermitted):
        domain.disqualify_entry(actor=make.captain_of(entry.team), entry=entry, reason="r")
    with pytest.raises(Refused, match="reason"):
        domain.disqualify_entry(actor=staff, entry=entry, reason=" ")
    domain.disqualify_entry(actor=staff, entry=entry, reason="Copied.")

    entry.refresh_from_db()
    assert (entry.state, entry.state_reason) == (EntryState.DISQUALIFIED, "Copied.")


def test_submissions_follow_the_active_phase_and_its_time(tmp_path: Path) -> None:
    with clock.frozen_at(make.day(2023, 2, 1)):
        track = make.track()
        entry = make.entry(in_track=track)
        first = make.submission(of=entry, folder=tmp_path)
    end = track.phase.ends_at
    with clock.frozen_at(end - timedelta(seconds=1)):
        second = make.submission(of=entry, folder=tmp_path)
    for moment in (end, end + timedelta(seconds=1)):
        with clock.frozen_at(moment), pytest.raises(Refused) as refused:
            make.submission(of=entry, folder=tmp_path)
        assert refused.value.code == "submissions-closed"
    make.advance(track, to=PhaseKind.PEER_REVIEW)
    entry.refresh_from_db()
    with clock.frozen_at(make.day(2023, 2, 1)), pytest.raises(Refused):
        make.submission(of=Entry.objects.get(pk=entry.pk), folder=tmp_path)

    assert [first.number, second.number] == [1, 2]
    assert entry.submissions.count() == 2


def test_another_team_cannot_submit(spring: datetime, tmp_path: Path) -> None:
    entry = make.entry(in_track=make.track())
    path = tmp_path / "a.zip"
    path.write_bytes(make.zip_bytes())

    with pytest.raises(NotPermitted):
        domain.submit_archive(actor=person(), entry=entry, path=path)

    assert Submission.objects.count() == 0


@pytest.mark.parametrize("function", ["entry", "submission", "advance", "invite", "team"])
def test_a_crash_at_the_record_leaves_nothing(
    function: str, spring: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings
) -> None:  # type: ignore[no-untyped-def]
    track = make.track()
    team = make.team(of=track.season)
    entry = make.entry(in_track=track, by=team)
    captain = make.captain_of(team)
    newcomer = make.team(of=track.season)
    acts = {
        "entry": lambda: make.entry(in_track=track, by=newcomer),
        "submission": lambda: make.submission(of=entry, folder=tmp_path),
        "advance": lambda: make.advance(track, to=PhaseKind.PEER_REVIEW),
        "invite": lambda: domain.invite(actor=captain, team=team, email="x@example.org"),
        "team": lambda: domain.create_team(actor=captain, season=track.season, name="Another"),
    }
    before = snapshot_of_everything()

    with monkeypatch.context() as patch:
        patch.setattr(record, "append", _crash)
        with pytest.raises(Crash):
            acts[function]()

    assert snapshot_of_everything() == before
    stored = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert stored == []
    acts[function]()


class Crash(Exception):
    """The process dies at the worst moment."""


def _crash(**_: object) -> None:
    raise Crash


def snapshot_of_everything() -> dict[str, list[tuple[object, ...]]]:
    from django.apps import apps

    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_app_config("competitions").get_models()
    } | {"record": list(record.export_lines())}
