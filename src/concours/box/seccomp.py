"""The list of system calls as a seccomp filter, by libseccomp.

Sources: seccomp(2), seccomp_rule_add(3). A filter sees 64 bits of an argument of which the kernel
may use 32: where something is denied by its value, the upper half is masked out.
"""

from __future__ import annotations

import contextlib
import functools
import os
from typing import Any

from concours.box import calls
from concours.box.order import BoxFault

EPERM, ENOSYS = 1, 38


def library() -> Any:
    """libseccomp. Raises BoxFault where the machine has none."""
    try:
        import pyseccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise BoxFault(f"libseccomp is not installed ({error})") from None
    return pyseccomp


@functools.cache
def filters(*, loopback: bool = False) -> tuple[bytes, bytes]:
    """Two programs of BPF instructions, both to be applied: what is allowed, and what of it is not.

    loopback: whether sockets of the internet's families may be made. Raises BoxFault.
    """
    seccomp = library()
    return _exported(_allowed(seccomp, loopback=loopback)), _exported(_excepted(seccomp))


def profile(*, loopback: bool = False) -> dict[str, Any]:
    """The first of the two as an engine for containers takes it; they give no terminal to type in.

    Source: the OCI runtime specification, config-linux, seccomp.
    """

    def where(argument: int, value: int, op: str = "EQ", other: int = 0) -> list[dict[str, Any]]:
        told = {"index": argument, "value": value, "valueTwo": other, "op": f"SCMP_CMP_{op}"}
        return [told]

    def allow(names: list[str], args: list[dict[str, Any]]) -> dict[str, Any]:
        return {"names": names, "action": "SCMP_ACT_ALLOW", "args": args}

    rules = [allow([*calls.ALLOWED, "ioctl"], [])]
    rules += [allow(["personality"], where(0, value)) for value in calls.PERSONALITIES]
    rules.append(allow(["clone"], where(0, calls.NEW_NAMESPACES, "MASKED_EQ")))
    rules += [
        allow(["socket", "socketpair"], where(0, family)) for family in _families(loopback=loopback)
    ]
    denied = {"names": calls.DENIED, "action": "SCMP_ACT_ERRNO", "errnoRet": EPERM, "args": []}
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": ENOSYS,
        "syscalls": [*rules, denied],
    }


def _families(*, loopback: bool) -> tuple[int, ...]:
    return (calls.UNIX, calls.INET, calls.INET6) if loopback else (calls.UNIX,)


def _allowed(seccomp: Any, *, loopback: bool) -> Any:
    made = seccomp.SyscallFilter(seccomp.ERRNO(ENOSYS))
    for name in (*calls.ALLOWED, "ioctl"):
        _add(made, seccomp.ALLOW, name)
    for name in calls.DENIED:
        _add(made, seccomp.ERRNO(EPERM), name)
    for value in calls.PERSONALITIES:
        _add(made, seccomp.ALLOW, "personality", seccomp.Arg(0, seccomp.EQ, value))
    # clone3 keeps its flags where no filter can look; told that there is none, libc takes clone.
    plain = seccomp.Arg(0, seccomp.MASKED_EQ, calls.NEW_NAMESPACES, 0)
    _add(made, seccomp.ALLOW, "clone", plain)
    for call in ("socket", "socketpair"):
        for family in _families(loopback=loopback):
            _add(made, seccomp.ALLOW, call, seccomp.Arg(0, seccomp.EQ, family))
    return made


def _excepted(seccomp: Any) -> Any:
    made = seccomp.SyscallFilter(seccomp.ALLOW)
    for request in calls.TYPING:
        same = seccomp.Arg(1, seccomp.MASKED_EQ, calls.LOW_WORD, request)
        _add(made, seccomp.ERRNO(EPERM), "ioctl", same)
    return made


def _add(made: Any, action: int, name: str, *conditions: Any) -> None:
    # What is unknown here is left to the default, which denies it.
    with contextlib.suppress(OSError, ValueError):
        made.add_rule(action, name, *conditions)


def _exported(made: Any) -> bytes:
    with os.fdopen(os.memfd_create("filter"), "w+b") as file:
        made.export_bpf(file)
        file.seek(0)
        return file.read()
