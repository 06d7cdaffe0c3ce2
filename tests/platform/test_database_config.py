from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from concours.platform.core.config import Config, ConfigError, database_settings

POSTGRESQL = {"name": "concours", "user": "us", "host": "/run/postgresql"}


def made(tmp_path: Path, **database: Any) -> dict[str, Any]:
    return database_settings(Config(data_dir=tmp_path, database=database))


def test_without_a_table_the_database_is_a_file_of_the_data_folder(tmp_path: Path) -> None:
    assert made(tmp_path)["NAME"] == tmp_path / "concours.sqlite3"


def test_statements_are_prepared_unless_a_pooler_stands_between(tmp_path: Path) -> None:
    usual = made(tmp_path, **POSTGRESQL, passfile="/etc/pgpass")
    pooled = made(tmp_path, **POSTGRESQL, prepared=False)

    assert (usual["NAME"], usual["USER"], usual["HOST"]) == tuple(POSTGRESQL.values())
    assert usual["OPTIONS"]["passfile"] == "/etc/pgpass"
    assert usual["OPTIONS"]["server_side_binding"] is True
    assert pooled["OPTIONS"] == {"pool": False}


@pytest.mark.parametrize(
    ("database", "told"),
    [
        ({"password": "hush"}, "unknown keys"),
        ({"prepared": "no"}, "prepared: bool is wanted, not 'no'"),
    ],
)
def test_what_cannot_be_used_stops_the_start(
    tmp_path: Path, database: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigError, match=told) as raised:
        made(tmp_path, **POSTGRESQL, **database)
    assert "hush" not in str(raised.value)
