"""Backups made of installations at work and put in the place of others, by real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from concours.platform.backups import checking, making, manifest
from tests.factories.installations import Installation, installation

pytestmark = pytest.mark.slow
INSIDE = "tests.platform.backups.inside"
ENGINES = [pytest.param("sqlite", marks=pytest.mark.sqlite), "postgresql"]


def new(folder: Path, engine: str) -> Installation:
    if engine == "postgresql" and "CONCOURS_TEST_PGHOST" not in os.environ:
        pytest.skip("no PostgreSQL server: set CONCOURS_TEST_PGHOST")
    return installation(folder, engine=engine)


def prepared(folder: Path, engine: str, *, submissions: int = 2) -> Installation:
    made = new(folder, engine)
    assert made.run("migrate").returncode == 0
    made.inside(INSIDE, "prepare", count=submissions)
    return made


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_made_while_people_submit_is_restored_whole(engine: str, tmp_path: Path) -> None:
    first = prepared(tmp_path / "first", engine)
    first.inside(INSIDE, "sign_in")
    stop, kept = tmp_path / "stop", tmp_path / "kept"
    arguments = json.dumps({"until": str(stop)})
    writing = first.start("-m", INSIDE, "write", arguments, stdout=subprocess.PIPE)
    try:
        time.sleep(8)
        made = [first.run("backup", str(kept)) for _ in range(2)]
    finally:
        stop.touch()
        written = int(writing.communicate(timeout=120)[0].splitlines()[-1])
    assert [one.returncode for one in made] == [0, 0], made[-1].stderr
    told = [manifest.read(one) for one in making.kept_in(kept)]
    at_end = first.inside(INSIDE, "look")
    assert told[0].record_count < told[1].record_count < at_end["events"], written

    second = new(tmp_path / "second", engine)
    restored = second.run("restore", str(kept))
    found = second.inside(INSIDE, "look")
    chain = second.run("record", "verify", "--head", told[1].record_head)

    assert restored.returncode == 0, restored.stderr
    assert found["events"] == told[1].record_count + 1
    assert (found["whole"], found["append_only"], found["restored"]) == (True, True, 1)
    # Files came after the database: there may be more of them than it names, never fewer.
    assert 2 < found["submissions"] <= len(told[1].files)
    assert "1 sessions" in restored.stdout
    assert "Passed since" not in restored.stdout.split("The worker")[1]
    assert chain.returncode == 0, chain.stderr


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_there_or_in_use_or_broken_is_not_touched(engine: str, tmp_path: Path) -> None:
    first = prepared(tmp_path / "first", engine)
    kept = tmp_path / "kept"
    assert first.run("backup", str(kept)).returncode == 0
    before = first.inside(INSIDE, "look")
    folder = making.kept_in(kept)[0]
    database = folder / manifest.read(folder).database.path

    occupied = first.run("restore", str(kept))
    busy_since = first.start(
        "-c",
        "import django,time; django.setup();"
        "from django.db import connection; connection.cursor().execute('SELECT 1');"
        "print('open', flush=True); time.sleep(600)",
        stdout=subprocess.PIPE,
    )
    try:
        assert busy_since.stdout is not None
        assert busy_since.stdout.readline() == "open\n"
        in_use = first.run("restore", str(kept), "--replace")
    finally:
        busy_since.kill()
        busy_since.wait()
    whole = database.read_bytes()
    database.write_bytes(whole[:-1000])
    broken = first.run("restore", str(kept), "--replace")
    database.write_bytes(whole)

    assert [one.returncode for one in (occupied, in_use, broken)] == [1, 1, 1]
    assert "not empty" in occupied.stderr
    assert "in use" in in_use.stderr
    assert "bytes, not" in broken.stderr
    assert first.inside(INSIDE, "look") == before
    replaced = first.run("restore", str(kept), "--replace")
    assert replaced.returncode == 0, replaced.stderr
    assert first.inside(INSIDE, "look") == {**before, "events": before["events"] + 1, "restored": 1}
    assert ("lies in" in replaced.stdout) == (engine == "sqlite")


def test_half_a_dump_is_not_committed(tmp_path: Path) -> None:
    """A manifest made to fit a cut dump: pg_restore stops in the middle, nothing has changed."""
    first = prepared(tmp_path / "first", "postgresql", submissions=20)
    kept = tmp_path / "kept"
    assert first.run("backup", str(kept)).returncode == 0
    before = first.inside(INSIDE, "look")
    folder = making.kept_in(kept)[0]
    told = manifest.read(folder)
    database = folder / told.database.path
    database.write_bytes(database.read_bytes()[: told.database.size * 2 // 3])

    code = (
        "import django; django.setup();"
        "from pathlib import Path; from concours.platform.backups import postgres;"
        f"postgres.load(Path({str(database)!r}))"
    )
    loading = first.start("-c", code, stderr=subprocess.PIPE)
    said = loading.communicate(timeout=120)[1]

    assert "nothing was restored" in said
    assert first.inside(INSIDE, "look") == before


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_killed_at_any_moment_leaves_none_that_is_not_whole(
    engine: str, tmp_path: Path
) -> None:
    first = prepared(tmp_path / "first", engine)
    first.inside(INSIDE, "fill_up", megabytes=150)
    kept = tmp_path / "kept"
    killed = 0
    for pause in (0.0, 0.05, 0.2, 0.4):
        running = first.start("-m", "concours", "backup", str(kept), stdout=subprocess.DEVNULL)
        while running.poll() is None and not list(kept.glob(".partial-*")):
            time.sleep(0.005)
        time.sleep(pause)
        killed += running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()
        for one in making.kept_in(kept):
            checking.check(one)
    assert killed >= 2
    assert list(kept.glob(".partial-*"))

    assert first.run("backup", str(kept)).returncode == 0

    assert not list(kept.glob(".partial-*"))
    assert first.run("backup", "--verify", str(kept)).returncode == 0


@pytest.mark.sqlite
def test_an_older_one_is_chosen_by_its_moment_and_secrets_come_with_it(tmp_path: Path) -> None:
    first = prepared(tmp_path / "first", "sqlite")
    kept = tmp_path / "kept"
    assert first.run("backup", str(kept), "--with-secrets").returncode == 0
    moment = manifest.read(making.kept_in(kept)[0]).moment
    first.inside(INSIDE, "write", until=str(tmp_path))  # there already: writes nothing
    assert first.run("backup", str(kept)).returncode == 0
    second = new(tmp_path / "second", "sqlite")

    none = second.run("restore", str(kept), "--at", "2020-01-01")
    done = second.run("restore", str(kept), "--at", f"{moment:%Y-%m-%dT%H:%M:%S.%f}".split(".")[0])
    late = second.run("restore", str(kept), "--at", f"{moment.year + 1}-01-01", "--replace")

    assert (none.returncode, "no backup of that time" in none.stderr) == (1, True)
    assert (done.returncode, late.returncode) == (1, 0), "a second before it there was none"
    key = (first.data / "secret_key").read_bytes()
    exact = new(tmp_path / "third", "sqlite")
    assert exact.run("restore", str(making.kept_in(kept)[0])).returncode == 0
    assert (exact.data / "secret_key").read_bytes() == key
    assert (second.data / "secret_key").read_bytes() != key


@pytest.mark.sqlite
def test_a_newer_versions_backup_is_refused(tmp_path: Path) -> None:
    first = prepared(tmp_path / "first", "sqlite")
    kept = tmp_path / "kept"
    assert first.run("backup", str(kept)).returncode == 0
    path = making.kept_in(kept)[0] / manifest.NAME
    path.write_text(path.read_text().replace("record.0001_initial", "record.9999_of_tomorrow"))
    second = new(tmp_path / "second", "sqlite")

    refused = second.run("restore", str(kept))

    assert refused.returncode == 1
    assert "9999_of_tomorrow" in refused.stderr
