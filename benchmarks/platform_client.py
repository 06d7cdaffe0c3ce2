"""People at their browsers, as cheap as they can be: HTTP/1.1 on kept connections, by asyncio.

Locust's greenlets and httpx cost a millisecond and more a request, a good part of what the server
spends on one; on a machine that both share, that would be measured instead.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = "a" * 32
"""Of the form against forgery: cookie and field have to agree, the server keeps nothing."""


@dataclass(slots=True)
class Answer:
    """Status 0: the connection broke before the answer's end."""

    status: int
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cookies: dict[str, str] = field(default_factory=dict)


class Connection:
    """One kept connection; opened when needed. Not for two requests at once."""

    def __init__(self, host: str, port: int) -> None:
        self._place = (host, port)
        self.address = "127.0.0.1"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self, method: str, path: str, *, cookies: dict[str, str], kind: str = "", body: bytes = b""
    ) -> Answer:
        """The answer to one request, from its first byte sent to the last received."""
        started = time.perf_counter()
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        head += f"X-Forwarded-For: {self.address}\r\n"
        if method == "POST":
            head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        try:
            reader, writer = await self._open()
            writer.write(head.encode() + b"\r\n" + body)
            await writer.drain()
            answer = await _read(reader)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return Answer(0, time.perf_counter() - started)
        answer.seconds = time.perf_counter() - started
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is not None and self._streams[0].at_eof():
            self.close()
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._place, limit=1 << 20)
        return self._streams

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    answer = Answer(int(head[0].split(" ", 2)[1]), 0.0)
    for line in head[1:-2]:
        name, _, value = line.partition(": ")
        if name.lower() == "set-cookie":
            key, _, kept = value.partition(";")[0].partition("=")
            answer.cookies[key] = kept
        else:
            answer.headers[name.lower()] = value
    if answer.headers.get("transfer-encoding", "") == "chunked":
        while size := int((await reader.readline()).strip() or b"0", 16):
            answer.body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        answer.body = await reader.readexactly(int(answer.headers.get("content-length", "0")))
    return answer


def form(**fields: str) -> tuple[str, bytes]:
    """(content type, body) of a form, with its token."""
    return (
        "application/x-www-form-urlencoded",
        urlencode({"csrfmiddlewaretoken": TOKEN, **fields}).encode(),
    )


def upload(archive: bytes) -> tuple[str, bytes]:
    """(content type, body) of a form with an archive."""
    edge = secrets.token_hex(16)
    start = (
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="archive"; filename="a.zip"\r\n'
        "Content-Type: application/zip\r\n\r\n"
    )
    return (
        f"multipart/form-data; boundary={edge}",
        start.encode() + archive + f"\r\n--{edge}--\r\n".encode(),
    )


def signed_in(session: str) -> dict[str, str]:
    """The cookies of whoever has that session."""
    return {"sessionid": session, "csrftoken": TOKEN}
