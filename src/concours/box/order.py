"""What is to be run in a box, within what limits, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

SCRATCH = "/scratch"
WRITABLE = (SCRATCH, "/tmp", "/dev/shm")  # noqa: S108
"""The folders that a program may write to, its own first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a program may use. All are of the program and everything it starts, taken together.

    Where the machine has no control groups, `memory` is of each process, of its address space; that
    is told in `Outcome.layers`.

    Attributes:
        wall_seconds: by a monotonic clock, from the moment the program starts.
        cpu_seconds: of all its threads.
        memory: bytes; what lies in /scratch and /tmp is counted apart.
        processes: alive at the same time, threads included.
        open_files: file descriptors of a process.
        scratch_bytes: of all files in /scratch. file_bytes: of one file.
        output_bytes: of stdout and of stderr each; one more ends the run.
        files: how many files, and how many folders, are collected from /scratch at the most.
    """

    wall_seconds: float = 600.0
    cpu_seconds: int = 600
    memory: int = 2 * 2**30
    processes: int = 64
    open_files: int = 256
    scratch_bytes: int = 256 * 2**20
    file_bytes: int = 64 * 2**20
    output_bytes: int = 2**20
    files: int = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A file or folder of this machine that the program may read, at `target` in the box.

    Not a link: what a stranger's link names would be mounted in its place. Where the box is run by
    root, and in a container, what is inside must be readable by every user; the folder itself need
    not.
    """

    source: Path
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A program to run.

    Attributes:
        argv: the command, found as in the box.
        mounts: what it may read beyond the system's folders and this interpreter's.
        environment: all of its environment but PATH, HOME, TMPDIR and LANG.
        stdin: a file of this machine; nothing where None.
        cwd: a folder in the box.
        image: an OCI or docker image archive to run in, in place of the system's folders; needs
            podman or docker.
        keep_fds: descriptors of this process that the program keeps, under the same numbers.
        loopback: whether its processes may speak with each other over TCP and UDP, on a network
            that has nothing but them.
    """

    argv: Sequence[str]
    limits: Limits = field(default_factory=Limits)
    mounts: Sequence[Mount] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    stdin: Path | None = None
    cwd: str = SCRATCH
    image: Path | None = None
    keep_fds: Sequence[int] = ()
    loopback: bool = False


class Ending(StrEnum):
    """How a run ended. BOX_FAULT is our fault, STOPPED the caller's wish, all else the program's.

    Its string is for records and logs; people read `Outcome.reason`.
    """

    EXITED = "exited"
    SIGNALLED = "signalled"
    WALL_TIME = "wall time"
    CPU_TIME = "cpu time"
    MEMORY = "memory"
    DISK = "disk"
    OUTPUT = "output"
    STOPPED = "stopped"
    BOX_FAULT = "box fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a run used; no part of any verdict.

    Attributes:
        cpu_seconds, wall_seconds: seconds. peak_bytes: of memory. written_bytes: in /scratch at
            the end.
    """

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_bytes: int = 0
    written_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an order.

    Attributes:
        exit_code: of the program, None where it did not exit.
        reason: one sentence for people; it names outputs that were refused.
        stdout, stderr: at most `output_bytes` of each.
        layers: name of a layer -> what shut the program in.
    """

    ending: Ending
    exit_code: int | None
    reason: str
    stdout: bytes = b""
    stderr: bytes = b""
    usage: Usage = field(default_factory=Usage)
    layers: Mapping[str, str] = field(default_factory=dict)

    @property
    def completed(self) -> bool:
        """Whether the program ran to its end and said that all is well."""
        return self.ending is Ending.EXITED and self.exit_code == 0


class BoxMissing(RuntimeError):
    """This machine has nothing that could shut a stranger's program in; it is not run."""


class BoxFault(RuntimeError):
    """The box itself failed; the program is not to blame."""


class BadOrder(ValueError):
    """An order that cannot be carried out as it stands: the caller's fault."""
