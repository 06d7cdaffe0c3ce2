"""Copies of a PostgreSQL database, by its own pg_dump in one snapshot."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from concours.platform.backups.faults import BackupFault

FILE = "database.pgdump"
_DROP_ALL = """
DO $$ DECLARE one record; BEGIN
FOR one IN SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
    WHERE schemaname = current_schema() LOOP
    EXECUTE 'DROP TABLE IF EXISTS ' || one.name || ' CASCADE';
END LOOP;
FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p
    WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
    AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE 'DROP FUNCTION ' || one.name || ' CASCADE';
END LOOP; END $$;
"""


def tool(name: str) -> str:
    """The path of a program of PostgreSQL; the newest, where several are installed."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=_version)
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise BackupFault(f"{name} is missing: install PostgreSQL's client programs")
    return found


def _version(path: Path) -> float:
    try:
        return float(path.parts[-3])
    except ValueError:
        return 0.0


def dump(target: Path) -> tuple[int, str]:
    """Write the database as it stands in one snapshot; (events, head) of its record in it."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        cursor.execute("SELECT count, digest FROM record_chainhead WHERE id = 1")
        row = cursor.fetchone()
        _run(
            tool("pg_dump"),
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            f"--file={target}",
            *_place(),
        )
    with target.open("rb") as file:
        os.fsync(file.fileno())
    return (int(row[0]), str(row[1])) if row else (0, "")


def look(path: Path) -> None:
    """Raise BackupFault for a file that pg_restore cannot read to its end."""
    _run(tool("pg_restore"), f"--file={os.devnull}", str(path))


def load(path: Path) -> None:
    """Exchange all tables for those of the copy, in one transaction: all of them or none."""
    connection.close()
    read = [tool("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(path)]
    write = [
        tool("psql"),
        "--quiet",
        "--no-psqlrc",
        "--single-transaction",
        "--set=ON_ERROR_STOP=1",
        f"--output={os.devnull}",
        f"--command={_DROP_ALL}",
        "--file=-",
        *_place(),
    ]
    with (
        tempfile.TemporaryFile() as told,
        subprocess.Popen(read, stdout=subprocess.PIPE, stderr=told) as reading,  # noqa: S603
        subprocess.Popen(write, stdin=subprocess.PIPE, stderr=told) as writing,  # noqa: S603
    ):
        assert reading.stdout is not None  # noqa: S101 - pipes were asked for
        assert writing.stdin is not None  # noqa: S101
        with contextlib.suppress(BrokenPipeError):
            shutil.copyfileobj(reading.stdout, writing.stdin)
        reading.stdout.close()
        if reading.wait() != 0:
            writing.kill()  # else the end of its input would commit the half that came
        with contextlib.suppress(BrokenPipeError):
            writing.stdin.close()
        if writing.wait() or reading.returncode:
            told.seek(0)
            said = told.read().decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise BackupFault(f"nothing was restored: {said[0]}")


def others() -> int:
    """How many other sessions use the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        return int(cursor.fetchone()[0])


def _place() -> list[str]:
    """Where the database is, as libpq reads it. The password stays in its passfile."""
    given: dict[str, Any] = connection.settings_dict
    words = {
        "dbname": given["NAME"],
        "user": given.get("USER"),
        "host": given.get("HOST"),
        "port": given.get("PORT"),
        **{
            key: value
            for key, value in given.get("OPTIONS", {}).items()
            if key in {"passfile", "sslmode", "service"}
        },
    }
    quoted = (
        "{}='{}'".format(key, str(value).replace("\\", r"\\").replace("'", r"\'"))
        for key, value in words.items()
        if value
    )
    return [f"--dbname={' '.join(quoted)}"]


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr.strip() or f"exit {done.returncode}").splitlines()
        raise BackupFault(f"{Path(command[0]).name}: {said[0]}")
