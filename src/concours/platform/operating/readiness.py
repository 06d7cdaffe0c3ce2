"""Whether this process can serve pages: the database answers and has the schema of this code."""

from __future__ import annotations

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from concours.platform.operating import beats

FAULTS = ("database", "schema", "worker")


def faults(*, with_worker: bool) -> list[str]:
    """What is amiss, of FAULTS; nothing when requests can be served. One query."""
    found = []
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            if not _known() <= {(app, name) for app, name in cursor.fetchall()}:
                found.append("schema")
    except DatabaseError as error:
        found.append("schema" if "django_migrations" in str(error) else "database")
    if with_worker and not beats.is_at_work():
        found.append("worker")
    return found


@cache
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)
