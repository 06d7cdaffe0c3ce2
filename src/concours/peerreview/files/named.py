"""Reviews from files: scores or rankings, with the ids behind their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.columns import Columns, read_columns
from concours.peerreview.files.numbering import CodeArray, number_of, renumbered
from concours.peerreview.files.objects import as_text, json_values, parquet_file
from concours.peerreview.files.text import FilePath, kind, lines, where
from concours.peerreview.keyed import IntArray
from concours.peerreview.reviews import HUGE, ReviewSet

Ranking = tuple[int, str | None, list[str]]


@dataclass(frozen=True, eq=False, kw_only=True)
class NamedReviews:
    """Reviews with the ids behind their numbers."""

    reviews: ReviewSet
    entries: list[str]
    reviewers: list[str]


def read_reviews(path: FilePath, *, entries: Sequence[str] | None = None) -> NamedReviews:
    """Reviews from columns reviewer, entry, score; `entries` adds those without a review.

    CSV, JSON, JSON Lines or Parquet by the ending (CSV and JSON also as .gz). Ids are text, sorted
    to give their numbers. O(m log m). Raises BadInput naming file and line, where a reviewer has an
    entry twice both lines.
    """
    table = read_columns(path, ids=["reviewer", "entry"], numbers=["score"])
    what = table.ids["entry"].names if entries is None else sorted(set(entries))
    entry, unknown = renumbered(table.ids["entry"], what)
    if unknown.size:
        row = int(unknown[0])
        name = table.ids["entry"].names[table.ids["entry"].code[row]]
        raise BadInput(f"{table.place(row)}: no entry {name!r}")
    reviewer, score = table.ids["reviewer"], table.numbers["score"]
    refuse_twice(table, reviewer.code, entry, ("reviewer", "entry"))
    huge = np.flatnonzero(np.abs(score) > HUGE)
    if huge.size:
        raise BadInput(f"{table.place(int(huge[0]))}: score {score[huge[0]]} is beyond {HUGE:g}")
    reviews = ReviewSet(
        n_entries=len(what),
        n_reviewers=len(reviewer.names),
        reviewer=reviewer.code,  # type: ignore[arg-type]
        entry=entry,  # type: ignore[arg-type]
        score=score,
    )
    return NamedReviews(reviews=reviews, entries=what, reviewers=reviewer.names)


def read_rankings(path: FilePath, *, entries: Sequence[str] | None = None) -> NamedReviews:
    """Partial rankings, best first; `entries` adds those nobody ranked.

    CSV without a header: line i is reviewer i's list of entry ids. JSON and JSON Lines: a list for
    each reviewer, or objects {"reviewer": id, "ranking": [...]}. Parquet: a column `ranking` of
    lists, and `reviewer` if named. Reviewers without an id are named by their count, from 1.
    """
    known = None if entries is None else set(entries)
    found: list[list[str]] = []
    who: dict[str, int] = {}
    for number, name, cells in _rankings(path):
        _check_ranking(where(path, number), cells, known)
        reviewer = str(len(found) + 1) if name is None else name
        if reviewer in who:
            raise BadInput(f"{where(path, number)}: reviewer {reviewer!r} has a ranking already")
        who[reviewer] = len(found)
        found.append(cells)
    what = sorted(known if known is not None else {c for row in found for c in row})
    numbers = number_of(what)
    reviewers = list(who) if _counted(who) else sorted(who)
    numbered = [[numbers[c] for c in found[who[name]]] for name in reviewers]
    return NamedReviews(
        reviews=ReviewSet.from_rankings(numbered, n_entries=len(what)),
        entries=what,
        reviewers=reviewers,
    )


def refuse_twice(
    table: Columns,
    first: CodeArray | IntArray,
    second: CodeArray | IntArray,
    names: tuple[str, str],
) -> None:
    """Refuse a pair of ids that stands in two rows; names both. O(m log m)."""
    key = first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second
    ordered = np.sort(key)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    if not twice.size:
        return
    rows = np.flatnonzero(np.isin(key, twice))
    order = rows[np.argsort(key[rows], kind="stable")]
    later = order[1:][key[order[1:]] == key[order[:-1]]]
    row = int(later.min())
    earlier = int(np.flatnonzero(key == key[row])[0])
    words = f"same {names[0]} and {names[1]} as in line"
    raise BadInput(f"{table.place(row)}: {words} {table.line(earlier)}")


def _counted(who: dict[str, int]) -> bool:
    return all(name == str(i + 1) for name, i in who.items())


def _check_ranking(place: str, cells: list[str], known: set[str] | None) -> None:
    if not all(cells):
        raise BadInput(f"{place}: an empty cell amid the ranking")
    if len(set(cells)) != len(cells):
        twice = next(c for c in cells if cells.count(c) > 1)
        raise BadInput(f"{place}: {twice!r} stands twice in the ranking")
    unknown = [] if known is None else [c for c in cells if c not in known]
    if unknown:
        raise BadInput(f"{place}: no entry {unknown[0]!r}")


def _rankings(path: FilePath) -> Iterator[Ranking]:
    """(line, reviewer or None, entries best first)."""
    if kind(path) == "csv":
        for number, cells in lines(path):
            while cells and not cells[-1]:
                cells.pop()
            yield number, None, cells
        return
    for number, value in _parquet(path) if kind(path) == "parquet" else json_values(path):
        name = None
        if isinstance(value, dict):
            if value.get("reviewer") is not None:
                name = as_text(path, number, "reviewer", value["reviewer"])
            value = value.get("ranking")
        if not isinstance(value, list):
            expected = 'a list of entries, or {"reviewer": ..., "ranking": [...]}'
            raise BadInput(f"{where(path, number)}: {expected} expected")
        yield number, name, [as_text(path, number, "ranking", cell) for cell in value]


def _parquet(path: FilePath) -> Iterator[tuple[int, dict[str, object]]]:
    number = 0
    for batch in parquet_file(path).iter_batches(65_536):
        for row in batch.to_pylist():
            number += 1
            yield number, row
