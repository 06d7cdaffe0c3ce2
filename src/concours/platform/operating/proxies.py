"""Whose word is taken for where a request came from: only that of the proxies named in settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Network = IPv4Network | IPv6Network
FORWARDING = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_X_REQUEST_ID",
)
KEPT = ("HTTP_X_REQUEST_ID",)


class ProxyMiddleware:
    """Sets the client's address and scheme by what a trusted proxy says, and drops what others say.

    Nothing after it sees a forwarding header. Of X-Forwarded-For counts the last address that is
    not a trusted proxy's: those before it are the client's own claims.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = {name: request.META.pop(name) for name in FORWARDING if name in request.META}
        if _is_within(request.META.get("REMOTE_ADDR", ""), self._trusted):
            client = self._client(given.get("HTTP_X_FORWARDED_FOR", ""))
            if client:
                request.META["REMOTE_ADDR"] = client
            scheme = given.get("HTTP_X_FORWARDED_PROTO", "").strip().lower()
            if scheme in {"http", "https"}:
                request.META["wsgi.url_scheme"] = scheme
                request.environ["wsgi.url_scheme"] = scheme  # type: ignore[attr-defined]
            request.META.update({name: given[name] for name in KEPT if name in given})
        return self.get_response(request)

    @cached_property
    def _trusted(self) -> tuple[Network, ...]:
        return networks(settings.CONFIG.trusted_proxies)

    def _client(self, forwarded: str) -> str:
        for claimed in reversed([one.strip() for one in forwarded.split(",")]):
            try:
                address = ip_address(claimed)
            except ValueError:
                return ""
            if not _is_within(claimed, self._trusted):
                return str(address)
        return ""


def networks(given: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks as written in the settings. Raises ValueError for one that is none."""
    return tuple(ip_network(one, strict=False) for one in given)


def _is_within(address: str, trusted: Iterable[Network]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found.version == one.version and found in one for one in trusted)
