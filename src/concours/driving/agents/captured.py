"""What a process printed: the head and the tail of it."""

from __future__ import annotations

import re

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def readable(text: str) -> str:
    """A stranger's text without what files, databases and terminals choke on or obey."""
    return _UNREADABLE.sub("\N{REPLACEMENT CHARACTER}", text)


_GROUP = re.compile(r"^[ |+-]*((?:\w+\.)*\w*ExceptionGroup: .*)$", re.MULTILINE)
_RAISED = re.compile(r'^  File "[^\n]*\n(?: [^\n]*\n)*([^ \n][^\n]*)', re.MULTILINE)


def gist(fault: str) -> str:
    """The one line of a fault that says most: of a traceback what was raised, else the last."""
    found = _GROUP.findall(fault) or _RAISED.findall(fault)
    return (found[-1] if found else fault.strip().rpartition("\n")[2]).strip()


class Captured:
    """Keeps at most `limit` bytes from the head and as many from the tail."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.total = 0
        self._head = bytearray()
        self._tail = bytearray()

    def add(self, data: bytes) -> None:
        """Some more was printed."""
        self.total += len(data)
        room = self.limit - len(self._head)
        self._head += data[:room]
        self._tail += data[room:] if room > 0 else data
        if len(self._tail) > 2 * self.limit:  # seldom, so that adding stays cheap
            del self._tail[: -self.limit]

    def text(self) -> str:
        """All of it, or a note in the middle that says how much is left out."""
        tail = bytes(self._tail[-self.limit :]) if self.limit else b""
        left_out = self.total - len(self._head) - len(tail)
        note = f"\n... {left_out} bytes left out ...\n".encode() if left_out else b""
        return readable((bytes(self._head) + note + tail).decode("utf-8", "replace"))
