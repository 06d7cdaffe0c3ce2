"""Tasks and mails that wait for the worker."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

MAILING_TASKS = (
    "concours.platform.competitions.interfaces.tasks.mail_invitation",
    "concours.platform.core.mailing.send_again",
    "concours.platform.notifications.interfaces.tasks.post_mails",
)
"""Tasks that do nothing but mail."""
OPEN = ("READY", "RUNNING")
KEPT_DAYS = 7


def waiting_tasks() -> int:
    return int(DBTaskResult.objects.filter(status__in=OPEN).count())


def waiting_mails() -> int:
    return int(_mails().count())


def drop_waiting_mails() -> int:
    """Forget mails that wait; how many."""
    return int(_mails().delete()[0])


def forget_finished() -> None:
    """Forget tasks that ended KEPT_DAYS ago: every second may bring one, and some name people."""
    call_command("prune_db_task_results", queue_name="*", min_age_days=KEPT_DAYS, verbosity=0)


def _mails() -> Any:
    return DBTaskResult.objects.filter(status__in=OPEN, task_path__in=MAILING_TASKS)
