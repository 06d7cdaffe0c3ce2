"""What happened between a backup and its restoring, and the mails that are not sent twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from concours.platform.backups.aftermath import settle
from concours.platform.competitions.enums import PhaseKind
from concours.platform.competitions.interfaces.tasks import mail_invitation
from concours.platform.core import clock
from concours.platform.record.domain import head
from concours.platform.record.models import Event, Follower
from concours.platform.review.domain import send_reminders
from tests.factories import review
from tests.factories.people import person

pytestmark = pytest.mark.django_db(transaction=True)


def test_reminders_due_since_are_noted_and_not_sent(tmp_path: Path) -> None:
    round_ = review.assigned(entries=8, folder=tmp_path)
    late = round_.closes_at - timedelta(days=2)
    # People had been told of all that the backup holds; whether a row says so depends on whether
    # a test before this one emptied the tables.
    Follower.objects.update_or_create(name="notifications", defaults={"seq": head()[0]})
    mail.outbox.clear()

    with clock.frozen_at(late):
        after = settle(since=round_.closes_at - timedelta(days=20))
        again = send_reminders()

    assert (after.held, again, mail.outbox) == (8, 0, [])
    assert Event.objects.filter(verb="reminders.sent").count() == 1
    with clock.frozen_at(round_.closes_at - timedelta(hours=20)):
        assert send_reminders() == 8, "the next reminder is a new one"
    assert len(mail.outbox) == 8


def test_boundaries_between_are_told(tmp_path: Path) -> None:
    round_ = review.assigned(entries=8, folder=tmp_path)
    end = round_.track.phases.get(kind=PhaseKind.PEER_REVIEW).ends_at

    with clock.frozen_at(end + timedelta(days=1)):
        after = settle(since=end - timedelta(days=1))
        nothing = settle(since=end + timedelta(hours=1))

    assert [one.at for one in after.passed] == [end]
    assert nothing.passed == ()


def test_sessions_end_and_waiting_mails_are_dropped() -> None:
    Client().force_login(person())
    mail_invitation.enqueue("nobody", "https://example.org/", "en")

    after = settle(since=clock.now())

    assert (after.sessions, after.tasks) == (1, 1)
    assert not Session.objects.exists()
    assert not DBTaskResult.objects.exists()
    assert after.at_once[0] == ("tasks", 0)


def test_a_lost_archive_is_named(tmp_path: Path) -> None:
    round_ = review.assigned(entries=8, folder=tmp_path)
    submission = round_.track.entries.order_by("pk")[1].submissions.get()
    Path(submission.file.path).unlink()

    assert settle(since=clock.now()).lost == (submission.code,)
