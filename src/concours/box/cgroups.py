"""A control group around a box: memory and processes of all of it limited, CPU time counted.

Version 2 where this process may make groups below its own or beside it, version 1 where its
hierarchies may be written, else none. See cgroups(7), and the kernel's admin-guide/cgroup-v1 and
admin-guide/cgroup-v2.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from concours.box.order import BoxFault

ROOT = Path("/sys/fs/cgroup")
PREFIX = "concours-box-"
ENDING_SECONDS = 10.0
STEP_SECONDS = 0.001
V1 = ("memory", "pids", "cpuacct")
V2 = ("memory", "pids")
"""CPU time is counted without its controller."""
JOIN = 'while [ "$1" != -- ]; do echo 0 >"$1" || exit 125; shift; done; shift; exec "$@"'
SETTING = "CONCOURS_BOX_CGROUP"
"""Environment variable that names a folder of version 2 in which groups may be made."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where groups are made. version: 1, 2, or 0 for nowhere. parents: controller -> folder."""

    version: int
    parents: dict[str, Path]
    why: str = ""

    def told(self) -> str:
        """What comes of it, in words."""
        if self.version:
            return f"control group, version {self.version}: memory, processes, CPU time, of all"
        return (
            f"no control group ({self.why}): memory is limited for each process, not for all"
            " together, and CPU time of all is looked at now and then"
        )


@functools.cache
def place() -> Place:
    """Where this process can make groups; left-overs of processes that are gone are removed."""
    found = _place_v2() if (ROOT / "cgroup.controllers").exists() else _place_v1()
    for parent in found.parents.values():
        _sweep(parent)
    return found


def _place_v1() -> Place:
    own = _groups_of(os.getpid())
    parents = {}
    for name in V1:
        parent = ROOT / name / own.get(name, "/").lstrip("/")
        if not os.access(parent, os.W_OK):
            return Place(0, {}, f"{ROOT / name} cannot be written")
        parents[name] = parent
    return Place(1, parents)


def _place_v2() -> Place:
    own = ROOT / _groups_of(os.getpid()).get("", "/").lstrip("/")
    candidates = [Path(os.environ[SETTING])] if SETTING in os.environ else [own.parent, own]
    why = "none is delegated to this user"
    for parent in candidates:
        if not parent.is_relative_to(ROOT):
            continue
        try:
            wanted = " ".join(f"+{name}" for name in V2)
            (parent / "cgroup.subtree_control").write_text(wanted)
            probe = parent / f"{PREFIX}{_owner()}-probe"
            probe.mkdir()
            probe.rmdir()
        except OSError as error:
            why = f"{parent}: {error.strerror}"
            continue
        return Place(2, {"": parent})
    return Place(0, {}, why)


def _groups_of(process: int) -> dict[str, str]:
    """A process's group by controller; "" is version 2."""
    found = {}
    for line in Path(f"/proc/{process}/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        found.update(dict.fromkeys(names.split(","), path))
    return found


class Group:
    """The groups of one box; without any where the machine has none to give."""

    def __init__(self, where: Place, *, memory: int, processes: int) -> None:
        """memory: bytes, of which none may be swapped. Raises BoxFault."""
        self._where = where
        name = f"{PREFIX}{_owner()}-{secrets.token_hex(6)}"
        self._folders = {key: parent / name for key, parent in where.parents.items()}
        try:
            for folder in self._folders.values():
                folder.mkdir()
            if where.version == 1:
                self._write("memory", "memory.limit_in_bytes", memory)
                self._write("memory", "memory.memsw.limit_in_bytes", memory, optional=True)
                self._write("pids", "pids.max", processes)
            elif where.version == 2:
                self._write("", "memory.max", memory)
                self._write("", "memory.swap.max", 0, optional=True)
                self._write("", "memory.oom.group", 1, optional=True)
                self._write("", "pids.max", processes)
        except OSError as error:
            self.remove()
            raise BoxFault(f"no control group could be made: {error}") from None

    @classmethod
    def of(cls, process: int) -> Self:
        """Those that somebody else made around a process, to be read and not removed.

        Raises OSError for one that is gone.
        """
        own = _groups_of(process)
        version = 2 if (ROOT / "cgroup.controllers").exists() else 1
        names = V1 if version == 1 else ("",)
        made = cls.__new__(cls)
        made._where = Place(version, {})
        made._folders = {name: ROOT / name / own[name].lstrip("/") for name in names if name in own}
        return made

    @property
    def limits_memory(self) -> bool:
        """Whether the memory of all processes together is limited."""
        return self._where.version > 0

    def join(self, process: int) -> None:
        """Put a process in, and with it all that it will start. Raises OSError."""
        for key in self._folders:
            self._write(key, "cgroup.procs", process)

    def joining(self) -> list[str]:
        """Words to put before a command, so that it is in from its first moment.

        For a process to put itself in costs less than to be put in, which waits for all processors.
        """
        if not self._folders:
            return []
        name = "tasks" if self._where.version == 1 else "cgroup.procs"
        files = [str(folder / name) for folder in self._folders.values()]
        return ["/bin/sh", "-c", JOIN, "join", *files, "--"]

    def cpu_seconds(self) -> float | None:
        """Used so far by all; None where it is not known."""
        if self._where.version == 1:
            return int(self._read("cpuacct", "cpuacct.usage") or 0) / 1e9
        if self._where.version == 2:
            return self._field("", "cpu.stat", "usage_usec") / 1e6
        return None

    def peak_bytes(self) -> int:
        """The most memory used by all at a time; 0 where it is not known."""
        if self._where.version == 1:
            return int(self._read("memory", "memory.max_usage_in_bytes") or 0)
        return int(self._read("", "memory.peak") or 0) if self._where.version == 2 else 0

    def killed_for_memory(self) -> bool:
        """Whether the kernel ended a process in it because memory ran out."""
        if self._where.version == 1:
            return self._field("memory", "memory.oom_control", "oom_kill") > 0
        return self._where.version == 2 and self._field("", "memory.events", "oom_kill") > 0

    def remove(self) -> None:
        """End what is in it and remove it. Raises BoxFault where that does not succeed."""
        until = time.monotonic() + ENDING_SECONDS
        for folder in self._folders.values():
            while not _removed(folder):
                if time.monotonic() > until:
                    raise BoxFault(f"{folder} cannot be removed")
                time.sleep(STEP_SECONDS)

    def _write(self, key: str, name: str, value: int, *, optional: bool = False) -> None:
        try:
            (self._folders[key] / name).write_text(str(value))
        except OSError:
            if not optional:
                raise

    def _read(self, key: str, name: str) -> str:
        with contextlib.suppress(OSError):
            return (self._folders[key] / name).read_text()
        return ""

    def _field(self, key: str, name: str, field: str) -> int:
        for line in self._read(key, name).splitlines():
            if line.startswith(field + " "):
                return int(line.split()[1])
        return 0


def _removed(folder: Path) -> bool:
    """Try to remove a group after ending what is in it."""
    try:
        for one in (folder / "cgroup.procs").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(one), signal.SIGKILL)
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _owner() -> str:
    """This process, told from a later one of the same number by when it began."""
    return f"{os.getpid()}-{_began(os.getpid())}"


def _began(process: int) -> str:
    try:
        line = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return ""
    return line.rpartition(")")[2].split()[19]


def _sweep(parent: Path) -> None:
    """Remove groups of processes that were killed before they could do so."""
    for folder in parent.glob(f"{PREFIX}*"):
        number, began, *_ = folder.name.removeprefix(PREFIX).split("-")
        if _began(int(number)) != began:
            _removed(folder)
