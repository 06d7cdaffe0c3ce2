"""Reminders to reviewers with duties to do, 7, 3 and 1 days before the deadline, once each."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.core.mail import get_connection, send_mail
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.text import localised
from concours.platform.record import domain as record
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.enums import AssignmentState, RoundState
from concours.platform.review.models import Assignment, ReminderSent, ReviewRound

DAYS = (7, 3, 1)
REMINDERS = System("reminders")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """One mail: to whom, about which track, how many reviews are left."""

    email: str
    name: str
    language: str
    track: Any
    pending: int
    closes_at: datetime


def send_reminders(*, actor: Any = REMINDERS, round: ReviewRound | None = None) -> int:  # noqa: A002
    """Mail every reviewer whose reminder is due by the clock; returns how many mails.

    For one round, or for all that are open. Called again it sends nothing twice; called late it
    sends the nearest reminder only. Mails leave after the commit.
    """
    moment = clock.now()
    rounds = ReviewRound.objects.filter(
        state=RoundState.ASSIGNED,
        closes_at__gt=moment,
        closes_at__lte=moment + timedelta(days=max(DAYS)),
    )
    if round is not None:
        require(actor, "review.run_round", round)
        rounds = rounds.filter(pk=round.pk)
    return sum(_remind(actor=actor, round=one, moment=moment) for one in rounds)


@transaction.atomic
def _remind(*, actor: Any, round: ReviewRound, moment: datetime) -> int:  # noqa: A002
    locked = lock_round(round)
    left = locked.closes_at - moment
    due = [days for days in DAYS if left <= timedelta(days=days)]
    if locked.state != RoundState.ASSIGNED or left <= timedelta() or not due:
        return 0
    days = min(due)
    duties = (
        Assignment.objects.filter(round=locked, state=AssignmentState.PENDING)
        .exclude(
            reviewer_id__in=ReminderSent.objects.filter(round=locked, days=days).values(
                "reviewer_id"
            )
        )
        .select_related("reviewer")
    )
    people = {duty.reviewer_id: duty.reviewer for duty in duties}
    if not people:
        return 0
    pending = Counter(duty.reviewer_id for duty in duties)
    ReminderSent.objects.bulk_create(
        ReminderSent(round=locked, reviewer_id=key, days=days, sent_at=moment) for key in people
    )
    mails = [
        Reminder(
            email=person.email,
            name=person.display_name,
            language=getattr(person, "language", "") or "en",
            track=locked.track,
            pending=pending[key],
            closes_at=locked.closes_at,
        )
        for key, person in sorted(people.items())
    ]
    record.append(
        actor=actor,
        verb="reminders.sent",
        subject=locked,
        season=locked.track.season.slug,
        data={"days": days, "count": len(mails)},
    )
    transaction.on_commit(partial(_send, mails))
    return len(mails)


def _send(mails: list[Reminder]) -> None:
    """Over one connection; a mail that cannot be sent is logged and does not stop the others."""
    with get_connection() as connection:
        for mail in mails:
            with translation.override(mail.language):
                subject, body = _words(mail)
            try:
                send_mail(subject, body, None, [mail.email], connection=connection)
            except OSError:
                logger.exception("a reminder of %s could not be sent", mail.track.code)


def _words(mail: Reminder) -> tuple[str, str]:
    title = localised(mail.track, "title").replace("\n", " ")
    values = {
        "name": mail.name,
        "track": title,
        "count": mail.pending,
        "deadline": date_format(mail.closes_at, "DATETIME_FORMAT"),
    }
    subject = _("Reviews to do: %(track)s") % values
    body = (
        _(
            "Hello %(name)s,\n\n"
            "reviews that you still owe in “%(track)s”: %(count)d.\n"
            "The deadline is %(deadline)s (UTC).\n\n"
            "You find them under “My reviews”. An entry whose reviewer leaves more than half of "
            "the duties undone cannot become a finalist.\n"
        )
        % values
    )
    return subject, body
