"""The one way in which the platform calls an address that somebody gave it.

The host is resolved once, every address that it has is judged, and the connection goes to one of
those: a name cannot be pointed elsewhere in between. No redirect is followed, and the whole call
ends after `total_s` whatever the other side does.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from concours.snapshots.addresses import is_public

PORTS = frozenset({80, 443, 8443})
Resolver = Callable[..., Sequence[tuple[Any, ...]]]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What may be called. Times are in seconds.

    `exempt` holds `host:port` (IPv6 in brackets) of machines of one's own, which may be anywhere
    and speak plain http. With `loopback`, http to this machine itself is let through: for
    rehearsals. `ca_file` are certificates to trust instead of the system's.
    """

    exempt: frozenset[str] = frozenset()
    loopback: bool = False
    ports: frozenset[int] = PORTS
    resolver: Resolver = socket.getaddrinfo
    ca_file: str | None = None
    connect_s: float = 4.0
    read_s: float = 5.0
    total_s: float = 10.0
    most_bytes: int = 16 * 1024


class AddressRefused(Exception):
    """The address may not be called; nothing was sent. `code` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CallFailed(Exception):
    """There was no answer. `code`: "timeout", "unreachable", "tls", "not-http"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`body` is cut at the policy's `most_bytes`."""

    status: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Target:
    """A judged address, and the IP addresses that it may be reached at."""

    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...] = field(default=())


def check(url: str, *, policy: Policy) -> Target:
    """Judge `url` as text and by the addresses of its host, which is resolved here and only here.

    Raises AddressRefused: "bad-address", "scheme", "port", "unknown-host", "not-public".
    """
    target = _read(url)
    exempt = _is_exempt(target, policy)
    if target.scheme != "https" and not exempt:
        raise AddressRefused("scheme")
    if target.port not in policy.ports and not exempt:
        raise AddressRefused("port")
    addresses = _resolve(target, policy)
    if not exempt and not all(is_public(address) for address in addresses):
        raise AddressRefused("not-public")
    found = tuple(dict.fromkeys(str(address) for address in addresses))
    return Target(**{**vars(target), "addresses": found})


def post(
    url: str, *, body: bytes, headers: Mapping[str, str], policy: Policy | None = None
) -> Answer:
    """POST `body` to `url`. Raises AddressRefused before anything is sent, or CallFailed."""
    policy = policy or Policy()
    ends = time.monotonic() + policy.total_s
    target = check(url, policy=policy)
    try:
        answer = _exchange(target, body=body, headers=headers, policy=policy, ends=ends)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        late = isinstance(fault, TimeoutError) or time.monotonic() >= ends
        raise CallFailed("timeout" if late else _why(fault)) from fault
    if time.monotonic() >= ends:
        # Where the connection was cut off, what had come by then looks like a short answer.
        raise CallFailed("timeout")
    return answer


def _exchange(
    target: Target, *, body: bytes, headers: Mapping[str, str], policy: Policy, ends: float
) -> Answer:
    with _connected(target, policy, ends) as connection:
        connection.request("POST", target.path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return Answer(status=answer.status, body=answer.read(policy.most_bytes))


def _why(fault: Exception) -> str:
    if isinstance(fault, ssl.SSLError):
        return "tls"
    return "unreachable" if isinstance(fault, OSError) else "not-http"


def _read(url: str) -> Target:
    """Raises AddressRefused for what is no plain http(s) address."""
    if len(url) > 2_000 or not url.isascii() or not url.isprintable() or set(url) & set(' \\"<>'):
        raise AddressRefused("bad-address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("bad-address") from None
    if parts.scheme not in {"http", "https"}:
        raise AddressRefused("scheme")
    host = (parts.hostname or "").lower().removesuffix(".")
    if not host or "@" in parts.netloc or "%" in parts.netloc or parts.fragment:
        raise AddressRefused("bad-address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    usual = 443 if parts.scheme == "https" else 80
    return Target(scheme=parts.scheme, host=host, port=usual if port is None else port, path=path)


def _is_exempt(target: Target, policy: Policy) -> bool:
    bracketed = f"[{target.host}]" if ":" in target.host else target.host
    if f"{bracketed}:{target.port}" in policy.exempt:
        return True
    return policy.loopback and target.host in {"localhost", "127.0.0.1", "::1"}


def _resolve(target: Target, policy: Policy) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        # The system's resolver knows no time limit of ours.
        asked = pool.submit(policy.resolver, target.host, target.port, type=socket.SOCK_STREAM)
        answers = asked.result(timeout=policy.connect_s)
        found = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in answers]
    except (OSError, UnicodeError, ValueError, TookTooLong):
        found = []
    finally:
        pool.shutdown(wait=False)
    if not found:
        raise AddressRefused("unknown-host")
    return found


@contextmanager
def _connected(target: Target, policy: Policy, ends: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to a judged address, which is cut off when the time is over."""
    raw = _connect(target, policy)
    connection = http.client.HTTPConnection(target.host, target.port, timeout=policy.read_s)
    cut = threading.Timer(max(ends - time.monotonic(), 0.0), _cut_off, args=(raw,))
    cut.daemon = True
    cut.start()
    try:
        raw.settimeout(policy.read_s)
        connection.sock = raw
        if target.scheme == "https":
            # The timer cuts the plain socket, which stays under the one that speaks TLS.
            context = ssl.create_default_context(cafile=policy.ca_file)
            connection.sock = context.wrap_socket(
                raw.dup(), server_hostname=target.host, do_handshake_on_connect=True
            )
        yield connection
    finally:
        cut.cancel()
        connection.close()
        raw.close()


def _connect(target: Target, policy: Policy) -> socket.socket:
    last: OSError = OSError("no address")
    ends = time.monotonic() + policy.connect_s
    for address in target.addresses:
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        try:
            return socket.create_connection((address, target.port), timeout=left)
        except OSError as fault:
            last = fault
    raise last


def _cut_off(raw: socket.socket) -> None:
    try:
        raw.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
