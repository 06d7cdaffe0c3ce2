"""The storyboard's record as rows of spans, the children of an element under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from concours.driving.scenarios.machine import Kind, Move, Record, State

SHOWN = 1500
"""Rows at most: a page with more of them is slow, and nobody reads it."""
STATES = {State.INIT: "", State.STANDBY: "standby", State.RUNNING: "running", State.COMPLETE: ""}
TOPS = {Kind.STORYBOARD: 0, Kind.STORY: 1}
"""What stands first among rows without a parent; the many actions of Init come last."""
ENDS = {Move.END: "end", Move.STOP: "stop", Move.SKIP: "skip"}


@dataclass
class _Row:
    """One element; `since` and `state` are of the span that is not closed yet."""

    name: str
    kind: Kind
    path: str
    since: float = 0.0
    state: str = ""
    spans: list[list[Any]] = field(default_factory=list)
    under: list[_Row] = field(default_factory=list)

    def move(self, record: Record) -> None:
        """Closes a span and opens the next."""
        end = ENDS.get(record.move, "")
        if self.state or end:
            since = self.since if self.state else record.time
            self.spans.append([self.state, since, record.time, end])
        self.since, self.state = record.time, STATES[record.after]


def rows(record: tuple[Record, ...], *, until: float) -> list[dict[str, Any]]:
    """Rows from the top down; what still runs ends at `until` (s).

    Each has name, kind, path, depth and spans: [state, from, to, how it ended], state "standby" or
    "running" ("" for what was skipped), how "end", "stop", "skip" or "" where it went on.
    Elements of one path and kind share a row. Complexity: linear in the record.
    """
    found: dict[tuple[str, Kind], _Row] = {}
    tops: list[_Row] = []
    for each in record:
        key = (each.path, each.kind)
        if key not in found:
            found[key] = _Row(each.name, each.kind, each.path)
            _parent(found, each, tops).append(found[key])
        found[key].move(each)
    for row in found.values():
        if row.state:
            row.spans.append([row.state, row.since, max(until, row.since), ""])
    tops.sort(key=lambda row: TOPS.get(row.kind, len(TOPS)))
    return [_plain(row, depth) for row, depth in _nested(tops)]


def _parent(found: dict[tuple[str, Kind], _Row], record: Record, tops: list[_Row]) -> list[_Row]:
    """Where the element's row belongs: under the nearest path above that has one."""
    path, kinds = record.path, list(Kind)
    while "::" in path:
        path = path.rpartition("::")[0]
        for kind in reversed(kinds[: kinds.index(record.kind)]):
            if (path, kind) in found:
                return found[path, kind].under
    return tops


def _nested(tops: list[_Row]) -> Iterator[tuple[_Row, int]]:
    """Without recursion: names may hold many "::"."""
    waiting = [(row, 0) for row in reversed(tops)]
    while waiting:
        row, depth = waiting.pop()
        yield row, depth
        waiting += [(each, depth + 1) for each in reversed(row.under)]


def _plain(row: _Row, depth: int) -> dict[str, Any]:
    spans = [[state, round(a, 3), round(b, 3), end] for state, a, b, end in row.spans]
    return {
        "name": row.name,
        "kind": str(row.kind),
        "path": row.path,
        "depth": depth,
        "spans": spans,
    }
