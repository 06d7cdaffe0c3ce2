from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from concours.platform.core.config import Config, ConfigError, load
from concours.platform.core.identity_config import (
    oidc_providers,
    second_factor_for,
    speaks_safely,
)

GOOD = {"id": "there", "name": "Somewhere", "issuer": "https://id.example", "client_id": "us"}


def config(tmp_path: Path, *tables: dict[str, Any], **fields: Any) -> Config:
    return Config(data_dir=tmp_path, oidc=tables, **fields)


def test_a_provider_of_the_settings_file(tmp_path: Path) -> None:
    file = tmp_path / "concours.toml"
    lines = [f"{key} = '{value}'" for key, value in GOOD.items()]
    file.write_text(f"data_dir = '{tmp_path}'\n[[oidc]]\n" + "\n".join(lines))
    (provider,) = oidc_providers(load(file))
    assert (provider.id, provider.issuer) == ("there", "https://id.example")
    assert provider.secret_file == tmp_path / "oidc-there.secret"
    assert not provider.trust_verified_email


def test_the_secret_is_read_from_its_file(tmp_path: Path) -> None:
    (provider,) = oidc_providers(config(tmp_path, {**GOOD, "client_secret_file": "s"}))
    with pytest.raises(ConfigError, match="cannot be read"):
        provider.read_secret()
    (tmp_path / "s").write_text(" \n")
    with pytest.raises(ConfigError, match="is empty"):
        provider.read_secret()
    (tmp_path / "s").write_text("hush\n")
    assert provider.read_secret() == "hush"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"secret": "hush"}, "unknown keys"),
        ({"client_secret": "hush"}, "unknown keys"),
        ({"name": ""}, "name is wanted"),
        ({"issuer": 3}, "issuer is wanted"),
        ({"id": "A b"}, "the id"),
        ({"id": "x" * 41}, "the id"),
        ({"issuer": "http://id.example"}, "https"),
        ({"issuer": "https://us:hush@id.example"}, "https"),
        ({"trust_verified_email": "yes"}, "bool"),
    ],
)
def test_what_cannot_be_used_stops_the_start(
    tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigError, match=told) as raised:
        oidc_providers(config(tmp_path, {**GOOD, **change}))
    assert "hush" not in str(raised.value)


def test_two_providers_of_one_id(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="same id"):
        oidc_providers(config(tmp_path, GOOD, GOOD))


def test_second_factors_are_asked_of_known_staff(tmp_path: Path) -> None:
    wanted = second_factor_for(config(tmp_path, second_factor=("operators",)))
    assert wanted == {"operators"}
    with pytest.raises(ConfigError, match="unknown"):
        second_factor_for(config(tmp_path, second_factor=("everyone",)))


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://id.example/realm", True),
        ("http://localhost:8080", True),
        ("http://127.0.0.1:8080", True),
        ("http://[::1]:8080", True),
        ("http://id.example", False),
        ("http://localhost.id.example", False),
        ("ftp://localhost", False),
        ("https://", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_what_counts_as_safe(address: str, safe: bool) -> None:
    assert speaks_safely(address) is safe
