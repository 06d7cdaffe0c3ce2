"""Lines of boards with all that a page, the API or an export says of them, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from concours.platform.competitions.domain.permissions import member_team_ids, visible_entries
from concours.platform.core.access import permitted
from concours.platform.core.text import in_language_of
from concours.platform.leaderboards import plots
from concours.platform.leaderboards.domain.reading import Shown
from concours.platform.leaderboards.models import Board
from concours.platform.leaderboards.ranking import Placed, Run

AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value as shown under the heading `label`; `interval` places it on the page's axis."""

    label: str
    main: bool
    text: str
    exact: str
    interval: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line as one reader sees it. `title` is empty for an entry that is no longer in the track,
    `team` where its name is not the reader's to know."""

    placed: Placed
    title: str
    team: str
    own: bool
    submitted_at: datetime
    cells: list[Cell]

    @property
    def run(self) -> Run:
        return self.placed.line.run

    @property
    def code(self) -> str:
        return self.placed.line.run.entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What a reader may know of an entry."""

    title: str
    team: str
    own: bool


def faces_of(user: Any, board: Board, codes: Iterable[str]) -> dict[str, Face]:
    """By code what `user` may know of those entries that are still listed; one query.

    It is by code alone: told the track as well, SQLite reads all entries of the track.
    """
    entries = visible_entries(user).filter(code__in=list(codes))
    own = member_team_ids(user)
    found = {}
    for entry in entries.select_related("team"):
        if entry.track_id != board.track_id:
            continue
        entry.track = board.track
        named = permitted(user, "competitions.view_entry_name", entry)
        found[entry.code] = Face(
            title=entry.title, team=entry.team.name if named else "", own=entry.team_id in own
        )
    return found


NOBODY = Face(title="", team="", own=False)


def rows_for(shown: Shown, placed: Iterable[Placed], *, beside: Iterable[Placed] = ()) -> list[Row]:
    """The lines with their entries' faces and the cells of the columns that the reader sees.

    Intervals are drawn on one axis with those of the lines `beside`.
    """
    lines = list(placed)
    faces = faces_of(shown.user, shown.board, (one.line.run.entry for one in lines))
    main = shown.rules.main.name
    ends = _ends(main, [*lines, *beside])
    rows = []
    for one in lines:
        face = faces.get(one.line.run.entry, NOBODY)
        rows.append(
            Row(
                placed=one,
                title=face.title,
                team=face.team,
                own=face.own,
                submitted_at=datetime.fromisoformat(one.line.run.submitted_at),
                cells=[
                    _cell(one.line.run, column, ends, main=column["name"] == main)
                    for column in shown.columns
                ],
            )
        )
    return rows


def every_row(shown: Shown) -> Iterator[tuple[Placed, Face]]:
    """All lines with their faces, some at a time."""
    lines = shown.every()
    while some := list(islice(lines, AT_ONCE)):
        faces = faces_of(shown.user, shown.board, (one.line.run.entry for one in some))
        for one in some:
            yield one, faces.get(one.line.run.entry, NOBODY)


def values_shown(shown: Shown, run: Run) -> dict[str, float]:
    """The values that the reader may read."""
    return {name: value for name, value in run.values.items() if name in shown.names}


def intervals_shown(shown: Shown, run: Run) -> dict[str, tuple[float, float]]:
    return {name: pair for name, pair in run.intervals.items() if name in shown.names}


HUGE = 1e15
"""From here on not all digits are shown: there may be 300 of them."""


def written(value: float | None, decimals: int) -> str:
    """The value as it is compared; a dash for none."""
    if value is None:
        return "–"
    text = f"{round(float(value), decimals) + 0.0:,.{decimals}f}"
    if abs(value) >= HUGE:
        text = f"{value:.6g}"
    return text.replace("-", "−")


def heading(column: dict[str, Any]) -> str:
    return in_language_of(column.get("title", ""), column.get("title_zh", "")) or column["name"]


def _cell(
    run: Run, column: dict[str, Any], ends: tuple[float, float] | None, *, main: bool
) -> Cell:
    name = column["name"]
    value, pair = run.values.get(name), run.intervals.get(name)
    return Cell(
        label=heading(column),
        main=main,
        text=written(value, column["decimals"]),
        exact="" if value is None else repr(float(value)),
        interval=None
        if not main or ends is None or pair is None or value is None
        else {
            **plots.interval(low=pair[0], value=value, high=pair[1], ends=ends),
            "low": written(pair[0], column["decimals"]),
            "high": written(pair[1], column["decimals"]),
        },
    )


def _ends(name: str, lines: list[Placed]) -> tuple[float, float] | None:
    """The ends of the page's axis: all intervals of the main column fit."""
    pairs = [one.line.run.intervals[name] for one in lines if name in one.line.run.intervals]
    if not pairs:
        return None
    low, high = min(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
    margin = (high - low) * 0.02
    return low - margin, high + margin


def sentences(shown: Shown) -> dict[str, str]:
    """How the board is made, in words."""
    rules = shown.rules
    names = {column["name"]: heading(column) for column in shown.columns}
    sort = ", ".join(f"“{names[name]}”" for name in rules.sort if name in names)
    counts = {
        "best": _("Of each entry the best submission counts."),
        "last": _("Of each entry the last submission counts."),
        "selected": _("Of each entry the submission counts that its team selected."),
    }
    ties = {
        "shared": _("Equals share a place, and the places they take up are skipped."),
        "earlier": _("Among equals the earlier submission stands first."),
    }
    return {
        "rule_text": counts[rules.rule],
        "sort_text": _("Entries are sorted by %(columns)s.") % {"columns": sort},
        "ties_text": ties[rules.ties],
    }
