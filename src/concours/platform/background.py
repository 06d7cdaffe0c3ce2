"""Background work: tasks from the database's queue, and chores that come round."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

from django.core.management import call_command
from django.db import Error as DatabaseFault
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands.db_worker import Worker

from concours.platform.core import clock
from concours.platform.operating import beats
from concours.platform.record.domain import acting
from concours.platform.rehearsal.domain import current_shift

log = logging.getLogger(__name__)
PERIOD_S = 60.0
PULSE_S = 1.0
APART = ("mail", "webhooks", "webhooks")
"""Queues whose tasks wait for machines elsewhere: a thread for each time that one is named."""


def chores() -> dict[str, Callable[[], object]]:
    """What is done every minute, by name."""
    from concours.platform.appeals.domain import send_appeal_reminders
    from concours.platform.competitions.domain.orphans import sweep_orphans
    from concours.platform.competitions.interfaces.tasks import resume_fetches
    from concours.platform.criteria.domain import note_lapsed
    from concours.platform.evaluations.domain import enqueue_missed
    from concours.platform.evaluations.domain.sweeping import sweep_artefacts
    from concours.platform.evaluations.domain.workers import forget_gone
    from concours.platform.governance.domain import tend_votes
    from concours.platform.incubation.domain import tend_incubations
    from concours.platform.leaderboards.domain import note_withdrawn, publish_due
    from concours.platform.notifications.domain import make_digests, tell_occasions
    from concours.platform.operating.mails import forget_finished
    from concours.platform.review.domain import replace_due, send_reminders
    from concours.platform.webhooks.domain import sweep

    return {
        "appeal reminders": send_appeal_reminders,
        "criteria that expired": note_lapsed,
        "digests": make_digests,
        "evaluate what was missed": enqueue_missed,
        "forget tasks": forget_finished,
        "forget workers": forget_gone,
        "incubations": tend_incubations,
        "occasions": tell_occasions,
        "replace late reviewers": replace_due,
        "resume fetches": resume_fetches,
        "review reminders": send_reminders,
        "sweep artefacts": sweep_artefacts,
        "sweep orphans": sweep_orphans,
        "publish sources": publish_due,
        "sweep webhooks": sweep,
        "votes": tend_votes,
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
    except (InterfaceError, OperationalError):
        raise  # Without a database the others need not try.
    except Exception:
        log.exception("the chore %r failed", name)
    else:
        beats.note(name)


def pulses() -> dict[str, Callable[[], object]]:
    """What is done every second, by name."""
    from concours.platform.leaderboards.domain import refresh_due
    from concours.platform.notifications.domain import follow
    from concours.platform.notifications.interfaces.tasks import post_if_due
    from concours.platform.webhooks.interfaces.tasks import send_due

    return {
        "bring leaderboards up to date": refresh_due,
        "tell people": follow,
        "post mail": post_if_due,
        "send webhooks": send_due,
    }


def pulse() -> None:
    """Do what is done every second, once; what fails does not keep the rest back."""
    try:
        with clock.shifted(current_shift()), acting(via="worker"):
            for name, beat in pulses().items():
                _do(name, beat)
        beats.note(beats.PULSE)
    except DatabaseFault as fault:
        log.warning("the pulse waits, the database does not answer: %s", fault)
        connection.close()
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


def _work_apart(queue: str) -> None:
    """Do the tasks of one queue that are waiting."""
    try:
        Worker(
            queue_names=[queue],
            excluded_queue_names=[],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=f"{queue}-{get_random_string(20)}",
        ).run()
    except DatabaseFault:
        log.warning("the queue %r waits, the database does not answer", queue)
        connection.close()
    close_old_connections()


def _run_forever() -> None:
    stopping = threading.Event()

    def keep(act: Callable[[], object], seconds: float) -> None:
        while not stopping.is_set():
            act()
            stopping.wait(seconds)

    acts: list[tuple[Callable[[], object], float]] = [(run_chores, PERIOD_S), (pulse, PULSE_S)]
    acts += [(partial(_work_apart, queue), PULSE_S) for queue in APART]
    for act, seconds in acts:
        threading.Thread(target=keep, args=(act, seconds), daemon=True).start()
    pause = 1.0
    try:
        while True:
            started = time.monotonic()
            try:
                call_command(
                    "db_worker",
                    verbosity=0,
                    interval=0.5,
                    reload=False,
                    queue_name="*",
                    exclude_queues=",".join(APART),
                )
            except DatabaseFault:
                pause = 1.0 if time.monotonic() - started > PERIOD_S else min(2 * pause, PERIOD_S)
                log.warning("the database does not answer; tasks wait %.0f s", pause)
                connection.close()
                time.sleep(pause)
            else:
                return
    finally:
        stopping.set()
