"""Entries, reviewers, conflicts, groups and loads from files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.groups import read_groups, side_by_side
from concours.peerreview.files.numbering import number_of
from concours.peerreview.files.table import rows, table
from concours.peerreview.files.text import FilePath, where
from concours.peerreview.keyed import IntArray

GROUPINGS = ("team", "organisation", "mentor")
"""Columns of ENTRIES that name groups; the third is there only where a file has it."""
Named = dict[str, dict[str, str]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Roster:
    """Entries and reviewers by name, in the order of their numbers.

    Attributes:
        entries, reviewers: ids.
        reviewer_entry: (R,) as in AssignmentProblem.
        reviewer_groups, entry_groups: (R, g) and (n, g): team, organisation, then mentor and the
            groups of a file of groups where given.
        conflicts: (m, 2).
        load_min, load_max: (R,) from a file of loads, -1 = not stated; None without the file.
    """

    entries: list[str]
    reviewers: list[str]
    reviewer_entry: IntArray
    reviewer_groups: IntArray
    entry_groups: IntArray
    conflicts: IntArray
    load_min: IntArray | None = None
    load_max: IntArray | None = None


def read_roster(
    entries: FilePath,
    *,
    reviewers: FilePath | None = None,
    conflicts: FilePath | None = None,
    groups: FilePath | None = None,
    loads: FilePath | None = None,
) -> Roster:
    """Who may review what, from tables in CSV, JSON, JSON Lines or Parquet.

    entries: id[, team, organisation, mentor]. reviewers: id, entry[, organisation, mentor]; without
    the file each entry is its own reviewer, and an empty `entry` means an independent reviewer. A
    reviewer is of its entry's team, and of its entry's organisation and mentor unless it names
    another; a mentor who is a reviewer has a conflict with the entries mentored.
    conflicts: reviewer, entry. groups: group, and reviewer or entry or both. loads: reviewer, and
    min or max or both; an empty cell states nothing. Raises BadInput naming file and line.
    """
    items = _unique(entries, ["id"])
    names = sorted(items)
    people: Named = {name: {"id": name, "entry": name} for name in names}
    if reviewers is not None:
        people = _unique(reviewers, ["id"], also=["entry"])
    who = sorted(people)
    owner = _owners(reviewers, people, who, number_of(names))
    mine, theirs = _groupings(items, names, people, who, owner)
    pairs = [_conflicts(conflicts, who, names), _mentors(items, names, who)]
    if groups is not None:
        more = read_groups(groups, reviewers=who, entries=names, reviewer_entry=owner)
        mine, theirs = side_by_side(mine, more[0]), side_by_side(theirs, more[1])
    low, high = (None, None) if loads is None else _loads(loads, who)
    return Roster(
        entries=names,
        reviewers=who,
        reviewer_entry=owner,
        reviewer_groups=mine,
        entry_groups=theirs,
        conflicts=np.concatenate(pairs),
        load_min=low,
        load_max=high,
    )


def _unique(path: FilePath, needed: Sequence[str], *, also: Sequence[str] = ()) -> Named:
    """Rows by id, each with its line number under "#"; the columns `also` may have empty cells."""
    found: Named = {}
    for number, row in rows(path, [*needed, *also]):
        place = where(path, number)
        for name in needed:
            if not row[name]:
                raise BadInput(f"{place}: {name} is empty")
        if row["id"] in found:
            first = found[row["id"]]["#"]
            raise BadInput(f"{place}: id {row['id']!r} stands in line {first} already")
        found[row["id"]] = {**row, "#": str(number)}
    if not found:
        raise BadInput(f"{path}: no lines after the header")
    return found


def _owners(
    path: FilePath | None, people: Named, who: list[str], number: dict[str, int]
) -> IntArray:
    owner = np.full(len(who), -1, dtype=np.int64)
    for i, name in enumerate(who):
        entry = people[name]["entry"]
        if entry and entry not in number:
            place = where(path or "", int(people[name]["#"]))
            raise BadInput(f"{place}: no entry {entry!r}")
        owner[i] = number.get(entry, -1)
    return owner


def _groupings(
    items: Named, names: list[str], people: Named, who: list[str], owner: IntArray
) -> tuple[IntArray, IntArray]:
    own = [items[names[e]] if e >= 0 else {} for e in owner.tolist()]
    columns = []
    for grouping in GROUPINGS:
        theirs = [items[name].get(grouping, "") for name in names]
        stated = [people[name].get(grouping, "") if grouping != "team" else "" for name in who]
        mine = [name or x.get(grouping, "") for name, x in zip(stated, own, strict=True)]
        if grouping != "mentor" or any(mine) or any(theirs):
            columns.append(_codes(mine, theirs))
    first, second = zip(*columns, strict=True)
    return np.stack(first, axis=1), np.stack(second, axis=1)


def _codes(mine: list[str], theirs: list[str]) -> tuple[IntArray, IntArray]:
    code = number_of(sorted({*mine, *theirs} - {""}))
    first = np.array([code.get(name, -1) for name in mine], dtype=np.int64)
    return first, np.array([code.get(name, -1) for name in theirs], dtype=np.int64)


def _mentors(items: Named, names: list[str], who: list[str]) -> IntArray:
    number = number_of(who)
    mentors = [number.get(items[name].get("mentor", ""), -1) for name in names]
    pairs = np.array([mentors, range(len(names))], dtype=np.int64).T
    return pairs[pairs[:, 0] >= 0]


def _conflicts(path: FilePath | None, who: list[str], what: list[str]) -> IntArray:
    if path is None:
        return np.zeros((0, 2), dtype=np.int64)
    numbers = {"reviewer": number_of(who), "entry": number_of(what)}
    pairs = []
    for number, row in table(path, ["reviewer", "entry"]):
        for name, known in numbers.items():
            if row[name] not in known:
                raise BadInput(f"{where(path, number)}: no {name} {row[name]!r}")
        pairs.append((numbers["reviewer"][row["reviewer"]], numbers["entry"][row["entry"]]))
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _loads(path: FilePath, who: list[str]) -> tuple[IntArray, IntArray]:
    number_of_reviewer = number_of(who)
    bounds = np.full((2, len(who)), -1, dtype=np.int64)
    met: dict[str, int] = {}
    for number, row in table(path, ["reviewer"]):
        place, name = where(path, number), row["reviewer"]
        if name not in number_of_reviewer:
            raise BadInput(f"{place}: no reviewer {name!r}")
        if name in met:
            raise BadInput(f"{place}: reviewer {name!r} stands in line {met[name]} already")
        met[name] = number
        if "min" not in row and "max" not in row:
            raise BadInput(f"{place}: no column 'min' or 'max' in the header")
        for i, bound in enumerate(("min", "max")):
            if row.get(bound):
                bounds[i, number_of_reviewer[name]] = _load(place, bound, row[bound])
        low, high = bounds[:, number_of_reviewer[name]]
        if 0 <= high < low:
            raise BadInput(f"{place}: min {low} is above max {high}")
    return bounds[0], bounds[1]


def _load(place: str, name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise BadInput(f"{place}: {name} {text!r} is not a whole number from 0")
    return int(text)
