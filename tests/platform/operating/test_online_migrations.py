"""Migrations that a running server of the version before survives."""

from __future__ import annotations

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.platform.operating.online import noticed

BEFORE = {
    "accounts": 4,
    "appeals": 1,
    "awards": 5,
    "competitions": 6,
    "evaluations": 1,
    "integrity": 1,
    "leaderboards": 1,
    "record": 4,
    "register": 1,
    "rehearsal": 1,
    "review": 9,
}
"""The last migration of each app that came before the promise."""


def test_new_migrations_lock_nobody_out() -> None:
    """One that has to lock says so: its class's `offline` names how long and what to do."""
    own = {
        key: migration
        for key, migration in MigrationLoader(None).disk_migrations.items()
        if key[0] in BEFORE and int(key[1].partition("_")[0]) > BEFORE[key[0]]
    }
    found = [
        f"{app}.{name}: {line}"
        for (app, name), migration in sorted(own.items())
        if not getattr(migration, "offline", "")
        for line in noticed(migration)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("operation", "harmless"),
    [
        (migrations.AddField("team", "motto", models.TextField(null=True)), True),
        (migrations.AddField("team", "motto", models.TextField(db_default="")), True),
        (migrations.AddField("team", "motto", models.TextField(default="")), False),
        (migrations.RemoveField("team", "name"), False),
        (migrations.RenameField("team", "name", "title"), False),
        (migrations.DeleteModel("team"), False),
        (migrations.AlterField("team", "name", models.CharField(max_length=9)), False),
        (migrations.AddIndex("team", models.Index(fields=["name"], name="by_name")), False),
        (AddIndexConcurrently("team", models.Index(fields=["name"], name="by_name")), True),
        (migrations.RunSQL("SELECT 1"), False),
    ],
)
def test_what_is_noticed(operation: migrations.operations.base.Operation, harmless: bool) -> None:
    migration = migrations.Migration("0009_trial", "competitions")
    migration.operations = [operation]

    assert (list(noticed(migration)) == []) is harmless


def test_a_table_of_the_same_migration_may_be_changed() -> None:
    migration = migrations.Migration("0009_trial", "competitions")
    index = models.Index(fields=["name"], name="by_name")
    migration.operations = [
        migrations.CreateModel("Club", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddIndex("club", index),
    ]

    assert list(noticed(migration)) == []
