"""The zygote's side: run by path as a program, with a file descriptor as argument.

It is asked over that socket to fork or to reap, one thing at a time, and ends with the engine. It
has one thread and, apart from the moment of a fork, no file open but that socket.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from concours.driving.agents import inside, kernels, lockdown
from concours.driving.agents.zygote import FORK_WITH_MAPS, REAP, REPLY, REQUEST

MOST_HANDLES = 4


def main() -> NoReturn:
    """Serve the engine until it closes its end."""
    lockdown.die_with_parent()
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    bare = frozenset(sys.modules)
    while True:
        asked, handles, _, _ = socket.recv_fds(control, REQUEST.size, MOST_HANDLES)
        if len(asked) < REQUEST.size:
            os._exit(0)  # the engine is gone
        what, process = REQUEST.unpack(asked)
        if what == REAP:
            os.waitpid(process, 0)
        else:
            if what == FORK_WITH_MAPS:
                kernels.compile_kernels()
            process = _fork(control, handles, bare)
        control.send(REPLY.pack(process))


def _fork(control: socket.socket, handles: list[int], bare: frozenset[str]) -> int:
    """A child that becomes an agent's keeper; its number."""
    gc.freeze()  # what the children share is not moved about
    child = os.fork()
    if child == 0:
        control.close()
        os.setpgid(0, 0)
        lockdown.die_with_parent()
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
