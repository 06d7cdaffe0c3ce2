"""The schema of an empty database, made at once from the models.

A hundred migrations one after the other take half a minute, nearly all of it spent on models as
they once were. Where there is no data yet the tables are made as the models are now, the
project's own functions (triggers, places to start reading from) run, and all migrations are noted
as applied. That both ways end in the same schema is what
tests/platform/operating/test_fresh_schema.py compares.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management.sql import emit_post_migrate_signal
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration, RunPython
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import OperationalError

OWN = "concours."


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether there is not a single table. Raises OperationalError where no database answers."""
    return not connection.introspection.table_names()


def make(connection: BaseDatabaseWrapper, *, verbosity: int = 0) -> int:
    """Make all tables in one transaction; how many migrations that stands for.

    Raises django.db.Error where another process makes them at the same time: then nothing of this
    attempt stays.
    """
    plan = _plan(connection)
    recorder = MigrationRecorder(connection)
    with connection.schema_editor(atomic=True) as editor:
        if connection.introspection.table_names():
            raise OperationalError("the database is not empty any more")
        for model in (*apps.get_models(), recorder.Migration):
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        # What refers to a table made later is said at the end; the functions may want it before.
        while editor.deferred_sql:
            editor.execute(editor.deferred_sql.pop(0), None)
        for migration in plan:
            for operation in migration.operations:
                if isinstance(operation, RunPython) and migration.__module__.startswith(OWN):
                    operation.code(apps, editor)
        recorder.migration_qs.bulk_create(
            recorder.Migration(app=one.app_label, name=one.name) for one in plan
        )
    emit_post_migrate_signal(verbosity, interactive=False, db=connection.alias, apps=apps, plan=[])
    return len(plan)


def _plan(connection: BaseDatabaseWrapper) -> list[Migration]:
    """Every migration, each after those it stands on."""
    loader = MigrationLoader(connection)
    names = [
        key
        for leaf in sorted(loader.graph.leaf_nodes())
        for key in loader.graph.forwards_plan(leaf)
    ]
    return [loader.graph.nodes[key] for key in dict.fromkeys(names)]
