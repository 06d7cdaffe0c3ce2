from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from concours.platform.appeals import domain
from concours.platform.appeals.enums import AppealKind, AppealState
from concours.platform.appeals.models import Appeal
from concours.platform.competitions.domain import disqualify_entry
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.models import Entry, Track
from concours.platform.core import clock
from concours.platform.core.errors import NotPermitted, Refused
from concours.platform.record.models import Event
from tests.factories import appeals, competitions
from tests.factories.competitions import ACTOR
from tests.factories.mailboxes import Mailbox
from tests.factories.people import organiser, person

pytestmark = pytest.mark.django_db
Unchanged = Callable[[], Any]


@pytest.fixture
def track(tmp_path: Path) -> Track:
    return appeals.judged(folder=tmp_path)


@pytest.fixture
def entry(track: Track) -> Entry:
    return appeals.ranked(track)[-1]


def test_an_appeal_is_kept_and_the_record_holds_a_digest_alone(entry: Entry) -> None:
    appeal = appeals.appeal(by=entry, reason="Nobody ran our code.")
    event = Event.objects.get(verb="appeal.filed")
    assert appeal.state == AppealState.FILED
    assert appeal.decide_by == appeals.CLOSES + timedelta(days=7)
    assert event.subject == f"appeal:{appeal.code}"
    assert "Nobody ran" not in event.data


@pytest.mark.parametrize(
    ("moment", "taken"),
    [
        (appeals.OPENS - timedelta(microseconds=1), False),
        (appeals.OPENS, True),
        (appeals.CLOSES - timedelta(microseconds=1), True),
        (appeals.CLOSES, False),
    ],
)
def test_the_window_is_half_open(entry: Entry, moment: Any, taken: bool) -> None:
    if taken:
        assert appeals.appeal(by=entry, at=moment).pk
        return
    with pytest.raises(Refused) as refusal:
        appeals.appeal(by=entry, at=moment)
    assert refusal.value.code == "appeals-closed"


def test_outside_the_phase_there_are_no_appeals(track: Track, entry: Entry) -> None:
    competitions.advance(track, to=PhaseKind.FINAL)
    with pytest.raises(Refused) as refusal:
        appeals.appeal(by=Entry.objects.get(pk=entry.pk))
    assert refusal.value.code == "appeals-closed"


def test_a_track_without_an_appeal_phase_takes_none(tmp_path: Path) -> None:
    with clock.frozen_at(appeals.review.SPRING):
        entry = competitions.entry(in_track=competitions.track())
    with pytest.raises(Refused) as refusal:
        appeals.appeal(by=entry)
    assert refusal.value.code == "no-appeals"


def test_only_the_team_appeals(track: Track, entry: Entry, unchanged: Unchanged) -> None:
    rival = appeals.captain(appeals.ranked(track)[0])
    for somebody in (rival, person(), organiser(season=track.season)):
        with unchanged(), pytest.raises(NotPermitted):
            domain.file_appeal(
                actor=somebody,
                entry=entry,
                kind=AppealKind.STANDING,
                subject="Too high",
                reason="Put them down.",
            )


def test_one_appeals_only_against_what_there_is(entry: Entry, unchanged: Unchanged) -> None:
    for kind, about in (
        (AppealKind.DISQUALIFICATION, ""),
        (AppealKind.MACHINE, ""),
        (AppealKind.RESULT, ""),
        (AppealKind.REVIEW, "ZZ"),
        (AppealKind.REVIEW, ""),
    ):
        with unchanged(), pytest.raises(Refused) as refusal:
            appeals.appeal(by=entry, kind=kind, about=about)
        assert refusal.value.code == "nothing-to-appeal"
    assert appeals.appeal(by=entry, kind=AppealKind.REVIEW, about=appeals.alias_on(entry)).pk


def test_a_disqualified_entry_appeals(entry: Entry) -> None:
    disqualify_entry(actor=ACTOR, entry=entry, reason="Copied.")
    out = Entry.objects.get(pk=entry.pk)
    assert appeals.appeal(by=out, kind=AppealKind.DISQUALIFICATION).pk


def test_one_open_appeal_against_the_same_and_five_in_all(
    entry: Entry, unchanged: Unchanged
) -> None:
    for _ in range(5):
        filed = appeals.appeal(by=entry)
        with unchanged(), pytest.raises(Refused) as refusal:
            appeals.appeal(by=entry)
        assert refusal.value.code == "appealed-already"
        domain.withdraw_appeal(actor=appeals.captain(entry), appeal=filed)
    with unchanged(), pytest.raises(Refused) as refusal:
        appeals.appeal(by=entry)
    assert refusal.value.code == "too-many-appeals"


def test_kinds_open_to_a_team(entry: Entry) -> None:
    open_to = domain.kinds_open_to(actor=appeals.captain(entry), entry=entry)
    assert open_to == [AppealKind.STANDING, AppealKind.REVIEW]


@pytest.mark.parametrize("text", ["", "  \n", "x" * 10_001, "bad\x00"])
def test_reasons_are_bounded(entry: Entry, unchanged: Unchanged, text: str) -> None:
    with unchanged(), pytest.raises(Refused):
        appeals.appeal(by=entry, reason=text)


def test_files_are_few_small_and_of_known_kinds(entry: Entry, unchanged: Unchanged) -> None:
    appeal = appeals.appeal(by=entry)
    captain = appeals.captain(entry)
    kept = domain.attach_file(
        actor=captain, appeal=appeal, name="..\\..\\run.log", content=b"it ran"
    )
    assert (kept.name, kept.file.read()) == ("run.log", b"it ran")
    for name, content, code in (
        ("run.exe", b"MZ", "file-kind"),
        ("run.log", b"", "empty"),
        ("run.log", b"x" * (2 * 1024 * 1024 + 1), "too-large"),
    ):
        with unchanged(), pytest.raises(Refused) as refusal:
            domain.attach_file(actor=captain, appeal=appeal, name=name, content=content)
        assert refusal.value.code == code
    with unchanged(), pytest.raises(NotPermitted):
        domain.attach_file(actor=person(), appeal=appeal, name="a.txt", content=b"a")
    for number in range(4):
        domain.attach_file(actor=captain, appeal=appeal, name=f"{number}.txt", content=b"a")
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.attach_file(actor=captain, appeal=appeal, name="a.txt", content=b"a")
    assert refusal.value.code == "too-many-files"


def test_those_who_judge_are_told(
    track: Track, entry: Entry, django_capture_on_commit_callbacks: Any
) -> None:
    staff = organiser(season=track.season, email="staff@example.org")
    judge = appeals.judge(of=track).user
    with django_capture_on_commit_callbacks(execute=True):
        appeals.appeal(by=entry)
    assert {to for message in mail.outbox for to in message.to} == {staff.email, judge.email}


def test_the_states_of_an_appeal_that_is_withdrawn(entry: Entry, unchanged: Unchanged) -> None:
    appeal = appeals.appeal(by=entry)
    with unchanged(), pytest.raises(NotPermitted):
        domain.withdraw_appeal(actor=person(), appeal=appeal)
    domain.withdraw_appeal(actor=appeals.captain(entry), appeal=appeal)
    assert Appeal.objects.get().state == AppealState.WITHDRAWN
    with unchanged(), pytest.raises(Refused) as refusal:
        domain.admit_appeal(actor=ACTOR, appeal=appeal)
    assert refusal.value.code == "wrong-state"


def test_an_appeal_stands_though_the_mail_server_is_down(
    track: Track,
    entry: Entry,
    settings: Any,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:
    staff = organiser(season=track.season)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", Mailbox().port  # not started

    with django_capture_on_commit_callbacks(execute=True):
        appeal = appeals.appeal(by=entry)

    assert Appeal.objects.get() == appeal
    waiting = [row.args_kwargs["args"][0] for row in DBTaskResult.objects.all()]
    assert waiting == [staff.email]
