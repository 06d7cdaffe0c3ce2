"""A database brought to a moment by PostgreSQL's own archive, and its files by a backup."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from concours.platform.backups.faults import BackupFault
from concours.platform.backups.postgres import tool
from tests.factories.installations import installation

pytestmark = pytest.mark.slow
INSIDE = "tests.platform.backups.inside"


def as_owner(*command: str) -> None:
    """PostgreSQL does not run as root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")


def start(folder: Path, *options: str) -> None:
    told = f"-c listen_addresses='' -c unix_socket_directories='{folder}' {' '.join(options)}"
    as_owner(
        tool("pg_ctl"), "-D", str(folder / "data"), "-w", "-l", f"{folder}/log", "-o", told, "start"
    )


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of PostgreSQL's user, with a short name: sockets lie in it."""
    try:
        tool("initdb")
    except BackupFault:
        pytest.skip("PostgreSQL's server is not installed")
    folder = Path(tempfile.mkdtemp(prefix="pitr-"))
    for name in ("first", "second", "archive"):
        (folder / name).mkdir()
    if os.geteuid() == 0:
        for one in (folder, *folder.iterdir()):
            shutil.chown(one, "postgres")
    yield folder
    for name in ("first", "second"):
        if (folder / name / "data/postmaster.pid").exists():
            as_owner(tool("pg_ctl"), "-D", f"{folder}/{name}/data", "-m", "immediate", "stop")
    shutil.rmtree(folder)


def test_the_steps_of_the_guide_bring_back_a_moment(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, archive = place / "first", place / "archive"
    as_owner(tool("initdb"), "-D", f"{base}/data", "-U", "concours", "-A", "trust", "-E", "UTF8")
    archiving = f"-c archive_mode=on -c archive_command='cp %p {archive}/%f'"
    start(base, archiving)
    monkeypatch.setenv("CONCOURS_TEST_PGHOST", str(base))
    first = installation(tmp_path / "first", engine="postgresql")
    assert first.run("migrate").returncode == 0
    first.inside(INSIDE, "prepare")
    where = ["-h", str(base), "-U", "concours"]
    as_owner(tool("pg_basebackup"), "-D", f"{place}/second/data", *where, "--checkpoint=fast")
    first.inside(INSIDE, "write_more", count=3)
    wanted = first.inside(INSIDE, "look")
    with psycopg.connect(dbname="postgres", host=str(base), user="concours") as control:
        moment = control.execute("SELECT clock_timestamp()").fetchone()
    assert moment is not None
    first.inside(INSIDE, "sign_in")
    first.inside(INSIDE, "write_more", count=3)
    assert first.run("backup", str(tmp_path / "kept")).returncode == 0
    with psycopg.connect(
        dbname="postgres", host=str(base), user="concours", autocommit=True
    ) as control:
        control.execute("SELECT pg_switch_wal()")
    time.sleep(2)
    as_owner(tool("pg_ctl"), "-D", f"{base}/data", "-m", "fast", "stop")

    (place / "second/data/recovery.signal").touch()
    start(
        place / "second",
        f"-c restore_command='cp {archive}/%f %p'",
        f"-c recovery_target_time='{moment[0].isoformat()}'",
        "-c recovery_target_action=promote",
    )
    text = first.config.read_text().replace(str(base), str(place / "second"))
    first.config.write_text(text.replace("first/data", "second/data"))
    restored = first.run("restore", str(tmp_path / "kept"), "--files-only")
    found = first.inside(INSIDE, "look")

    assert restored.returncode == 0, restored.stderr
    assert wanted["submissions"] == 5
    assert found == {**wanted, "events": wanted["events"] + 1, "restored": 1}
