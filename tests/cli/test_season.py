"""The command as people run it: its own process and its own embedded database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "seasons" / "open-atom-2022"


@pytest.fixture(scope="module")
def installation(tmp_path_factory) -> Path:
    """One for the module: making a database takes longer than all the commands."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture
def concours(tmp_path, installation):
    """concours("season", ...) -> CompletedProcess, in the test's own working folder."""
    return partial(_concours, cwd=tmp_path, data=installation)


def _concours(*arguments, cwd: Path, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in {"DJANGO_SETTINGS_MODULE", "CONCOURS_CONFIG"}
    }
    return subprocess.run(
        [sys.executable, "-m", "concours", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=environment | {"CONCOURS_DATA": str(data), "COLUMNS": "200"},
        cwd=cwd,
        timeout=300,
        check=False,
    )


def test_check_needs_no_database(tmp_path):
    done = _concours("season", "check", SHIPPED, cwd=tmp_path, data=tmp_path / "installation")
    assert done.returncode == 0
    assert "can be loaded" in done.stdout
    assert not (tmp_path / "installation").exists()


def test_check_names_every_fault(concours, tmp_path):
    shutil.copytree(SHIPPED, tmp_path / "season")
    for name in ("algorithm", "open-source-software"):
        (tmp_path / f"season/rubrics/{name}.toml").write_text("[[")
    done = concours("season", "check", "season")
    assert done.returncode == 1
    assert done.stderr.count("fault:") == 2
    assert "rubrics/algorithm.toml: is not TOML" in done.stderr
    assert "Traceback" not in done.stderr


def test_load_twice_export_and_verify(concours, tmp_path):
    first = concours("season", "load", SHIPPED)
    again = concours("season", "load", SHIPPED)
    written = concours("season", "export", "open-atom-2022", "--to", "out")
    checked = concours("season", "check", "out")
    verified = concours("record", "verify", "--file", "out/record.jsonl")

    assert first.returncode == 0, first.stderr
    assert "track carsmos-driving-algorithm: drafted" in first.stdout
    assert "Season open-atom-2022: 8 tracks" in first.stdout
    assert "Nothing to change" in again.stdout
    assert written.returncode == 0, written.stderr
    assert checked.returncode == 0, checked.stderr
    assert "The record holds" in verified.stdout


def test_reviews_of_others_all_or_nothing(concours, tmp_path):
    (tmp_path / "rankings.csv").write_text("2,3\n3,1\n1,2\n")
    (tmp_path / "bad.csv").write_text("2,3\n3,1\n1,x\n")
    bad = concours("season", "load", "--rankings", "bad.csv", "--slug", "three")
    good = concours(
        "season", "load", "--rankings", "rankings.csv", "--slug", "three", "--truth", "by-id"
    )
    taken = concours("season", "load", "--rankings", "rankings.csv", "--slug", "three")

    assert bad.returncode == 1
    assert "bad.csv:3: 'x' is no number" in bad.stderr
    assert good.returncode == 0, good.stderr
    assert "plain Borda" in good.stdout
    assert "Entry 1" in good.stdout
    assert taken.returncode == 1
    assert "exists already" in taken.stderr
    for done in (bad, good, taken):
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "give either a season's folder"),
        ([str(SHIPPED), "--rankings", "x.csv"], "give either a season's folder"),
        ([str(SHIPPED), "--title", "Mine"], "--title is for"),
        (["--rankings", "x.csv"], "--slug"),
        (["--rankings", "x.csv", "--slug", "s"], "x.csv: No such file"),
        (["--entries", "x.csv", "--slug", "s"], "either --reviews or --rankings"),
        (["nowhere"], "is no folder"),
    ],
)
def test_odd_arguments_are_told_in_one_line(tmp_path, arguments, said):
    data = tmp_path / "installation"
    done = _concours("season", "load", *arguments, cwd=tmp_path, data=data)
    assert not data.exists()
    assert done.returncode in {1, 2}
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
