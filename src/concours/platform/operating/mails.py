"""Tasks and mails that wait for the worker."""

from __future__ import annotations

from typing import Any

from django_tasks_db.models import DBTaskResult

MAILING_TASKS = (
    "concours.platform.competitions.interfaces.tasks.mail_invitation",
    "concours.platform.notifications.interfaces.tasks.post_mails",
)
"""Tasks that do nothing but mail."""
OPEN = ("READY", "RUNNING")


def waiting_tasks() -> int:
    return int(DBTaskResult.objects.filter(status__in=OPEN).count())


def waiting_mails() -> int:
    return int(_mails().count())


def drop_waiting_mails() -> int:
    """Forget mails that wait; how many."""
    return int(_mails().delete()[0])


def _mails() -> Any:
    return DBTaskResult.objects.filter(status__in=OPEN, task_path__in=MAILING_TASKS)
