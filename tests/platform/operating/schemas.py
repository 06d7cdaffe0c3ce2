"""Run inside an installation: make its schema by each migration in turn, and say what a schema is.

Constraints and indexes are told by what they hold; their names only where a model gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.contrib.auth.models import Permission  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402

from tests.factories.installations import answer  # noqa: E402

GIVEN = re.compile(r'CONSTRAINT "(\w+)" (CHECK|UNIQUE) ')
INDEX = re.compile(r'INDEX "?(\w+)"? ON')
POSTGRES = {
    "constraint": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal""",
}


def by_migrations() -> int:
    """With an option of Django's own, so that its command runs; how many tables there are."""
    call_command("migrate", verbosity=0, interactive=False, fake_initial=True)
    return len(connection.introspection.table_names())


def described() -> list[str]:
    """Columns, constraints, indexes, triggers and first rows, a line each, in order."""
    kinds = _of_sqlite() if connection.vendor == "sqlite" else _of_postgres()
    return sorted({*_columns(), *kinds, *_rows()})


def _columns() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for one in connection.introspection.get_table_description(cursor, table):
                kind = connection.introspection.get_field_type(one.type_code, one)
                yield f"{table}.{one.name}: {kind} {one[3:]}"


def _named() -> set[str]:
    return {
        one.name
        for model in apps.get_models()
        for one in (*model._meta.constraints, *model._meta.indexes)
    }


def _of_sqlite() -> Iterator[str]:
    given = _named()
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, tbl_name, name, sql FROM sqlite_master WHERE sql IS NOT NULL")
        for kind, table, name, sql in cursor.fetchall():
            if kind == "table":
                for found in GIVEN.finditer(sql):
                    yield f"{table} {found[1]} {_to_its_end(sql, found.end())}"
                for piece in re.findall(r'"\w+" \w+[^,]* REFERENCES "\w+" \("\w+"\)[ A-Z]*', sql):
                    yield f"{table} {piece}"
            else:
                yield f"{table} {name if name in given else ''} {INDEX.sub('INDEX ON', sql)}"


def _to_its_end(sql: str, start: int) -> str:
    """From an opening bracket to the one that closes it."""
    depth = 0
    for place in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[place], 0)
        if not depth:
            return sql[start : place + 1]
    raise ValueError(sql)


def _of_postgres() -> Iterator[str]:
    given = _named()
    with connection.cursor() as cursor:
        for kind, query in POSTGRES.items():
            cursor.execute(query)
            for table, name, definition in cursor.fetchall():
                told = INDEX.sub("INDEX ON", definition)
                yield f"{kind} {table} {name if name in given else ''} {told}"


def _rows() -> Iterator[str]:
    for app, name in MigrationRecorder(connection).applied_migrations():
        yield f"migration {app} {name}"
    for permission in Permission.objects.select_related("content_type"):
        yield f"permission {permission.content_type} {permission.codename}"
    for model in apps.get_models():
        if model._meta.app_label not in ("auth", "contenttypes", "migrations"):
            for row in model._default_manager.values():
                yield f"row of {model._meta.label}: {sorted(row.items())}"


if __name__ == "__main__":
    answer(globals())
