"""Where a stranger may send us: which git addresses are fetched, and from which machines.

An address is judged twice: as text, and as the IP addresses its host resolves to. The caller
then connects to exactly those (see `Target.pin`), so that the name cannot be pointed elsewhere
in between.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from concours.snapshots.errors import Code, SnapshotRefused

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[..., Sequence[tuple[Any, ...]]]
"""Called as `socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)`, and answers as it does."""

_DEFAULT_PORTS = {"https": 443, "http": 80}
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBERLIKE = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_PATH = re.compile(r"/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*")
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        # Stated here because what `is_global` knows depends on the version of Python.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3",
        # Within 2000::/3: Teredo and other protocol assignments, documentation, 6to4, the 6bone.
        "2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20",
    )
)  # fmt: skip


@dataclass(frozen=True)
class GitPolicy:
    """Which repositories may be fetched.

    `allowed_hosts` holds `host:port` in lower case (IPv6 in brackets): a foundation's own forge.
    These are exempt from the checks of port and IP address, and may be reached by plain http.
    `ca_file` are the certificates to trust instead of the system's.
    """

    allowed_schemes: frozenset[str] = frozenset({"https"})
    allowed_hosts: frozenset[str] = frozenset()
    resolver: Resolver = socket.getaddrinfo
    git: str = "git"
    ca_file: str | None = None
    max_transfer_bytes: int = 200 * 1024 * 1024
    """What a server may send and git may write while it fetches."""
    fallback_depth: int = 50
    """Commits of each branch and tag looked at where a server gives no bare commit."""
    low_speed_seconds: int = 20
    """How long a server may stay below 1 kB a second."""


@dataclass(frozen=True)
class Target:
    """A checked address and the IP addresses to connect to, in the resolver's order."""

    url: str
    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address, so that nothing is left to resolve."""
        return _literal(self.host) is not None

    @property
    def pin(self) -> str:
        """curl's CURLOPT_RESOLVE entry that holds the host to these addresses."""
        bracketed = [f"[{one}]" if ":" in one else one for one in self.addresses]
        return f"{self.host}:{self.port}:{','.join(bracketed)}"


def check_address(url: str, *, policy: GitPolicy) -> Target:
    """Judge `url` and resolve its host, once.

    Raises SnapshotRefused: BAD_ADDRESS, SCHEME_NOT_ALLOWED, PORT_NOT_ALLOWED, HOST_NOT_ALLOWED,
    HOST_UNKNOWN.
    """
    parts = _split(url)
    host = (parts.hostname or "").lower()
    port = _port(parts)
    bracketed = f"[{host}]" if ":" in host else host
    exempt = f"{bracketed}:{port}" in policy.allowed_hosts
    if parts.scheme not in policy.allowed_schemes and not exempt:
        raise _scheme_refused()
    if not exempt:
        _refuse_port(parts, port)
        _refuse_local_name(host)
    literal = _literal(host)
    addresses = [literal] if literal else _resolve(host, port, policy)
    if not exempt and not all(is_public(address) for address in addresses):
        raise _host_refused()
    return Target(
        url=f"{parts.scheme}://{bracketed}:{port}{parts.path}",
        scheme=parts.scheme,
        host=host,
        port=port,
        addresses=tuple(dict.fromkeys(str(address) for address in addresses)),
    )


def is_public(address: IpAddress) -> bool:
    """Whether `address` is a plain unicast address of the public internet.

    Addresses that carry another one inside (IPv4-mapped, NAT64, 6to4, Teredo) are not: where
    they lead depends on the network one stands in.
    """
    if isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC_V6:
        return False
    if any(address.version == net.version and address in net for net in _CLOSED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _split(url: str) -> SplitResult:
    if len(url) > 2048 or not url.isascii() or not url.isprintable() or url.startswith("-"):
        raise _bad_address()
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise _bad_address() from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise _scheme_refused()
    if (
        not url.lower().startswith(f"{parts.scheme}://")
        or "@" in parts.netloc
        or "%" in parts.netloc
        or parts.query
        or parts.fragment
        or not _PATH.fullmatch(parts.path)
        or not _is_host(parts.hostname or "")
    ):
        raise _bad_address()
    return parts


def _is_host(host: str) -> bool:
    """A DNS name without a trailing dot, or an IP address in its one usual spelling."""
    if _literal(host):
        return True
    last = host.rpartition(".")[2]
    return len(host) <= 253 and bool(_HOST.fullmatch(host)) and not _NUMBERLIKE.fullmatch(last)


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _port(parts: SplitResult) -> int:
    return _DEFAULT_PORTS[parts.scheme] if parts.port is None else parts.port


def _refuse_port(parts: SplitResult, port: int) -> None:
    if port != _DEFAULT_PORTS[parts.scheme]:
        raise SnapshotRefused(
            Code.PORT_NOT_ALLOWED,
            "The address names a port; give an address on the usual one, such as "
            "https://example.org/project.git.",
        )


def _refuse_local_name(host: str) -> None:
    if "." not in host and ":" not in host:
        raise _host_refused()
    if any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES):
        raise _host_refused()


def _resolve(host: str, port: int, policy: GitPolicy) -> list[IpAddress]:
    try:
        answers = policy.resolver(host, port, type=socket.SOCK_STREAM)
        # A scope ("%eth0") belongs to link-local addresses, which are refused either way.
        found = [ipaddress.ip_address(str(answer[4][0]).partition("%")[0]) for answer in answers]
    except (OSError, UnicodeError, ValueError):
        found = []
    if not found:
        raise SnapshotRefused(
            Code.HOST_UNKNOWN, "The host of the address is not known; look for a slip in it."
        )
    return found


def _bad_address() -> SnapshotRefused:
    return SnapshotRefused(
        Code.BAD_ADDRESS,
        "This is no plain address of a repository; give one such as "
        "https://example.org/project.git, without a user name, query or fragment.",
    )


def _scheme_refused() -> SnapshotRefused:
    return SnapshotRefused(
        Code.SCHEME_NOT_ALLOWED,
        "The repository can only be fetched by https; give its https:// address.",
    )


def _host_refused() -> SnapshotRefused:
    return SnapshotRefused(
        Code.HOST_NOT_ALLOWED,
        "The address leads to a machine that is not on the public internet; "
        "give the address of a public repository.",
    )
