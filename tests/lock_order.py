"""The order of locks, watched on PostgreSQL: rows first, the record's head last.

Two acts that take the same two locks in different orders can wait for each other for ever; the
database then ends one of them. Whoever appends an event holds the head until the transaction's
end, so a row that is locked after it is one that somebody else may hold while waiting for the head.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from typing import Any

from django.db import connection

HEAD = "record_chainhead"
LOCKING = re.compile(r"\bFOR (NO KEY )?UPDATE\b")
TABLE = re.compile(r'\bFROM "?(\w+)"?')
ORDERED = ("appeals", "awards", "competitions", "governance", "record", "review")
"""The apps whose tests hold to it. Elsewhere, known: whole files taken in by the operator in one
act (seasons). A file named by CONCOURS_LOCK_ORDER gets them all."""
BULK = ("platform/register/domain/importing.py:_keep",)
"""Takes a register's file in, row after row, as tests of other apps do first of all."""
INSERTED = re.compile(r'\bINSERT INTO "?(\w+)"?')
HELPERS = ("platform/core/", "platform/record/")


class LockOrder:
    """Wraps the execution of statements. `wrong` has (table, function) of locks that came too late.

    A test's own transaction is around all; an act is the outermost savepoint within. Where a test
    has none (its threads commit), nothing is watched. A test with savepoints of its own around
    several acts says in `around` how many.
    """

    def __init__(self) -> None:
        self.around = 0
        self.wrong: list[tuple[str, str]] = []
        self._held: set[str] = set()

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        text = str(sql)
        if text.startswith("SAVEPOINT") and len(connection.savepoint_ids) == self.around:
            self._held = set()
        elif text.startswith("INSERT"):
            # Nobody else can hold a row that is not there yet for them.
            self._held |= {found[1] for found in INSERTED.finditer(text)}
        elif len(connection.savepoint_ids) > self.around and LOCKING.search(text):
            self._lock(text)
        return execute(sql, params, many, context)

    def _lock(self, text: str) -> None:
        found = TABLE.search(text)
        table = found[1] if found else ""
        if table != HEAD and HEAD in self._held and table not in self._held:
            function = _caller()
            if function not in BULK:
                self.wrong.append((table, function))
        self._held.add(table)


def _caller() -> str:
    """The innermost function of an app's that the statement came from."""
    for frame in reversed(traceback.extract_stack()):
        place = frame.filename.partition("/src/concours/")[2]
        if place and not place.startswith(HELPERS):
            return f"{place}:{frame.name}"
    return "a test"
