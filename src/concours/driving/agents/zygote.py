"""A process with the engine's code in memory, from which agents' processes are forked.

An interpreter that imports NumPy and numba and loads compiled kernels takes seconds; a fork takes
milliseconds. The zygote (zygote_main.py) runs nothing but the engine's own code, from a bare
environment. It gets the ends of the pipes that an agent talks through, and hands them to the child:
orders, scenarios and answers never pass through it. The child shuts itself in as if it had been
started afresh.

with Zygote() as zygote, AgentProcess(spec, zygote=zygote) as agent:
    agent.start()
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from concours.driving.agents.environment import BARE

MAIN = Path(__file__).with_name("zygote_main.py")
REQUEST = struct.Struct("<cxxxi")
"""What to do; the number of a process."""
FORK, FORK_WITH_MAPS, REAP = b"F", b"M", b"R"
REPLY = struct.Struct("<i")


class ZygoteEnded(RuntimeError):
    """The zygote is no more: not the agent's fault."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A child of the zygote, leader of its process group. Its number is its own until `wait`."""

    pid: int
    zygote: Zygote

    def terminate(self) -> None:
        """Ask it to end."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)

    def wait(self) -> None:
        """Until it has ended."""
        self.zygote.reap(self.pid)


class Zygote:
    """Forks agents' processes. Started by the first fork; to be used as a context, by one thread.

    Attributes:
        for_maps: whether the next ones forked will open maps: their kernels are loaded before.
    """

    def __init__(self) -> None:
        self.for_maps = False
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The number of its process; None where there is none."""
        return self._process.pid if self._process is not None else None

    def fork(self, stream: int, status: int, log: int, memory: int) -> Forked:
        """A keeper for an agent, with these file descriptors (memory: -1 for none) and no others.

        Raises ZygoteEnded.
        """
        if self._process is not None and self._process.poll() is not None:
            self.close()  # somebody killed it; what it had forked went with it
        if self._process is None:
            self._start()
        handles = [stream, status, log] + [memory] * (memory >= 0)
        asked = FORK_WITH_MAPS if self.for_maps else FORK
        return Forked(self._ask(asked, handles=handles), self)

    def reap(self, process: int) -> None:
        """Wait for the end of a process that was forked."""
        with contextlib.suppress(ZygoteEnded):
            self._ask(REAP, process)

    def close(self) -> None:
        """End it, and whatever it has forked."""
        if self._process is not None:
            self._control.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {name: os.environ[name] for name in ("NUMBA_CACHE_DIR",) if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-s", "-P", "-B", str(MAIN), str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=BARE | kept,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def _ask(self, what: bytes, process: int = 0, *, handles: Sequence[int] = ()) -> int:
        try:
            socket.send_fds(self._control, [REQUEST.pack(what, process)], handles)
            reply = self._control.recv(REPLY.size)
        except OSError as error:
            raise ZygoteEnded(str(error)) from None
        if len(reply) != REPLY.size:
            raise ZygoteEnded("the process that forks agents has ended")
        return int(REPLY.unpack(reply)[0])
