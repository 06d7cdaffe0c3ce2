"""Peers who send half a request, or read nothing of the answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from concours.platform import bounded_worker
from concours.platform.bounded_worker import BoundedSocket


@pytest.fixture
def ends() -> Iterator[tuple[BoundedSocket, socket.socket]]:
    ours, theirs = socket.socketpair()
    yield BoundedSocket(ours), theirs
    ours.close()
    theirs.close()


def test_what_comes_in_time_is_read(ends: tuple[BoundedSocket, socket.socket]) -> None:
    ours, theirs = ends
    ours.setblocking(True)  # noqa: FBT003 - a socket's own signature
    theirs.sendall(b"GET / HTTP/1.1\r\n")
    assert ours.recv(100) == b"GET / HTTP/1.1\r\n"
    theirs.close()
    assert ours.recv(100) == b""


def test_half_a_header_is_given_up(
    ends: tuple[BoundedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_worker, "HEADER_SECONDS", 0.2)
    ours, theirs = ends
    theirs.sendall(b"GET /")
    assert ours.recv(100) == b"GET /"
    started = time.monotonic()
    with pytest.raises(ConnectionResetError):
        ours.recv(100)
    assert time.monotonic() - started < 5


def test_a_byte_now_and_then_is_given_up_too(
    ends: tuple[BoundedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_worker, "HEADER_SECONDS", 0.3)
    ours, theirs = ends
    with pytest.raises(ConnectionResetError):
        for _ in range(100):
            theirs.sendall(b"x")
            ours.recv(1)
            time.sleep(0.02)


def test_a_large_body_has_time_by_its_size(
    ends: tuple[BoundedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_worker, "HEADER_SECONDS", 0.2)
    ours, theirs = ends
    theirs.sendall(b"x" * 65_536)
    taken = 0
    while taken < 65_536:
        taken += len(ours.recv(65_536))
    time.sleep(0.3)
    theirs.sendall(b"more")
    assert ours.recv(100) == b"more"


def test_each_request_has_its_own_time(
    ends: tuple[BoundedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_worker, "HEADER_SECONDS", 0.2)
    ours, theirs = ends
    time.sleep(0.3)
    ours.begin()
    theirs.sendall(b"GET")
    assert ours.recv(100) == b"GET"


def test_a_peer_who_reads_nothing_does_not_hold_a_thread(
    ends: tuple[BoundedSocket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded_worker, "SILENT_SECONDS", 0.2)
    ours, _theirs = ends
    ours.setblocking(True)  # noqa: FBT003 - a socket's own signature
    with pytest.raises(TimeoutError):
        ours.sendall(b"x" * 50_000_000)
