"""Reviews from files: scores or rankings, with the ids behind their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.columns import Columns, read_columns
from concours.peerreview.files.numbering import CodeArray, number_of, renumbered
from concours.peerreview.files.objects import as_text, json_values, parquet_values
from concours.peerreview.files.table import columns_of
from concours.peerreview.files.text import FilePath, Progress, kind, lines, where
from concours.peerreview.reviews import HUGE, ReviewSet

Place = str | list[str]  # an entry, or entries that tie
Ranking = tuple[int, str | None, list[Place]]


@dataclass(frozen=True, eq=False, kw_only=True)
class NamedReviews:
    """Reviews with the ids behind their numbers."""

    reviews: ReviewSet
    entries: list[str]
    reviewers: list[str]


def read_reviews(
    path: FilePath,
    *,
    entries: Sequence[str] | None = None,
    abstentions: bool = False,
    progress: Progress | None = None,
) -> NamedReviews:
    """Reviews from columns reviewer, entry, score; `entries` adds those without a review.

    CSV, JSON, JSON Lines or Parquet by the ending (CSV and JSON also as .gz). Ids are text, sorted
    to give their numbers. With `abstentions` an empty score says "cannot judge", else it is
    refused. O(m log m). Raises BadInput naming file and line, where a reviewer has an entry twice
    both lines.
    """
    table = read_columns(
        path, ids=["reviewer", "entry"], numbers=["score"], gaps=abstentions, progress=progress
    )
    what = table.ids["entry"].names if entries is None else sorted(set(entries))
    reviewer, entry = table.ids["reviewer"], _known(table, "entry", what)
    refuse_twice(table, reviewer.code, entry, ("reviewer", "entry"))
    score = table.numbers["score"]
    huge = np.flatnonzero(np.abs(score) > HUGE)
    if huge.size:
        raise BadInput(f"{table.place(int(huge[0]))}: score {score[huge[0]]} is beyond {HUGE:g}")
    given = ~np.isnan(score) if abstentions else np.ones(0, dtype=bool)
    whole = bool(given.all())
    reviews = ReviewSet(
        n_entries=len(what),
        n_reviewers=len(reviewer.names),
        reviewer=reviewer.code if whole else reviewer.code[given],
        entry=entry if whole else entry[given],
        score=score if whole else score[given],
        abstentions=() if whole else np.stack([reviewer.code, entry], axis=1)[~given],
    )
    return NamedReviews(reviews=reviews, entries=what, reviewers=reviewer.names)


def read_comparisons(path: FilePath, *, entries: Sequence[str] | None = None) -> NamedReviews:
    """Comparisons of two entries from columns winner, loser[, reviewer]; formats as read_reviews.

    `entries` adds those never compared. Without a column `reviewer` all are by one, named "1".
    """
    names = ["winner", "loser", *(["reviewer"] if "reviewer" in columns_of(path) else [])]
    table = read_columns(path, ids=names)
    known = {name for side in ("winner", "loser") for name in table.ids[side].names}
    what = sorted(known if entries is None else set(entries))
    winner, loser = _known(table, "winner", what), _known(table, "loser", what)
    same = np.flatnonzero(winner == loser)
    if same.size:
        name = what[int(winner[same[0]])]
        raise BadInput(f"{table.place(int(same[0]))}: entry {name!r} is compared with itself")
    who = table.ids.get("reviewer")
    reviewers = ["1"] if who is None else who.names
    reviews = ReviewSet.from_comparisons(
        winner,
        loser,
        None if who is None else who.code,
        n_entries=len(what),
        n_reviewers=len(reviewers),
    )
    return NamedReviews(reviews=reviews, entries=what, reviewers=reviewers)


def read_rankings(path: FilePath, *, entries: Sequence[str] | None = None) -> NamedReviews:
    """Partial rankings, best first; `entries` adds those nobody ranked.

    CSV without a header: line i is reviewer i's list of entry ids. JSON and JSON Lines: a list for
    each reviewer, or objects {"reviewer": id, "ranking": [...]}; a list in the place of an entry
    holds entries that tie. Parquet: a column `ranking` of lists, and `reviewer` if named. Reviewers
    without an id are named by their count, from 1.
    """
    known = None if entries is None else set(entries)
    met: set[str] = set()
    found: list[list[Place]] = []
    who: dict[str, int] = {}
    for number, name, cells in _rankings(path):
        met |= _check_ranking(where(path, number), cells, known)
        reviewer = str(len(found) + 1) if name is None else name
        if reviewer in who:
            raise BadInput(f"{where(path, number)}: reviewer {reviewer!r} has a ranking already")
        who[reviewer] = len(found)
        found.append(cells)
    what = sorted(met if known is None else known)
    numbers = number_of(what)
    reviewers = list(who) if _counted(who) else sorted(who)
    return NamedReviews(
        reviews=ReviewSet.from_rankings(
            [_coded(found[who[name]], numbers) for name in reviewers], n_entries=len(what)
        ),
        entries=what,
        reviewers=reviewers,
    )


def _known(table: Columns, name: str, known: Sequence[str]) -> CodeArray:
    """(m,) numbers in `known` of a column of entries; refuses others."""
    ids = table.ids[name]
    if ids.names == known:
        return ids.code
    code, unknown = renumbered(ids, known)
    if unknown.size:
        row = int(unknown[0])
        raise BadInput(f"{table.place(row)}: no entry {ids.names[ids.code[row]]!r}")
    return code


def refuse_twice(
    table: Columns, first: CodeArray, second: CodeArray, names: tuple[str, str]
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


def _coded(cells: list[Place], number: dict[str, int]) -> list[int | list[int]]:
    return [number[c] if isinstance(c, str) else [number[one] for one in c] for c in cells]


def _check_ranking(place: str, cells: list[Place], known: set[str] | None) -> set[str]:
    """The entries of a ranking."""
    flat = [one for c in cells for one in ([c] if isinstance(c, str) else c)]
    if not all(flat):
        raise BadInput(f"{place}: an empty cell amid the ranking")
    found = set(flat)
    if len(found) != len(flat):
        twice = next(c for c in flat if flat.count(c) > 1)
        raise BadInput(f"{place}: {twice!r} stands twice in the ranking")
    if known is not None and not found <= known:
        raise BadInput(f"{place}: no entry {next(c for c in flat if c not in known)!r}")
    return found


def _rankings(path: FilePath) -> Iterator[Ranking]:
    """(line, reviewer or None, entries best first)."""
    if kind(path) == "csv":
        for number, row in lines(path):
            while row and not row[-1]:
                row.pop()
            yield number, None, list(row)
        return
    for number, value in parquet_values(path) if kind(path) == "parquet" else json_values(path):
        name = None
        if isinstance(value, dict):
            if value.get("reviewer") is not None:
                name = as_text(path, number, "reviewer", value["reviewer"])
            value = value.get("ranking")
        if not isinstance(value, list):
            expected = 'a list of entries, or {"reviewer": ..., "ranking": [...]}'
            raise BadInput(f"{where(path, number)}: {expected} expected")
        yield number, name, [_place(path, number, cell) for cell in value]


def _place(path: FilePath, number: int, cell: object) -> Place:
    if isinstance(cell, list):
        return [as_text(path, number, "ranking", one) for one in cell]
    return as_text(path, number, "ranking", cell)
