"""What the doctor says of providers that vouch for people."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from concours.platform.core.identity_config import OidcProvider
from concours.platform.health import LOOKS, address, providers, proxy, watching


def known(folder: Path) -> OidcProvider:
    return OidcProvider(
        id="there",
        name="Somewhere",
        issuer="https://id.example",
        client_id="concours",
        secret_file=folder / "there.secret",
        trust_verified_email=False,
    )


def test_the_clients_secret_is_looked_at(settings: Any, tmp_path: Path) -> None:
    settings.OIDC_PROVIDERS = (known(tmp_path),)
    assert (providers().state, "cannot be read" in providers().found) == ("fault", True)

    secret = tmp_path / "there.secret"
    secret.write_text("hush")
    secret.chmod(0o644)
    assert (providers().state, providers().mend) == ("fault", f"chmod 600 {secret}")

    secret.chmod(0o600)
    found = providers()
    assert (found.state, found.found) == ("ok", "by e-mail, passkey, there")
    assert "hush" not in str(found)


def test_without_providers_it_is_well(settings: Any) -> None:
    settings.OIDC_PROVIDERS = ()
    assert (providers().state, providers().found) == ("ok", "by e-mail, passkey")
    assert providers in LOOKS


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"https": False}, "ok"),
        ({"https": True, "trusted_proxies": ()}, "fault"),
        ({"https": True, "trusted_proxies": ("0.0.0.0/0",)}, "fault"),
        ({"https": True, "allowed_hosts": ("a.example",)}, "warning"),
        (
            {
                "https": True,
                "allowed_hosts": ("a.example",),
                "trusted_origins": ("https://a.example",),
            },
            "ok",
        ),
    ],
)
def test_https_and_its_proxy_fit_together(given: Any, state: str, settings: Any) -> None:
    settings.CONFIG = replace(settings.CONFIG, **given)
    assert proxy().state == state
    assert proxy in LOOKS


@pytest.mark.parametrize(
    ("https", "public", "state"),
    [
        (True, "https://127.0.0.1:8000", "warning"),
        (True, "https://0.0.0.0:8000", "warning"),
        (True, "https://concours.example.org", "ok"),
        (False, "http://127.0.0.1:8000", "ok"),
    ],
)
def test_links_lead_readers_to_the_site(
    https: bool, public: str, state: str, settings: Any
) -> None:
    settings.CONFIG = replace(settings.CONFIG, https=https)
    settings.PUBLIC_URL, settings.PUBLIC_HOST = public, urlsplit(public).hostname
    assert (address().state, public in address().found) == (state, True)
    assert address in LOOKS


def test_the_metrics_token_is_looked_at(settings: Any, tmp_path: Path) -> None:
    settings.CONFIG = replace(
        settings.CONFIG, data_dir=tmp_path, https=True, metrics_token_file="token"
    )
    states = [watching().state]
    for content, mode in (("", 0o600), ("hush", 0o644), ("hush", 0o600)):
        (tmp_path / "token").write_text(content)
        (tmp_path / "token").chmod(mode)
        states.append(watching().state)

    assert states == ["fault", "fault", "fault", "ok"]
    assert "hush" not in str(watching())
