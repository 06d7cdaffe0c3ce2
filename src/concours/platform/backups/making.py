"""Making a backup while the server runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from concours.platform.backups import files, manifest, postgres, sqlite
from concours.platform.backups.faults import BackupFault
from concours.platform.backups.manifest import Kept, Manifest

PARTIAL = ".partial-"
_NAME = re.compile(r"concours-\d{8}T\d{12}Z")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished backup: where it is, how much of it was copied and how much is shared (bytes)."""

    folder: Path
    manifest: Manifest
    digest: str
    copied: int
    shared: int


def make(*, folder: Path, secrets: bool = False) -> Made:
    """Put a backup of the installation as it is now below `folder`; its name tells the moment.

    The database is copied first, in one snapshot; files are stored before the rows that name them,
    so whatever a row names is there to be copied after. A backup appears under its name when it is
    whole. Raises BackupFault where another is being made, or the disk does not take it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone_in(folder):
        for old in folder.glob(f"{PARTIAL}*"):
            shutil.rmtree(old)
        moment = datetime.now(UTC)
        name = f"concours-{moment:%Y%m%dT%H%M%S%f}Z"
        partial = folder / f"{PARTIAL}{name}"
        try:
            made = _fill(partial, moment, earlier=latest(folder), secrets=secrets)
            files.flush_folder(partial)
            partial.rename(folder / name)
            files.flush_folder(folder)
        except BaseException as error:
            shutil.rmtree(partial, ignore_errors=True)
            if isinstance(error, OSError):
                raise BackupFault(f"no backup was made: {error}") from error
            raise
    return replace(made, folder=folder / name)


def kept_in(folder: Path) -> list[Path]:
    """The finished backups below `folder`, oldest first."""
    with contextlib.suppress(FileNotFoundError):
        return sorted(
            one
            for one in folder.iterdir()
            if _NAME.fullmatch(one.name) and (one / manifest.NAME).is_file()
        )
    return []


def latest(folder: Path, *, at: datetime | None = None) -> Path | None:
    """The newest backup below `folder`, or the newest of those taken up to `at`."""
    found = [one for one in kept_in(folder) if at is None or manifest.read(one).moment <= at]
    return found[-1] if found else None


def thin_out(*, folder: Path, keep: int) -> list[Path]:
    """Delete all but the `keep` newest backups below `folder`; which were deleted."""
    with alone_in(folder):
        old = kept_in(folder)[: -max(keep, 1)]
        for one in old:
            # Renamed first: half a backup must not look like one.
            gone = one.with_name(f"{PARTIAL}{one.name}")
            one.rename(gone)
            shutil.rmtree(gone)
    return old


def roots() -> Mapping[str, Path]:
    """Where the installation keeps what a backup holds, by its place in the backup."""
    below: Path = settings.EVALUATIONS_DIR
    return {
        "files": Path(settings.MEDIA_ROOT),
        "secret_key": settings.CONFIG.data_dir / "secret_key",
        "credential_key": settings.CONFIG.data_dir / "credential_key",
        **{
            name: below / name.partition("/")[2]
            for name in (*files.KEPT, *files.SECRET)
            if name.startswith("evaluations/")
        },
    }


def _fill(partial: Path, moment: datetime, *, earlier: Path | None, secrets: bool) -> Made:
    partial.mkdir(mode=0o700)
    migrations = tuple(
        sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())
    )
    engine = sqlite if connection.vendor == "sqlite" else postgres
    copy = partial / engine.FILE
    count, head = engine.dump(copy)
    before = {one.path: one for one in manifest.read(earlier).files} if earlier else {}
    held: list[Kept] = []
    gone: list[str] = []
    for name, source in files.sources(roots(), files.KEPT + (files.SECRET if secrets else ())):
        kept = files.keep(name=name, source=source, into=partial, before=before, earlier=earlier)
        if kept is None:
            gone.append(name)
        else:
            held.append(kept)
    shared = sum(one.size for one in held if one == before.get(one.path))
    told = Manifest(
        taken_at=moment.isoformat(),
        engine=connection.vendor,
        database=Kept(path=engine.FILE, size=copy.stat().st_size, sha256=manifest.sha256_of(copy)),
        files=tuple(held),
        migrations=migrations,
        record_count=count,
        record_head=head,
        secrets=secrets,
        gone=tuple(gone),
    )
    handle = os.open(partial / manifest.NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(told.to_bytes())
        file.flush()
        os.fsync(file.fileno())
    total = sum(one.size for one in held) + told.database.size
    return Made(
        folder=partial,
        manifest=told,
        digest=manifest.digest_of(partial),
        copied=total - shared,
        shared=shared,
    )


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """One process at a time works in `folder`; the kernel lets go of the lock at its death."""
    handle = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise BackupFault(f"another backup is being made in {folder}") from None
    finally:
        os.close(handle)
