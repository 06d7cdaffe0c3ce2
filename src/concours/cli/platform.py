"""Waking the web application up for commands that need it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from concours.cli.console import give_up


def require_platform() -> None:
    """Give up with the mend where the platform extra is missing."""
    if find_spec("django") is None:
        give_up("this needs the web application: pip install 'concours\\[platform]'")


def wake() -> None:
    """Set Django up. Gives up with the mend where the platform extra or a setting is missing."""
    require_platform()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "concours.platform.settings")
    import django

    from concours.platform.core.config import ConfigError

    try:
        django.setup()
    except ConfigError as error:
        give_up(str(error))


@contextmanager
def awake(*, via: str = "cli") -> Iterator[None]:
    """The platform with its database ready, the installation's clock, and events marked `via`."""
    wake()
    from concours.platform.core import clock
    from concours.platform.record.domain import acting
    from concours.platform.rehearsal.domain import current_shift

    require_migrated()
    with clock.shifted(current_shift()), acting(via=via):
        yield


def require_migrated() -> None:
    """Bring an embedded database up to date; ask for it where the database is a server."""
    from django.core.management import call_command
    from django.db import OperationalError, connection

    try:
        waiting = pending_migrations()
    except OperationalError as error:
        give_up(f"the database does not answer: {error}".strip())
    if not waiting:
        return
    if connection.vendor != "sqlite":
        give_up(f"{waiting} database migrations are waiting: run `concours migrate`")
    call_command("migrate", verbosity=0, interactive=False)


def pending_migrations() -> int:
    """How many migrations the database still lacks."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
