"""What a program prints, read as it comes and kept within bounds."""

from __future__ import annotations

import contextlib
import os
import selectors
from collections.abc import Callable
from typing import IO

CHUNK = 65_536
Watch = Callable[[bytes], None]


class Capture:
    """Stdout and stderr of one process.

    Attributes:
        stdout, stderr: what came, at most `limit` bytes of each.
        full: whether more came than that.
    """

    def __init__(
        self, stdout: IO[bytes], stderr: IO[bytes], *, ended: int, limit: int, watch: Watch | None
    ) -> None:
        """ended: a descriptor that can be read once the process is no more."""
        self.stdout, self.stderr = bytearray(), bytearray()
        self.full = False
        self._limit, self._watch = limit, watch
        self._streams = (stdout, stderr)
        self._selector = selectors.DefaultSelector()
        self._selector.register(ended, selectors.EVENT_READ, None)
        for stream, kept in ((stdout, self.stdout), (stderr, self.stderr)):
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream.fileno(), selectors.EVENT_READ, kept)

    def take(self, seconds: float) -> None:
        """Take in what there is, waiting so long for it at the most."""
        for key, _ in self._selector.select(seconds):
            if key.data is not None:
                self._read(key.fd, key.data)

    def drain(self) -> None:
        """Take in all that is left, once nobody writes any more."""
        while not self.full:
            ready = [key for key, _ in self._selector.select(0) if key.data is not None]
            if not ready:
                return
            for key in ready:
                self._read(key.fd, key.data)

    def close(self) -> None:
        """Let go of the streams."""
        self._selector.close()
        for stream in self._streams:
            stream.close()

    def _read(self, handle: int, kept: bytearray) -> None:
        data = b""
        with contextlib.suppress(BlockingIOError):
            data = os.read(handle, CHUNK)
            if not data:
                self._selector.unregister(handle)
        room = self._limit - len(kept)
        self.full = self.full or len(data) > room
        data = data[:room]
        kept += data
        if data and self._watch is not None:
            self._watch(data)
