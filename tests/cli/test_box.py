"""`concours box` as a process: what it prints, and how it exits."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.boxes import needs_box


def _box(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "concours", "box", *words],
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@needs_box
def test_a_command_is_run_and_its_end_is_told() -> None:
    done = _box("try", "--", "sh", "-c", "echo out; echo err >&2; exit 7")

    assert done.returncode == 7
    assert done.stdout == "out\n"
    assert done.stderr.startswith("err\nexited: the program exited with 7\n")
    assert "calls: seccomp allow-list" in done.stderr


@needs_box
@pytest.mark.parametrize(
    ("options", "command", "ending"),
    [
        (("--seconds", "0.5"), ("sleep", "60"), "wall time"),
        (("--cpu", "1"), ("sh", "-c", "while :; do :; done"), "cpu time"),
        ((), ("sh", "-c", "kill -9 $$"), "signalled"),
    ],
)
def test_limits_and_signals_exit_with_124(
    options: tuple[str, ...], command: tuple[str, ...], ending: str
) -> None:
    done = _box("try", "--json", *options, "--", *command)

    assert done.returncode == 124
    assert json.loads(done.stdout)["ending"] == ending


@needs_box
def test_files_go_in_and_come_out(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "given").write_text("given")
    (tmp_path / "out").mkdir()
    mount, collect = f"{tmp_path / 'in'}:/in", str(tmp_path / "out")

    done = _box("try", "--mount", mount, "--collect", collect, "--", "cp", "/in/given", "taken")

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "taken").read_text() == "given"


@needs_box
@pytest.mark.parametrize("mount", ["nowhere", "/nonexistent:/in", "/etc:relative"])
def test_a_mount_that_makes_no_sense(mount: str) -> None:
    done = _box("try", "--mount", mount, "--", "true")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_without_a_box_nothing_is_run(tmp_path: Path) -> None:
    bait = tmp_path / "touched"

    done = _box("try", "--", "touch", str(bait), PATH="/nonexistent")
    layers = _box("layers", "--json", PATH="/nonexistent")

    assert done.returncode == 125
    assert "bwrap is not installed" in done.stderr
    assert not bait.exists()
    found = {layer["name"]: layer for layer in json.loads(layers.stdout)}
    assert layers.returncode == 1
    assert found["bubblewrap"]["state"] == "fault"
    assert "apt-get install" in found["bubblewrap"]["mend"]
    assert found["containers"]["state"] == "warning"
