"""Running git on a stranger's clone: its objects alone, in a repository folder of our own.

The clone's configuration, hooks, attributes, replacements and grafts are never read: git is given
an empty repository of ours whose objects are the clone's.
"""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

from concours.clones.errors import CloneRefused, Code
from concours.clones.facts import Limits
from concours.snapshots.gitprocess import GitUnusableError, check_version
from concours.snapshots.leash import environment, leashed

CHUNK = 1 << 16
# A shell sets the bounds because Python's preexec_fn can deadlock in a process with threads.
_BOUNDED = 'ulimit -c 0; ulimit -f 2048; ulimit -t "$1"; ulimit -v "$2" 2>/dev/null; shift 2; "$@"'
_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.commitGraph=false",
    "core.multiPackIndex=false",
    "core.attributesFile=/dev/null",
    "core.packedGitWindowSize=64m",
    "core.packedGitLimit=512m",
    "core.quotePath=false",
    "i18n.logOutputEncoding=UTF-8",
    "log.mailmap=false",
    "log.showSignature=false",
    "protocol.allow=never",
    "gc.auto=0",
    "maintenance.auto=false",
    "submodule.recurse=false",
)


class Git:
    """git on the objects at `objects`, with `folder` for its own files, until the deadline."""

    def __init__(self, *, objects: Path, folder: Path, limits: Limits) -> None:
        try:
            check_version("git")
        except GitUnusableError as error:
            raise CloneRefused(Code.NO_GIT, f"{error}.") from None
        self._folder = folder
        self._limits = limits
        self._end = time.monotonic() + limits.seconds
        self._environment = _environment(folder, objects)

    def lines(self, *arguments: str, end: bytes, longest: int = 2**22) -> Iterator[bytes]:
        """What git prints, cut at `end`, as it comes; git is gone when the iterator is.

        Raises CloneRefused for objects that cannot be read and at the deadline.
        """
        with self.stream(*arguments) as process:
            held = b""
            while chunk := _pipe(process.stdout).read1(CHUNK):  # type: ignore[attr-defined]
                *whole, held = (held + chunk).split(end)
                yield from whole
                if len(held) > longest:
                    raise corrupt()
            self.refuse_time()
            if process.wait() != 0 or held.strip(b"\n"):
                raise corrupt()

    def stream(self, *arguments: str) -> contextlib.AbstractContextManager[subprocess.Popen[bytes]]:
        """A running git with pipes at both ends, killed at the deadline and at the block's end."""
        return self.bounded(*_git(arguments, {}), stderr=subprocess.DEVNULL)

    def answer(
        self, *arguments: str, settings: Mapping[str, str], environment: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """(exit status, the first 64 KiB of all that it said) of a git with further settings."""
        command = _git(arguments, settings)
        with self.bounded(*command, stderr=subprocess.STDOUT, environment=environment) as process:
            told = _pipe(process.stdout).read(CHUNK)
            while _pipe(process.stdout).read(CHUNK):
                pass
            self.refuse_time()
            return process.wait(), told

    @contextlib.contextmanager
    def bounded(
        self, *command: str, stderr: int, environment: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A running program under the same bounds, with its own variables beside git's."""
        self.refuse_time()
        bounds = [str(int(self._limits.seconds) + 1), str(self._limits.memory_bytes // 1024)]
        process = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", _BOUNDED, "sh", *bounds, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            cwd=self._folder,
            env={**self._environment, **(environment or {})},
            start_new_session=True,
        )
        try:
            with leashed(process, seconds=self._end - time.monotonic()):
                yield process
        except CloneRefused:
            # What a killed git leaves looks like damage; the deadline is the truer reason.
            self.refuse_time()
            raise

    def refuse_time(self) -> None:
        """Raises CloneRefused TOO_SLOW once the deadline has passed."""
        if time.monotonic() >= self._end:
            raise CloneRefused(
                Code.TOO_SLOW,
                f"Reading the clone took more than {self._limits.seconds:g} seconds; allow more "
                "with --seconds, or run `git gc` in it.",
            )


class Objects:
    """Contents of objects through one `git cat-file --batch`."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._questions, self._answers = _pipe(process.stdin), _pipe(process.stdout)

    def read(self, object_id: str, *, most: int) -> tuple[str, bytes | None]:
        """The kind of an object and its bytes; None for one of more than `most` bytes.

        Raises CloneRefused where it is not there or damaged.
        """
        asked = object_id.encode("ascii")
        try:
            self._questions.write(asked + b"\n")
            self._questions.flush()
        except OSError:
            raise corrupt() from None
        answer = self._answers.readline(200).split()
        if len(answer) != 3 or answer[0] != asked:
            raise corrupt()
        size = int(answer[2])
        kept = b"".join(self._pieces(size, keep=size <= most))
        if self._answers.read(1) != b"\n":
            raise corrupt()
        return answer[1].decode("ascii"), kept if size <= most else None

    def _pieces(self, size: int, *, keep: bool) -> Iterator[bytes]:
        while size > 0:
            piece = self._answers.read(min(size, 16 * CHUNK))
            if not piece:
                raise corrupt()
            size -= len(piece)
            if keep:
                yield piece


def corrupt() -> CloneRefused:
    """For objects that are damaged or missing, as in a partial clone."""
    return CloneRefused(
        Code.CORRUPT,
        "Objects of the clone are damaged or missing; run `git fsck` in it, and clone it again "
        "in full (without --filter).",
    )


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("git was started without a pipe")
    return pipe


def _git(arguments: Sequence[str], settings: Mapping[str, str]) -> list[str]:
    given = [*_SETTINGS, *(f"{key}={value}" for key, value in settings.items())]
    parts = [part for setting in given for part in ("-c", setting)]
    return ["git", "--no-pager", *parts, *arguments]


def _environment(folder: Path, objects: Path) -> dict[str, str]:
    """Everything git sees of the environment."""
    return {
        **environment(folder),
        "GIT_OBJECT_DIRECTORY": str(objects),
        "GIT_ALLOW_PROTOCOL": "none",
    }
