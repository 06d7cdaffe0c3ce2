"""A worker's evaluations: its slots, its heartbeat, and its eye on the others."""

from __future__ import annotations

import logging
import os
import threading
from types import TracebackType
from typing import Self

from django.db import Error as DatabaseFault
from django.db import close_old_connections, connection

from concours import box
from concours.platform.evaluations.domain.liveness import LifeSign
from concours.platform.evaluations.domain.watching import LOOK_S, Watch
from concours.platform.evaluations.domain.workers import leave, new_name, register, show_life
from concours.platform.evaluations.interfaces.working.slot import FINISH_S, Slot, empty_work
from concours.platform.evaluations.interfaces.working.support import at_work

log = logging.getLogger(__name__)


class Station:
    """Makes evaluations while the block lasts.

    Without a sandbox it makes none, and says so here and to staff: it is a worker without slots.
    """

    def __init__(self, *, slots: int) -> None:
        self._count = slots
        self._leaving = threading.Event()
        self._slots: list[Slot] = []
        self._heart = threading.Thread(target=self._live, name="heart", daemon=True)

    def __enter__(self) -> Self:
        found, note = _box()
        slots = self._count if found else 0
        self._name = new_name()
        self._sign = LifeSign(self._name)
        with at_work():
            self._worker = register(name=self._name, slots=slots, box=found, note=note)
        parallel = max(1, (os.cpu_count() or 1) // self._count)
        self._slots = [
            Slot(worker=self._worker, number=number, parallel=parallel, leaving=self._leaving)
            for number in range(1, slots + 1)
        ]
        for thread in (*self._slots, self._heart):
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish or hand back what runs, and note that the worker left."""
        self._leaving.set()
        for slot in self._slots:
            slot.join(timeout=2 * FINISH_S)
        self._heart.join(timeout=FINISH_S)
        try:
            with at_work():
                leave(worker=self._worker)
        except DatabaseFault:
            log.warning("the database does not answer: the others will notice that we left")
        empty_work(self._worker)
        self._sign.close()

    def wait_until_idle(self) -> None:
        """Return once no slot finds anything to do."""
        for slot in self._slots:
            slot.idle.clear()
        for slot in self._slots:
            slot.idle.wait()

    def _live(self) -> None:
        watch = Watch()
        while not self._leaving.is_set():
            close_old_connections()
            try:
                with at_work():
                    show_life(worker=self._worker)
                    watch.look()
            except DatabaseFault:
                connection.close()
            except Exception:
                log.exception("the watch over the workers failed")
            self._leaving.wait(LOOK_S)
        connection.close()


def _box() -> tuple[str, str]:
    """The sandbox of this machine, and a word to staff where there is none."""
    try:
        return box.strongest(), ""
    except box.BoxMissing as missing:
        log.warning("no evaluations are made here: %s", missing)
        return "", f"makes no runs: {missing}"
