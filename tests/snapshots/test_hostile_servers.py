"""Servers that mean harm: each is cut or refused, in bounded time, and leaves nothing behind."""

import contextlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from concours.snapshots import Code, GitPolicy, SnapshotRefused, fetch_commit
from tests.snapshots.conftest import serve

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def hostile(answer: Answer) -> Iterator[tuple[ThreadingHTTPServer, list[str]]]:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            with contextlib.suppress(OSError):
                answer(self)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    with contextlib.contextmanager(serve)(Handler) as server:
        yield server, asked


def fetch(port: int, into: Path, *, deadline_s: float = 20.0, **policy: object) -> SnapshotRefused:
    hosts = frozenset({f"127.0.0.1:{port}"})
    with pytest.raises(SnapshotRefused) as caught:
        fetch_commit(
            url=f"http://127.0.0.1:{port}/x.git",
            revision="main",
            into=into,
            policy=GitPolicy(**({"allowed_hosts": hosts} | policy)),  # type: ignore[arg-type]
            deadline_s=deadline_s,
        )
    assert list(into.iterdir()) == []
    return caught.value


def head(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    service = "upload-pack-advertisement" if handler.command == "GET" else "upload-pack-result"
    handler.send_header("Content-Type", f"application/x-git-{service}")
    handler.end_headers()


def packet(data: bytes) -> bytes:
    return b"%04x" % (len(data) + 4) + data


def begin_pack(handler: BaseHTTPRequestHandler) -> bool:
    """Answer as an old server that has one branch; True once the pack itself is due."""
    body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
    head(handler)
    if handler.command == "GET":
        line = packet(b"%040x refs/heads/main\0shallow side-band-64k ofs-delta\n" % 1)
        handler.wfile.write(packet(b"# service=git-upload-pack\n") + b"0000" + line + b"0000")
        return False
    handler.wfile.write(packet(b"shallow %040x" % 1) + b"0000")
    if b"done" not in body:
        return False
    handler.wfile.write(packet(b"NAK\n"))
    return True


def waits(done: threading.Event) -> None:
    done.wait(20)


def test_server_that_never_answers_is_cut_with_all_its_processes(tmp_path: Path) -> None:
    done = threading.Event()
    with hostile(lambda _: waits(done)) as (server, asked):
        start = time.monotonic()
        got = fetch(server.server_port, tmp_path, deadline_s=1.0)
        took = time.monotonic() - start
        left = subprocess.run(
            ["pgrep", "-f", f"127.0.0.1:{server.server_port}"], capture_output=True
        )
        done.set()

    assert got.code is Code.TOO_SLOW
    assert took < 10
    assert asked
    assert left.stdout == b""


def test_server_that_drips_is_cut(tmp_path: Path) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        head(handler)
        while True:
            handler.wfile.write(b"0")
            time.sleep(0.05)

    with hostile(drip) as (server, _):
        slow = fetch(server.server_port, tmp_path, low_speed_seconds=1)
        late = fetch(server.server_port, tmp_path, deadline_s=0.5)

    assert slow.code is Code.FETCH_FAILED
    assert late.code is Code.TOO_SLOW


def test_server_that_lists_refs_without_end_is_cut(tmp_path: Path) -> None:
    def refs(handler: BaseHTTPRequestHandler) -> None:
        head(handler)
        handler.wfile.write(packet(b"# service=git-upload-pack\n") + b"0000")
        number = 0
        handler.wfile.write(packet(b"%040x HEAD\0multi_ack\n" % 1))
        while True:
            lines = (b"%040x refs/heads/%d%s\n" % (1, number + i, b"a" * 900) for i in range(500))
            handler.wfile.write(b"".join(map(packet, lines)))
            number += 500

    with hostile(refs) as (server, _):
        start = time.monotonic()
        got = fetch(server.server_port, tmp_path, deadline_s=1.5)

    # Either the memory bound or the deadline ends it.
    assert got.code in (Code.TOO_SLOW, Code.FETCH_FAILED)
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("objects", "code"),
    [(1, Code.UNPACKED_TOO_LARGE), (2**31 - 1, Code.NEEDS_TOO_MUCH_MEMORY)],
)
def test_server_that_sends_a_pack_without_end_is_cut(
    tmp_path: Path, objects: int, code: Code
) -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        if not begin_pack(handler):
            return
        # The first object is a blob of 100 GB, stored.
        size = 100 * 10**9
        first = bytearray([0xB0 | size & 0xF])
        rest = size >> 4
        while rest:
            first.append(rest & 0x7F | (0x80 if rest >> 7 else 0))
            rest >>= 7
        start = b"PACK\0\0\0\2" + objects.to_bytes(4, "big") + bytes(first) + b"\x78\x01"
        handler.wfile.write(packet(b"\1" + start))
        block = b"\0" + (60_000).to_bytes(2, "little") + (60_000 ^ 0xFFFF).to_bytes(2, "little")
        while True:
            handler.wfile.write(packet(b"\1" + block + b"\xa5" * 60_000))

    with hostile(endless) as (server, asked):
        start = time.monotonic()
        got = fetch(server.server_port, tmp_path, deadline_s=10.0, max_transfer_bytes=5_000_000)

    assert any("git-upload-pack" in path and "info" not in path for path in asked)
    assert got.code is code
    assert time.monotonic() - start < 9


def test_server_that_talks_without_end_is_cut(tmp_path: Path) -> None:
    """What a server says goes to a file below the same bound."""

    def talk(handler: BaseHTTPRequestHandler) -> None:
        if not begin_pack(handler):
            return
        while True:
            handler.wfile.write(packet(b"\2" + b"come here\n" * 6000))

    with hostile(talk) as (server, _):
        got = fetch(server.server_port, tmp_path, deadline_s=10.0, max_transfer_bytes=2_000_000)

    assert got.code is Code.UNPACKED_TOO_LARGE


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(tmp_path: Path, status: int) -> None:
    with hostile(lambda handler: head(handler)) as (inner, reached):

        def redirect(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            target = f"http://127.0.0.1:{inner.server_port}{handler.path}"
            handler.send_header("Location", target)
            handler.send_header("Content-Length", "0")
            handler.end_headers()

        with hostile(redirect) as (server, asked):
            got = fetch(server.server_port, tmp_path)

    assert got.code is Code.REDIRECTED
    assert asked
    assert reached == []


def test_dumb_server_cannot_lead_elsewhere(tmp_path: Path) -> None:
    """The old protocol can name alternate places of objects by URL: none is asked."""
    with hostile(lambda handler: head(handler)) as (inner, reached):

        def dumb(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.end_headers()
            if "info/refs" in handler.path:
                handler.wfile.write(b"%040x\trefs/heads/main\n" % 1)
            elif "alternates" in handler.path:
                handler.wfile.write(b"http://127.0.0.1:%d/x/objects\n" % inner.server_port)

        with hostile(dumb) as (server, asked):
            got = fetch(server.server_port, tmp_path)

    assert got.code is Code.FETCH_FAILED
    assert asked
    assert reached == []


@pytest.mark.parametrize("status", [401, 403])
def test_server_that_asks_for_a_password_gets_none(tmp_path: Path, status: int) -> None:
    def locked(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("WWW-Authenticate", 'Basic realm="x"')
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    with hostile(locked) as (server, _):
        got = fetch(server.server_port, tmp_path)

    assert got.code is Code.PRIVATE_REPOSITORY


def test_what_a_server_says_is_never_the_message(tmp_path: Path) -> None:
    def lie(handler: BaseHTTPRequestHandler) -> None:
        head(handler)
        handler.wfile.write(packet(b"ERR \x1b[31m<script>alert(1)</script> not our ref\n"))

    with hostile(lie) as (server, _):
        got = fetch(server.server_port, tmp_path)

    assert "script" not in got.message
    assert got.detail.isprintable()
    assert len(got.detail) <= 500
