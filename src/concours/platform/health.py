"""What `concours doctor` looks at: one small function a concern."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from concours import box
from concours.platform.core.config import ConfigError

LEAST_FREE_BYTES = 1 << 30
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
OWN_NAMES = {*LOOPBACK, "[::1]"}
GIT_LEAST = (2, 37)
WATCH_MEND = "put a long random word into the file that metrics_token_file names"


@dataclass(frozen=True)
class Finding:
    """`state` is ok, warning (works, but look) or fault (will not work)."""

    what: str
    state: str
    found: str
    mend: str = ""


def examine() -> list[Finding]:
    """All findings, in a fixed order. Never raises: what cannot be looked at is a fault."""
    findings = []
    for look in LOOKS:
        try:
            findings.append(look())
        except Exception as error:
            findings.append(Finding(look.__name__, "fault", f"{type(error).__name__}: {error}"))
    return [*findings, *boxes()]


def boxes() -> list[Finding]:
    """What there is to shut strangers' programs in; without it the rest works, and they wait."""
    return [
        Finding(
            f"box: {layer.name}",
            "ok" if layer.state == "ok" else "warning",
            layer.found,
            layer.mend,
        )
        for layer in box.examine()
    ]


def python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("Python", "ok", version)


def data_folder() -> Finding:
    folder = settings.CONFIG.data_dir
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        return Finding("data folder", "fault", f"{folder} cannot be written", "change its owner")
    free = shutil.disk_usage(folder).free
    found = f"{folder}, {free / (1 << 30):.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Finding("data folder", "warning", found, "make room: uploads need it")
    return Finding("data folder", "ok", found)


def secret_key() -> Finding:
    _ = settings.CONFIG.secret_key
    folder: Path = settings.CONFIG.data_dir
    path = folder / "secret_key"
    # The other is made with the first credential.
    for one in (path, folder / "credential_key"):
        if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o077:
            return Finding("secret key", "fault", f"others may read {one}", f"chmod 600 {one}")
    return Finding("secret key", "ok", f"{path}, readable by its owner only")


def database() -> Finding:
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA journal_mode")
                mode = cursor.fetchone()[0]
                cursor.execute("SELECT sqlite_version()")
                version = cursor.fetchone()[0]
                if mode != "wal":
                    return Finding(
                        "database",
                        "fault",
                        f"SQLite {version} in mode {mode}",
                        "put the data folder on a local disk: WAL does not work on network drives",
                    )
                return Finding("database", "ok", f"SQLite {version}, write-ahead log")
            cursor.execute("SHOW server_version")
            return Finding("database", "ok", f"PostgreSQL {cursor.fetchone()[0]}")
    except DatabaseError as error:
        return Finding("database", "fault", str(error).strip(), "start it, or mend [database]")


def migrations() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return Finding("schema", "fault", f"{waiting} migrations waiting", "concours migrate")
    return Finding("schema", "ok", "up to date")


def record() -> Finding:
    from concours.platform.record.domain import head

    count, digest = head()
    return Finding("record", "ok", f"{count} events, head {digest[:16]}")


def git() -> Finding:
    path = shutil.which("git")
    mend = f"install git {GIT_LEAST[0]}.{GIT_LEAST[1]} or newer to take repositories as submissions"
    if path is None:
        return Finding("git", "warning", "not found", mend)
    text = subprocess.run(  # noqa: S603
        [path, "--version"], capture_output=True, text=True, timeout=10, check=True
    ).stdout.strip()
    numbers = re.search(r"(\d+)\.(\d+)", text)
    if numbers is None or tuple(map(int, numbers.groups())) < GIT_LEAST:
        return Finding("git", "warning", text, mend)
    return Finding("git", "ok", text)


def mail() -> Finding:
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        state = "ok" if settings.REHEARSAL else "warning"
        return Finding(
            "mail", state, "printed on the server's terminal", "name a server under [mail]"
        )
    return Finding("mail", "ok", f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}")


def providers() -> Finding:
    """Whether the secret of each OpenID Connect client can be read, and by the owner alone."""
    for known in settings.OIDC_PROVIDERS:
        try:
            known.read_secret()
        except ConfigError as error:
            return Finding("sign-in", "fault", str(error), "put the client's secret there")
        if stat.S_IMODE(known.secret_file.stat().st_mode) & 0o077:
            found = f"others may read {known.secret_file}"
            return Finding("sign-in", "fault", found, f"chmod 600 {known.secret_file}")
    names = ", ".join(known.id for known in settings.OIDC_PROVIDERS)
    return Finding("sign-in", "ok", f"by e-mail, passkey{names and ', '}{names}")


def exposure() -> Finding:
    config = settings.CONFIG
    if config.debug and config.host not in LOOPBACK:
        return Finding("exposure", "fault", "debug is on beyond this machine", "debug = false")
    if config.host not in LOOPBACK and not config.https:
        return Finding(
            "exposure", "warning", f"listens on {config.host} without HTTPS", "see how-to: deploy"
        )
    if config.rehearsal and config.host not in LOOPBACK:
        return Finding(
            "exposure", "warning", "a rehearsal beyond this machine", "rehearsal = false"
        )
    return Finding("exposure", "ok", f"listens on {config.host}")


def proxy() -> Finding:
    """Whether TLS, the proxy that speaks it and what is said of it fit together."""
    config = settings.CONFIG
    if not config.https:
        return Finding("proxy", "ok", "none: no HTTPS")
    if not config.trusted_proxies:
        return Finding(
            "proxy",
            "fault",
            "https, but no proxy's word counts: every request looks like plain http",
            "name the proxy's address in trusted_proxies",
        )
    if any(ip_network(one, strict=False).prefixlen == 0 for one in config.trusted_proxies):
        return Finding(
            "proxy",
            "fault",
            "everybody's X-Forwarded-For is believed",
            "name the proxy's address in trusted_proxies, not all",
        )
    wanted = [f"https://{host}" for host in config.allowed_hosts if host not in OWN_NAMES]
    if missing := [one for one in wanted if one not in config.trusted_origins]:
        return Finding(
            "proxy",
            "warning",
            f"forms sent from {missing[0]} are refused if the proxy does not pass Host on",
            "name it in trusted_origins",
        )
    return Finding("proxy", "ok", f"trusted: {', '.join(config.trusted_proxies)}")


def address() -> Finding:
    """Whether links in mails, feeds and credentials lead readers to the site."""
    public, host = settings.PUBLIC_URL, settings.PUBLIC_HOST
    if settings.CONFIG.https and host in {*OWN_NAMES, "0.0.0.0", "::"}:  # noqa: S104
        return Finding(
            "address",
            "warning",
            f"links in mails, feeds and credentials lead to {public}",
            "public_url = the address that readers type",
        )
    return Finding("address", "ok", f"links lead to {public}")


def watching() -> Finding:
    """Whether Prometheus can read the metrics, and nobody else."""
    config = settings.CONFIG
    if not config.metrics_token_file:
        who = "nobody" if config.https else "this machine"
        return Finding("metrics", "ok", f"for {who}", "" if not config.https else WATCH_MEND)
    path = config.data_dir / config.metrics_token_file
    if not path.is_file() or not path.read_bytes().strip():
        return Finding("metrics", "fault", f"{path} holds no token", WATCH_MEND)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return Finding("metrics", "fault", f"others may read {path}", f"chmod 600 {path}")
    return Finding("metrics", "ok", "for whoever has the token")


def kind() -> Finding:
    found = "rehearsal: the clock can be moved" if settings.REHEARSAL else "in earnest"
    return Finding("installation", "ok", found)


def postgres_driver() -> Finding:
    if find_spec("psycopg") is None:
        return Finding(
            "PostgreSQL",
            "ok",
            "driver absent (embedded SQLite needs none)",
            "pip install 'concours[postgres]'",
        )
    return Finding("PostgreSQL", "ok", "driver installed")


LOOKS: tuple[Callable[[], Finding], ...] = (
    python,
    kind,
    data_folder,
    secret_key,
    database,
    migrations,
    record,
    git,
    mail,
    providers,
    exposure,
    proxy,
    address,
    watching,
    postgres_driver,
)
