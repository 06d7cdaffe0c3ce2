"""The fast route: columns by pyarrow, which the extra `reports` brings."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import RawIOBase
from typing import Any, BinaryIO

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.numbering import Ids, numbered
from concours.peerreview.files.objects import parquet_file
from concours.peerreview.files.table import check_header
from concours.peerreview.files.text import FilePath, binary, where
from concours.peerreview.keyed import FloatArray

BLOCK = 16 * 1024 * 1024
ROWS = 1 << 20


@dataclass(frozen=True, eq=False, kw_only=True)
class Found:
    """See Columns."""

    ids: dict[str, Ids]
    numbers: dict[str, FloatArray]
    length: int


class _NotPlain(Exception):
    """The text needs the careful reader, which judges it and finds the line of a fault."""


class _Sieve(RawIOBase):
    """Bytes of plain text only: UTF-8, no quotation marks, no NUL, lines ended by LF or CRLF.

    On such text pyarrow and the csv module of Python agree on the cells.
    """

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._decode = codecs.getincrementaldecoder("utf-8")()
        self._after_cr = False

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        returns = block.count(b"\r") + self._after_cr
        ends = block.count(b"\r\n") + (self._after_cr and block[:1] == b"\n")
        self._after_cr = block.endswith(b"\r")
        if b'"' in block or b"\0" in block or returns != ends + self._after_cr:
            raise _NotPlain
        try:
            self._decode.decode(block, final=not block)
        except UnicodeDecodeError:
            raise _NotPlain from None
        return block


def csv_columns(path: FilePath, ids: Sequence[str], numbers: Sequence[str]) -> Found | None:
    """Columns of a CSV file; None without pyarrow, or where the careful reader must judge."""
    try:
        import pyarrow as pa
        from pyarrow import csv
    except ImportError:
        return None
    types = dict.fromkeys(ids, pa.dictionary(pa.int32(), pa.string()))
    types |= dict.fromkeys(numbers, pa.float64())
    with binary(path) as file:
        try:
            reader = csv.open_csv(
                pa.PythonFile(_Sieve(file), mode="r"),
                read_options=csv.ReadOptions(block_size=BLOCK),
                parse_options=csv.ParseOptions(quote_char=False),
                convert_options=csv.ConvertOptions(
                    include_columns=[*ids, *numbers],
                    column_types=types,
                    null_values=[""],
                    strings_can_be_null=False,
                ),
            )
            return _gathered(reader, ids, numbers)
        except (pa.ArrowException, KeyError, _NotPlain):
            return None


def parquet_columns(path: FilePath, ids: Sequence[str], numbers: Sequence[str]) -> Found:
    """Columns of a Parquet file; BadInput names row and column of a fault."""
    file = parquet_file(path)
    schema = file.schema_arrow
    check_header(path, 1, schema.names, [*ids, *numbers])
    for name in (*ids, *numbers):
        _check_type(path, name, schema.field(name).type, text=name in ids)
    with _arrow_faults(path):
        batches = _typed(path, file.iter_batches(ROWS, columns=[*ids, *numbers]), ids, numbers)
        found = _gathered(batches, ids, numbers)
    if found is None:
        raise _odd_row(path, file, ids, numbers)
    return found


def _gathered(batches: Any, ids: Sequence[str], numbers: Sequence[str]) -> Found | None:
    """None where a cell is empty or a number not finite."""
    chunks: dict[str, list[Any]] = {name: [] for name in ids}
    values: dict[str, list[FloatArray]] = {name: [np.zeros(0)] for name in numbers}
    length = 0
    for batch in batches:
        length += batch.num_rows
        if any(batch.column(name).null_count for name in (*ids, *numbers)):
            return None
        for name in ids:
            chunks[name].append(batch.column(name))
        for name in numbers:
            row = batch.column(name).to_numpy(zero_copy_only=False)
            if not np.isfinite(row).all():
                return None
            values[name].append(row)
    joined = {name: np.concatenate(parts) for name, parts in values.items()}
    coded = {name: _ids(chunks.pop(name)) for name in ids}
    if any("" in column.names for column in coded.values()):
        return None
    return Found(ids=coded, numbers=joined, length=length)


def _ids(chunks: list[Any]) -> Ids:
    import pyarrow as pa

    if not chunks:
        return numbered(np.zeros(0, dtype=np.int32), [])
    whole = pa.chunked_array(chunks).unify_dictionaries()
    code = np.concatenate([chunk.indices.to_numpy() for chunk in whole.chunks])
    return numbered(code, whole.chunk(0).dictionary.to_pylist())


def _typed(
    path: FilePath, batches: Any, ids: Sequence[str], numbers: Sequence[str]
) -> Iterator[Any]:
    """Batches with ids as dictionaries of strings and values as doubles."""
    import pyarrow as pa

    for batch in batches:
        columns = {}
        for name in ids:
            column = batch.column(name)
            if pa.types.is_dictionary(column.type):
                column = column.dictionary_decode()
            columns[name] = column.cast(pa.string()).dictionary_encode()
        for name in numbers:
            columns[name] = batch.column(name).cast(pa.float64())
        yield pa.record_batch(columns)


def _check_type(path: FilePath, name: str, found: Any, *, text: bool) -> None:
    import pyarrow as pa

    t = pa.types
    inner = found.value_type if t.is_dictionary(found) else found
    words = (t.is_string(inner) or t.is_large_string(inner)) and text
    whole = t.is_integer(inner)
    number = (t.is_floating(inner) or t.is_decimal(inner)) and not text
    if not (words or whole or number):
        expected = "text or whole numbers" if text else "numbers"
        raise BadInput(f"{path}: column {name!r} holds {found}; {expected} expected")


def _odd_row(path: FilePath, file: Any, ids: Sequence[str], numbers: Sequence[str]) -> BadInput:
    """The first row with an empty cell or a number that is not finite."""
    start = 0
    for batch in _typed(path, file.iter_batches(ROWS, columns=[*ids, *numbers]), ids, numbers):
        for row, cells in enumerate(zip(*(batch.column(c) for c in (*ids, *numbers)), strict=True)):
            for name, cell in zip((*ids, *numbers), cells, strict=True):
                value = cell.as_py()
                place = where(path, start + row + 1)
                if value is None or (name in ids and not value.strip()):
                    return BadInput(f"{place}: {name} is empty")
                if name not in ids and not np.isfinite(value):
                    return BadInput(f"{place}: {name} '{value}' is not a finite number")
        start += batch.num_rows
    return BadInput(f"{path}: a cell is empty")


@contextmanager
def _arrow_faults(path: FilePath) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise BadInput(f"{path}: damaged Parquet file ({error})") from error
