"""What a program leaves in /scratch, copied out: plain files only, within limits, no link followed.

Everything is opened relative to a descriptor of the box's own folder, once the box has ended, so
that no path can lead outside and nothing moves meanwhile.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from concours.box.order import BadOrder, Limits

DEEPEST = 32
LONGEST = 1024
"""Bytes of a path at most: it is written below a folder of ours, whose path counts too."""
NAMED = 5
SHOWN = 80
"""Characters of a path that is named."""
CHUNK = 1 << 20
KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a fifo",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(slots=True)
class Collected:
    """How many files, folders and bytes were copied, and how many were refused.

    Attributes:
        named: path and why of the first that were refused.
    """

    files: int = 0
    folders: int = 0
    size: int = 0
    refused: int = 0
    named: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, path: str, why: str) -> None:
        """Note what is not taken; the first are named."""
        self.refused += 1
        if len(self.named) < NAMED:
            self.named.append((path, why))

    def told(self) -> str:
        """What was refused, in one sentence; "" where nothing was."""
        if not self.refused:
            return ""
        names = ", ".join(f"{_short(path)!r} ({why})" for path, why in self.named)
        more = self.refused - NAMED
        return f"not taken from its files: {names}" + (f" and {more} more" if more > 0 else "")


def _short(path: str) -> str:
    return path if len(path) <= SHOWN else f"{path[:SHOWN]}..."


def check(into: Path) -> None:
    """Raises BadOrder unless it is an empty folder."""
    if not into.is_dir() or any(into.iterdir()):
        raise BadOrder(f"{into} is to take the program's files and is no empty folder")


def copy(scratch: int, into: Path, limits: Limits) -> Collected:
    """Copy the plain files below a descriptor's folder; executables stay executable.

    Raises OSError where they cannot be written here.
    """
    done = Collected()
    _folder(scratch, into, "", limits, done)
    return done


def _folder(source: int, into: Path, path: str, limits: Limits, done: Collected) -> None:
    for name, mode in _entries(source, path, limits, done):
        inner = f"{path}{name}"
        why = _objection(name, mode, inner, limits, done)
        if why:
            done.refuse(inner, why)
        elif stat.S_ISDIR(mode):
            handle = _open(source, name, os.O_DIRECTORY, inner, done)
            if handle is not None:
                try:
                    done.folders += 1
                    (into / name).mkdir()
                    _folder(handle, into / name, f"{inner}/", limits, done)
                finally:
                    os.close(handle)
        else:
            handle = _open(source, name, os.O_NONBLOCK, inner, done)
            if handle is not None:
                try:
                    _file(handle, into / name, inner, limits, done)
                finally:
                    os.close(handle)


def _entries(source: int, path: str, limits: Limits, done: Collected) -> Iterator[tuple[str, int]]:
    """Names and modes, in order; no more of a folder than may be taken at all."""
    with os.scandir(source) as listed:
        names = [one.name for one in itertools.islice(listed, limits.files + 1)]
    if len(names) > limits.files:
        done.refuse(path or ".", f"more than {limits.files} entries")
        return
    for name in sorted(names):
        yield name, os.stat(name, dir_fd=source, follow_symlinks=False).st_mode


def _objection(name: str, mode: int, path: str, limits: Limits, done: Collected) -> str:
    if not name.isprintable():
        return "an unprintable name"
    if len(path.encode()) > LONGEST:
        return "too long a path"
    if stat.S_ISDIR(mode) and path.count("/") >= DEEPEST:
        return "too deep"
    if stat.S_ISDIR(mode):
        return f"more than {limits.files} folders" if done.folders >= limits.files else ""
    if not stat.S_ISREG(mode):
        return KINDS.get(stat.S_IFMT(mode), "no plain file")
    return f"more than {limits.files} files" if done.files >= limits.files else ""


def _open(source: int, name: str, flags: int, path: str, done: Collected) -> int | None:
    try:
        return os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | flags, dir_fd=source)
    except OSError as error:
        done.refuse(path, error.strerror or "cannot be read")
        return None


def _file(handle: int, target: Path, path: str, limits: Limits, done: Collected) -> None:
    told = os.fstat(handle)
    if not stat.S_ISREG(told.st_mode):
        done.refuse(path, "no plain file")
    elif told.st_size > limits.file_bytes or done.size + told.st_size > limits.scratch_bytes:
        done.refuse(path, f"too large, {told.st_size} bytes")
    else:
        with target.open("xb") as file:
            left = told.st_size
            while left and (data := os.read(handle, min(CHUNK, left))):
                file.write(data)
                left -= len(data)
        target.chmod(0o755 if told.st_mode & 0o111 else 0o644)
        done.files += 1
        done.size += told.st_size
