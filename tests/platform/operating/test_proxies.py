"""Forwarding headers count from configured proxies alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from concours.platform.core.config import Config, ConfigError, load
from concours.platform.operating.proxies import FORWARDING, ProxyMiddleware

SAID = {
    "HTTP_X_FORWARDED_FOR": "198.51.100.7",
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PORT": "1",
    "HTTP_X_REAL_IP": "203.0.113.9",
    "HTTP_FORWARDED": "for=203.0.113.9",
}


def through(settings: Any, *, trusted: tuple[str, ...], peer: str, **said: str) -> HttpRequest:
    """The request as it is after the middleware."""
    settings.CONFIG = replace(settings.CONFIG, trusted_proxies=trusted)
    seen: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_HOST="testserver", **said)
    ProxyMiddleware(view)(request)
    return seen[0]


def test_a_trusted_proxys_word_counts(settings: Any) -> None:
    request = through(settings, trusted=("10.0.0.0/8",), peer="10.1.2.3", **SAID)

    assert (request.META["REMOTE_ADDR"], request.is_secure()) == ("198.51.100.7", True)
    assert request.get_host() == "testserver"
    assert not set(FORWARDING) & set(request.META)


@pytest.mark.parametrize("peer", ["192.0.2.1", "", "fd00::1", "not an address"])
def test_nobody_elses_does(peer: str, settings: Any) -> None:
    request = through(settings, trusted=("10.0.0.0/8",), peer=peer, **SAID)

    assert (request.META["REMOTE_ADDR"], request.is_secure()) == (peer, False)
    assert not set(FORWARDING) & set(request.META)


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.1, 198.51.100.7", "198.51.100.7"),
        ("203.0.113.1, 198.51.100.7, 10.0.0.9", "198.51.100.7"),
        ("198.51.100.7, nonsense", "10.1.2.3"),
        ("10.0.0.8", "10.1.2.3"),
        ("", "10.1.2.3"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_last_address_that_is_no_proxy_is_the_clients(
    forwarded: str, client: str, settings: Any
) -> None:
    request = through(
        settings, trusted=("10.0.0.0/8",), peer="10.1.2.3", HTTP_X_FORWARDED_FOR=forwarded
    )

    assert request.META["REMOTE_ADDR"] == client


def test_settings_name_networks(tmp_path: Any) -> None:
    path = tmp_path / "concours.toml"
    path.write_text('trusted_proxies = ["10.0.0.0/8", "example.org"]')

    with pytest.raises(ConfigError, match=r"example\.org"):
        load(path)
    assert Config(data_dir=tmp_path).trusted_proxies == ("127.0.0.1", "::1")
