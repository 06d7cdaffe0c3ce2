"""A mail server that is down: what is done stands, and what was to be mailed is mailed later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django_tasks_db.models import DBTaskResult

from concours.platform.core.mailing import (
    MOST_TRIES,
    Letter,
    MailDown,
    mail_or_refusal,
    send_again,
    send_letters,
    time_of_next,
)
from tests.factories.mailboxes import Mailbox
from tests.factories.people import person

pytestmark = pytest.mark.django_db
BODY = "What is to be known.\n"


def letters(*names: str) -> list[Letter]:
    return [
        Letter(address=f"{name}@example.org", subject=f"To {name}", body=BODY) for name in names
    ]


def waiting() -> list[list[Any]]:
    return [row.args_kwargs["args"] for row in DBTaskResult.objects.order_by("enqueued_at")]


def test_letters_leave_at_once(mailbox: Mailbox) -> None:
    mailbox.start()

    send_letters(letters("ann", "bo"))

    assert [one["Subject"] for one in mailbox.messages] == ["To ann", "To bo"]
    assert waiting() == []


def test_letters_wait_for_a_server_that_is_down(mailbox: Mailbox) -> None:
    send_letters(letters("ann", "bo"))

    assert sorted(args[0] for args in waiting()) == ["ann@example.org", "bo@example.org"]
    assert all(row.run_after > datetime.now(UTC) for row in DBTaskResult.objects.all())


def test_one_mailbox_that_is_refused_keeps_no_other_back(mailbox: Mailbox) -> None:
    mailbox.refused = {"ann@example.org"}
    mailbox.start()

    send_letters(letters("ann", "bo"))

    assert [one["Subject"] for one in mailbox.messages] == ["To bo"]
    assert waiting() == []


def test_a_letter_is_sent_again_until_it_is_taken(mailbox: Mailbox) -> None:
    person(email="ann@example.org")
    args = ("ann@example.org", "To ann", BODY)

    assert send_again.call(*args, 1) == "again"
    assert waiting() == [[*args, 2]]
    mailbox.start()
    assert send_again.call(*args, 2) == "sent"
    assert [one["Subject"] for one in mailbox.messages] == ["To ann"]


def test_a_letter_is_given_up_after_a_day(mailbox: Mailbox) -> None:
    person(email="ann@example.org")

    assert send_again.call("ann@example.org", "To ann", BODY, MOST_TRIES) == "given up"
    assert waiting() == []
    pauses = [time_of_next(tries) - datetime.now(UTC) for tries in range(1, MOST_TRIES)]
    assert timedelta(hours=23) < sum(pauses, timedelta()) < timedelta(hours=27)


def test_whoever_has_gone_is_sent_nothing(mailbox: Mailbox) -> None:
    person(email="ann@example.org", is_active=False)
    mailbox.start()

    assert send_again.call("ann@example.org", "To ann", BODY, 1) == "gone"
    assert mailbox.messages == []


def test_a_refusal_names_no_address(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(MailDown) as refusal, mail_or_refusal():
        raise ConnectionRefusedError("ann@example.org")

    assert refusal.value.code == "mail-down"
    assert "ann@example.org" not in caplog.text
