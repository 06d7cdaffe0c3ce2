"""Long tables as columns of numbers: ids numbered in sorted order, values as floats.

Two routes give the same columns of CSV: machine code for large files of plain text, and a careful
reader of rows, which also finds the place of every fault.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.numbering import Book, CodeArray, Ids, numbered
from concours.peerreview.files.parquet import parquet_columns
from concours.peerreview.files.table import check_header, rows
from concours.peerreview.files.text import FilePath, Progress, kind, lines, where
from concours.peerreview.keyed import FloatArray
from concours.peerreview.memory import estimate_reading, require

BATCH = 65_536
LARGE = 2_000_000  # bytes; below, starting the machine code costs more than it saves
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
    path: FilePath,
    *,
    ids: Sequence[str],
    numbers: Sequence[str] = (),
    gaps: bool = False,
    fast: bool | None = None,
    progress: Progress | None = None,
) -> Columns:
    """Columns `ids` and `numbers` of a CSV, JSON, JSON Lines or Parquet file; others are left.

    Every cell must be filled and every number finite; with `gaps` an empty cell of a number becomes
    NaN. `fast` chooses machine code for CSV (None: where the file is large); the result is the
    same. `progress(done, all)` is called now and then, with bytes or rows. O(m), 4 bytes for an id
    and 8 for a number, beside the ids themselves. Raises BadInput naming file, line and column of
    the first fault.
    """
    _require_memory(path)
    if kind(path) == "parquet":
        found = parquet_columns(path, ids, numbers, gaps=gaps, progress=progress)
        return Columns(path=path, ids=found[0], numbers=found[1], length=found[2])
    if fast is None:
        fast = _size(path) > LARGE
    if fast and kind(path) == "csv":
        from concours.peerreview.files.plain import read_plain

        plain = read_plain(path, ids, numbers, gaps=gaps, progress=progress)
        if plain is not None:
            return Columns(path=path, ids=plain[0], numbers=plain[1], length=plain[2])
    with _no_collection():
        return _carefully(path, ids, numbers, gaps=gaps)


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


def _carefully(
    path: FilePath, ids: Sequence[str], numbers: Sequence[str], *, gaps: bool
) -> Columns:
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
                values[name].append(_floats(columns[name], gaps=gaps))
        except ValueError:
            _name_the_fault(path, batch, ids, numbers, gaps=gaps)
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


def _floats(column: Sequence[str], *, gaps: bool) -> FloatArray:
    filled = np.array([bool(text) or not gaps for text in column])
    given = column if filled.all() else [text for text in column if text]
    values = np.fromiter(map(float, given), dtype=np.float64, count=len(given))
    if not np.isfinite(values).all() or any("_" in text for text in given):
        raise ValueError
    found = np.full(len(column), np.nan)
    found[filled] = values
    return found


def _name_the_fault(
    path: FilePath, batch: list[Cells], ids: Sequence[str], numbers: Sequence[str], *, gaps: bool
) -> None:
    for number, row in batch:
        for name, text in zip((*ids, *numbers), row, strict=True):
            if name in ids and not text:
                raise BadInput(f"{where(path, number)}: {name} is empty")
            if name not in ids and (text or not gaps):
                finite(where(path, number), name, text)


def _size(path: FilePath) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0  # opening it says why


def _require_memory(path: FilePath) -> None:
    if _size(path) > LARGE:
        require(
            estimate_reading(_size(path), kind=kind(path)),
            what=f"{path}: reading it",
            mend="split it, or use a machine with more memory",
        )


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
