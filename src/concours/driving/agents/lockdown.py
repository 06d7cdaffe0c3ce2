"""Layers that shut a process in, on Linux without privileges. Runs in the agent's process.

Each function applies one layer to the calling process and says what came of it, in words that
begin with "missing" where the kernel lacks it. Nothing here can be undone by what runs afterwards.

Sources: landlock(7), seccomp(2), prctl(2), capabilities(7), namespaces(7); linux/landlock.h,
linux/seccomp.h, linux/filter.h.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import os
import resource
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

from concours.driving.agents.spec import Limits

LAYERS = ("limits", "files", "signals", "network", "processes", "calls", "scratch", "privileges")
"""Names of the layers, as `Limits.require` and `Usage.isolation` use them."""

libc = ctypes.CDLL(None, use_errno=True)
SET_PDEATHSIG, SET_DUMPABLE, SET_NO_NEW_PRIVS, SET_SUBREAPER, CAPBSET_DROP = 1, 4, 38, 36, 24
SIGKILL = 9
IPC_LOCK = 14
"""The right to keep memory from being swapped: without it shared memory is small."""
SET_INTERFACE_FLAGS, UP = 0x8914, 1
SHARED = "/dev/shm"  # noqa: S108
MOST_FILES = 65_536
"""In each file system in memory: empty files take memory of the kernel's too."""
NEW_NS, NEW_IPC, NEW_USER, NEW_PID, NEW_NET = (
    0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000,
)  # fmt: skip
SEPARATE = NEW_NS | NEW_IPC | NEW_PID | NEW_NET
NO_SUID, NO_DEV, RECURSIVE, PRIVATE = 2, 4, 0x4000, 0x40000
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
READ_RIGHTS = 1 << 0 | 1 << 2 | 1 << 3
"""Execute, read a file, list a folder."""
LIST_RIGHT = 1 << 3
FILE_RIGHTS = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15
"""Those that can be granted on a file."""


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends."""
    libc.prctl(SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def be_opaque(*, opaque: bool = True) -> None:
    """Let no process of the same user look into this one's memory and files, or let them again."""
    libc.prctl(SET_DUMPABLE, int(not opaque), 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ended."""
    libc.prctl(SET_SUBREAPER, 1, 0, 0, 0)


def separate(scratch: str, limits: Limits) -> dict[str, str]:
    """Namespaces of its own: for processes to come, the network, and a scratch file system.

    With a user namespace where the process may not do so otherwise. To be called with one thread.
    """
    user, group = os.getuid(), os.getgid()
    if libc.unshare(SEPARATE) != 0:
        if libc.unshare(SEPARATE | NEW_USER) != 0:
            why = f"missing: {os.strerror(ctypes.get_errno())}"
            return {"processes": why, "network": why, "scratch": why}
        with contextlib.suppress(OSError):
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    done = {"processes": "namespace", "network": "namespace"}
    if limits.sockets:
        _raise_loopback()
    return {**done, "scratch": _mount_scratch(scratch, limits)}


def _raise_loopback() -> None:
    """Let the processes in the network namespace reach each other, and nobody else."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_one:
        fcntl.ioctl(any_one, SET_INTERFACE_FLAGS, struct.pack("16sH14x", b"lo", UP))


def _mount_scratch(scratch: str, limits: Limits) -> str:
    """A file system in memory, of bounded size, gone with the process; for shared memory too."""
    size = limits.scratch_bytes
    options = f"size={size},nr_inodes={MOST_FILES},mode=700".encode()
    if (
        libc.mount(None, b"/", None, RECURSIVE | PRIVATE, None) != 0
        or libc.mount(b"tmpfs", scratch.encode(), b"tmpfs", NO_SUID | NO_DEV, options) != 0
    ):
        return f"missing: {os.strerror(ctypes.get_errno())}"
    os.chdir(scratch)
    if limits.sockets:
        shared = f"size={limits.file_bytes},nr_inodes={MOST_FILES},mode=700".encode()
        libc.mount(b"tmpfs", SHARED.encode(), b"tmpfs", NO_SUID | NO_DEV, shared)
    return f"own file system of {size} bytes"


def limit(limits: Limits) -> str:
    """Resource limits; see setrlimit(2)."""
    wanted = {
        resource.RLIMIT_AS: limits.memory,
        resource.RLIMIT_FSIZE: limits.file_bytes,
        resource.RLIMIT_NOFILE: limits.open_files,
        resource.RLIMIT_CORE: 0,
    }
    for what, value in wanted.items():
        _lower(what, value, value)
    # Past the soft limit it is told by SIGXCPU, a second later killed.
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)
    return "memory, file size, open files, CPU time"


def _lower(what: int, soft: int, hard: int) -> None:
    most = resource.getrlimit(what)[1]
    if most != resource.RLIM_INFINITY:  # a box around this process may have set less
        soft, hard = min(soft, most), min(hard, most)
    resource.setrlimit(what, (soft, hard))


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def landlock(
    readable: Iterable[str],
    writable: Iterable[str],
    *,
    listable: Iterable[str] = (),
    sockets: bool = False,
) -> dict[str, str]:
    """Only these files and folders may be read, or written; outside signals and TCP are denied.

    listable: folders of which all that lies below may be listed, not read. sockets: TCP is not
    denied. What is not there is passed over. A process must have dropped the right to gain
    privileges.
    """
    abi = libc.syscall(CREATE_RULESET, None, 0, 1)
    if abi < 1:
        why = f"missing: {os.strerror(ctypes.get_errno())}"
        return {"files": why, "signals": why}
    # How many rights of each kind an ABI knows.
    every = (1 << (13, 14, 15, 15, 16)[min(abi, 5) - 1]) - 1
    attributes = _Ruleset(every, 0b11 if abi >= 4 and not sockets else 0, 0b11 if abi >= 6 else 0)
    size = ctypes.sizeof(attributes) if abi >= 6 else (16 if abi >= 4 else 8)
    rules = libc.syscall(CREATE_RULESET, ctypes.byref(attributes), size, 0)
    if rules < 0:
        why = f"missing: {os.strerror(ctypes.get_errno())}"
        return {"files": why, "signals": why}
    try:
        for path in readable:
            _grant(rules, path, READ_RIGHTS & every)
        for path in listable:
            _grant(rules, path, LIST_RIGHT)
        for path in writable:
            _grant(rules, path, every)
        if libc.syscall(RESTRICT_SELF, rules, 0) != 0:
            why = f"missing: {os.strerror(ctypes.get_errno())}"
            return {"files": why, "signals": why}
    finally:
        os.close(rules)
    signals = f"landlock {abi}" if abi >= 6 else f"missing: landlock {abi} has none"
    return {"files": f"landlock {abi}", "signals": signals}


def _grant(rules: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112
            rights &= FILE_RIGHTS
        beneath = _Beneath(rights, handle)
        libc.syscall(ADD_RULE, rules, 1, ctypes.byref(beneath), 0)
    finally:
        os.close(handle)


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


def drop_privileges(*, sockets: bool = False) -> str:
    """No capabilities, and no way to gain any; with sockets, memory may be locked where it could.

    That right gives no reach beyond the process: memory stays limited as it is.
    """
    kept = 1 << IPC_LOCK if sockets and _has(IPC_LOCK) else 0
    for capability in range(64):
        if not kept >> capability & 1:
            libc.prctl(CAPBSET_DROP, capability, 0, 0, 0)
    header = _CapHeader(0x20080522, 0)
    left = (ctypes.c_uint32 * 6)(kept, kept)  # effective, permitted, inheritable; twice 32
    dropped = libc.capset(ctypes.byref(header), ctypes.byref(left)) == 0
    sealed = libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    if not (dropped and sealed):
        return "missing: capabilities could not be dropped"
    return "to lock memory" if kept else "none"


def _has(capability: int) -> bool:
    header = _CapHeader(0x20080522, 0)
    held = (ctypes.c_uint32 * 6)()
    return libc.capget(ctypes.byref(header), ctypes.byref(held)) == 0 and bool(
        held[1] >> capability & 1
    )
