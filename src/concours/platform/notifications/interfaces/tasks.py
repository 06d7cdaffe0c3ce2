"""Mail leaves outside of requests, from a queue of its own, so that nothing else waits for it."""

from __future__ import annotations

from django_tasks import task
from django_tasks_db.models import DBTaskResult

from concours.platform.core import clock
from concours.platform.notifications import domain
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift

QUEUE = "mail"


@task(queue_name=QUEUE)
def post_mails() -> int:
    """Send what is due; how many mails left. Running it twice is once."""
    with clock.shifted(current_shift()), acting(via="worker"):
        return domain.post()


def post_if_due() -> bool:
    """Ask for `post_mails` unless that is asked for already; whether it was needed."""
    if not domain.due():
        return False
    asked = DBTaskResult.objects.ready().filter(task_path=post_mails.module_path)
    if not asked.exists():
        post_mails.enqueue()
    return True
