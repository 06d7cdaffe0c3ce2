"""Reminders to reviewers with duties to do, on the days before the deadline that the round's rules
name, once each."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from concours.platform.core import clock
from concours.platform.core.access import require
from concours.platform.core.actors import System
from concours.platform.core.text import localised
from concours.platform.record import domain as record
from concours.platform.review.domain.mailing import Letter, send_after_commit
from concours.platform.review.domain.rounds import lock_round
from concours.platform.review.domain.telling import told_consequences
from concours.platform.review.enums import AssignmentState, RoundState
from concours.platform.review.methods import DAYS, methods_of
from concours.platform.review.models import Assignment, ReminderSent, ReviewRound

REMINDERS = System("reminders")


def send_reminders(*, actor: Any = REMINDERS, round: ReviewRound | None = None) -> int:  # noqa: A002
    """Mail every reviewer whose reminder is due by the clock; returns how many mails.

    For one round, or for all that are open. Called again it sends nothing twice; called late it
    sends the nearest reminder only. Mails leave after the commit.
    """
    moment = clock.now()
    rounds = ReviewRound.objects.filter(
        state=RoundState.ASSIGNED,
        closes_at__gt=moment,
        closes_at__lte=moment + timedelta(days=DAYS[1]),
    )
    if round is not None:
        require(actor, "review.run_round", round)
        rounds = rounds.filter(pk=round.pk)
    return sum(_remind(actor=actor, round=one, moment=moment) for one in rounds)


@transaction.atomic
def _remind(*, actor: Any, round: ReviewRound, moment: datetime) -> int:  # noqa: A002
    locked = lock_round(round)
    left = locked.closes_at - moment
    due = [days for days in methods_of(locked.params).reminder_days if left <= timedelta(days=days)]
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
    letters = [
        Letter(person=person, words=partial(_words, locked, person, pending[key]))
        for key, person in sorted(people.items())
    ]
    record.append(
        actor=actor,
        verb="reminders.sent",
        subject=locked,
        season=locked.track.season.slug,
        data={"days": days, "count": len(letters)},
    )
    send_after_commit(letters)
    return len(letters)


def _words(locked: ReviewRound, person: Any, pending: int) -> tuple[str, str]:
    values = {
        "name": person.display_name,
        "track": localised(locked.track, "title").replace("\n", " "),
        "count": pending,
        "deadline": date_format(locked.closes_at, "DATETIME_FORMAT"),
    }
    body = _(
        "Hello %(name)s,\n\n"
        "reviews that you still owe in “%(track)s”: %(count)d.\n"
        "The deadline is %(deadline)s (UTC).\n\n"
        "You find them under “My reviews”.\n"
    )
    follows = "\n".join(str(one.sentence) for one in told_consequences(methods_of(locked.params)))
    return _("Reviews to do: %(track)s") % values, f"{body % values}\n{follows}\n"
