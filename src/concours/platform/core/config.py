"""Where an installation's settings come from: one TOML file, with defaults that just run."""

from __future__ import annotations

import os
import secrets
import tomllib
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any


class ConfigError(Exception):
    """The settings file cannot be used; the message names the key and the mend."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """An installation's settings. Secrets are files beside the data, never values here."""

    data_dir: Path
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    trusted_origins: tuple[str, ...] = ()
    https: bool = False
    rehearsal: bool = True
    debug: bool = False
    database: dict[str, Any] = field(default_factory=dict)
    mail: dict[str, Any] = field(default_factory=dict)
    oidc: tuple[dict[str, Any], ...] = ()
    second_factor: tuple[str, ...] = ()
    git_allowed_hosts: tuple[str, ...] = ()
    webhook_allowed_hosts: tuple[str, ...] = ()
    max_upload_bytes: int = 50 * 1024 * 1024
    trusted_proxies: tuple[str, ...] = ("127.0.0.1", "::1")
    metrics_token_file: str = ""
    log: dict[str, Any] = field(default_factory=dict)

    @property
    def public_address(self) -> str:
        """Where readers reach the site from outside: the beginning of links in mails and feeds."""
        scheme = "https" if self.https else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"{scheme}://{host}:{self.port}").rstrip("/")

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def secret_key(self) -> str:
        """The signing key, made on first use and readable by its owner only."""
        path = self.data_dir / "secret_key"
        try:
            return path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            self.data_dir.mkdir(parents=True, exist_ok=True)
            try:
                handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                return self.secret_key
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(48))
            return self.secret_key


def load(path: Path | None = None) -> Config:
    """Read the settings file named by `path` or CONCOURS_CONFIG; without one, defaults.

    Raises ConfigError for a file that cannot be read, an unknown key or a wrong type.
    """
    from_environment = os.environ.get("CONCOURS_CONFIG")
    named = path or (Path(from_environment) if from_environment else None)
    values: dict[str, Any] = {}
    if named is not None:
        try:
            values = tomllib.loads(named.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise ConfigError(f"{named}: there is no such settings file") from None
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise ConfigError(f"{named}: {error}") from error
    values.setdefault("data_dir", os.environ.get("CONCOURS_DATA", "var"))
    known = {item.name: item for item in fields(Config)}
    for key in values:
        if key not in known:
            raise ConfigError(f"{named}: unknown key {key!r}; known are {', '.join(sorted(known))}")
    config = Config(**{key: _typed(key, value, known[key].type) for key, value in values.items()})
    _require_networks(config.trusted_proxies)
    return config


def log_settings(config: Config) -> dict[str, Any]:
    """Django's LOGGING: lines for people, or with `[log] format = "json"` for machines."""
    chosen = {"format": "plain", "level": "warning", **config.log}
    if unknown := set(chosen) - {"format", "level"}:
        raise ConfigError(f"log: unknown keys {sorted(unknown)}; known are format and level")
    if chosen["format"] not in ("plain", "json"):
        raise ConfigError(f'log.format: "plain" or "json" is wanted, not {chosen["format"]!r}')
    if chosen["level"] not in ("debug", "info", "warning", "error"):
        raise ConfigError(f"log.level: debug, info, warning or error, not {chosen['level']!r}")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
            "json": {"()": "concours.platform.operating.json_lines.JsonLines"},
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": chosen["format"]}},
        "root": {"handlers": ["stderr"], "level": chosen["level"].upper()},
        # A line a request is for machines; people have the proxy's log.
        "loggers": {
            "concours.request": {"level": "INFO" if chosen["format"] == "json" else "WARNING"}
        },
    }


def _require_networks(given: tuple[str, ...]) -> None:
    for one in given:
        try:
            ip_network(one, strict=False)
        except ValueError as error:
            raise ConfigError(f"trusted_proxies: {error}") from error


def _typed(key: str, value: Any, wanted: Any) -> Any:
    if wanted == "Path":
        return Path(value).expanduser().absolute()
    if wanted == "tuple[str, ...]":
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ConfigError(f"{key}: a list of strings is wanted, not {value!r}")
        return tuple(value)
    if wanted == "tuple[dict[str, Any], ...]":
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ConfigError(f"{key}: tables [[{key}]] are wanted, not {value!r}")
        return tuple(value)
    builtin = {"str": str, "int": int, "bool": bool}.get(wanted, dict)
    if not isinstance(value, builtin) or (builtin is int and isinstance(value, bool)):
        raise ConfigError(f"{key}: {builtin.__name__} is wanted, not {value!r}")
    return value


PREPARED = {"server_side_binding": True, "prepare_threshold": 3}
"""psycopg's options by which PostgreSQL plans a statement once a connection and not at each use."""


def database_settings(config: Config) -> dict[str, Any]:
    """Django's DATABASES["default"]: SQLite in WAL mode unless the file names PostgreSQL.

    PostgreSQL's password is not a setting: libpq reads it from a passfile.
    """
    if not config.database:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": config.data_dir / "concours.sqlite3",
            "OPTIONS": {
                # IMMEDIATE: a transaction that will write takes the write lock at its start, so
                # two writers queue instead of one failing at its first write.
                "transaction_mode": "IMMEDIATE",
                "timeout": 30,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
                    "PRAGMA mmap_size=134217728; PRAGMA cache_size=-65536;"
                ),
            },
        }
    chosen = dict(config.database)
    prepared = chosen.pop("prepared", True)
    if not isinstance(prepared, bool):
        raise ConfigError(f"database: prepared: bool is wanted, not {prepared!r}")
    options: dict[str, Any] = {
        key: chosen.pop(key) for key in ("passfile", "sslmode", "service") if key in chosen
    }
    allowed = {"name", "user", "host", "port"}
    if unknown := set(chosen) - allowed:
        raise ConfigError(
            f"database: unknown keys {sorted(unknown)}; known are {sorted(allowed)}, "
            "passfile, sslmode, service and prepared"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{key.upper(): str(value) for key, value in chosen.items()},
        "OPTIONS": {**options, **(PREPARED if prepared else {}), "pool": False},
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
