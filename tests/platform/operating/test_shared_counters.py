"""Counters of a server of several processes, asked through whichever of them answers."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.factories.installations import Installation, installation
from tests.platform.operating.test_watching import samples

ASKED = 60


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _get(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310
        return str(answer.read().decode())


def _serve(made: Installation, port: int) -> subprocess.Popen[str]:
    options = ["--no-with-worker", "--port", str(port), "--processes", "2", "--threads", "4"]
    server = made.start("-m", "concours", "serve", *options, stderr=subprocess.DEVNULL)
    for _ in range(300):
        try:
            _get(f"http://127.0.0.1:{port}/healthz")
        except (urllib.error.URLError, ConnectionError):
            assert server.poll() is None
            time.sleep(0.1)
        else:
            return server
    raise TimeoutError


@pytest.mark.slow
@pytest.mark.sqlite
def test_no_request_is_lost_between_processes(tmp_path: Path) -> None:
    made = installation(tmp_path, engine="sqlite")
    port = _free_port()
    server = _serve(made, port)
    address = f"http://127.0.0.1:{port}"
    try:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(_get, [f"{address}/projects/"] * ASKED))
        told = [samples(_get(f"{address}/metrics")) for _ in range(8)]
    finally:
        server.terminate()
        server.wait(timeout=30)

    counted = 'concours_requests_total{status="2xx",view="register:projects"}'
    timed = 'concours_request_seconds_count{view="register:projects"}'
    assert [(one[counted], one[timed]) for one in told] == [(ASKED, ASKED)] * 8
