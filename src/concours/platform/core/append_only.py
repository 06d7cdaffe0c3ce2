"""The database's own refusal to change or drop rows of a table."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendOnly:
    """Triggers on `table`, called after `name`, that end such a statement with `message`.

    Neither `name` nor `message` may hold quotes: they stand in statements as they are.
    """

    table: str
    name: str
    message: str

    def install(self, connection: BaseDatabaseWrapper) -> None:
        """Add the triggers where they are missing."""
        sqlite = connection.vendor == "sqlite"
        _run(connection, self._sqlite() if sqlite else self._postgres())

    def remove(self, connection: BaseDatabaseWrapper) -> None:
        """Drop the triggers that are there."""
        sqlite = connection.vendor == "sqlite"
        names = ("update", "delete") if sqlite else ("change", "truncate")
        place = "" if sqlite else f" ON {self.table}"
        _run(connection, [f"DROP TRIGGER IF EXISTS {self.name}_no_{one}{place}" for one in names])

    def _sqlite(self) -> list[str]:
        return [
            f"CREATE TRIGGER IF NOT EXISTS {self.name}_no_{verb.lower()} BEFORE {verb} "
            f"ON {self.table} BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
            for verb in ("UPDATE", "DELETE")
        ]

    def _postgres(self) -> list[str]:
        function = f"{self.name}_append_only()"
        return [
            f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{self.message}'; END $$",
            f"CREATE OR REPLACE TRIGGER {self.name}_no_change BEFORE UPDATE OR DELETE "
            f"ON {self.table} FOR EACH ROW EXECUTE FUNCTION {function}",
            f"CREATE OR REPLACE TRIGGER {self.name}_no_truncate BEFORE TRUNCATE "
            f"ON {self.table} FOR EACH STATEMENT EXECUTE FUNCTION {function}",
        ]


def _run(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
