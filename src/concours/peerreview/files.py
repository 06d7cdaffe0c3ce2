"""Reading the engine's inputs from CSV files: every fault is named with its file and line.

Ids are strings. They are sorted, so that the order of lines changes no result.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.keyed import IntArray
from concours.peerreview.reviews import ReviewSet

Row = tuple[int, dict[str, str]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Roster:
    """Entries and reviewers by name, in the order of their numbers.

    Attributes:
        entries, reviewers: ids.
        reviewer_entry: (R,) as in AssignmentProblem.
        reviewer_groups, entry_groups: (R, 2) and (n, 2): team and organisation.
        conflicts: (m, 2).
    """

    entries: list[str]
    reviewers: list[str]
    reviewer_entry: IntArray
    reviewer_groups: IntArray
    entry_groups: IntArray
    conflicts: IntArray


@dataclass(frozen=True, eq=False, kw_only=True)
class NamedReviews:
    """Reviews with the ids behind their numbers."""

    reviews: ReviewSet
    entries: list[str]
    reviewers: list[str]


def lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of each line that is not empty; cells stripped."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for cells in reader:
                stripped = [cell.strip() for cell in cells]
                if any(stripped):
                    yield reader.line_num, stripped
    except csv.Error as error:
        raise BadInput(f"{path}:{reader.line_num}: {error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from error
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror or error}") from error


def table(path: Path, needed: Sequence[str]) -> Iterator[Row]:
    """Rows of a CSV file with a header that has at least the `needed` columns, all filled."""
    rows = lines(path)
    number, header = next(rows, (1, []))
    missing = [name for name in needed if name not in header]
    if missing:
        raise BadInput(f"{path}:{number}: no column {missing[0]!r} in the header")
    if len(set(header)) != len(header):
        raise BadInput(f"{path}:{number}: a column stands twice in the header")
    for number, cells in rows:
        if len(cells) != len(header):
            raise BadInput(f"{path}:{number}: {len(cells)} cells, {len(header)} expected")
        row = dict(zip(header, cells, strict=True))
        for name in needed:
            if not row[name]:
                raise BadInput(f"{path}:{number}: {name} is empty")
        yield number, row


def read_roster(
    entries: Path, *, reviewers: Path | None = None, conflicts: Path | None = None
) -> Roster:
    """Entries (id[, team, organisation]), reviewers (id, entry[, organisation]), conflicts.

    Without a file of reviewers each entry is its own reviewer. An empty `entry` means an
    independent reviewer. A reviewer is of its entry's team, and of its entry's organisation unless
    it names one.
    """
    items = _unique(entries, ["id"])
    names = sorted(items)
    number = {name: i for i, name in enumerate(names)}
    people = {name: {"id": name, "entry": name} for name in names}
    if reviewers is not None:
        people = _unique(reviewers, ["id"], header=["id", "entry"])
    who = sorted(people)
    owner = np.full(len(who), -1, dtype=np.int64)
    for i, name in enumerate(who):
        entry = people[name]["entry"]
        if entry and entry not in number:
            line = people[name]["#"]
            raise BadInput(f"{reviewers}:{line}: no entry {entry!r}")
        owner[i] = number.get(entry, -1)
    rows = [items[name] for name in names]
    own = [rows[e] if e >= 0 else {} for e in owner]
    teams = ([x.get("team", "") for x in own], [x.get("team", "") for x in rows])
    named = [people[name].get("organisation", "") for name in who]
    organisations = (
        [name or x.get("organisation", "") for name, x in zip(named, own, strict=True)],
        [x.get("organisation", "") for x in rows],
    )
    coded = [_codes(mine, theirs) for mine, theirs in (teams, organisations)]
    return Roster(
        entries=names,
        reviewers=who,
        reviewer_entry=owner,
        reviewer_groups=np.stack([c[0] for c in coded], axis=1),
        entry_groups=np.stack([c[1] for c in coded], axis=1),
        conflicts=_conflicts(conflicts, who, names),
    )


def read_reviews(path: Path, *, entries: Sequence[str] | None = None) -> NamedReviews:
    """Reviews from columns reviewer, entry, score; `entries` adds those without a review."""
    known = None if entries is None else set(entries)
    cells: list[tuple[str, str, float]] = []
    met: dict[tuple[str, str], int] = {}
    for number, row in table(path, ["reviewer", "entry", "score"]):
        pair = (row["reviewer"], row["entry"])
        if known is not None and pair[1] not in known:
            raise BadInput(f"{path}:{number}: no entry {pair[1]!r}")
        if pair in met:
            raise BadInput(f"{path}:{number}: same reviewer and entry as in line {met[pair]}")
        met[pair] = number
        cells.append((*pair, _score(path, number, row["score"])))
    who = sorted({c[0] for c in cells})
    what = sorted(known if known is not None else {c[1] for c in cells})
    reviewer_number = {name: i for i, name in enumerate(who)}
    entry_number = {name: i for i, name in enumerate(what)}
    reviews = ReviewSet(
        n_entries=len(what),
        n_reviewers=len(who),
        reviewer=np.array([reviewer_number[c[0]] for c in cells], dtype=np.int64),
        entry=np.array([entry_number[c[1]] for c in cells], dtype=np.int64),
        score=np.array([c[2] for c in cells], dtype=np.float64),
    )
    return NamedReviews(reviews=reviews, entries=what, reviewers=who)


def read_rankings(path: Path, *, entries: Sequence[str] | None = None) -> NamedReviews:
    """Rankings without a header: line i is reviewer i's list of entry ids, best first.

    Reviewers are named by the count of their line, from 1. `entries` adds those nobody ranked.
    """
    rows = []
    known = None if entries is None else set(entries)
    for number, cells in lines(path):
        while cells and not cells[-1]:
            cells.pop()
        if not all(cells):
            raise BadInput(f"{path}:{number}: an empty cell amid the ranking")
        if len(set(cells)) != len(cells):
            twice = next(c for c in cells if cells.count(c) > 1)
            raise BadInput(f"{path}:{number}: {twice!r} stands twice in the ranking")
        unknown = [] if known is None else [c for c in cells if c not in known]
        if unknown:
            raise BadInput(f"{path}:{number}: no entry {unknown[0]!r}")
        rows.append(cells)
    what = sorted(known if known is not None else {c for row in rows for c in row})
    entry_number = {name: i for i, name in enumerate(what)}
    numbered = [[entry_number[c] for c in row] for row in rows]
    return NamedReviews(
        reviews=ReviewSet.from_rankings(numbered, n_entries=len(what)),
        entries=what,
        reviewers=[str(i + 1) for i in range(len(rows))],
    )


def _unique(
    path: Path, needed: Sequence[str], *, header: Sequence[str] | None = None
) -> dict[str, dict[str, str]]:
    """Rows by id, each with its line number under "#"."""
    found: dict[str, dict[str, str]] = {}
    for number, row in table(path, needed):
        absent = [name for name in header or () if name not in row]
        if absent:
            raise BadInput(f"{path}:1: no column {absent[0]!r} in the header")
        if row["id"] in found:
            first = found[row["id"]]["#"]
            raise BadInput(f"{path}:{number}: id {row['id']!r} stands in line {first} already")
        found[row["id"]] = {**row, "#": str(number)}
    if not found:
        raise BadInput(f"{path}: no lines after the header")
    return found


def _codes(mine: list[str], theirs: list[str]) -> tuple[IntArray, IntArray]:
    code = {name: i for i, name in enumerate(sorted({*mine, *theirs} - {""}))}
    first = np.array([code.get(name, -1) for name in mine], dtype=np.int64)
    return first, np.array([code.get(name, -1) for name in theirs], dtype=np.int64)


def _conflicts(path: Path | None, who: list[str], what: list[str]) -> IntArray:
    if path is None:
        return np.zeros((0, 2), dtype=np.int64)
    numbers = {
        "reviewer": {name: i for i, name in enumerate(who)},
        "entry": {name: i for i, name in enumerate(what)},
    }
    pairs = []
    for number, row in table(path, ["reviewer", "entry"]):
        for kind, known in numbers.items():
            if row[kind] not in known:
                raise BadInput(f"{path}:{number}: no {kind} {row[kind]!r}")
        pairs.append((numbers["reviewer"][row["reviewer"]], numbers["entry"][row["entry"]]))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _score(path: Path, number: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadInput(f"{path}:{number}: score {text!r} is not a number") from None
    if not np.isfinite(value):
        raise BadInput(f"{path}:{number}: score {text!r} is not a finite number")
    return value
