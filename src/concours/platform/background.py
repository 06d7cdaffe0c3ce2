"""Background work: tasks from the database's queue, and chores that come round."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.core.management import call_command
from django.db import close_old_connections

from concours.platform.core import clock
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift

log = logging.getLogger(__name__)
PERIOD_S = 60.0


def chores() -> dict[str, Callable[[], object]]:
    """What is done every minute, by name."""
    from concours.platform.competitions.domain.orphans import sweep_orphans
    from concours.platform.competitions.interfaces.tasks import resume_fetches
    from concours.platform.review.domain import send_reminders

    return {
        "resume fetches": resume_fetches,
        "review reminders": send_reminders,
        "sweep orphans": sweep_orphans,
    }


def run_chores() -> None:
    """Do every chore once; one that fails is logged and does not keep the others back."""
    with clock.shifted(current_shift()), acting(via="worker"):
        for name, chore in chores().items():
            try:
                chore()
            except Exception:
                log.exception("the chore %r failed", name)
    close_old_connections()


def run(*, once: bool) -> None:
    """Work until interrupted; with `once`, do what is waiting and return."""
    if once:
        run_chores()
        call_command("db_worker", batch=True, verbosity=0, startup_delay=False, queue_name="*")
        return
    stopping = threading.Event()

    def keep() -> None:
        while not stopping.is_set():
            run_chores()
            stopping.wait(PERIOD_S)

    threading.Thread(target=keep, daemon=True).start()
    try:
        call_command("db_worker", verbosity=0, interval=0.5, reload=False, queue_name="*")
    finally:
        stopping.set()
