"""The settings that say who may vouch for people, and who needs a second factor."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from concours.platform.core.config import Config, ConfigError

NEEDED = ("id", "name", "issuer", "client_id")
KNOWN = {*NEEDED, "client_secret_file", "trust_verified_email"}
STAFF = ("operators", "organisers")


@dataclass(frozen=True, kw_only=True)
class OidcProvider:
    """One OpenID Connect provider. The client's secret lies in `secret_file`, nowhere else."""

    id: str
    name: str
    issuer: str
    client_id: str
    secret_file: Path
    trust_verified_email: bool

    def read_secret(self) -> str:
        """The client secret as the file holds it now, so that it is replaced without a restart.

        Raises ConfigError where the file cannot be read or is empty.
        """
        try:
            secret = self.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"oidc {self.id}: the secret cannot be read: {error}") from error
        if not secret:
            raise ConfigError(f"oidc {self.id}: {self.secret_file} is empty")
        return secret


def oidc_providers(config: Config) -> tuple[OidcProvider, ...]:
    """The providers of `[[oidc]]`. Raises ConfigError for one that cannot be used."""
    providers = tuple(_provider(table, config.data_dir) for table in config.oidc)
    if len({provider.id for provider in providers}) < len(providers):
        raise ConfigError("oidc: two providers have the same id")
    return providers


def second_factor_for(config: Config) -> frozenset[str]:
    """Which staff need a second factor: a subset of STAFF. Raises ConfigError for others."""
    if unknown := set(config.second_factor) - set(STAFF):
        raise ConfigError(f"second_factor: unknown {sorted(unknown)}; known are {', '.join(STAFF)}")
    return frozenset(config.second_factor)


def _provider(table: dict[str, Any], data_dir: Path) -> OidcProvider:
    if unknown := set(table) - KNOWN:
        raise ConfigError(f"oidc: unknown keys {sorted(unknown)}; known are {sorted(KNOWN)}")
    for key in NEEDED:
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise ConfigError(f"oidc: {key} is wanted as a text")
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,39}", table["id"]):
        raise ConfigError(f"oidc: the id {table['id']!r} is not of a-z, 0-9 and -, at most 40")
    if not speaks_safely(table["issuer"]):
        raise ConfigError(f"oidc {table['id']}: the issuer has to be an https address")
    trusted = table.get("trust_verified_email", False)
    named = table.get("client_secret_file", f"oidc-{table['id']}.secret")
    if not isinstance(trusted, bool) or not isinstance(named, str):
        raise ConfigError(f"oidc {table['id']}: trust_verified_email is a bool, the file a text")
    return OidcProvider(
        **{key: table[key].strip() for key in NEEDED},
        secret_file=data_dir / Path(named).expanduser(),
        trust_verified_email=trusted,
    )


def speaks_safely(address: str) -> bool:
    """Whether the address is https, or http to this machine itself, and carries no password."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host or parts.username or parts.password:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
