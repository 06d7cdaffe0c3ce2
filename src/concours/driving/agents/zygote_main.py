"""The zygote's side: run by path as a program, with a file descriptor as argument, and in a box the
folders that agents may write to there.

It is asked over that socket to fork or to reap, one thing at a time, and ends with the engine. It
has one thread and, apart from the moment of a fork, no file open but that socket.
"""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import sys
from pathlib import Path
from typing import NoReturn

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from concours.driving.agents import inside, kernels, lockdown
from concours.driving.agents.zygote import (
    CLEAN,
    FORK_WITH_MAPS,
    KILL,
    REAP,
    REPLY,
    REQUEST,
    SOILED,
    TERMINATE,
)

MOST_HANDLES = 4
MOST_LEFT = 1_000
"""Files and folders that are cleared away after an agent; with more, the box is given up."""


def main() -> NoReturn:
    """Serve the engine until it closes its end."""
    lockdown.die_with_parent()
    lockdown.be_opaque()
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    rooms = sys.argv[2:]
    given = {path for room in rooms for path in _within(room)}
    bare = frozenset(sys.modules)
    while True:
        asked, handles, _, _ = socket.recv_fds(control, REQUEST.size, MOST_HANDLES)
        if len(asked) < REQUEST.size:
            os._exit(0)  # the engine is gone
        what, process = REQUEST.unpack(asked)
        if what in (TERMINATE, KILL):
            _end(process, what)
        elif what == REAP:
            os.waitpid(process, 0)
            process = CLEAN if not rooms or _tidied(rooms, given) else SOILED
        else:
            if what == FORK_WITH_MAPS:
                _load(rooms)
            process = _fork(control, handles, bare)
        control.send(REPLY.pack(process))


def _load(rooms: list[str]) -> None:
    """Kernels as the engine has compiled them: in a box, through links."""
    if rooms:
        kernels.link(Path(rooms[0]))
    kernels.compile_kernels()


def _end(process: int, how: bytes) -> None:
    with contextlib.suppress(ProcessLookupError):
        if how == KILL:
            os.killpg(process, signal.SIGKILL)
        else:
            os.kill(process, signal.SIGTERM)


def _within(folder: str) -> list[str]:
    """What is in a folder; what is mounted there is named, and not looked into."""
    found = []
    for entry in os.scandir(folder):
        found.append(entry.path)
        if entry.is_dir(follow_symlinks=False) and not os.path.ismount(entry.path):
            found += _within(entry.path)
    return found


def _tidied(rooms: list[str], given: set[str]) -> bool:
    """Clear the rooms of all but what was given; whether nobody is left, and nothing that this
    process may not remove."""
    here = {int(one) for one in os.listdir("/proc") if one.isdecimal()}  # noqa: PTH208
    if here - {1, os.getpid()}:
        return False
    left = MOST_LEFT
    try:
        for room in rooms:
            left = _emptied(room, left, given)
    except (OSError, RecursionError):
        return False
    return left > 0


def _emptied(folder: str, left: int, given: set[str]) -> int:
    """Remove what is in a folder, as long as more may be; how much more may."""
    for entry in tuple(os.scandir(folder)):
        own = entry.path not in given
        left -= own
        if left <= 0:
            break
        if entry.is_dir(follow_symlinks=False):
            if own or not os.path.ismount(entry.path):
                left = _emptied(entry.path, left, given)
            if own:
                Path(entry.path).rmdir()
        elif own:
            Path(entry.path).unlink()
    return left


def _fork(control: socket.socket, handles: list[int], bare: frozenset[str]) -> int:
    """A child that becomes an agent's keeper; its number."""
    gc.freeze()  # what the children share is not moved about
    child = os.fork()
    if child == 0:
        control.close()
        os.setpgid(0, 0)
        lockdown.die_with_parent()
        lockdown.be_opaque(opaque=False)  # an agent may read of itself what a fresh one may
        stream, status, log, *memory = handles
        for standard in (sys.stdout, sys.stderr):
            os.dup2(log, standard.fileno())
        os.close(log)
        inside.keep(stream, status, memory[0] if memory else -1, known=bare)
    os.setpgid(child, child)  # both do it: neither may wait for the other
    for handle in handles:
        os.close(handle)
    return child


if __name__ == "__main__":
    main()
