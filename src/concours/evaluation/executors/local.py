"""Cases in processes of this machine. A process that is killed is noticed and its case done again.

Every worker is a thread here with a process at its side: a pool of the standard library is broken
for good when one of its processes dies.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Self

from concours.evaluation.cases import CaseOrder, CaseResult, faulted
from concours.evaluation.executors import child
from concours.evaluation.executors.protocol import Watch

ATTEMPTS = 3
"""How often a case is begun whose process dies before it is given up as faulted."""
LOOK_SECONDS = 0.2
GRACE_SECONDS = 10.0
"""How long a case may take to heed that it is to stop, before its process is killed."""
SPAWN = get_context("spawn")


@dataclass(slots=True, kw_only=True)
class _Task:
    order: CaseOrder
    future: Future[CaseResult]
    stop: threading.Event
    watch: Watch | None


class LocalExecutor:
    """Runs cases in `workers` processes of this machine; see protocol.Executor."""

    def __init__(self, workers: int | None = None) -> None:
        """workers: None for one a processor. Raises ValueError below 1."""
        count = (os.cpu_count() or 1) if workers is None else workers
        if count < 1:
            raise ValueError("at least one worker is needed")
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._threads = [
            threading.Thread(target=self._work, name=f"evaluation-{number}", daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def submit(
        self, order: CaseOrder, *, stop: threading.Event | None = None, watch: Watch | None = None
    ) -> Future[CaseResult]:
        """Run a case; cases begin in the order in which they were submitted."""
        if self._closing.is_set():
            raise RuntimeError("the executor is closed")
        future: Future[CaseResult] = Future()
        task = _Task(order=order, future=future, stop=stop or threading.Event(), watch=watch)
        self._tasks.put(task)
        return future

    def close(self) -> None:
        """End all workers; what has not come to an end is faulted."""
        self._closing.set()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        with contextlib.suppress(queue.Empty):
            while True:
                task = self._tasks.get_nowait()
                if task is not None and task.future.set_running_or_notify_cancel():
                    task.future.set_result(_stopped(task.order))

    def _work(self) -> None:
        """A worker's life: its process is started before there is a case, and anew when it died."""
        process: _Process | None = _Process()
        while (task := self._tasks.get()) is not None and not self._closing.is_set():
            if not task.future.set_running_or_notify_cancel():
                continue
            result: CaseResult | None = None
            for _ in range(ATTEMPTS):
                if task.stop.is_set():
                    result = _stopped(task.order)
                    break
                process = process or _Process()
                result = self._followed(process, task)
                if result is not None:
                    break
                process.end()
                process = None
            task.future.set_result(result or _given_up(task.order))
        if task is not None and task.future.set_running_or_notify_cancel():
            task.future.set_result(_stopped(task.order))
        if process is not None:
            process.end()

    def _followed(self, process: _Process, task: _Task) -> CaseResult | None:
        """The result of a case, or None where its process died over it."""
        if not process.say(task.order):
            return None
        left = GRACE_SECONDS
        asked = False
        while True:
            if task.stop.is_set() or self._closing.is_set():
                asked = asked or process.say(child.STOP)
                left -= LOOK_SECONDS
                if left <= 0:
                    process.end()
                    return _stopped(task.order)
            told = process.hear(LOOK_SECONDS)
            if told is None:
                continue
            kind, content = told
            if kind == child.RESULT:
                return content if isinstance(content, CaseResult) else None
            if task.watch is not None and isinstance(content, bytes):
                task.watch(content)


class _Process:
    """A process that runs cases, and the line to it."""

    def __init__(self) -> None:
        self._line, theirs = SPAWN.Pipe()
        self._process: BaseProcess = SPAWN.Process(
            target=child.serve, args=(theirs,), name="concours evaluation", daemon=False
        )
        self._process.start()
        theirs.close()

    def say(self, what: object) -> bool:
        """Send something; whether there was anybody to hear it."""
        try:
            self._line.send(what)
        except OSError:
            return False
        return True

    def hear(self, seconds: float) -> tuple[str, object] | None:
        """What it tells next, None where it tells nothing so long; ("result", None) at its end."""
        line: Connection = self._line
        if not wait([line, self._process.sentinel], seconds):
            return None
        try:
            if line.poll():
                kind, content = line.recv()
                return str(kind), content
        except (EOFError, OSError):
            pass
        return (child.RESULT, None) if not self._process.is_alive() else None

    def end(self) -> None:
        """Kill it, with the boxes in it, which do not outlive it."""
        self._process.kill()
        self._process.join()
        self._line.close()


def _stopped(order: CaseOrder) -> CaseResult:
    return faulted(order.case, "stopped", "the run was stopped")


def _given_up(order: CaseOrder) -> CaseResult:
    reason = f"its process died {ATTEMPTS} times: look whether the machine runs out of memory"
    return faulted(order.case, "worker-died", reason)
