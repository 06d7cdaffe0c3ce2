"""Columns of Parquet files, by pyarrow, which the extra `reports` brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.numbering import Ids, numbered
from concours.peerreview.files.objects import parquet_file
from concours.peerreview.files.table import check_header
from concours.peerreview.files.text import FilePath, Progress, where
from concours.peerreview.keyed import FloatArray

ROWS = 1 << 20
Found = tuple[dict[str, Ids], dict[str, FloatArray], int]


def parquet_columns(
    path: FilePath,
    ids: Sequence[str],
    numbers: Sequence[str],
    *,
    gaps: bool,
    progress: Progress | None = None,
) -> Found:
    """Columns of a Parquet file; BadInput names row and column of a fault.

    With `gaps` a null number is NaN.
    """
    file = parquet_file(path)
    schema = file.schema_arrow
    check_header(path, 1, schema.names, [*ids, *numbers])
    for name in (*ids, *numbers):
        _check_type(path, name, schema.field(name).type, text=name in ids)
    with _arrow_faults(path):
        batches = _typed(path, file.iter_batches(ROWS, columns=[*ids, *numbers]), ids, numbers)
        told = _telling(batches, file.metadata.num_rows, progress)
        found = _gathered(told, ids, numbers, gaps=gaps)
    if found is None:
        raise _odd_row(path, file, ids, numbers, gaps=gaps)
    return found


def _gathered(
    batches: Any, ids: Sequence[str], numbers: Sequence[str], *, gaps: bool
) -> Found | None:
    """None where a cell is empty or a number not finite."""
    chunks: dict[str, list[Any]] = {name: [] for name in ids}
    values: dict[str, list[FloatArray]] = {name: [np.zeros(0)] for name in numbers}
    length = 0
    for batch in batches:
        length += batch.num_rows
        filled = ids if gaps else (*ids, *numbers)
        if any(batch.column(name).null_count for name in filled):
            return None
        for name in ids:
            chunks[name].append(batch.column(name))
        for name in numbers:
            column = batch.column(name)
            row = column.to_numpy(zero_copy_only=False)  # nulls become NaN
            if not (np.isfinite(row) | column.is_null().to_numpy(zero_copy_only=False)).all():
                return None
            values[name].append(row)
    joined = {name: np.concatenate(parts) for name, parts in values.items()}
    coded = {name: _ids(chunks.pop(name)) for name in ids}
    if any("" in column.names for column in coded.values()):
        return None
    return coded, joined, length


def _ids(chunks: list[Any]) -> Ids:
    import pyarrow as pa

    if not chunks:
        return numbered(np.zeros(0, dtype=np.int32), [])
    whole = pa.chunked_array(chunks).unify_dictionaries()
    code = np.concatenate([chunk.indices.to_numpy() for chunk in whole.chunks])
    return numbered(code, whole.chunk(0).dictionary.to_pylist())


def _telling(batches: Iterator[Any], whole: int, progress: Progress | None) -> Iterator[Any]:
    done = 0
    for batch in batches:
        yield batch
        done += batch.num_rows
        if progress is not None:
            progress(done, whole)


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


def _odd_row(
    path: FilePath, file: Any, ids: Sequence[str], numbers: Sequence[str], *, gaps: bool
) -> BadInput:
    """The first row with an empty cell or a number that is not finite."""
    start = 0
    for batch in _typed(path, file.iter_batches(ROWS, columns=[*ids, *numbers]), ids, numbers):
        for row, cells in enumerate(zip(*(batch.column(c) for c in (*ids, *numbers)), strict=True)):
            for name, cell in zip((*ids, *numbers), cells, strict=True):
                value = cell.as_py()
                place = where(path, start + row + 1)
                if gaps and value is None and name not in ids:
                    continue
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
