"""Mail, and a mail server that is down.

What its reader waits for leaves at once, or whoever asked is told that it did not
(`mail_or_refusal`). Letters that nobody waits for are sent again later (`send_letters`).
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.core.mail import get_connection, send_mail
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from concours.platform.core.errors import Refused

logger = logging.getLogger(__name__)
MOST_TRIES = 30
"""A day in all."""
LONGEST_PAUSE = timedelta(hours=1)


class MailDown(Refused):
    """The mail server took nothing."""

    def __init__(self) -> None:
        super().__init__(
            "mail-down", _("The mail could not be sent just now. Try again in a few minutes.")
        )


@contextmanager
def mail_or_refusal() -> Iterator[None]:
    """Raise MailDown where the mail server does not answer or refuses what is sent in the block."""
    try:
        yield
    except OSError as fault:  # smtplib's errors are among these
        # What the server said may hold an address.
        logger.warning("a mail could not be sent: %s", type(fault).__name__)
        raise MailDown from fault


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Written out in its reader's language."""

    address: str
    subject: str
    body: str


def send_letters(letters: Sequence[Letter]) -> None:
    """Send letters that nobody waits for, over one connection; it raises nothing.

    What a mail server that is down, or full, does not take is sent again by the worker. A mailbox
    that is refused for good is logged and keeps no other letter back.
    """
    connection = get_connection()
    for place, letter in enumerate(letters):
        try:
            connection.open()
            _send(letter, connection)
        except OSError as fault:
            logger.warning("a letter was not taken: %s", type(fault).__name__)
            if isinstance(fault, smtplib.SMTPRecipientsRefused):
                continue
            for waiting in letters[place:]:
                _again(waiting, tries=1)
            break
    with suppress(OSError):
        connection.close()


@task(queue_name="mail")  # type: ignore[untyped-decorator]
def send_again(address: str, subject: str, body: str, tries: int) -> str:
    """Send a letter that was not taken before; returns what came of it."""
    if not get_user_model()._default_manager.filter(email=address, is_active=True).exists():
        return "gone"
    try:
        _send(Letter(address=address, subject=subject, body=body), get_connection())
    except smtplib.SMTPRecipientsRefused:
        return "refused"
    except OSError:
        if tries >= MOST_TRIES:
            return "given up"
        _again(Letter(address=address, subject=subject, body=body), tries=tries + 1)
        return "again"
    return "sent"


def time_of_next(tries: int) -> datetime:
    """When to try again after `tries` times: 1 min, 2 min, 4 min ... up to an hour from now.

    By the wall's clock, which is the one that the queue knows.
    """
    return datetime.now(UTC) + pause_after(tries, first=timedelta(minutes=1))


def pause_after(tries: int, *, first: timedelta) -> timedelta:
    """How long to leave a mail server alone: twice as long each time, an hour at most."""
    return min(first * (1 << min(max(tries, 1) - 1, 10)), LONGEST_PAUSE)


def _again(letter: Letter, *, tries: int) -> None:
    later = send_again.using(run_after=time_of_next(tries))
    later.enqueue(letter.address, letter.subject, letter.body, tries)


def _send(letter: Letter, connection: BaseEmailBackend) -> None:
    send_mail(letter.subject, letter.body, None, [letter.address], connection=connection)
