"""What the doctor says of providers that vouch for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from concours.platform.core.identity_config import OidcProvider
from concours.platform.health import LOOKS, providers


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
