"""Similarity of reviewers and entries from files: pairs, a matrix, the .in format, vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from concours.peerreview.assignment.similarity import LARGEST, LARGEST_VECTOR, Similarity
from concours.peerreview.errors import BadInput
from concours.peerreview.files.columns import Columns, finite, read_columns
from concours.peerreview.files.named import refuse_twice
from concours.peerreview.files.numbering import number_of, renumbered
from concours.peerreview.files.table import columns_of
from concours.peerreview.files.text import FilePath, kind, lines, physical_lines, text
from concours.peerreview.keyed import FloatArray, IntArray
from concours.peerreview.memory import estimate_matrix, require

LONG = ["reviewer", "entry", "similarity"]


@dataclass(frozen=True, eq=False, kw_only=True)
class NamedSimilarity:
    """A similarity and the ids of its rows and columns.

    Attributes:
        entries, reviewers: ids by number.
        similarity: shape (R, n).
    """

    entries: list[str]
    reviewers: list[str]
    similarity: Similarity


def read_similarity(
    path: FilePath, *, reviewers: Sequence[str], entries: Sequence[str]
) -> Similarity:
    """(R, n) similarity for the given ids, from pairs or from a matrix.

    Pairs: columns reviewer, entry, similarity in CSV, JSON, JSON Lines or Parquet; a pair that is
    not there is 0. A matrix: CSV whose header holds the reviewers' ids after a first cell that is
    free, then a line for each entry: its id and a value for each reviewer. Every id must be known;
    a matrix must have all of them. Raises BadInput naming file, line and column of what is no
    finite number within +-1000.
    """
    if kind(path) == "in":
        raise BadInput(f"{path}: a .in file has no ids: give it alone, without ENTRIES")
    if kind(path) == "csv" and not _is_long(path):
        return Similarity.dense(_matrix(path, reviewers, entries).T)
    table = read_columns(path, ids=["reviewer", "entry"], numbers=["similarity"])
    codes = []
    for name, known in (("reviewer", reviewers), ("entry", entries)):
        code, unknown = renumbered(table.ids[name], known)
        if unknown.size:
            row = int(unknown[0])
            one = table.ids[name].names[table.ids[name].code[row]]
            raise BadInput(f"{table.place(row)}: no {name} {one!r}")
        codes.append(code)
    refuse_twice(table, codes[0], codes[1], ("reviewer", "entry"))
    _refuse_large(table, "similarity", LARGEST)
    shape = (len(reviewers), len(entries))
    return Similarity.sparse(codes[0], codes[1], table.numbers["similarity"], shape=shape)


def read_in(path: FilePath) -> NamedSimilarity:
    """The public .in format: a line "papers reviewers", then for each paper its similarities.

    There are no ids: they become "1", "2", ... in the order of the file, with zeros before, so that
    they sort in that order.
    """
    with text(path) as file:
        numbered = enumerate(physical_lines(path, file), start=1)
        words = ((number, line.split()) for number, line in numbered if line.strip())
        number, head = next(words, (1, []))
        if len(head) != 2 or not all(word.isascii() and word.isdigit() for word in head):
            raise BadInput(f"{path}:{number}: two whole numbers expected: papers and reviewers")
        papers, reviewers = int(head[0]), int(head[1])
        _require_memory(path, papers, reviewers)
        found: list[FloatArray] = []
        for number, cells in words:
            if len(cells) != reviewers or len(found) == papers:
                expected = f"{papers} lines of {reviewers} numbers expected"
                raise BadInput(
                    f"{path}:{number}: {expected}, this is line {len(found) + 1} with {len(cells)}"
                )
            found.append(_numbers(path, number, cells, [str(i + 1) for i in range(reviewers)]))
        if len(found) != papers or not papers or not reviewers:
            raise BadInput(f"{path}: {papers} lines of numbers expected, {len(found)} found")
    return NamedSimilarity(
        entries=_counted(papers),
        reviewers=_counted(reviewers),
        similarity=Similarity.dense(np.array(found).T),
    )


def read_vectors(path: FilePath, *, ids: Sequence[str], what: str) -> FloatArray:
    """(ids, d) vectors from a table: a column `id`, every other column a dimension.

    Each of `ids` needs its line, and there are no others; `what` ("entry") names them in messages.
    Values are finite, within +-32. Dimensions are taken in the order of the columns' names (x2
    before x10), so that two files fit each other.
    """
    names = [name for name in columns_of(path) if name != "id"]
    if not names:
        raise BadInput(f"{path}: columns after `id` expected, one for each dimension")
    names.sort(key=lambda name: (len(name), name))
    table = read_columns(path, ids=["id"], numbers=names)
    code, unknown = renumbered(table.ids["id"], ids)
    if unknown.size:
        row = int(unknown[0])
        one = table.ids["id"].names[table.ids["id"].code[row]]
        raise BadInput(f"{table.place(row)}: no {what} {one!r}")
    refuse_twice(table, code, np.zeros_like(code), ("id", "table"))
    absent = np.flatnonzero(np.bincount(code, minlength=len(ids)) == 0)
    if absent.size:
        raise BadInput(f"{path}: {what} {ids[int(absent[0])]!r} has no line")
    vectors = np.empty((len(ids), len(names)))
    for column, name in enumerate(names):
        _refuse_large(table, name, LARGEST_VECTOR)
        vectors[code, column] = table.numbers[name]
    return vectors


def _is_long(path: FilePath) -> bool:
    header = columns_of(path)
    return set(LONG) <= set(header) or len(header) < 2 or header[1] == "entry"


def _matrix(path: FilePath, reviewers: Sequence[str], entries: Sequence[str]) -> FloatArray:
    """(n, R)."""
    found = lines(path)
    line, header = next(found, (1, []))
    column = _places(f"{path}:{line}", header[1:], number_of(reviewers), "reviewer")
    _require_memory(path, len(entries), len(reviewers))
    number, met = number_of(entries), dict[str, int]()
    matrix = np.empty((len(entries), len(reviewers)))
    for line, cells in found:
        if len(cells) != len(header):
            raise BadInput(f"{path}:{line}: {len(cells)} cells, {len(header)} expected")
        entry = cells[0]
        if entry not in number:
            raise BadInput(f"{path}:{line}: no entry {entry!r}")
        if entry in met:
            raise BadInput(f"{path}:{line}: entry {entry!r} stands in line {met[entry]} already")
        met[entry] = line
        matrix[number[entry], column] = _numbers(path, line, cells[1:], header[1:])
    if len(met) != len(entries):
        raise BadInput(f"{path}: entry {next(e for e in entries if e not in met)!r} has no line")
    return matrix


def _require_memory(path: FilePath, entries: int, reviewers: int) -> None:
    require(
        estimate_matrix(entries * reviewers),
        what=f"{path}: a matrix of {entries:,} entries and {reviewers:,} reviewers",
        mend="give the pairs that are not 0, or vectors",
    )


def _places(place: str, names: list[str], known: dict[str, int], what: str) -> IntArray:
    for name in names:
        if name not in known:
            raise BadInput(f"{place}: no {what} {name!r}")
    if len(set(names)) != len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadInput(f"{place}: {what} {twice!r} stands twice in the header")
    absent = set(known) - set(names)
    if absent:
        raise BadInput(f"{place}: {what} {min(absent)!r} has no column")
    return np.array([known[name] for name in names], dtype=np.int64)


def _numbers(path: FilePath, line: int, cells: list[str], names: Sequence[str]) -> FloatArray:
    """Values of a line of a matrix; a fault is named with its column."""
    try:
        values = np.array(cells, dtype=np.float64)
    except ValueError:
        values = np.full(len(cells), np.nan)
    with np.errstate(invalid="ignore"):
        fine = bool((np.abs(values) <= LARGEST).all())
    if fine and not any("_" in cell for cell in cells):
        return values
    place = f"{path}:{line}"
    for at, (name, cell) in enumerate(zip(names, cells, strict=True)):
        values[at] = finite(f"{place}, column {name}", "similarity", cell)
        if abs(values[at]) > LARGEST:
            raise BadInput(f"{place}, column {name}: similarity {cell!r} is beyond {LARGEST:g}")
    return values


def _refuse_large(table: Columns, name: str, largest: float) -> None:
    out = np.flatnonzero(np.abs(table.numbers[name]) > largest)
    if out.size:
        row = int(out[0])
        value = table.numbers[name][row]
        raise BadInput(f"{table.place(row)}: {name} {value} is beyond {largest:g}")


def _counted(length: int) -> list[str]:
    width = len(str(length))
    return [f"{i:0{width}d}" for i in range(1, length + 1)]
