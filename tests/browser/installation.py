"""The real server, in a process of its own on a database of its own."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SEASON = ROOT / "seasons/open-atom-2022"
SETTINGS = "concours.toml"
PASSWORD = "a-long-rehearsal-password"


@dataclass(frozen=True)
class Site:
    """A running installation."""

    url: str
    data: Path
    log: Path
    operator: str
    password: str

    def command(self, *arguments: str) -> str:
        """What `concours <arguments>` prints, on this installation."""
        return self._python("-m", "concours", *arguments)

    def inside(self, function: str, **arguments: Any) -> Any:
        """What a function of tests/browser/inside.py returns, run in this installation."""
        script = str(ROOT / "tests/browser/inside.py")
        told = self._python(script, function, json.dumps(arguments))
        return json.loads(told.splitlines()[-1])

    def mail_to(self, address: str) -> str:
        """The last mail to `address` that the server printed; waits for it a little."""
        for _ in range(100):
            text = self.log.read_text(encoding="utf-8", errors="replace")
            mails = [part for part in text.split("MIME-Version") if f"To: {address}" in part]
            if mails:
                return mails[-1]
            time.sleep(0.1)
        raise AssertionError(f"no mail to {address}")

    def _python(self, *arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, *arguments],
            env=environment(self.data),
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout


def environment(data: Path) -> dict[str, str]:
    """The environment of an installation in `data`, with its own settings file if it has one, and
    without settings from outside."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("CONCOURS", "DJANGO", "COV"))
    }
    own = {"CONCOURS_CONFIG": str(data / SETTINGS)} if (data / SETTINGS).exists() else {}
    return {**kept, **own, "CONCOURS_DATA": str(data), "PYTHONUNBUFFERED": "1", "COLUMNS": "200"}


@contextmanager
def serving(data: Path, *, empty: bool = False) -> Iterator[Site]:
    """`concours serve` with the shipped season, as `make run` starts it but for the baselines.

    With `empty` it has neither season nor operator.
    """
    log, port = data / "server.log", _free_port()
    command = [sys.executable, "-m", "concours", "serve", "--port", str(port)]
    if not empty:
        command += ["--rehearse", str(SEASON), "--no-baselines"]
    with log.open("w") as output:
        server = subprocess.Popen(
            command,
            env=environment(data),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, server=server, log=log)
        found = re.search(r"Operator: (\S+), password (\S+)", log.read_text(encoding="utf-8"))
        assert empty or found, log.read_text(encoding="utf-8")
        yield Site(url, data, log, *(found.groups() if found else ("", "")))
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, *, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 400
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(log.read_text(encoding="utf-8", errors="replace"))
