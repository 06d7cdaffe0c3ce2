"""Putting a backup in an installation's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from concours.platform.backups import checking, files, manifest, postgres, sqlite
from concours.platform.backups.aftermath import Aftermath, settle
from concours.platform.backups.faults import BackupFault
from concours.platform.backups.making import roots
from concours.platform.backups.manifest import Manifest
from concours.platform.core.actors import System
from concours.platform.record import domain as record
from concours.platform.rehearsal.domain import current_shift

RESTORER = System("restore")


@dataclass(frozen=True, kw_only=True)
class Restored:
    """What was put in place: the record's `count` events, and the manifest's files.

    `aside` holds the database that was there before, if one was.
    """

    manifest: Manifest
    count: int
    aside: Path | None
    aftermath: Aftermath


def restore(
    folder: Path,
    *,
    replace: bool = False,
    digest: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Restored:
    """Make the installation what the backup in `folder` holds.

    Everything is checked before anything is touched. Files come first, then the database in one
    step, then the record's chain is recomputed, sessions are ended, and mails that fell due since
    are noted as sent without being sent. Raises BackupFault for a backup that is not whole, of
    another engine or a newer version, for a target in use, and for one that is not empty unless
    `replace`.
    """
    told = checking.check(folder, digest=digest, progress=progress)
    _require_fitting(told)
    empty = is_empty()
    if not empty and not replace:
        raise BackupFault("the installation is not empty: say --replace to put it aside")
    _require_unused()
    _require_no_other_files(told, replace=replace)
    for one in told.files:
        _place(folder / one.path, target_of(one.path), digest=one.sha256)
    aside = None
    if told.engine == "sqlite":
        if not empty:
            aside = settings.CONFIG.data_dir / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
            aside.mkdir(mode=0o700)
        sqlite.load(folder / told.database.path, aside=aside)
    else:
        postgres.load(folder / told.database.path)
    _require_record(told)
    call_command("migrate", verbosity=0, interactive=False)
    _note(told, folder, count=told.record_count, head=told.record_head)
    return Restored(
        manifest=told,
        count=told.record_count,
        aside=aside,
        aftermath=settle(since=told.moment),
    )


def restore_files(
    folder: Path,
    *,
    digest: str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Restored:
    """Bring back the files alone, to a database that was recovered to a moment of its own.

    Files that are there and differ stay, and are refused as in `restore`; the record's chain is
    recomputed, and what fell due since its last event is settled as after a restore.
    """
    told = checking.check(folder, digest=digest, progress=progress)
    _require_no_other_files(told, replace=False)
    for one in told.files:
        _place(folder / one.path, target_of(one.path), digest=one.sha256)
    report = record.verify()
    if not report.holds:
        fault = report.faults[0]
        raise BackupFault(f"the record does not hold, event {fault.seq}: {fault.what}")
    last = record.last_moment()
    since = told.moment if last is None else last - current_shift()
    _note(told, folder, count=report.count, head=report.head)
    return Restored(manifest=told, count=report.count, aside=None, aftermath=settle(since=since))


def is_empty() -> bool:
    """Whether the database holds neither people nor events."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in ("accounts_user", "record_event"):
            if table in tables:
                cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - our own names
                if cursor.fetchone() is not None:
                    return False
    return True


def target_of(path: str) -> Path:
    """Where the installation keeps what lies at `path` in a backup."""
    for name, place in roots().items():
        if path == name:
            return place
        if path.startswith(f"{name}/"):
            return place / path[len(name) + 1 :]
    raise BackupFault(f"this version knows no place for {path}")


def _require_fitting(told: Manifest) -> None:
    if told.engine != connection.vendor:
        raise BackupFault(f"a backup of {told.engine} is not restored to {connection.vendor}")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(told.migrations) - known):
        raise BackupFault(f"made by a newer version: this one does not know {unknown[0]}")


def _require_unused() -> None:
    busy = sqlite.is_busy() if connection.vendor == "sqlite" else postgres.others() > 0
    if busy:
        raise BackupFault("the database is in use: stop the server and its workers first")


def _require_no_other_files(told: Manifest, *, replace: bool) -> None:
    """Refuse to overwrite a file that differs, so that a wrong target loses nothing."""
    for one in told.files:
        target = target_of(one.path)
        # The key is made by the first command that is run in a new installation.
        if one.path == "secret_key" and is_empty():
            continue
        if not replace and target.exists() and manifest.sha256_of(target) != one.sha256:
            raise BackupFault(f"{target} is there and differs: say --replace to overwrite it")


def _place(source: Path, target: Path, *, digest: str) -> None:
    """Copy to the final name in one step; what is there with that digest stays."""
    if target.is_file() and manifest.sha256_of(target) == digest:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(f".{target.name}.restoring")
    partial.unlink(missing_ok=True)
    try:
        copied = files.copy(source, partial)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BackupFault(f"{target} could not be written: {error}") from error
    if copied.sha256 != digest:
        partial.unlink()
        raise BackupFault(f"{source} changed while it was read")
    partial.replace(target)


def _note(told: Manifest, folder: Path, *, count: int, head: str) -> None:
    """The restored record says that it is one, from which event on, and from what."""
    with transaction.atomic(), record.acting(via="cli"):
        record.append(
            actor=RESTORER,
            verb="installation.restored",
            subject="installation:1",
            data={
                "taken_at": told.taken_at,
                "count": count,
                "head": head,
                "manifest": manifest.digest_of(folder),
            },
        )


def _require_record(told: Manifest) -> None:
    report = record.verify(expected_head=told.record_head or None)
    if not report.holds:
        fault = report.faults[0]
        raise BackupFault(f"the restored record does not hold, event {fault.seq}: {fault.what}")
    if report.count != told.record_count:
        raise BackupFault(f"the restored record has {report.count} events, not {told.record_count}")
