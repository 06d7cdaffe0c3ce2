"""The commands as processes: what they print, and how they exit."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from concours.driving.agents.probing import layers


def run(*arguments: str, data: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("CONCOURS", "DJANGO", "COV"))
    }
    return subprocess.run(
        [sys.executable, "-m", "concours", *arguments],
        env={**clean, "CONCOURS_DATA": str(data), "COLUMNS": "160", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An installation on which the demo ran."""
    data = tmp_path_factory.mktemp("played")
    outcome = run("demo", "--teams", "24", data=data)
    assert outcome.returncode == 0, outcome.stderr
    assert "Spearman" in outcome.stdout
    assert "/standings" in outcome.stdout
    return data


def tamper(data: Path, *statements: str) -> None:
    with sqlite3.connect(data / "concours.sqlite3") as database:
        for trigger in ("record_no_update", "record_no_delete"):
            database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        for statement in statements:
            database.execute(statement)


def test_the_record_verifies_until_somebody_changes_it(played: Path, tmp_path: Path) -> None:
    export = tmp_path / "record.jsonl"
    holds = run("record", "verify", data=played)
    run("record", "export", "--to", str(export), data=played)
    elsewhere = run("record", "verify", "--file", str(export), data=tmp_path / "elsewhere")
    head = holds.stdout.split("head ")[1].strip()

    tamper(played, "UPDATE record_event SET actor = 'user:nobody' WHERE seq = 17")
    changed = run("record", "verify", data=played)
    lines = export.read_text(encoding="utf-8").splitlines(keepends=True)
    export.write_text("".join(lines[:-1]), encoding="utf-8")
    cut = run("record", "verify", "--file", str(export), "--head", head, data=tmp_path / "e")

    assert (holds.returncode, elsewhere.returncode) == (0, 0)
    assert head in elsewhere.stdout
    assert changed.returncode == 1
    assert "event 17" in changed.stderr
    assert cut.returncode == 1


def test_doctor_names_faults_with_their_mends(tmp_path: Path) -> None:
    run("migrate", data=tmp_path)
    (tmp_path / "secret_key").chmod(0o644)

    outcome = run("doctor", "--json", data=tmp_path)

    findings = {finding["what"]: finding for finding in json.loads(outcome.stdout)}
    assert outcome.returncode == 1
    assert findings["secret key"]["state"] == "fault"
    assert findings["secret key"]["mend"].startswith("chmod 600")
    assert findings["database"]["state"] == findings["schema"]["state"] == "ok"
    lacking = [name for name, told in layers().items() if told.startswith("missing")]
    assert findings["isolation of agents"]["state"] == ("warning" if lacking else "ok")


def test_doctor_tells_of_the_box_and_passes_without_one(tmp_path: Path) -> None:
    run("migrate", data=tmp_path)

    outcome = run("doctor", "--json", data=tmp_path, PATH="/nonexistent")

    found = {finding["what"]: finding for finding in json.loads(outcome.stdout)}
    assert outcome.returncode == 0
    assert found["box: bubblewrap"]["state"] == "warning"
    assert "bubblewrap" in found["box: bubblewrap"]["mend"]


def test_doctor_looks_for_the_cluster_that_is_named(tmp_path: Path) -> None:
    run("migrate", data=tmp_path)

    outcome = run("doctor", "--json", data=tmp_path, RAY_ADDRESS="127.0.0.1:1")

    [found] = [one for one in json.loads(outcome.stdout) if one["what"] == "Ray cluster"]
    assert outcome.returncode == 1
    assert found["state"] == "fault"
    assert "unset RAY_ADDRESS" in found["mend"]


def test_a_taken_port_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        outcome = run("serve", "--port", str(taken.getsockname()[1]), data=tmp_path)

    assert outcome.returncode == 2
    assert "is taken" in outcome.stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("port = 'eighty'", "port"),
        ("nonsense = 1", "nonsense"),
        ("data_dir = [", "settings.toml"),
        ("[database]\npassword = 'x'", "password"),
    ],
)
def test_bad_settings_are_named(text: str, said: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(text, encoding="utf-8")

    outcome = run("doctor", data=tmp_path, CONCOURS_CONFIG=str(settings))

    assert outcome.returncode == 2
    assert said in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    outcome = run("doctor", data=tmp_path, CONCOURS_CONFIG=str(tmp_path / "none.toml"))

    assert outcome.returncode == 2
    assert "no such settings file" in outcome.stderr


def test_the_signing_key_is_its_owners_alone(tmp_path: Path) -> None:
    run("migrate", data=tmp_path)

    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_operators_are_made_on_record_and_with_good_passwords_only(tmp_path: Path) -> None:
    weak = run("operator", "op@example.org", "--password", "12345678", data=tmp_path)
    bad = run("operator", "nobody", "--password", "correct-horse-9", data=tmp_path)
    made = run("operator", "op@example.org", "--password", "correct-horse-9", data=tmp_path)
    again = run("operator", "op@example.org", "--password", "correct-horse-9", data=tmp_path)
    export = run("record", "export", data=tmp_path).stdout

    assert [weak.returncode, bad.returncode, made.returncode, again.returncode] == [2, 2, 0, 2]
    assert export.count("operator.created") == 1
    assert "op@example.org" not in export


def test_an_export_is_verified_without_an_installation(tmp_path: Path) -> None:
    export = tmp_path / "record.jsonl"
    export.write_text("rubbish\n", encoding="utf-8")

    outcome = run("record", "verify", "--file", str(export), data=tmp_path / "none")

    assert outcome.returncode == 1
    assert "line 1" in outcome.stderr
    assert not (tmp_path / "none").exists()
