"""An empty database's schema, made at once, is what all migrations in turn lead to."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.factories.installations import installation

INSIDE = "tests.platform.operating.schemas"
ALIKE = {
    # A check that is neither true nor false holds, so that the longer one says the same.
    "constraint review_assignment no_self_review CHECK ((NOT (reviewer_entry_id = entry_id)))",
    "constraint review_assignment no_self_review CHECK "
    "((NOT ((reviewer_entry_id = entry_id) AND (reviewer_entry_id IS NOT NULL))))",
    # Nothing refers to the keys of Django's own table between groups and permissions.
    "auth_group_permissions.id: BigAutoField (8, None, None, False, None, None, True, None)",
    "auth_group_permissions.id: AutoField (4, None, None, False, None, None, True, None)",
}
"""Lines of PostgreSQL that differ and mean the same."""
ENGINE = os.environ.get("CONCOURS_TEST_DATABASE", "sqlite")


@pytest.mark.slow
def test_both_ways_end_in_the_same_schema(tmp_path: Path) -> None:
    one = installation(tmp_path / "one", engine=ENGINE)
    other = installation(tmp_path / "other", engine=ENGINE)

    assert one.run("migrate").stdout.startswith("The schema of ")
    assert other.inside(INSIDE, "by_migrations") > 100

    made, migrated = one.inside(INSIDE, "described"), other.inside(INSIDE, "described")
    assert len(made) > 1_000
    assert (set(made) ^ set(migrated)) - ALIKE == set()


@pytest.mark.slow
@pytest.mark.sqlite
def test_a_database_that_has_a_table_is_migrated(tmp_path: Path) -> None:
    made = installation(tmp_path, engine="sqlite")
    made.data.mkdir()
    with sqlite3.connect(made.data / "concours.sqlite3") as connection:
        connection.execute("CREATE TABLE somebodys (key TEXT)")

    assert "Running migrations" in made.run("migrate").stdout


@pytest.mark.slow
def test_made_twice_changes_nothing(tmp_path: Path) -> None:
    made = installation(tmp_path, engine=ENGINE)
    made.run("migrate")
    before = made.inside(INSIDE, "described")

    assert "No migrations to apply" in made.run("migrate").stdout
    assert made.inside(INSIDE, "described") == before
