"""Which operations of a migration a running server of the version before does not notice.

PostgreSQL adds a table, a nullable column or one with a default of the database at once; what
rewrites a table, drops or renames, or builds an index while writers wait, is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import NOT_PROVIDED

HARMLESS = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)


def noticed(migration: migrations.Migration) -> Iterator[str]:
    """What of the migration a running server would notice, a line each."""
    fresh: set[str] = set()
    for operation in migration.operations:
        if isinstance(operation, migrations.CreateModel):
            fresh.add(operation.name.lower())
        elif getattr(operation, "model_name", "").lower() not in fresh:
            yield from _of(operation)


def _of(operation: Any) -> Iterator[str]:
    if isinstance(operation, HARMLESS):
        return
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if not (
            field.null
            or field.many_to_many
            or field.db_default is not NOT_PROVIDED
            or isinstance(field, models.GeneratedField)
        ):
            yield (
                f"{operation.model_name}.{operation.name}: the old version writes rows without it; "
                "give it null=True or db_default"
            )
        return
    yield f"{type(operation).__name__}: {operation.describe()}"
