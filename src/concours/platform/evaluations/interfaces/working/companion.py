"""The worker's side of the process that makes runs."""

from __future__ import annotations

import contextlib
import os
import signal
from multiprocessing import get_context
from multiprocessing.connection import wait
from typing import Any

from concours.platform.evaluations.interfaces.working import messages
from concours.platform.evaluations.interfaces.working.serving import serve

SPAWN = get_context("spawn")


class Companion:
    """A process that makes runs, and the line to it. When it crashes, nothing else does."""

    def __init__(self, *, parallel: int) -> None:
        self._line, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(
            target=serve, args=(theirs, parallel), name="concours run", daemon=False
        )
        self._process.start()
        theirs.close()
        self._hindrance: str | None = None

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def alive(self) -> bool:
        return self._process.is_alive()

    def hindrance(self, seconds: float) -> str | None:
        """Why it takes no order; "" where it does, None where it has told neither within `seconds`.

        Raises EOFError at its end.
        """
        while self._hindrance != "" and self.hear(seconds) is not None:
            pass  # what it tells of itself is noted as it is heard
        return self._hindrance

    def run(self, order: messages.RunOrder) -> None:
        """Raises OSError where it is dead."""
        self._line.send((messages.RUN, order))

    def stop(self) -> None:
        """Ask it to end the run."""
        with contextlib.suppress(OSError):
            self._line.send((messages.STOP, None))

    def hear(self, seconds: float) -> tuple[str, Any] | None:
        """What it tells next, None where it tells nothing so long. Raises EOFError at its end."""
        if not wait([self._line, self._process.sentinel], seconds):
            return None
        try:
            if self._line.poll():
                kind, content = self._line.recv()
                if kind in (messages.READY, messages.UNREADY):
                    self._hindrance = str(content or "")
                return str(kind), content
        except OSError as error:
            raise EOFError from error
        if not self._process.is_alive():
            raise EOFError
        return None

    def end(self) -> str:
        """Kill it with all that it started; how it ended, for staff to read."""
        with contextlib.suppress(OSError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.kill()
        self._process.join()
        self._line.close()
        return f"its process ended with {self._process.exitcode}"
