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
PULSE_S = 1.0


def chores() -> dict[str, Callable[[], object]]:
    """What is done every minute, by name."""
    from concours.platform.competitions.domain.orphans import sweep_orphans
    from concours.platform.competitions.interfaces.tasks import resume_fetches
    from concours.platform.leaderboards.domain import note_withdrawn, publish_due
    from concours.platform.review.domain import send_reminders

    return {
        "resume fetches": resume_fetches,
        "review reminders": send_reminders,
        "sweep orphans": sweep_orphans,
        "withdrawn entries": note_withdrawn,
        "publish sources": publish_due,
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


def pulse() -> None:
    """What is done every second: leaderboards take in what they could not at once."""
    from concours.platform.leaderboards.domain import refresh_due

    try:
        with clock.shifted(current_shift()), acting(via="worker"):
            refresh_due()
    except Exception:
        log.exception("the leaderboards could not be brought up to date")
    close_old_connections()


def run(*, once: bool) -> None:
    """Work until interrupted; with `once`, do what is waiting and return."""
    if once:
        run_chores()
        pulse()
        call_command("db_worker", batch=True, verbosity=0, startup_delay=False, queue_name="*")
        return
    stopping = threading.Event()

    def keep(act: Callable[[], object], seconds: float) -> None:
        while not stopping.is_set():
            act()
            stopping.wait(seconds)

    for act, seconds in ((run_chores, PERIOD_S), (pulse, PULSE_S)):
        threading.Thread(target=keep, args=(act, seconds), daemon=True).start()
    try:
        call_command("db_worker", verbosity=0, interval=0.5, reload=False, queue_name="*")
    finally:
        stopping.set()
