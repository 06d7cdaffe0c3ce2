"""Writing tables as CSV, JSON, JSON Lines or Parquet by the ending."""

from __future__ import annotations

import csv
import gzip
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO, cast

import numpy as np

from concours.peerreview.errors import BadInput
from concours.peerreview.files.objects import WITHOUT_PYARROW
from concours.peerreview.files.text import FilePath, kind

Column = Sequence[Any] | np.ndarray[Any, Any]
OUTPUTS = (".csv", ".json", ".jsonl", ".ndjson", ".parquet", ".pq")


def is_table(path: FilePath) -> bool:
    """Whether the name ends like that of a table that can be written."""
    endings = [ending.lower() for ending in Path(path).suffixes]
    if endings and endings[-1] == ".gz":
        endings.pop()
    return bool(endings) and endings[-1] in OUTPUTS


def write_table(path: FilePath, columns: Mapping[str, Column]) -> None:
    """Write columns of one length under their names.

    Numbers keep all their digits, so that reading gives the same numbers; NaN and None become an
    empty cell or null. A broken run leaves no half file: it is written beside and then moved.
    Raises BadInput for Parquet without pyarrow.
    """
    lengths = {len(column) for column in columns.values()}
    if len(lengths) > 1:
        raise BadInput(f"{path}: columns of one length expected, got {sorted(lengths)}")
    if kind(path) == "parquet":
        _write_parquet(path, columns)
        return
    with replacing(path) as file:
        if kind(path) == "csv":
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(_rows(columns))
        elif kind(path) == "jsonl":
            file.writelines(line + "\n" for line in _objects(columns))
        else:
            _write_array(file, _objects(columns))


@contextmanager
def replacing(path: FilePath) -> Iterator[TextIO]:
    """A text file that takes the place of `path` when all went well."""
    partial = Path(f"{path}.part")
    packed = Path(path).suffix.lower() == ".gz"
    try:
        with cast(
            "TextIO",
            gzip.open(partial, "wt", encoding="utf-8", newline="")
            if packed
            else partial.open("w", encoding="utf-8", newline=""),
        ) as file:
            yield file
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _plain(column: Column) -> list[Any]:
    """Values as Python's own; NaN as None."""
    values = column.tolist() if isinstance(column, np.ndarray) else list(column)
    return [None if isinstance(v, float) and math.isnan(v) else v for v in values]


def _rows(columns: Mapping[str, Column]) -> Iterable[tuple[Any, ...]]:
    return zip(*(_plain(column) for column in columns.values()), strict=True)


def _objects(columns: Mapping[str, Column]) -> Iterator[str]:
    for row in _rows(columns):
        yield json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False)


def _write_array(file: TextIO, objects: Iterable[str]) -> None:
    separator = "[\n"
    for one in objects:
        file.write(separator + one)
        separator = ",\n"
    file.write("[]\n" if separator == "[\n" else "\n]\n")


def _write_parquet(path: FilePath, columns: Mapping[str, Column]) -> None:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise BadInput(f"{path}: {WITHOUT_PYARROW}") from error
    arrays = {name: pa.array(column, from_pandas=True) for name, column in columns.items()}
    partial = Path(f"{path}.part")
    try:
        pq.write_table(pa.table(arrays), partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
