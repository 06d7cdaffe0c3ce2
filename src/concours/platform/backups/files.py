"""Files into a backup: copied once, and then shared by hard links from one backup to the next.

Uploads and what runs leave are written once under names that are never used again, so that a file
of the same name, size and time of change is the same file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from concours.platform.backups.manifest import CHUNK, Kept

KEPT = ("files", "evaluations/evaluators", "evaluations/artefacts")
"""Folders of an installation that a backup holds. Caches and workshops are made anew."""
SECRET = ("evaluations/sealed", "secret_key", "credential_key")
"""What is held on request only: who has it can sign in as anybody, knows sealed cases, and can
sign credentials in the installation's name."""


def sources(roots: Mapping[str, Path], names: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """(path in the backup, path on the disk) of every file below the named places, in order."""
    for name in names:
        place = roots[name]
        if place.is_file():
            yield name, place
        for folder, inner, files in os.walk(place):
            inner.sort()
            for file in sorted(files):
                path = Path(folder) / file
                if path.is_file() and not path.is_symlink():
                    yield f"{name}/{path.relative_to(place).as_posix()}", path


def keep(
    *, name: str, source: Path, into: Path, before: Mapping[str, Kept], earlier: Path | None
) -> Kept | None:
    """Put one file into the backup at `into`; None where it has gone meanwhile.

    `before` is what the backup `earlier` holds, by path. Raises OSError where the disk is full.
    """
    try:
        stat = source.stat()
    except FileNotFoundError:
        return None
    target = into / name
    target.parent.mkdir(parents=True, exist_ok=True)
    known = before.get(name)
    if (
        earlier is not None
        and known is not None
        and (known.size, known.changed_ns) == (stat.st_size, stat.st_mtime_ns)
        and _link(earlier / name, target, size=known.size)
    ):
        return known
    try:
        copied = copy(source, target)
    except FileNotFoundError:
        target.unlink(missing_ok=True)
        return None
    return replace(copied, path=name, changed_ns=stat.st_mtime_ns)


def _link(source: Path, target: Path, *, size: int) -> bool:
    try:
        if source.stat().st_size != size:
            return False
        target.hardlink_to(source)
    except OSError:  # another disk, too many links, or gone: a copy does
        return False
    return True


def copy(source: Path, target: Path) -> Kept:
    """Copy a file, readable by its owner only, down to the disk; its size and digest."""
    digest, size = hashlib.sha256(), 0
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as written, source.open("rb") as read:
        while chunk := read.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            written.write(chunk)
        written.flush()
        os.fsync(written.fileno())
    return Kept(path=target.name, size=size, sha256=digest.hexdigest())


def flush_folder(folder: Path) -> None:
    """Have the folder's entries on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
