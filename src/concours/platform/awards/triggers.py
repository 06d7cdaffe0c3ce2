"""The database's own refusal to change or drop a movement of money."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "awards_movement"

SQLITE_INSTALL = [
    f"CREATE TRIGGER IF NOT EXISTS movement_no_{verb.lower()} BEFORE {verb} ON {TABLE} "
    "BEGIN SELECT RAISE(ABORT, 'movements of money are only added to'); END"
    for verb in ("UPDATE", "DELETE")
]
SQLITE_REMOVE = [f"DROP TRIGGER IF EXISTS movement_no_{verb}" for verb in ("update", "delete")]

POSTGRES_INSTALL = [
    "CREATE OR REPLACE FUNCTION movement_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'movements of money are only added to'; END $$",
    f"CREATE OR REPLACE TRIGGER movement_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION movement_append_only()",
]
POSTGRES_REMOVE = [f"DROP TRIGGER IF EXISTS movement_no_change ON {TABLE}"]


def install(connection: BaseDatabaseWrapper) -> None:
    _run(connection, SQLITE_INSTALL if connection.vendor == "sqlite" else POSTGRES_INSTALL)


def remove(connection: BaseDatabaseWrapper) -> None:
    _run(connection, SQLITE_REMOVE if connection.vendor == "sqlite" else POSTGRES_REMOVE)


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
