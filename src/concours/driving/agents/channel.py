"""The engine's end of the stream to an agent: bounded in time and size, whatever comes.

Here, and only here, a monotonic clock runs: for how long an agent is waited for.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import select
import socket
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from concours.driving.agents import wire
from concours.driving.agents.captured import Captured

CHUNK = 65_536
Frame = tuple[bytes, bytes]
"""Kind and content."""


class Ended(Exception):
    """The agent's process is no more. `told`: what its keeper says of how it ended."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__("the agent's process ended")
        self.told = told


def deadline(seconds: float) -> float:
    """The moment so many seconds from now, for `Channel.receive`."""
    return time.monotonic() + seconds


class Channel:
    """Sends frames and receives answers without ever blocking past a deadline.

    Args:
        stream: a connected stream socket. log: reading end of what the agent prints. status:
        reading end of the pipe that the keeper writes to when the agent has ended.
    """

    def __init__(self, stream: socket.socket, log: int, status: int, captured: Captured) -> None:
        self._stream, self._log, self._status = stream, log, status
        self._captured = captured
        self._out: deque[memoryview] = deque()
        self._in = bytearray()
        self._open = True
        stream.settimeout(0.0)
        os.set_blocking(log, False)
        self._poll = select.poll()
        self._poll.register(log, select.POLLIN)
        self._poll.register(status, select.POLLIN)

    def queue(self, parts: Sequence[bytes | memoryview]) -> None:
        """Send these with the next `receive`; memory is read while it waits."""
        self._out.extend(memoryview(part) for part in parts if len(part))

    def receive(self, until: float) -> Frame | None:
        """The next frame of the agent's; None where none came in time.

        Raises Ended, and wire.Garbled for what no agent's side sends.
        """
        while True:
            self._write()
            frame = self._next_frame()
            if frame is not None:
                return frame
            left = until - time.monotonic()
            if left <= 0.0:
                self._out = deque(memoryview(bytes(part)) for part in self._out)
                return None
            self._wait(left)

    def _wait(self, seconds: float) -> None:
        """Until something can be done; print-outs are taken in on the way."""
        if self._open:
            writing = select.POLLOUT if self._out else 0
            self._poll.register(self._stream, select.POLLIN | writing)
        ready = {handle for handle, _ in self._poll.poll(math.ceil(1000 * seconds))}
        if self._log in ready:
            self._take_log()
        if self._open and self._stream.fileno() in ready:
            self._read()
        elif self._status in ready:
            self._take_log()
            raise Ended(self.ending())

    def _write(self) -> None:
        try:
            while self._open and self._out:
                sent = self._stream.sendmsg(list(self._out)[:16])
                while self._out and sent >= len(self._out[0]):
                    sent -= len(self._out.popleft())
                if sent:
                    self._out[0] = self._out[0][sent:]
        except BlockingIOError:
            pass
        except OSError:
            self._out.clear()  # that it has ended is told by the status

    def _read(self) -> None:
        try:
            data = self._stream.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        self._in += data
        if not data:
            self._open = False
            self._poll.unregister(self._stream)

    def _next_frame(self) -> Frame | None:
        head = wire.HEAD.size
        if len(self._in) < head:
            return None
        kind, size, arrays = wire.HEAD.unpack_from(self._in)
        if size > wire.MAX_ANSWER or arrays:
            raise wire.Garbled(f"a frame of {size + arrays} bytes")
        if len(self._in) < head + size:
            return None
        content = bytes(self._in[head : head + size])
        del self._in[: head + size]
        return kind, content

    def _take_log(self) -> None:
        """One chunk, so that nobody who prints without end holds the engine up."""
        try:
            data = os.read(self._log, CHUNK)
        except BlockingIOError:
            return
        if data:
            self._captured.add(data)
        else:
            with contextlib.suppress(KeyError):  # the end of it may be met twice
                self._poll.unregister(self._log)

    def ending(self) -> dict[str, Any]:
        """What the keeper told; {} where it was killed before it could."""
        try:
            told = json.loads(os.read(self._status, CHUNK))
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def last_words(self, seconds: float) -> dict[str, Any] | None:
        """Wait for the end, taking in what is printed; None where it does not come."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0.0:
            ready = {handle for handle, _ in self._poll.poll(math.ceil(1000 * left))}
            if self._log in ready:
                self._take_log()
            if self._open and self._stream.fileno() in ready:
                self._in.clear()
                self._read()
            if self._status in ready:
                self._take_log()
                return self.ending()
        return None

    def close(self) -> None:
        """Let go of all three."""
        self._stream.close()
        for handle in (self._log, self._status):
            with contextlib.suppress(OSError):
                os.close(handle)
