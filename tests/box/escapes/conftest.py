"""What lies outside the box and must not be reached: each bait is real."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def secret() -> str:
    return f"secret-{secrets.token_hex(8)}"


@pytest.fixture
def secret_file(secret: str) -> Iterator[Path]:
    """A file that every user of the machine may read."""
    path = Path("/var/tmp", f"concours-bait-{secrets.token_hex(8)}")  # noqa: S108
    path.write_text(secret)
    path.chmod(0o644)
    yield path
    path.unlink()


@pytest.fixture
def bystander(secret: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the same user, with a secret in its environment."""
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", "import time; print(1, flush=True); time.sleep(300)"],
        env={"SECRET": secret},
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.communicate()


@pytest.fixture
def tcp_server(secret: str) -> Iterator[int]:
    """The port of a server on this machine that tells a secret to whoever comes."""
    yield from _serving(socket.socket(socket.AF_INET), ("127.0.0.1", 0), secret)


@pytest.fixture
def abstract_socket(secret: str) -> Iterator[str]:
    """The name of a server on an abstract socket, without its zero."""
    name = f"concours-bait-{secrets.token_hex(8)}"
    for _ in _serving(socket.socket(socket.AF_UNIX), f"\0{name}", secret):
        yield name


def _serving(server: socket.socket, address: object, secret: str) -> Iterator[int]:
    server.bind(address)
    server.listen()

    def serve() -> None:
        while True:
            try:
                with server.accept()[0] as visitor:
                    visitor.sendall(secret.encode())
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    name = server.getsockname()
    yield name[1] if isinstance(name, tuple) else 0
    server.shutdown(socket.SHUT_RDWR)
    server.close()


@pytest.fixture
def left_open(secret_file: Path) -> Iterator[int]:
    """A descriptor of a secret that processes started from here would inherit."""
    handle = os.open(secret_file, os.O_RDONLY)
    os.set_inheritable(handle, True)  # noqa: FBT003
    yield handle
    os.close(handle)
