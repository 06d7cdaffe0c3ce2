"""A real git server on loopback, and real repositories."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from concours.snapshots import GitPolicy, SnapshotRefused, fetch_commit
from tests.snapshots.packing import Raw


def git(folder: Path, *arguments: str) -> str:
    """Run git as a project's author would; returns what it printed."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org",
        "GIT_AUTHOR_DATE": "2023-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2023-01-01T00:00:00Z",
    }  # fmt: skip
    command = ["git", "-c", "init.defaultBranch=main", "-c", "core.autocrlf=false", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout.decode().strip()


def write_project(folder: Path) -> Path:
    """A small tree with what makes trees hard: modes, non-ASCII, long and empty names, links."""
    files = {
        "README.md": b"# Project\n\nText.\n",
        "LICENSE": b"Mulan PSL v2\n",
        "src/main.py": b"print('hello')\n",
        "src/\u5e93/\u6a21\u5757.py": "# \u4e2d\u6587\n".encode(),
        "docs/a file with spaces.txt": b"",
        f"deep/{'d' * 90}/{'e' * 90}/f.bin": bytes(range(256)) * 300,
        "export/kept.txt": b"$Format:%H$\n",
        ".gitattributes": b"export/* export-ignore\n*.txt export-subst\n",
        "run.sh": b"#!/bin/sh\n",
    }
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "run.sh").chmod(0o755)
    return folder


@dataclass
class Forge:
    """A server for the repositories below `folder`."""

    folder: Path
    port: int
    requests: list[str]

    def url(self, name: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}/{name}"

    def policy(self, **changes: object) -> GitPolicy:
        hosts = frozenset({f"127.0.0.1:{self.port}", f"forge.example:{self.port}"})
        return GitPolicy(**({"allowed_hosts": hosts} | changes))  # type: ignore[arg-type]


def serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forge]:
    """`git http-backend` behind a small HTTP server."""
    folder = tmp_path_factory.mktemp("forge")
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._backend(b"")

        def do_POST(self) -> None:
            self._backend(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

        def _backend(self, body: bytes) -> None:
            requests.append(self.path)
            path, _, query = self.path.partition("?")
            environment = {
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "PATH_INFO": path,
                "QUERY_STRING": query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "CONTENT_LENGTH": str(len(body)),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                # "v0-" in front of a name makes the server an old one.
                "GIT_PROTOCOL": (
                    "" if path.startswith("/v0-") else self.headers.get("Git-Protocol", "")
                ),
                "REMOTE_ADDR": "127.0.0.1",
            }
            answer = subprocess.run(
                ["git", "http-backend"], input=body, env=environment, capture_output=True
            ).stdout
            head, _, content = answer.partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
            self.send_response(int(headers.pop("Status", "200 OK").split()[0]))
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    for server in serve(Handler):
        yield Forge(folder, server.server_port, requests)


@pytest.fixture
def new_repository(forge: Forge, request: pytest.FixtureRequest) -> Callable[..., Path]:
    """Makes a repository that the forge serves; returns its folder, with a working tree."""

    def make(name: str = "", *init: str) -> Path:
        folder = forge.folder / (name or request.node.name.replace("[", "-").replace("]", ""))
        folder.mkdir()
        git(folder, "init", "--quiet", *init)
        return folder

    return make


def commit_all(folder: Path, message: str = "A change") -> str:
    """Commit the whole working tree; returns the full commit id."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    def write(data: bytes) -> Path:
        path = tmp_path / "archive"
        path.write_bytes(data)
        return path

    return write


def refusal(**arguments: object) -> SnapshotRefused:
    with pytest.raises(SnapshotRefused) as caught:
        fetch_commit(**arguments)  # type: ignore[arg-type]
    into = arguments["into"]
    assert isinstance(into, Path)
    assert list(into.iterdir()) == []
    return caught.value
