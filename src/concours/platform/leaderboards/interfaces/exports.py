"""A whole board as CSV and JSON, written out as it is read."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from typing import Any

from concours.platform.core.spreadsheets import harmless
from concours.platform.leaderboards.document import VERSION
from concours.platform.leaderboards.domain.reading import Shown
from concours.platform.leaderboards.interfaces.showing import (
    Face,
    every_row,
    intervals_shown,
    values_shown,
)
from concours.platform.leaderboards.ranking import Placed


class _Echo:
    """A file whose `write` gives back what it was given."""

    def write(self, text: str) -> str:
        return text


def csv_lines(shown: Shown) -> Iterator[str]:
    """The board as CSV in UTF-8 with a byte order mark, which spreadsheets want."""
    writer = csv.writer(_Echo())
    names = [column["name"] for column in shown.columns]
    intervals = [name for name in names if _has_interval(shown, name)]
    bounds = [f"{name}_{end}" for name in intervals for end in ("low", "high")]
    head = ["place", "entry", "title", "team", "submission", "submitted_at", "evaluator"]
    yield "\ufeff" + str(writer.writerow([*head, *names, *bounds]))
    for placed, face in every_row(shown):
        run = placed.line.run
        yield str(
            writer.writerow(
                [
                    placed.place or "",
                    run.entry,
                    harmless(face.title),
                    harmless(face.team),
                    run.submission,
                    run.submitted_at,
                    harmless(run.evaluator),
                    *(run.values.get(name, "") for name in names),
                    *(end for name in intervals for end in run.intervals.get(name, ("", ""))),
                ]
            )
        )


def json_lines(shown: Shown) -> Iterator[str]:
    """The board as one JSON document, a line of the board on each line.

    Where no column is left out it has the salt, so that anyone computes the digest again.
    """
    head = json.dumps(header(shown), ensure_ascii=False, sort_keys=True)
    yield head[:-1] + ', "lines": [\n'
    first = True
    for placed, face in every_row(shown):
        yield ("" if first else ",\n") + json.dumps(
            line_out(shown, placed, face), ensure_ascii=False, sort_keys=True
        )
        first = False
    yield "\n]}\n"


def header(shown: Shown) -> dict[str, Any]:
    """What is said of a whole board."""
    board, snapshot = shown.board, shown.snapshot
    rules = shown.rules
    found: dict[str, Any] = {
        "board": board.code,
        "season": board.track.season.slug,
        "track": board.track.slug,
        "split": board.split,
        "engine": snapshot.engine if snapshot else VERSION,
        "snapshot": snapshot.number if snapshot else None,
        "digest": snapshot.digest if snapshot else None,
        "taken_at": snapshot.taken_at.isoformat() if snapshot else None,
        "frozen": shown.frozen,
        "count": shown.count,
        "rules": {
            "columns": shown.columns,
            "sort": [name for name in rules.sort if name in shown.names],
            "ties": rules.ties,
            "rule": rules.rule,
        },
    }
    if shown.sees_all:
        found["salt"] = board.salt
    return found


def line_out(shown: Shown, placed: Placed, face: Face) -> dict[str, Any]:
    """A line for programs: with what its block holds, less what the reader may not read."""
    run = placed.line.run
    return {
        "position": placed.position,
        "place": placed.place or None,
        "baseline": not placed.place,
        "tied": placed.tied,
        "entry": run.entry,
        "title": face.title,
        "team": face.team,
        "submission": run.submission,
        "submitted_at": run.submitted_at,
        "evaluation": run.evaluation,
        "evaluator": run.evaluator,
        "values": values_shown(shown, run),
        "intervals": intervals_shown(shown, run),
        "finished_at": run.finished_at,
    }


def _has_interval(shown: Shown, name: str) -> bool:
    window = shown.window(size=1)
    return any(name in placed.line.run.intervals for placed in window.placed)
