"""Long tables as columns of numbers: ids numbered in sorted order, values as floats.

Two routes give the same columns: pyarrow where it is installed and the text is plain, else a
careful reader of rows, which also finds the place of every fault.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files import arrow
from concours.peerreview.files.numbering import Book, CodeArray, Ids, numbered
from concours.peerreview.files.table import check_header, rows
from concours.peerreview.files.text import FilePath, kind, lines, where
from concours.peerreview.keyed import FloatArray

BATCH = 65_536
Cells = tuple[int, list[str]]


@dataclass(frozen=True, eq=False, kw_only=True)
class Columns:
    """Columns of m rows by name.

    Attributes:
        path: the file.
        ids: name -> the ids and their numbers (m,).
        numbers: name -> (m,) finite values.
        length: m.
    """

    path: FilePath
    ids: dict[str, Ids]
    numbers: dict[str, FloatArray]
    length: int

    def line(self, row: int) -> int:
        """Line, item or row number (from 1) of a row (from 0). O(row): text is read once more."""
        if kind(self.path) not in {"csv", "jsonl"}:
            return row + 1
        return next(islice(cells(self.path, [*self.ids, *self.numbers]), row, None))[0]

    def place(self, row: int) -> str:
        """File and line of a row (from 0), for messages."""
        return where(self.path, self.line(row))


def read_columns(
    path: FilePath, *, ids: Sequence[str], numbers: Sequence[str] = (), fast: bool = True
) -> Columns:
    """Columns `ids` and `numbers` of a CSV, JSON, JSON Lines or Parquet file; others are left.

    Every cell must be filled and every number finite. `fast` allows pyarrow for CSV; the result is
    the same without it. O(m) and 4 bytes for an id, 8 for a number, beside the ids themselves.
    Raises BadInput naming file, line and column of the first fault.
    """
    if kind(path) == "parquet":
        found = arrow.parquet_columns(path, ids, numbers)
        return Columns(path=path, ids=found.ids, numbers=found.numbers, length=found.length)
    plain = arrow.csv_columns(path, ids, numbers) if fast and kind(path) == "csv" else None
    if plain is not None:
        return Columns(path=path, ids=plain.ids, numbers=plain.numbers, length=plain.length)
    with _no_collection():
        return _carefully(path, ids, numbers)


def cells(path: FilePath, needed: Sequence[str]) -> Iterator[Cells]:
    """(line, the needed cells in that order) of each row of CSV or JSON; may be empty."""
    if kind(path) != "csv":
        for number, named in rows(path, needed):
            yield number, [named[name] for name in needed]
        return
    found = lines(path)
    number, header = next(found, (1, []))
    check_header(path, number, header, needed)
    width, at = len(header), [header.index(name) for name in needed]
    for number, row in found:
        if len(row) != width:
            raise BadInput(f"{path}:{number}: {len(row)} cells, {width} expected")
        yield number, [row[i] for i in at]


def finite(place: str, name: str, text: str) -> float:
    """The number in a cell; BadInput where it is none, or not finite."""
    try:
        if "_" in text:
            raise ValueError
        value = float(text)
    except ValueError:
        what = f"{name} is empty" if not text else f"{name} {text!r} is not a number"
        raise BadInput(f"{place}: {what}") from None
    if not np.isfinite(value):
        raise BadInput(f"{place}: {name} {text!r} is not a finite number")
    return value


def _carefully(path: FilePath, ids: Sequence[str], numbers: Sequence[str]) -> Columns:
    books = {name: Book() for name in ids}
    codes: dict[str, list[CodeArray]] = {name: [] for name in ids}
    values: dict[str, list[FloatArray]] = {name: [] for name in numbers}
    length = 0
    for batch in _batches(cells(path, [*ids, *numbers])):
        length += len(batch)
        by_column = zip(*(row for _, row in batch), strict=True)
        columns = dict(zip((*ids, *numbers), by_column, strict=True))
        try:
            for name in ids:
                codes[name].append(books[name].codes(columns[name]))
            for name in numbers:
                values[name].append(_floats(columns[name]))
        except ValueError:
            _name_the_fault(path, batch, ids, numbers)
            raise
    none, nothing = np.zeros(0, dtype=np.int32), np.zeros(0)
    return Columns(
        path=path,
        ids={n: numbered(np.concatenate([none, *codes[n]]), list(books[n])) for n in ids},
        numbers={n: np.concatenate([nothing, *values[n]]) for n in numbers},
        length=length,
    )


def _batches(found: Iterator[Cells]) -> Iterator[list[Cells]]:
    """Batches of rows; rows before a fault come before the fault."""
    batch: list[Cells] = []
    try:
        for row in found:
            batch.append(row)
            if len(batch) == BATCH:
                yield batch
                batch = []
    except BadInput:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _floats(column: Sequence[str]) -> FloatArray:
    found = np.fromiter(map(float, column), dtype=np.float64, count=len(column))
    if not np.isfinite(found).all() or any("_" in text for text in column):
        raise ValueError
    return found


def _name_the_fault(
    path: FilePath, batch: list[Cells], ids: Sequence[str], numbers: Sequence[str]
) -> None:
    for number, row in batch:
        for name, text in zip((*ids, *numbers), row, strict=True):
            if name in ids and not text:
                raise BadInput(f"{where(path, number)}: {name} is empty")
            if name not in ids:
                finite(where(path, number), name, text)


@contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of small lists and no cycles: the collector would look through them in vain."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
