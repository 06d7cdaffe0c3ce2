"""Each message is a task of a queue of its own, so that no other work waits for its receiver."""

from __future__ import annotations

from django_tasks import task

from concours.platform.core import clock
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift
from concours.platform.webhooks import domain

QUEUE = "webhooks"


@task(queue_name=QUEUE)
def deliver_message(code: str) -> str:
    """Send one message; the state it came to. Running it twice is once."""
    with clock.shifted(current_shift()), acting(via="worker"):
        return domain.deliver(code=code)


def send_due() -> int:
    """Read on in the record and ask for what is due; how many messages were asked for."""
    domain.follow()
    due = domain.claim_due()
    for code in due:
        deliver_message.enqueue(code)
    return len(due)
