"""Rows of JSON and Parquet files as text, so that all formats are judged by the same rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from concours.peerreview.errors import BadInput
from concours.peerreview.files.text import FilePath, binary, kind, physical_lines, text, where

WITHOUT_PYARROW = "Parquet needs pyarrow: pip install 'concours[reports]'"


def json_values(path: FilePath) -> Iterator[tuple[int, Any]]:
    """(number from 1, value) of each item of a JSON array, or of each line of JSON Lines."""
    with text(path) as file:
        if kind(path) == "jsonl":
            for number, line in enumerate(physical_lines(path, file), start=1):
                if line.strip():
                    yield number, _parsed(line, f"{path}:{number}")
            return
        whole = file.read()
    if not whole.strip():
        return
    values = _parsed(whole, str(path))
    if not isinstance(values, list):
        raise BadInput(f"{path}: a JSON array expected; for one object a line end the name .jsonl")
    yield from enumerate(values, start=1)


def json_rows(path: FilePath) -> Iterator[tuple[int, dict[str, str]]]:
    """(number, {name: text}) of the objects of a JSON or JSON Lines file."""
    for number, value in json_values(path):
        if not isinstance(value, dict):
            raise BadInput(f"{where(path, number)}: an object with names expected")
        yield number, {name: as_text(path, number, name, cell) for name, cell in value.items()}


def as_text(path: FilePath, number: int, name: str, value: Any) -> str:
    """A value as the cell of a CSV file: "" for null; lists, objects and truth values refused."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadInput(f"{where(path, number)}: {name}: text or a number expected, got {value!r}")
    return repr(value)


def parquet_file(path: FilePath) -> Any:
    """The opened Parquet file; BadInput names what to install, or why it cannot be read."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise BadInput(f"{path}: {WITHOUT_PYARROW}") from error
    with binary(path):
        pass  # says better than pyarrow why a file cannot be opened
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise BadInput(f"{path}: not a Parquet file ({error})") from error


def parquet_values(path: FilePath) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row from 1, {name: value}) of a Parquet file; for files of modest size."""
    number = 0
    for batch in parquet_file(path).iter_batches(batch_size=65_536):
        for row in batch.to_pylist():
            number += 1
            yield number, row


def parquet_rows(path: FilePath) -> Iterator[tuple[int, dict[str, str]]]:
    """As json_rows."""
    for number, row in parquet_values(path):
        yield number, {name: as_text(path, number, name, cell) for name, cell in row.items()}


def _parsed(words: str, place: str) -> Any:
    try:
        return json.loads(words, object_pairs_hook=_no_name_twice)
    except json.JSONDecodeError as error:
        at = f"{place}: " if error.lineno == 1 else f"{place}:{error.lineno}: "
        raise BadInput(f"{at}not JSON: {error.msg} (column {error.colno})") from error
    except _Twice as error:
        raise BadInput(f"{place}: {error.args[0]!r} stands twice in one object") from None
    except RecursionError:
        raise BadInput(f"{place}: JSON nested too deep") from None


class _Twice(Exception):
    """A name twice in one object, of which JSON would silently keep the last."""


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for name in names if names.count(name) > 1))
    return found
