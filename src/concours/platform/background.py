"""Background work: tasks from the database's queue, and chores that come round."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext

from django.core.management import call_command
from django.db import Error as DatabaseFault
from django.db import close_old_connections, connection

from concours.platform.core import clock
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift

log = logging.getLogger(__name__)
PERIOD_S = 60.0
PULSE_S = 1.0


def chores() -> dict[str, Callable[[], object]]:
    """What is done every minute, by name."""
    from concours.platform.appeals.domain import send_appeal_reminders
    from concours.platform.competitions.domain.orphans import sweep_orphans
    from concours.platform.competitions.interfaces.tasks import resume_fetches
    from concours.platform.evaluations.domain import enqueue_missed
    from concours.platform.evaluations.domain.sweeping import sweep_artefacts
    from concours.platform.evaluations.domain.workers import forget_gone
    from concours.platform.leaderboards.domain import note_withdrawn, publish_due
    from concours.platform.review.domain import replace_due, send_reminders

    return {
        "appeal reminders": send_appeal_reminders,
        "evaluate what was missed": enqueue_missed,
        "forget workers": forget_gone,
        "replace late reviewers": replace_due,
        "resume fetches": resume_fetches,
        "review reminders": send_reminders,
        "sweep artefacts": sweep_artefacts,
        "sweep orphans": sweep_orphans,
        "publish sources": publish_due,
        "withdrawn entries": note_withdrawn,
    }


def run_chores() -> None:
    """Do every chore once; one that fails is logged and does not keep the others back."""
    try:
        with clock.shifted(current_shift()), acting(via="worker"):
            for name, chore in chores().items():
                _do(name, chore)
    except DatabaseFault:
        log.warning("the database does not answer: the chores wait for their next time")
    close_old_connections()


def _do(name: str, chore: Callable[[], object]) -> None:
    try:
        chore()
    except Exception:
        log.exception("the chore %r failed", name)


def pulse() -> None:
    """What is done every second: leaderboards take in what they could not at once."""
    from concours.platform.leaderboards.domain import refresh_due

    try:
        with clock.shifted(current_shift()), acting(via="worker"):
            refresh_due()
    except DatabaseFault as fault:
        log.warning("the leaderboards wait, the database does not answer: %s", fault)
        connection.close()
    except Exception:
        log.exception("the leaderboards could not be brought up to date")
    close_old_connections()


def run(*, once: bool, evaluations: bool, slots: int) -> None:
    """Work until interrupted; with `once`, do what is waiting and return."""
    from concours.platform.evaluations.interfaces.working.station import Station

    with Station(slots=slots) if evaluations else nullcontext() as station:
        if once:
            run_chores()
            pulse()
            call_command("db_worker", batch=True, verbosity=0, startup_delay=False, queue_name="*")
            if station is not None:
                station.wait_until_idle()
                pulse()
            return
        _run_forever()


def _run_forever() -> None:
    stopping = threading.Event()

    def keep(act: Callable[[], object], seconds: float) -> None:
        while not stopping.is_set():
            act()
            stopping.wait(seconds)

    for act, seconds in ((run_chores, PERIOD_S), (pulse, PULSE_S)):
        threading.Thread(target=keep, args=(act, seconds), daemon=True).start()
    pause = 1.0
    try:
        while True:
            started = time.monotonic()
            try:
                call_command("db_worker", verbosity=0, interval=0.5, reload=False, queue_name="*")
            except DatabaseFault:
                pause = 1.0 if time.monotonic() - started > PERIOD_S else min(2 * pause, PERIOD_S)
                log.warning("the database does not answer; tasks wait %.0f s", pause)
                connection.close()
                time.sleep(pause)
            else:
                return
    finally:
        stopping.set()
