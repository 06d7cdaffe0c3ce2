"""Reviews that others made, read from CSV files. Every fault names its file and line.

    entries.csv     id[, title][, team]
    reviewers.csv   id, entry
    reviews.csv     reviewer, entry, score      or      reviewer, entry, <criterion>, ...
    rankings        no header: line i is the i-th reviewer's list of entries, best first

Without reviewers.csv each entry is its own reviewer; without entries.csv the entries are those that
the other files name. A review whose points are all empty is a duty that was not done.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from concours.peerreview.errors import BadInput
from concours.peerreview.files import lines, table
from concours.platform.core.errors import Refused
from concours.platform.seasons.scales import Column, columns_of

MAX_FILE_BYTES = 256 * 1024 * 1024
MAX_ID, MAX_TITLE, MAX_TEAM = 60, 200, 100
MAX_LIST = 100
RANKED = Column(key="place", title="Place in the reviewer's order", most=100, factor=1)


@dataclass(frozen=True)
class JudgedEntry:
    id: str
    title: str
    team: str
    reviewer: str


@dataclass(frozen=True)
class JudgedReview:
    """Numbers of the entries (that of the reviewer, that which is reviewed) and whole points."""

    reviewer_entry: int
    entry: int
    points: dict[str, int] | None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """`columns` are the criteria; `sources` {file name: SHA-256}; `rounded` says that points were
    rounded to hundredths of their scale."""

    entries: list[JudgedEntry]
    reviews: list[JudgedReview]
    columns: list[Column]
    sources: dict[str, str]
    ranked: bool
    rounded: bool = False


def read_judged(
    *,
    entries: Path | None = None,
    reviewers: Path | None = None,
    reviews: Path | None = None,
    rankings: Path | None = None,
    scale: float | None = None,
) -> Judged:
    """All files together. `scale` is the best score there can be, guessed from the data without.

    Raises Refused with file and line of the first fault.
    """
    if (reviews is None) == (rankings is None):
        raise Refused("one-of-two", "Give either --reviews or --rankings.")
    paths = [path for path in (entries, reviewers, reviews, rankings) if path is not None]
    try:
        sources = {path.name: _digest(path) for path in paths}
        roster = _Roster(entries, reviewers)
        if rankings is not None:
            found = _read_rankings(rankings, roster)
            columns, rounded = [RANKED], False
        else:
            assert reviews is not None  # noqa: S101
            columns = columns_of(reviews, scale=scale)
            rounded = any(column.rounds for column in columns)
            found = _read_reviews(reviews, roster, columns)
    except BadInput as error:
        raise Refused("bad-data", str(error)) from error
    if not found:
        raise Refused("bad-data", f"{paths[-1]}: there is no review in it")
    return Judged(
        entries=roster.complete(),
        reviews=found,
        columns=columns,
        sources=sources,
        ranked=rankings is not None,
        rounded=rounded,
    )


class _Roster:
    """Entries by id with their numbers, and for which entry each reviewer reviews.

    Where no file names them, they are met while reading the reviews.
    """

    def __init__(self, entries: Path | None, reviewers: Path | None) -> None:
        self.open_to_new = entries is None
        self.own_reviewers = reviewers is None
        self.order: list[str] = []
        self._rows: list[JudgedEntry] = []
        self._number: dict[str, int] = {}
        self._of_reviewer: dict[str, int] = {}
        self._teams: dict[str, int] = {}
        if entries is not None:
            for line, row in _unique(entries, ["id"]):
                self._add(row, path=entries, line=line)
            self.order = list(self._number)
        if reviewers is not None:
            self._read_reviewers(reviewers)

    def entry(self, name: str, path: Path, line: int) -> int:
        """The number of the entry. Raises BadInput for one that entries.csv does not have."""
        if name not in self._number:
            if not self.open_to_new:
                _fail(path, line, f"no entry {name!r}")
            self._add({"id": name}, path=path, line=line)
        return self._number[name]

    def reviewer(self, name: str, path: Path, line: int) -> int:
        """The number of the entry that the reviewer reviews for."""
        if self.own_reviewers:
            return self.entry(name, path, line)
        if name not in self._of_reviewer:
            _fail(path, line, f"no reviewer {name!r}")
        return self._of_reviewer[name]

    def complete(self) -> list[JudgedEntry]:
        """All entries with the names of their reviewers."""
        reviewer = {number: name for name, number in self._of_reviewer.items()}
        return [
            JudgedEntry(row.id, row.title, row.team, reviewer.get(number, row.reviewer))
            for number, row in enumerate(self._rows)
        ]

    def _add(self, row: dict[str, str], *, path: Path, line: int) -> None:
        name = row["id"]
        _require_short(path, line, "id", name, MAX_ID)
        title = row.get("title") or f"Entry {name}"
        team = row.get("team") or f"Team {name}"
        _require_short(path, line, "title", title, MAX_TITLE)
        _require_short(path, line, "team", team, MAX_TEAM)
        if team in self._teams:
            other = self._rows[self._teams[team]].id
            _fail(path, line, f"team {team!r} has the entry {other!r} already")
        self._teams[team] = self._number[name] = len(self._rows)
        self._rows.append(JudgedEntry(name, title, team, f"Reviewer {name}"))

    def _read_reviewers(self, path: Path) -> None:
        taken: dict[int, int] = {}
        for line, row in _unique(path, ["id", "entry"]):
            _require_short(path, line, "id", row["id"], MAX_ID)
            number = self.entry(row["entry"], path, line)
            if number in taken:
                _fail(path, line, f"entry {row['entry']!r} has one in line {taken[number]}")
            taken[number] = line
            self._of_reviewer[row["id"]] = number
        self.order = list(self._of_reviewer)


def _read_reviews(path: Path, roster: _Roster, columns: list[Column]) -> list[JudgedReview]:
    found = []
    met: dict[tuple[int, int], int] = {}
    for line, row in table(path, ["reviewer", "entry"]):
        pair = (
            roster.reviewer(row["reviewer"], path, line),
            roster.entry(row["entry"], path, line),
        )
        _require_fair(path, line, pair, met)
        cells = [row[column.name] for column in columns]
        points = (
            {c.key: c.points(cell, path, line) for c, cell in zip(columns, cells, strict=True)}
            if any(cells)
            else None
        )
        found.append(JudgedReview(*pair, points))
    return found


def _read_rankings(path: Path, roster: _Roster) -> list[JudgedReview]:
    rows = list(lines(path))
    names = roster.order or _names_of_lines(path, rows)
    if len(rows) > len(names):
        _fail(path, rows[len(names)][0], f"there are {len(names)} reviewers, not more")
    found = []
    met: dict[tuple[int, int], int] = {}
    # Reviewers first, so that unnamed entries stand in the order of the lines.
    numbers = [
        roster.reviewer(name, path, line) for name, (line, _cells) in zip(names, rows, strict=False)
    ]
    for reviewer, (line, cells) in zip(numbers, rows, strict=True):
        ranked = _without_tail(cells)
        if len(ranked) > MAX_LIST:
            _fail(path, line, f"{len(ranked)} entries in one ranking; {MAX_LIST} are read at most")
        for place, name in enumerate(ranked):
            if not name:
                _fail(path, line, "an empty cell amid the ranking")
            pair = (reviewer, roster.entry(name, path, line))
            _require_fair(path, line, pair, met)
            share = 100 - 50 * (2 * place + 1) // len(ranked)
            found.append(JudgedReview(*pair, {RANKED.key: share}))
    return found


def _names_of_lines(path: Path, rows: list[tuple[int, list[str]]]) -> list[str]:
    """Reviewers by the number of their line: from 1, or from 0 where an entry is called 0."""
    for line, cells in rows:
        for cell in cells:
            if cell and not cell.isdecimal():
                _fail(path, line, f"{cell!r} is no number; name the entries with --entries")
    first = 0 if any("0" in cells for _line, cells in rows) else 1
    return [str(number) for number in range(first, first + len(rows))]


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def _require_fair(
    path: Path, line: int, pair: tuple[int, int], met: dict[tuple[int, int], int]
) -> None:
    if pair[0] == pair[1]:
        _fail(path, line, "a reviewer judges their own entry")
    if pair in met:
        _fail(path, line, f"the same reviewer and entry as in line {met[pair]}")
    met[pair] = line


def _unique(path: Path, needed: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    met: dict[str, int] = {}
    for line, row in table(path, needed):
        if row["id"] in met:
            _fail(path, line, f"id {row['id']!r} stands in line {met[row['id']]} already")
        met[row["id"]] = line
        yield line, row
    if not met:
        raise BadInput(f"{path}: no lines after the header")


def _require_short(path: Path, line: int, what: str, value: str, most: int) -> None:
    if len(value) > most:
        _fail(path, line, f"{what} has {len(value)} characters; at most {most} are allowed")
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in value):
        _fail(path, line, f"{what} holds control characters")


def _fail(path: Path, line: int, problem: str) -> NoReturn:
    raise BadInput(f"{path}:{line}: {problem}")


def _digest(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadInput(f"{path}: is larger than {MAX_FILE_BYTES // 2**20} MiB")
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from error
