"""Rows of a table with named columns, from CSV, JSON, JSON Lines or Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from concours.peerreview.errors import BadInput
from concours.peerreview.files.objects import json_rows, parquet_file, parquet_rows
from concours.peerreview.files.text import FilePath, kind, lines, where

Row = tuple[int, dict[str, str]]


def table(path: FilePath, needed: Sequence[str]) -> Iterator[Row]:
    """(line, {column: text}) of a table that has at least the `needed` columns, all filled.

    The line is the item's number in a JSON array and the row's in a Parquet file, from 1; say it
    with `where`. Raises BadInput naming the place.
    """
    for number, row in rows(path, needed):
        for name in needed:
            if not row[name]:
                raise BadInput(f"{where(path, number)}: {name} is empty")
        yield number, row


def rows(path: FilePath, needed: Sequence[str]) -> Iterator[Row]:
    """As `table`, but cells of the needed columns may be empty."""
    if kind(path) in {"json", "jsonl", "parquet"}:
        return _of_objects(path, needed)
    return _of_cells(path, needed)


def columns_of(path: FilePath) -> list[str]:
    """Names of the columns; of JSON those of the first object."""
    if kind(path) == "parquet":
        return [str(name) for name in parquet_file(path).schema_arrow.names]
    if kind(path) == "csv":
        return next(lines(path), (1, []))[1]
    return list(next(json_rows(path), (1, {}))[1])


def check_header(path: FilePath, number: int, header: Sequence[str], needed: Sequence[str]) -> None:
    """Refuse a header without the needed columns or with one twice; name those found."""
    missing = [name for name in needed if name not in header]
    if missing:
        found = ", ".join(header) or "nothing"
        hint = next((mark for mark in ";\t|" if len(header) == 1 and mark in header[0]), None)
        mend = "" if hint is None else f"; separate cells by commas, not by {hint!r}"
        raise BadInput(
            f"{where(path, number)}: no column {missing[0]!r} in the header (found: {found}){mend}"
        )
    twice = [name for i, name in enumerate(header) if name in header[:i]]
    if twice:
        raise BadInput(f"{where(path, number)}: a column stands twice in the header: {twice[0]!r}")


def _of_cells(path: FilePath, needed: Sequence[str]) -> Iterator[Row]:
    found = lines(path)
    number, header = next(found, (1, []))
    check_header(path, number, header, needed)
    for number, cells in found:
        if len(cells) != len(header):
            raise BadInput(f"{path}:{number}: {len(cells)} cells, {len(header)} expected")
        yield number, dict(zip(header, cells, strict=True))


def _of_objects(path: FilePath, needed: Sequence[str]) -> Iterator[Row]:
    """A name that the first object lacks is missing; one that a later object lacks is empty."""
    found = parquet_rows(path) if kind(path) == "parquet" else json_rows(path)
    header: list[str] | None = None
    for number, row in found:
        if header is None:
            header = list(row)
            check_header(path, number, header, needed)
        yield number, dict.fromkeys((*header, *needed), "") | row
