"""A filter of system calls: no new namespaces and, if so wished, no sockets, no new processes,
no memory past the limit.

Written for x86-64 and 64-bit ARM. A denied call fails with EPERM, or ENOSYS where the C library
then tries an older call. Sources: seccomp(2), linux/filter.h, linux/audit.h.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct

from concours.driving.agents.lockdown import libc

EPERM, ENOSYS = 1, 38
SET_SECCOMP, MODE_FILTER = 22, 2
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
"""BPF: load a word; jump if equal, if not less, if any bit is set; return."""
NUMBER, ARCH, FIRST_ARGUMENT = 0, 4, 16
"""Where they are in struct seccomp_data."""
ALLOW, ERRNO = 0x7FFF0000, 0x00050000
CLONE_THREAD = 0x10000
X32 = 0x40000000

ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
DENIED = {
    "x86_64": {
        "socket": 41, "ptrace": 101, "mount": 165, "process_vm_readv": 310,
        "process_vm_writev": 311, "unshare": 272, "setns": 308, "bpf": 321,
        "perf_event_open": 298, "userfaultfd": 323, "add_key": 248, "request_key": 249,
        "keyctl": 250, "pidfd_getfd": 438,
    },
    "aarch64": {
        "socket": 198, "ptrace": 117, "mount": 40, "process_vm_readv": 270,
        "process_vm_writev": 271, "unshare": 97, "setns": 268, "bpf": 280,
        "perf_event_open": 241, "userfaultfd": 282, "add_key": 217, "request_key": 218,
        "keyctl": 219, "pidfd_getfd": 438,
    },
}  # fmt: skip
UNCOUNTED = {
    "x86_64": {"memfd_create": 319, "memfd_secret": 447, "shmget": 29, "msgget": 68},
    "aarch64": {"memfd_create": 279, "memfd_secret": 447, "shmget": 194, "msgget": 186},
}
"""Memory that no limit of a process counts. Only processes that speak with each other need it."""
FORKS = {"x86_64": (57, 58), "aarch64": ()}
"""fork and vfork."""
CLONE = {"x86_64": 56, "aarch64": 220}
CLONE3, IO_URING_SETUP = 435, 425


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def filter_calls(*, forks: bool, sockets: bool = False) -> str:
    """Apply the filter to this process and all to come. It must have given up new privileges."""
    machine = platform.machine()
    if machine not in ARCHES:
        return f"missing: no filter is written for {machine}"
    code = program(machine, forks=forks, sockets=sockets)
    buffer = ctypes.create_string_buffer(code, len(code))
    made = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if libc.prctl(SET_SECCOMP, MODE_FILTER, ctypes.byref(made), 0, 0) != 0:
        return f"missing: {os.strerror(ctypes.get_errno())}"
    denied = ["no sockets"] * (not sockets) + ["no forks"] * (not forks)
    return ", ".join(denied) or "no namespaces"


def program(machine: str, *, forks: bool, sockets: bool = False) -> bytes:
    """The filter as BPF: each instruction (code, jump if true, jump if false, k)."""
    lines = [_line(LOAD, ARCH), _line(EQUAL, ARCHES[machine], yes=1), _deny(EPERM)]
    lines.append(_line(LOAD, NUMBER))
    if machine == "x86_64":
        lines += [_line(AT_LEAST, X32, no=1), _deny(EPERM)]
    for name, number in DENIED[machine].items():
        if name == "socket" and sockets:
            continue
        lines += [_line(EQUAL, number, no=1), _deny(EPERM)]
    for number in () if sockets else UNCOUNTED[machine].values():
        lines += [_line(EQUAL, number, no=1), _deny(ENOSYS)]
    # io_uring would open sockets past this filter.
    lines += [_line(EQUAL, IO_URING_SETUP, no=1), _deny(ENOSYS)]
    if not forks:
        for number in FORKS[machine]:
            lines += [_line(EQUAL, number, no=1), _deny(EPERM)]
        # clone3 hides its flags in memory: told that there is none, the C library takes clone.
        lines += [_line(EQUAL, CLONE3, no=1), _deny(ENOSYS)]
        lines += [_line(EQUAL, CLONE[machine], no=3), _line(LOAD, FIRST_ARGUMENT)]
        lines += [_line(ANY_BIT, CLONE_THREAD, yes=1), _deny(EPERM)]
    lines.append(_line(RETURN, ALLOW))
    return b"".join(lines)


def _line(code: int, k: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, k)


def _deny(errno: int) -> bytes:
    return _line(RETURN, ERRNO | errno)
