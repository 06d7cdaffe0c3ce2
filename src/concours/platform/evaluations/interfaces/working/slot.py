"""One place of a worker where a run can be made: take, watch over, settle, and again."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseFault
from django.db import close_old_connections, connection

from concours.platform.evaluations.domain import places
from concours.platform.evaluations.domain.finishing import (
    CaseOutcome,
    finish_cancelled,
    finish_failed,
    finish_faulted,
    finish_scored,
    hand_back,
    lose,
)
from concours.platform.evaluations.domain.leases import Beat, Lease, beat, claim
from concours.platform.evaluations.domain.setting_aside import (
    MOST_REASON,
    note_worker_failure,
)
from concours.platform.evaluations.domain.workers import note_worker
from concours.platform.evaluations.interfaces.working import messages
from concours.platform.evaluations.interfaces.working.companion import Companion
from concours.platform.evaluations.interfaces.working.progress import Progress
from concours.platform.evaluations.interfaces.working.support import at_work
from concours.platform.evaluations.models import Evaluation, Worker

log = logging.getLogger(__name__)
POLL_S = 0.5
BEAT_S = 2.0
STOP_S = 3.0
"""How long a run may take to heed that it is to stop, before it is killed."""
FINISH_S = 5.0
"""How long a worker that is to leave waits for its runs before it hands them back."""
LONGEST_PAUSE_S = 30.0
START_AGAIN_S = 5.0
MOST_RUNS = 200
"""Runs that one process makes before a fresh one takes over."""


class Slot(threading.Thread):
    """Takes runs until `leaving` is set. `idle` is set while it found nothing to do."""

    def __init__(
        self, *, worker: Worker, number: int, parallel: int, leaving: threading.Event
    ) -> None:
        super().__init__(name=f"slot-{number}", daemon=True)
        self.idle = threading.Event()
        self._worker = worker
        self._number = number
        self._parallel = parallel
        self._leaving = leaving
        self._companion: Companion | None = None
        self._runs = 0
        self._note = ""

    def run(self) -> None:
        pause = POLL_S
        while not self._leaving.is_set():
            close_old_connections()
            try:
                worked = self._turn()
                pause = POLL_S
            except DatabaseFault:
                log.warning("the database does not answer; again in %.0f s", pause)
                connection.close()
                worked, pause = False, min(2 * pause, LONGEST_PAUSE_S)
            except Exception:
                # Its lease runs out, and the run is made elsewhere.
                log.exception("a run broke off")
                self._close()
                worked = False
            if not worked:
                self._leaving.wait(pause)
        self._close()
        connection.close()

    def _turn(self) -> bool:
        """Make one run, if one waits and nothing is in its way; whether it did."""
        hindrance = self._hindrance()
        if hindrance is None:
            return False
        self._tell(hindrance)
        taken = None
        if not hindrance:
            with at_work():
                taken = claim(worker=self._worker)
        if taken is None:
            self.idle.set()
            return False
        self.idle.clear()
        self._make(*taken)
        return True

    def _hindrance(self) -> str | None:
        """Why no run is taken now, "" where nothing is in the way; None while that shows."""
        if folder := places.full():
            return f"the disk is full: no run is taken while {folder} has so little room"
        try:
            found = self._ready().hindrance(POLL_S)
        except EOFError:
            how = self._close()
            self._leaving.wait(START_AGAIN_S)
            return f"no run is taken: at its start {how}"
        return f"no run is taken: {found}" if found else found

    def _tell(self, note: str) -> None:
        """Tell staff what is in the way, once, and again when nothing is any more."""
        if note != self._note:
            log.warning(note or "nothing is in the way any more: runs are taken")
            note_worker(worker=self._worker, note=note[:MOST_REASON])
            self._note = note

    def _ready(self) -> Companion:
        """The process at our side, started before there is work so that a run begins at once."""
        if self._companion is not None and (self._runs >= MOST_RUNS or not self._companion.alive()):
            self._close()
        if self._companion is None:
            self._companion = Companion(parallel=self._parallel)
            self._runs = 0
        return self._companion

    def _close(self) -> str:
        how = self._companion.end() if self._companion is not None else ""
        self._companion = None
        return how

    def _make(self, lease: Lease, row: Evaluation) -> None:
        progress = Progress()
        try:
            order = self._order(row)
            companion = self._ready()
            self._runs += 1
            companion.run(order)
            self._follow(companion, lease, progress)
        except (EOFError, OSError) as error:
            how = self._close() or "no process could be started"
            self._failed(lease, "worker-crashed", f"{how}: {error}".strip(": "))

    def _order(self, row: Evaluation) -> messages.RunOrder:
        """Raises OSError where the archive is not readable. Quick: the first heartbeat follows."""
        submission, sealed = row.submission, row.evaluator.seed_commitment
        work = places.work() / self._worker.name / str(self._number)
        return messages.RunOrder(
            evaluator_folder=places.evaluator_folder(row.evaluator),
            evaluator_digest=row.evaluator.digest,
            archive=places.archive_of(submission, into=work.with_suffix(".archive")),
            archive_digest=submission.digest,
            content_digest=submission.content_digest,
            split=row.split,
            seed=row.run_seed,
            secret_file=places.secret_file(row.evaluator) if sealed else None,
            seed_commitment=row.evaluator.seed_commitment,
            work=work,
            artefacts=places.artefacts(),
            folder=f"{row.code}/{row.attempts}",
        )

    def _follow(self, companion: Companion, lease: Lease, progress: Progress) -> None:
        """Hear what it tells and show life, until the run has ended one way or another."""
        next_beat = time.monotonic()
        give_up: float | None = None
        while True:
            now = time.monotonic()
            if now >= next_beat:
                next_beat = now + BEAT_S
                shown = self._show_life(lease, progress)
                if shown is Beat.LOST:
                    log.warning("a lease was lost: the run is left to another worker")
                    self._close()
                    return
                if shown is Beat.STOP and give_up is None:
                    companion.stop()
                    give_up = now + STOP_S
            if give_up is not None and now >= give_up:
                self._close()
                self._settle(finish_cancelled, lease=lease, seconds=progress.seconds)
                return
            if self._leaving.is_set() and progress.leave_after(FINISH_S):
                self._close()
                self._settle(hand_back, lease=lease)
                return
            if progress.silence > progress.patience:
                raise EOFError("it was silent for too long")
            told = companion.hear(0.2)
            if told is not None and self._heard(lease, progress, *told):
                if give_up is not None:
                    self._close()  # our word to stop may reach it yet
                return

    def _show_life(self, lease: Lease, progress: Progress) -> Beat:
        """A heartbeat. While the database does not answer the run goes on: the lease protects."""
        try:
            with at_work():
                return beat(lease=lease, done=progress.done, log=progress.log)
        except DatabaseFault:
            connection.close()
            return Beat.HELD

    def _heard(self, lease: Lease, progress: Progress, kind: str, content: Any) -> bool:
        """Act on what the process tells; whether the run has ended."""
        if kind == messages.SCORED:
            self._scored(lease, progress, content)
        elif kind == messages.FAILED:
            self._settle(
                finish_failed,
                lease=lease,
                code=content["code"],
                reason=content["reason"],
                log=content["log"][-65_536:],
                seconds=progress.seconds,
            )
        elif kind == messages.STOPPED:
            self._settle(finish_cancelled, lease=lease, seconds=progress.seconds)
        elif kind == messages.FAULTED:
            self._faulted(lease, progress, content)
        else:
            progress.heard(kind, content)
            return False
        return True

    def _scored(self, lease: Lease, progress: Progress, content: dict[str, Any]) -> None:
        cases = [CaseOutcome(**case) for case in content["cases"]]
        self._settle(
            finish_scored,
            lease=lease,
            values=content["values"],
            intervals=content["intervals"],
            digest=content["digest"],
            cases=cases,
            log=progress.log,
            seconds=progress.seconds,
        )

    def _faulted(self, lease: Lease, progress: Progress, content: dict[str, str]) -> None:
        if content["whose"] == messages.WORKER:
            self._failed(lease, content["code"], content["detail"])
            self._close()  # what broke down may have been in it: a cluster that it has lost
            return
        self._settle(
            finish_faulted,
            lease=lease,
            code=content["code"],
            detail=content["detail"],
            seconds=progress.seconds,
        )

    def _failed(self, lease: Lease, code: str, detail: str) -> None:
        """The run could not be carried out here: it waits again, and the worker is counted one."""
        log.warning("a run could not be carried out: %s: %s", code, detail)
        self._settle(lose, lease=lease, why=code, detail=detail)
        self._settle(
            note_worker_failure,
            worker=self._worker,
            evaluation_id=lease.evaluation_id,
            detail=f"{code}: {detail}",
        )

    def _settle(self, act: Callable[..., Any], **arguments: Any) -> None:
        """Do `act` once the database answers; the lease decides whether it still counts."""
        pause = POLL_S
        while True:
            try:
                with at_work():
                    act(**arguments)
            except DatabaseFault:
                connection.close()
                if self._leaving.wait(pause):
                    return
                pause = min(2 * pause, LONGEST_PAUSE_S)
            else:
                return


def empty_work(worker: Worker) -> None:
    """Take away what runs left in the worker's folder."""
    shutil.rmtree(places.work() / worker.name, ignore_errors=True)
