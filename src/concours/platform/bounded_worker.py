"""A server worker whose threads wait for nobody without end.

gunicorn's threads read a request with a blocking socket: a handful of clients that send half a
header each would hold all of them. Behind a buffering proxy this never shows; without one it must
not matter either.
"""

from __future__ import annotations

import errno
import socket
import time
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

HEADER_SECONDS = 10.0
"""Within which a request's header has to be there; its body has as long again, and more by size."""
LEAST_RATE = 16 * 1024
"""Bytes a second below which a body is given up."""
SILENT_SECONDS = 60.0
"""How long a reader may take nothing of an answer."""


class BoundedSocket:
    """A connected socket that gives up on a peer who sends too slowly or reads nothing."""

    def __init__(self, wrapped: socket.socket) -> None:
        self._wrapped = wrapped
        self.begin()

    def begin(self) -> None:
        """A new request: its time starts now."""
        self._started, self._taken = time.monotonic(), 0

    def recv(self, size: int, *flags: int) -> bytes:
        """As of a socket. Raises ConnectionResetError when the request has taken its time."""
        allowed = HEADER_SECONDS + self._taken / LEAST_RATE
        left = self._started + allowed - time.monotonic()
        if left <= 0:
            raise _given_up()
        self._wrapped.settimeout(left)
        try:
            data = self._wrapped.recv(size, *flags)
        except TimeoutError:
            raise _given_up() from None
        finally:
            self._wrapped.settimeout(SILENT_SECONDS)
        self._taken += len(data)
        return data

    def setblocking(self, blocking: bool) -> None:
        """Blocking means: for SILENT_SECONDS."""
        self._wrapped.settimeout(SILENT_SECONDS if blocking else 0)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)


class BoundedWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded worker on bounded sockets."""

    def handle(self, conn: TConn) -> Any:
        """Serve one request of a connection, which may have served others before."""
        if isinstance(conn.sock, BoundedSocket):
            conn.sock.begin()
        else:
            conn.sock = BoundedSocket(conn.sock)
        return super().handle(conn)


def _given_up() -> ConnectionResetError:
    return ConnectionResetError(errno.ECONNRESET, "the peer is too slow")
