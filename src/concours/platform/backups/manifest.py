"""What a backup holds: `manifest.json`, written last, with the digest of everything else."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from concours.platform.backups.faults import BackupFault

NAME = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file of a backup. `path` is relative, with /; `changed_ns` is its source's change."""

    path: str
    size: int
    sha256: str
    changed_ns: int = 0


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a backup holds, of which installation, at which moment (UTC) of which record."""

    taken_at: str
    engine: str
    database: Kept
    files: tuple[Kept, ...]
    migrations: tuple[str, ...]
    record_count: int
    record_head: str
    secrets: bool
    gone: tuple[str, ...] = ()
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at).astimezone(UTC)

    def to_bytes(self) -> bytes:
        return (json.dumps(asdict(self), indent=1, sort_keys=True) + "\n").encode()


def read(folder: Path) -> Manifest:
    """The manifest of the backup in `folder`. Raises BackupFault where there is none to read."""
    try:
        given = json.loads((folder / NAME).read_bytes())
        if given["format"] != FORMAT:
            raise BackupFault(f"{folder}: format {given['format']}, this version reads {FORMAT}")
        return _typed(given)
    except OSError as error:
        raise BackupFault(f"{folder} is no backup: {error}") from error
    except (ValueError, TypeError, KeyError) as error:
        raise BackupFault(f"{folder / NAME} cannot be read: {error!r}") from error


def _typed(given: dict[str, Any]) -> Manifest:
    values = dict(given)
    values["database"] = Kept(**values["database"])
    values["files"] = tuple(Kept(**one) for one in values["files"])
    values["migrations"] = tuple(values["migrations"])
    values["gone"] = tuple(values["gone"])
    manifest = Manifest(**values)
    for one in (manifest.database, *manifest.files):
        pure = PurePosixPath(one.path)
        if pure.is_absolute() or ".." in pure.parts or not pure.parts:
            raise ValueError(f"the path {one.path!r} leaves the backup")
    _ = manifest.moment
    return manifest


def digest_of(folder: Path) -> str:
    """SHA-256 of the manifest: noted elsewhere, it holds the whole backup to what it was."""
    return sha256_of(folder / NAME)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
