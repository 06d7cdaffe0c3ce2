"""Memory that the engine writes large readings into and the agent's side copies them from.

A stream would carry them in pieces as large as its buffer, with a change of process for each. The
memory's size is sealed, so that nobody can pull it away from under the other. Linux only; elsewhere
everything goes through the stream. Source: memfd_create(2).
"""

from __future__ import annotations

import contextlib
import fcntl
import mmap
import os
from collections.abc import Sequence

from concours.driving.agents import wire

CAPACITY = 64 * 2**20
"""Bytes of address space; memory is taken as it is written."""
SMALLEST = 32 * 1024
"""Bytes from which the detour pays."""


class SharedBlock:
    """The engine's side. `handle` is -1 where the system has no such memory."""

    def __init__(self) -> None:
        self.handle = -1
        self._map: mmap.mmap | None = None
        with contextlib.suppress(OSError, AttributeError):
            self.handle = os.memfd_create("readings", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
            os.ftruncate(self.handle, CAPACITY)
            seals = fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL
            fcntl.fcntl(self.handle, fcntl.F_ADD_SEALS, seals)
            self._map = mmap.mmap(self.handle, CAPACITY)

    def place(self, parts: Sequence[bytes | memoryview]) -> list[bytes | memoryview]:
        """A frame as it came, or with its arrays put here and the head saying so.

        What the agent was sent before must have been answered.
        """
        head, *blocks = parts
        size = sum(len(block) for block in blocks)
        if self._map is None or not SMALLEST <= size <= CAPACITY:
            return [head, *blocks]
        at = 0
        for block in blocks:
            self._map[at : at + len(block)] = block
            at += len(block)
        return [wire.SHARED + bytes(head[len(wire.SHARED) :])]

    def close(self) -> None:
        """Let go of it."""
        if self._map is not None:
            self._map.close()
        if self.handle >= 0:
            os.close(self.handle)
        self._map, self.handle = None, -1


def attach(handle: int) -> mmap.mmap | None:
    """The agent's side: to be read only."""
    return None if handle < 0 else mmap.mmap(handle, CAPACITY, access=mmap.ACCESS_READ)
