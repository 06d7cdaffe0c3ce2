"""A process with the engine's code in memory, from which agents' processes are forked.

An interpreter that imports NumPy and numba and loads compiled kernels takes seconds; a fork takes
milliseconds. The zygote (zygote_main.py) runs nothing but the engine's own code, from a bare
environment. It gets the ends of the pipes that an agent talks through, and hands them to the child:
orders, scenarios and answers never pass through it. The child shuts itself in as if it had been
started afresh.

with Zygote() as zygote, AgentProcess(spec, zygote=zygote) as agent:
    agent.start()

A zygote may itself be in a box: then one box serves the agents that are meant for that box, one
after another. None finds there what another one left, and nothing that an agent does to its box
outlives it: a zygote that does not answer, or finds anybody or much left behind, gets a new box.
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

from concours.driving.agents import kernels
from concours.driving.agents.environment import BARE

MAIN = Path(__file__).with_name("zygote_main.py")
REQUEST = struct.Struct("<cxxxi")
"""What to do; the number of a process."""
FORK, FORK_WITH_MAPS, TERMINATE, KILL, REAP = b"F", b"M", b"T", b"K", b"R"
REPLY = struct.Struct("<i")
"""The number of the process; when it was reaped, CLEAN or SOILED."""
CLEAN, SOILED = 0, 1
FORK_SECONDS = 120.0
"""It may have kernels to load, or to compile."""
ANSWER_SECONDS = 20.0
ENDING_SECONDS = 10.0


class ZygoteEnded(RuntimeError):
    """The zygote is no more: not the agent's fault."""


@dataclass(frozen=True, slots=True)
class Forked:
    """A child of the zygote, leader of its process group. Its number is its own until `wait`.

    pid: as the zygote knows it, which in a box is another number than outside.
    """

    pid: int
    zygote: Zygote

    def terminate(self) -> None:
        """Ask it to end."""
        self.zygote.tell(TERMINATE, self.pid)

    def kill(self) -> None:
        """End it and its group."""
        self.zygote.tell(KILL, self.pid)

    def wait(self) -> None:
        """Until it has ended."""
        self.zygote.tell(REAP, self.pid)


class Zygote:
    """Forks agents' processes. Started by the first fork; to be used as a context, by one thread.

    Attributes:
        for_maps: whether the next ones forked will open maps: their kernels are loaded before.
    """

    def __init__(self, *, wrapper: Sequence[str] = (), rooms: Sequence[str] = ()) -> None:
        """wrapper: put before the command line, as in AgentSpec; only agents with the same one are
        forked here, and SIGUSR1 tells it when the next one begins. rooms: the folders that can be
        written to in its box; agents' scratch folders are made in the first, and all are emptied
        after each agent.
        """
        self.wrapper = tuple(wrapper)
        self.rooms = tuple(rooms)
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
        handles = [stream, status, log] + [memory] * (memory >= 0)
        if self._process is not None:
            with contextlib.suppress(ZygoteEnded):  # by one that it has forked before
                if self.wrapper:
                    self._process.send_signal(signal.SIGUSR1)
                return self._forked(handles)
        self._start()
        return self._forked(handles)

    def tell(self, what: bytes, process: int) -> None:
        """Have a process that was forked ended, or reaped. A box that was soiled is left."""
        with contextlib.suppress(ZygoteEnded):
            if self._ask(what, process) == SOILED and what == REAP:
                self.close()

    def close(self) -> None:
        """End it, and whatever it has forked."""
        if self._process is None:
            return
        self._control.close()
        if self.wrapper:  # it ends by itself, and its box is cleared away
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(ENDING_SECONDS)
        self._process.kill()
        self._process.wait()
        self._process = None

    def _forked(self, handles: list[int]) -> Forked:
        asked = FORK_WITH_MAPS if self.for_maps else FORK
        return Forked(self._ask(asked, handles=handles), self)

    def _start(self) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        kept = {name: os.environ[name] for name in ("NUMBA_CACHE_DIR",) if name in os.environ}
        if self.rooms:
            kept["NUMBA_CACHE_DIR"] = kernels.cache_in(self.rooms[0])
        command = [*self.wrapper, sys.executable, "-s", "-P", "-B", str(MAIN)]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [*command, str(theirs.fileno()), *self.rooms],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd="/",
                env=BARE | kept,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def _ask(self, what: bytes, process: int = 0, *, handles: Sequence[int] = ()) -> int:
        """Its answer. Raises ZygoteEnded, with nothing left of it, where there is none."""
        if self._process is None:
            raise ZygoteEnded("the process that forks agents has ended")
        try:
            self._control.settimeout(FORK_SECONDS if handles else ANSWER_SECONDS)
            socket.send_fds(self._control, [REQUEST.pack(what, process)], handles)
            reply = self._control.recv(REPLY.size)
        except OSError as error:
            self.close()
            raise ZygoteEnded(f"the process that forks agents: {error}") from None
        if len(reply) != REPLY.size:
            self.close()
            raise ZygoteEnded("the process that forks agents has ended")
        return int(REPLY.unpack(reply)[0])
