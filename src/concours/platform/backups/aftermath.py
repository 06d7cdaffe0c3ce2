"""What a restored installation owes to the time since its backup.

The worker goes by what the database says was done. Reminders that left after the backup would leave
once more; they are noted as sent, and a mail too few is better than a second one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from concours.platform.competitions.domain.boundaries import Boundary, boundaries_between
from concours.platform.competitions.domain.submissions import lost_archives
from concours.platform.core import clock
from concours.platform.operating.mails import drop_waiting_mails, waiting_tasks
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift


@dataclass(frozen=True, kw_only=True)
class Aftermath:
    """`passed` are boundaries between backup and now; `at_once` what the worker begins with.

    `held` are mails that would have left (again), `tasks` mailing tasks dropped, `sessions` ended,
    `lost` submissions whose archive is not there.
    """

    passed: tuple[Boundary, ...]
    at_once: tuple[tuple[str, int], ...]
    held: int
    tasks: int
    sessions: int
    lost: tuple[str, ...]


def mailers() -> dict[str, Callable[[], object]]:
    """Chores that mail what is due and note it, by name."""
    from concours.platform.appeals.domain import send_appeal_reminders
    from concours.platform.notifications.domain import follow, make_digests, post
    from concours.platform.review.domain import send_reminders

    return {
        "appeal reminders": send_appeal_reminders,
        "review reminders": send_reminders,
        "tell people": follow,
        "digests": make_digests,
        "post mail": post,
    }


def settle(*, since: datetime) -> Aftermath:
    """Hold back mails, end sessions, and say what happened since that moment of the wall clock."""
    shift: timedelta = current_shift()
    with clock.shifted(shift), acting(via="cli"):
        tasks = drop_waiting_mails()
        with _held_back() as held:
            for chore in mailers().values():
                chore()
        sessions, _ = Session.objects.all().delete()
        return Aftermath(
            passed=tuple(boundaries_between(after=since + shift, until=clock.now())),
            at_once=tuple(_at_once()),
            held=len(held),
            tasks=tasks,
            sessions=sessions,
            lost=tuple(lost_archives()),
        )


def _at_once() -> Iterator[tuple[str, int]]:
    from concours.platform.competitions.domain.submissions import stuck_fetches
    from concours.platform.evaluations.domain.queries import open_counts
    from concours.platform.leaderboards.domain.publishing import due_publications

    yield "tasks", waiting_tasks()
    yield "evaluations", sum(open_counts().values())
    yield "fetches", len(stuck_fetches())
    yield "sources to publish", len(due_publications())


class HeldBack(BaseEmailBackend):
    """A mail backend that sends nothing."""

    held: list[EmailMessage] = []

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        self.held.extend(email_messages)
        return len(email_messages)


@contextmanager
def _held_back() -> Iterator[list[EmailMessage]]:
    """Within the block every mail ends in the list."""
    before: Any = settings.EMAIL_BACKEND
    HeldBack.held = []
    settings.EMAIL_BACKEND = f"{__name__}.HeldBack"
    try:
        yield HeldBack.held
    finally:
        settings.EMAIL_BACKEND = before
