"""A server for the platform's benchmarks: `concours serve` on an installation of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.factories.installations import Installation, installation

INSIDE = "benchmarks.platform_season"
TICK = os.sysconf("SC_CLK_TCK")


def make(database: str, *, extra: str = "") -> Installation:
    """A new installation with its schema. PostgreSQL is that of CONCOURS_TEST_PGHOST."""
    folder = Path(tempfile.mkdtemp(prefix="concours-bench-"))
    made = installation(folder, engine=database, extra=extra)
    done = made.run("migrate")
    assert done.returncode == 0, done.stderr
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    site: Installation, *, port: int, processes: int, threads: int
) -> Iterator[subprocess.Popen[str]]:
    """The server at work, in a process group of its own, without the background worker."""
    server = start(site, port=port, processes=processes, threads=threads)
    try:
        wait_for(port, server)
        yield server
    finally:
        stop(server)


def start(site: Installation, *, port: int, processes: int, threads: int) -> subprocess.Popen[str]:
    log = (site.data.parent / "server.log").open("a")
    options = ["--port", str(port), "--processes", str(processes), "--threads", str(threads)]
    return site.start(
        "-m",
        "concours",
        "serve",
        "--no-with-worker",
        *options,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def stop(server: subprocess.Popen[str], how: signal.Signals = signal.SIGTERM) -> None:
    """End the whole group."""
    try:
        os.killpg(server.pid, how)
        server.wait(timeout=30)
    except (ProcessLookupError, subprocess.TimeoutExpired):
        server.kill()
        server.wait()


def wait_for(port: int, server: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert server.poll() is None, "the server has ended"
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not answer")


def children(pid: int) -> list[int]:
    """The processes that `pid` started and that are there."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def processor_s(pids: list[int]) -> float:
    """Processor seconds of these processes and of their ended children."""
    total = 0
    for pid in pids:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except FileNotFoundError:
            continue
        total += sum(int(one) for one in stat[11:15])
    return total / TICK


def postgres_pids() -> list[int]:
    """The server of CONCOURS_TEST_PGHOST and its sessions."""
    host = Path(os.environ.get("CONCOURS_TEST_PGHOST", "/nonexistent"))
    try:
        main = int((host / "data/postmaster.pid").read_text().split()[0])
    except FileNotFoundError:
        return []
    return [main, *children(main)]
