"""The database's own refusal to change or drop an event, beside the chain that would show it."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "record_event"

SQLITE_INSTALL = [
    f"CREATE TRIGGER IF NOT EXISTS record_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    for verb in ("UPDATE", "DELETE")
]
SQLITE_REMOVE = [f"DROP TRIGGER IF EXISTS record_no_{verb}" for verb in ("update", "delete")]

POSTGRES_INSTALL = [
    "CREATE OR REPLACE FUNCTION record_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the record is append-only'; END $$",
    f"CREATE OR REPLACE TRIGGER record_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION record_append_only()",
    f"CREATE OR REPLACE TRIGGER record_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION record_append_only()",
]
POSTGRES_REMOVE = [
    f"DROP TRIGGER IF EXISTS record_no_change ON {TABLE}",
    f"DROP TRIGGER IF EXISTS record_no_truncate ON {TABLE}",
]


def install(connection: BaseDatabaseWrapper) -> None:
    _run(connection, SQLITE_INSTALL if connection.vendor == "sqlite" else POSTGRES_INSTALL)


def remove(connection: BaseDatabaseWrapper) -> None:
    _run(connection, SQLITE_REMOVE if connection.vendor == "sqlite" else POSTGRES_REMOVE)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
