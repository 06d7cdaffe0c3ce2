"""Sending mails: claimed in small batches, tried again later, given up late, never sent twice."""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet

from concours.platform.core import clock
from concours.platform.core.mailing import pause_after
from concours.platform.notifications.domain.composing import compose
from concours.platform.notifications.enums import MailState
from concours.platform.notifications.models import Mail

logger = logging.getLogger(__name__)
BATCH = 20
LEASE = timedelta(minutes=10)
"""So long a worker may take over its batch before another takes the rest of it."""
FIRST_PAUSE = timedelta(seconds=30)
KEPT_FOR = timedelta(days=7)
"""So long a mail is tried; what it says is in the page all the while."""


class NotReached(Exception):
    """The mail server does not answer; `why` holds no address."""


def due() -> bool:
    """Whether a mail waits whose time has come."""
    return _due(clock.now()).exists()


def post() -> int:
    """Send all mails that are due; returns how many left.

    Where the mail server cannot be reached, all wait, longer each time. A crash between the
    server's yes and our note of it is the one case in which a mail goes again, under the same
    Message-ID.
    """
    sent = 0
    while claimed := _claim():
        try:
            sent += _send(claimed)
        except NotReached as fault:
            logger.warning("the mail server cannot be used, mails wait: %s", fault)
            _postpone(claimed)
            return sent
    return sent


def _due(moment: datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(state=MailState.WAITING, next_try_at__lte=moment)


@transaction.atomic
def _claim() -> list[Mail]:
    moment = clock.now()
    rows = (
        _due(moment)
        .select_for_update(skip_locked=True, of=("self",), no_key=True)
        .order_by("next_try_at", "pk")
    )
    claimed = list(rows.select_related("user")[:BATCH])
    Mail.objects.filter(pk__in=[mail.pk for mail in claimed]).update(next_try_at=moment + LEASE)
    return claimed


def _send(mails: list[Mail]) -> int:
    """Over one connection. Raises NotReached with the rest of the mails unsent."""
    connection: BaseEmailBackend = get_connection()
    try:
        connection.open()
    except OSError as fault:
        raise NotReached(type(fault).__name__) from fault
    try:
        return sum(_send_one(mail, connection) for mail in mails)
    finally:
        connection.close()


def _send_one(mail: Mail, connection: BaseEmailBackend) -> int:
    try:
        message = compose(mail)
    except Exception:
        # One that cannot be written keeps no other back.
        logger.exception("mail %s cannot be composed", mail.code)
        _later(mail, clock.now())
        return 0
    if message is None:
        _end(mail, MailState.WITHHELD)
        return 0
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refusal:
        codes = [code for code, _reply in refusal.recipients.values()]
        _refused(mail, permanent=all(code >= 500 for code in codes))
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError):
        _refused(mail, permanent=False)
    except (ValueError, smtplib.SMTPNotSupportedError):
        _refused(mail, permanent=True)
    except OSError as fault:
        raise NotReached(type(fault).__name__) from fault
    else:
        _end(mail, MailState.SENT)
        return 1
    return 0


def _refused(mail: Mail, *, permanent: bool) -> None:
    logger.warning("mail %s was refused, for good: %s", mail.code, permanent)
    if permanent:
        _end(mail, MailState.REFUSED)
    else:
        _later(mail, clock.now())


def _postpone(claimed: list[Mail]) -> None:
    """Those that were claimed and not sent wait longer, and the others as long as they do."""
    moment = clock.now()
    rest = list(Mail.objects.filter(pk__in=[mail.pk for mail in claimed], state=MailState.WAITING))
    for mail in rest:
        _later(mail, moment)
    if rest:
        pause = pause_after(min(mail.tries for mail in rest), first=FIRST_PAUSE)
        _due(moment).update(next_try_at=moment + pause)


def _later(mail: Mail, moment: datetime) -> None:
    if moment - mail.created_at > KEPT_FOR:
        _end(mail, MailState.GIVEN_UP)
        return
    mail.tries += 1
    mail.next_try_at = moment + pause_after(mail.tries, first=FIRST_PAUSE)
    mail.save(update_fields=["tries", "next_try_at"])


def _end(mail: Mail, state: MailState) -> None:
    mail.state = state
    mail.sent_at = clock.now() if state == MailState.SENT else None
    mail.save(update_fields=["state", "sent_at"])
