"""Resource limits of a process that waits to begin, set from outside; see setrlimit(2)."""

from __future__ import annotations

import contextlib
import resource

from concours.box.order import Limits

KEEPERS = 2
"""Processes of the box's own beside the program: its init, and one that changes user."""


def apply(process: int, limits: Limits, *, address_space: bool) -> str:
    """Limit a process and all that it will start. Returns what is limited, in words.

    address_space: limit memory in this way too, for want of a better one.
    """
    wanted = {
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_NPROC: limits.processes + KEEPERS,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
    }
    if address_space:
        wanted[resource.RLIMIT_AS] = limits.memory
    for what, value in wanted.items():
        _lower(process, what, value, value)
    # Past the soft limit it is told by SIGXCPU, a second later killed.
    _lower(process, resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)
    return "CPU time, file size, open files, no core dumps" + ", memory" * address_space


def _lower(process: int, what: int, soft: int, hard: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended: nothing is left to limit
        most = resource.prlimit(process, what)[1]
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.prlimit(process, what, (soft, hard))


def as_words(limits: Limits) -> list[str]:
    """The same, as options of an engine that runs containers."""
    return [
        f"fsize={limits.file_bytes}:{limits.file_bytes}",
        f"nofile={limits.open_files}:{limits.open_files}",
        f"nproc={limits.processes + KEEPERS}:{limits.processes + KEEPERS}",
        f"cpu={limits.cpu_seconds}:{limits.cpu_seconds + 1}",
        "core=0:0",
        "memlock=0:0",
    ]
