"""Whether a backup is whole: every digest, and that its database can be read to the end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from concours.platform.backups import manifest, postgres, sqlite
from concours.platform.backups.faults import BackupFault
from concours.platform.backups.manifest import Kept, Manifest


def check(
    folder: Path, *, digest: str | None = None, progress: Callable[[int], None] | None = None
) -> Manifest:
    """The manifest of the whole backup in `folder`. Raises BackupFault at what is not whole.

    `digest` is that of the manifest as it was noted elsewhere; without it, whoever can write the
    backup can write its digests too. O(bytes of the backup).
    """
    told = manifest.read(folder)
    if digest is not None and manifest.digest_of(folder) != digest.lower():
        raise BackupFault(f"{folder}: the manifest has another digest than {digest}")
    for number, one in enumerate((told.database, *told.files), start=1):
        _check(folder, one)
        if progress is not None:
            progress(number)
    named = {one.path for one in told.files} | {told.database.path, manifest.NAME}
    if strangers := sorted(_paths(folder) - named):
        raise BackupFault(f"{folder}: the manifest does not name {strangers[0]}")
    engine = sqlite if told.engine == "sqlite" else postgres
    engine.look(folder / told.database.path)
    return told


def _check(folder: Path, one: Kept) -> None:
    path = folder / one.path
    if path.is_symlink() or not path.is_file():
        raise BackupFault(f"{path} is missing")
    if path.stat().st_size != one.size:
        raise BackupFault(f"{path} has {path.stat().st_size} bytes, not {one.size}")
    if manifest.sha256_of(path) != one.sha256:
        raise BackupFault(f"{path} is not what was backed up: its digest differs")


def _paths(folder: Path) -> set[str]:
    return {
        (Path(where) / name).relative_to(folder).as_posix()
        for where, _, names in os.walk(folder)
        for name in names
    }
