"""Copies of an embedded database, by SQLite's own backup: nobody waits for it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from django.db import connection

from concours.platform.backups.faults import BackupFault

FILE = "database.sqlite3"
EMPTY = (0, "")


def dump(target: Path) -> tuple[int, str]:
    """Write the database as it stands at one moment to `target`; (events, head) of its record."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    os.close(handle)
    name = connection.settings_dict["NAME"]
    try:
        # All pages in one step: writers go on in the write-ahead log, the copy is of one moment.
        with (
            closing(sqlite3.connect(name, timeout=30)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")
            return head_of(copy)
    except sqlite3.Error as error:
        raise BackupFault(f"the database could not be copied: {error}") from error
    finally:
        for suffix in ("-journal", "-wal", "-shm"):
            target.with_name(target.name + suffix).unlink(missing_ok=True)


def head_of(database: sqlite3.Connection) -> tuple[int, str]:
    row = database.execute("SELECT count, digest FROM record_chainhead WHERE id = 1").fetchone()
    return (int(row[0]), str(row[1])) if row else EMPTY


def look(path: Path) -> None:
    """Raise BackupFault for a file that is no whole database."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as copy:
            told = copy.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        raise BackupFault(f"{path}: {error}") from error
    if told != "ok":
        raise BackupFault(f"{path}: {told}")


def load(path: Path, *, aside: Path | None) -> None:
    """Put the copy at `path` in the database's place; what is there goes to the folder `aside`.

    The copy comes under the final name whole or not at all. Nothing else may have it open.
    """
    connection.close()
    name = Path(connection.settings_dict["NAME"])
    name.parent.mkdir(parents=True, exist_ok=True)
    partial = name.with_name(name.name + ".restoring")
    partial.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as source,
        closing(sqlite3.connect(partial)) as target,
    ):
        source.backup(target)
    partial.chmod(0o600)
    for suffix in ("", "-wal", "-shm"):
        old = name.with_name(name.name + suffix)
        if old.exists():
            if aside is None:
                old.unlink()
            else:
                old.rename(aside / old.name)
    partial.replace(name)


def is_busy() -> bool:
    """Whether another process has the database open in a way that would break by its exchange."""
    connection.close()
    name = Path(connection.settings_dict["NAME"])
    if not name.exists():
        return False
    # Leaving WAL mode takes a lock that no other connection shares.
    with closing(sqlite3.connect(name, timeout=0.2)) as database:
        try:
            database.execute("PRAGMA locking_mode=EXCLUSIVE")
            mode = database.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            return True
        database.execute("PRAGMA locking_mode=NORMAL")
        database.execute("PRAGMA journal_mode=WAL")
        return bool(mode != "delete")
